/** Arabic words of the stage: screens, layouts, devices during a call. Part of `arabic.ts`. */
import { isolated } from "./arabic-grammar";
import type { stage as english } from "./english-stage";

export const stage: typeof english = {
  stage: {
    screenOf: (name) => `شاشة ${isolated(name)}`,
    paused: {
      bandwidth: "متوقفة مؤقتًا: شبكتك لا تتسع لها الآن",
      slots: "متوقفة مؤقتًا: صور كثيرة جدًا في وقت واحد",
      codec: "متوقفة مؤقتًا: لا يستطيع هذا المتصفح عرض هذه الصيغة",
    },
    network: { fair: "شبكة غير مستقرة", poor: "شبكة ضعيفة" },
    pinned: "مثبّت",
    spotlit: "بارز للجميع",
    previousPage: "الصفحة السابقة",
    nextPage: "الصفحة التالية",
    page: (page, pages) => `الصفحة ${page} من ${pages}`,
  },

  sharing: {
    share: "مشاركة الشاشة",
    stop: "إيقاف المشاركة",
    now: "الجميع يرى شاشتك.",
    withSound: "الجميع يرى شاشتك ويسمع صوتها.",
    hint: "الأولوية",
    hints: { detail: "وضوح النص", motion: "سلاسة الحركة" },
    missing: "لا يستطيع هذا المتصفح مشاركة الشاشة. استخدم حاسوبًا بمتصفح حديث.",
    problems: {
      system: "لا يسمح نظامك للمتصفح بتسجيل الشاشة. اسمح بذلك في إعدادات الخصوصية في النظام.",
      failed: "تعذّرت مشاركة الشاشة. حاول مجددًا، أو اختر نافذة أخرى.",
    },
  },

  layout: {
    title: "التخطيط",
    modes: {
      grid: { name: "شبكة", text: "الجميع بالحجم نفسه" },
      speaker: { name: "المتحدث", text: "من يتحدث يملأ العرض" },
      sidebar: { name: "شريط جانبي", text: "من يتحدث بحجم كبير، والآخرون بجانبه" },
    },
    selfView: "صورتك",
    selfViews: { tile: "بين الآخرين", float: "في زاوية", hidden: "مخفية" },
  },

  settings: {
    title: "الإعدادات",
    devices: "الأجهزة",
    screen: "شاشتك",
    sound: "صوتك",
    picture: "صورتك",
    noiseSuppression: "تقليل الضوضاء",
    echoCancellation: "إلغاء الصدى",
    autoGainControl: "ضبط تلقائي لمستوى الصوت",
    mirror: "عكس صورتك كالمرآة",
    noRouting: "يشغّل هذا المتصفح الصوت حيث يختار النظام.",
  },

  trouble: {
    again: "إعادة المحاولة",
    without: "المتابعة من دونه",
    microphone: {
      refused: "لا يسمح المتصفح لهذه الصفحة باستخدام الميكروفون. اسمح به بجانب العنوان، ثم حاول مجددًا.",
      missing: "لم يُعثر على ميكروفون. وصّل واحدًا، ثم حاول مجددًا.",
      busy: "يستخدم برنامج آخر الميكروفون. أغلقه هناك، ثم حاول مجددًا.",
      unsupported: "لا يستطيع هذا المتصفح استخدام ميكروفون هنا. استخدم متصفحًا حديثًا عبر اتصال آمن.",
    },
    camera: {
      refused: "لا يسمح المتصفح لهذه الصفحة باستخدام الكاميرا. اسمح بها بجانب العنوان، ثم حاول مجددًا.",
      missing: "لم يُعثر على كاميرا. وصّل واحدة، ثم حاول مجددًا.",
      busy: "يستخدم برنامج آخر الكاميرا. أغلقها هناك، ثم حاول مجددًا.",
      unsupported: "لا يستطيع هذا المتصفح استخدام كاميرا هنا. استخدم متصفحًا حديثًا عبر اتصال آمن.",
    },
  },

  fallback: {
    microphone: (name) => `لم يعد الميكروفون موصولًا. يُستخدم الآن «${isolated(name)}».`,
    camera: (name) => `لم تعد الكاميرا موصولة. تُستخدم الآن «${isolated(name)}».`,
    speaker: () => "لم يعد مكبّر الصوت موصولًا. يُستخدم الآن الجهاز الافتراضي في النظام.",
  },
};
