/** The Arabic words of what is done to pictures. Part of `arabic.ts`. */
import type { effects as English } from "./english-effects";

export const effects: typeof English = {
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
    preparing: "جارٍ تحضير خلفيتك…",
    preparingShown: "جارٍ تحضير خلفيتك. يراك الآخرون من دونها حتى ذلك الحين.",
    goPlain: "إظهاري من دونها",
    problems: {
      unsupported: "لا يستطيع هذا المتصفح تغيير خلفيتك، لذلك لا يراك الآخرون الآن.",
      unloaded: "تعذّر تحميل ما تحتاج إليه الخلفية، لذلك لا يراك الآخرون الآن. تحقق من شبكتك.",
      stopped: "توقفت الخلفية عن العمل، لذلك لا يراك الآخرون الآن.",
      picture: "لم تعد صورتك الخاصة على هذا الجهاز، لذلك لا يراك الآخرون الآن. اختر خلفية أخرى.",
    },
    pictureProblems: {
      too_large: "هذه الصورة كبيرة جدًا. اختر صورة لا تتجاوز 25 ميغابايت.",
      unreadable: "لا يمكن قراءة هذا الملف كصورة. اختر صورة، مثل JPEG أو PNG.",
      unkept: "لا يحفظ هذا المتصفح صورًا لهذه الصفحة. اسمح لها بحفظ البيانات، أو اختر خلفية أخرى.",
    },
  },

  floating: {
    open: "الفتح في نافذة صغيرة",
    close: "إغلاق النافذة الصغيرة",
    failed: "تعذّر فتح النافذة الصغيرة. أبقِ علامة التبويب هذه ظاهرة بدلًا من ذلك.",
  },
};
