/** The Arabic words of leading a meeting, of hands and of reactions. Part of `arabic.ts`. */
import { count, isolated } from "./arabic-grammar";
import type { room as english } from "./english-room";

export const room: typeof english = {
  deeds: {
    options: (name) => `خيارات ${isolated(name)}`,
    names: {
      mute: () => "كتم الصوت",
      camera_off: () => "إيقاف الكاميرا",
      stop_sharing: () => "إيقاف المشاركة",
      lower_hand: () => "خفض اليد",
      pin: () => "تثبيت",
      spotlight: () => "إبراز للجميع",
      unspotlight: () => "إلغاء الإبراز",
      message: (name) => `مراسلة ${isolated(name)}`,
      make_cohost: () => "تعيين كمضيف مشارك",
      unmake_cohost: () => "إلغاء دور المضيف المشارك",
      remove: () => "إخراج من الاجتماع",
    },
    unpin: "إلغاء التثبيت",
    means: {
      pin: "بحجم كبير لديك فقط",
      spotlight: "بحجم كبير لدى الجميع",
    },
    removeTitle: (name) => `إخراج ${isolated(name)} من الاجتماع؟`,
    removeText: (name) => `سينقطع اتصال ${isolated(name)} فورًا، ولا عودة قبل انتهاء الاجتماع.`,
    removeConfirm: "إخراج",
  },

  hosting: {
    heading: "أدوات المضيف",
    everyone: {
      microphone: { stop: "كتم صوت الجميع", stopped: "كُتم صوت الجميع ما عدا المضيفين" },
      camera: { stop: "إيقاف كل الكاميرات", stopped: "أُوقفت كل الكاميرات ما عدا كاميرات المضيفين" },
      screen: { stop: "إيقاف كل المشاركات", stopped: "أُوقفت مشاركة كل الشاشات ما عدا شاشات المضيفين" },
    },
    lock: "قفل الاجتماع",
    unlock: "إلغاء قفل الاجتماع",
    locked: "هذا الاجتماع مقفل: لا يدخله أحد جديد",
    waitingRoom: "غرفة الانتظار",
    waitingRoomMeans: "يطلب غير المدعوين الانضمام، ويُدخلهم أحد المضيفين.",
    waitingRoomAlways: "مفعّلة دائمًا في الاجتماع الخاص.",
    share: "السماح للمشاركين بمشاركة شاشاتهم",
    chat: "السماح للمشاركين بالدردشة",
    react: "السماح للمشاركين بالتفاعل",
    unmute: "السماح للمشاركين بتشغيل ميكروفوناتهم",
    admitEveryone: "قبول الجميع",
  },

  hands: {
    raise: "رفع اليد",
    lower: "خفض اليد",
    raised: (name) => `يد مرفوعة: ${isolated(name)}`,
    list: "الأيدي المرفوعة",
    number: (number) =>
      count(number, {
        zero: "لا أيدي مرفوعة",
        one: "يد واحدة مرفوعة",
        two: "يدان مرفوعتان",
        few: "# أيدٍ مرفوعة",
        many: "# يدًا مرفوعة",
        other: "# يد مرفوعة",
      }),
    lowerAll: "خفض الكل",
    mark: "اليد مرفوعة",
  },

  reacting: {
    react: "تفاعل",
    title: "التفاعلات",
    names: {
      thumbs_up: "إعجاب",
      clap: "تصفيق",
      heart: "قلب",
      laugh: "ضحك",
      wow: "دهشة",
      sad: "حزن",
      party: "احتفال",
      thumbs_down: "عدم إعجاب",
    },
    said: (name, reaction) => `تفاعل ${isolated(name)}: ${reaction}`,
  },

  refused: {
    unmute: "لا يسمح المضيف للمشاركين بتشغيل ميكروفوناتهم",
    react: "لا يسمح المضيف للمشاركين بالتفاعل",
    chat: "لا يسمح المضيف للمشاركين بالكتابة إلى الجميع",
    share: "لا يسمح المضيف للمشاركين بمشاركة شاشاتهم",
  },

  told: {
    stopped: {
      microphone: "كتم أحد المضيفين ميكروفونك",
      camera: "أوقف أحد المضيفين الكاميرا لديك",
      screen: "أوقف أحد المضيفين مشاركة شاشتك",
      screen_audio: "أوقف أحد المضيفين صوت شاشتك",
    },
    leads: "أنت الآن مضيف مشارك",
    leadsNot: "لم تعد مضيفًا مشاركًا",
    wrote: (name, text) => `${isolated(name)}: ${isolated(text)}`,
    wroteAlone: (name, text) => `${isolated(name)}، لك وحدك: ${isolated(text)}`,
  },
};
