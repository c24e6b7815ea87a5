/** Arabic words of what is done to pictures: what stands behind people, the call in a small window. */
import type { effects as english } from "./english-effects";

export const effects: typeof english = {
  background: {
    title: "الخلفية",
    choices: {
      none: "بلا خلفية",
      slight: "تمويه خفيف",
      strong: "تمويه قوي",
      dawn: "فجر",
      study: "مكتب",
      forest: "غابة",
      night: "ليل",
      own: "صورتك الخاصة",
    },
    choosePicture: "اختيار صورة خاصة بك",
    changePicture: "اختيار صورة أخرى",
    onDevice: "تُعدَّل صورتك على هذا الجهاز قبل إرسالها.",
    preparing: "جارٍ تجهيز الخلفية…",
    preparingShown: "جارٍ تجهيز الخلفية. إلى ذلك الحين يراك الآخرون من دونها.",
    goPlain: "إظهاري من دونها",
    problems: {
      unsupported: "لا يستطيع هذا المتصفح تغيير خلفيتك، لذا لا يراك الآخرون الآن.",
      unloaded: "تعذّر تحميل ما تحتاج إليه الخلفية، لذا لا يراك الآخرون الآن. تحقّق من الشبكة.",
      stopped: "توقفت الخلفية عن العمل، لذا لا يراك الآخرون الآن.",
      picture: "لم تعد صورتك الخاصة على هذا الجهاز، لذا لا يراك الآخرون الآن. اختر خلفية أخرى.",
    },
    pictureProblems: {
      too_large: "هذه الصورة كبيرة جدًا. اختر صورة لا تتجاوز 25 ميغابايت.",
      unreadable: "لا يمكن قراءة هذا الملف كصورة. اختر صورة بصيغة JPEG أو PNG مثلًا.",
      unkept: "لا يحفظ هذا المتصفح صورًا لهذه الصفحة. اسمح لها بتخزين البيانات، أو اختر خلفية أخرى.",
    },
  },

  floating: {
    open: "الفتح في نافذة صغيرة",
    close: "إغلاق النافذة الصغيرة",
    failed: "تعذّر فتح النافذة الصغيرة. أبقِ علامة التبويب هذه ظاهرة.",
  },
};
