/** The Arabic words around a call: keys, sounds, the connection, what breaks, pins. Part of `arabic.ts`. */
import { isolated } from "./arabic-grammar";
import type { surface as English } from "./english-surface";

const to = (region: string | null) => (region === null ? "إلى منطقة الوسائط" : `إلى المنطقة «${isolated(region)}»`);

export const surface: typeof English = {
  keys: {
    title: "اختصارات لوحة المفاتيح",
    show: "عرض اختصارات لوحة المفاتيح",
    notWhileTyping: "لا تعمل أثناء الكتابة.",
    off: "المفاتيح المفردة متوقفة في الإعدادات.",
    space: "مسافة",
    escape: "Esc",
    does: {
      microphone: "كتم الميكروفون أو تشغيله",
      talk: "مع الضغط المستمر أثناء الكتم: يعمل الميكروفون ما دام الضغط مستمرًا",
      camera: "تشغيل الكاميرا أو إيقافها",
      share: "مشاركة الشاشة أو إيقافها",
      hand: "رفع اليد أو خفضها",
      react: "تفاعل",
      chat: "الدردشة",
      people: "المشاركون",
      layout: "التخطيط",
      settings: "الإعدادات",
      connection: "الاتصال",
      sheet: "هذه القائمة",
      close: "إغلاق ما هو مفتوح",
    },
    heading: "لوحة المفاتيح",
    single: "اختصارات لوحة المفاتيح",
    talk: "الضغط للتحدث",
    talkMeans: "يعمل الميكروفون ما دام مفتاح المسافة مضغوطًا.",
  },

  talking: {
    now: "صوتك مسموع ما دام مفتاح المسافة مضغوطًا",
    over: "عاد ميكروفونك إلى الكتم",
  },

  sounds: {
    heading: "الإشعارات",
    all: "الأصوات",
    allMeans: "كل شيء يُكتب ويُقرأ أيضًا.",
    kinds: {
      people: "انضمام شخص أو مغادرته أو طلبه الانضمام",
      hands: "رفع يد",
      chat: "رسالة جديدة",
    },
    crowd: "متوقف تلقائيًا في الاجتماعات الكبيرة.",
    unseen: (events, title) => `(${events}) ${title}`,
    handLowered: "خفض أحد المضيفين يدك",
  },

  connection: {
    title: "الاتصال",
    show: "عرض تفاصيل الاتصال",
    measuring: "جارٍ القياس…",
    away: "لا يوجد اتصال للصوت والفيديو الآن. جارٍ استعادته.",
    quality: {
      good: "اتصالك جيد",
      fair: "اتصالك متوسط",
      poor: "اتصالك ضعيف",
    },
    fine: "يصل الصوت والفيديو في الوقت المناسب في الاتجاهين.",
    why: {
      loss_out: "يضيع جزء مما ترسله في الطريق: قد يسمعك الآخرون ويرونك بتقطع.",
      loss_in: "يضيع جزء مما يُرسل إليك في الطريق: قد تسمع الآخرين وتراهم بتقطع.",
      delay: "يستغرق الوصول وقتًا طويلًا: قد يتكلم أكثر من شخص في الوقت نفسه.",
      room: "السعة المتاحة للإرسال قليلة: تُرسل صورتك صغيرة أو لا تُرسل.",
    },
    advice: "الاقتراب من شبكة Wi-Fi أو استخدام سلك وإغلاق ما يستخدم الشبكة أمور مفيدة. وأكثرها فائدة إيقاف الكاميرا.",
    line: "الطريق",
    path: "الطريق",
    way: {
      udp: (region) => `عبر UDP ${to(region)}`,
      tcp: (region) => `عبر TCP ${to(region)}`,
      relay: (region) => `عبر مُرحِّل ${to(region)}`,
    },
    wayMeans: {
      udp: "هذا أفضل طريق: لا شيء ينتظر ما ضاع.",
      tcp: "تحجب شبكتك UDP. يصل الصوت والفيديو، وقد يتقطعان.",
      relay: "لا تسمح شبكتك بالمرور المباشر. ينقل مُرحِّل كل شيء، وهذا يستغرق وقتًا أطول.",
    },
    local: "طرفك",
    remote: "الطرف الآخر",
    candidates: {
      host: "عنوان خاص بالجهاز",
      srflx: "خلف موجّه",
      prflx: "خلف موجّه، عُرف في الطريق",
      relay: "مُرحِّل",
    },
    unknown: "لا يذكره هذا المتصفح",
    protocol: "البروتوكول",
    roundTrip: "ذهابًا وإيابًا",
    milliseconds: (time) => `${Math.round(time)} مللي ثانية`,
    lossOut: "ما يضيع مما ترسله",
    lossIn: "ما يضيع مما تستقبله",
    percent: (share) => `${share > 0 && share < 0.001 ? "أقل من 0.1" : Number((share * 100).toFixed(1))}%`,
    rateOut: "الإرسال",
    rateIn: "الاستقبال",
    room: "السعة المتاحة للإرسال",
    rate: (bps) =>
      isolated(bps >= 1_000_000 ? `${(bps / 1_000_000).toFixed(1)} Mbit/s` : `${Math.round(bps / 1_000)} kbit/s`),
    sent: "ما ترسله",
    received: "ما تستقبله",
    nothingSent: "لا شيء الآن: الميكروفون والكاميرا متوقفان.",
    nothingReceived: "لا شيء الآن: لا أحد غيرك شغّل الميكروفون أو الكاميرا.",
    picture: (width, height, pictures) => `${isolated(`${width} × ${height}`)}، ${Math.round(pictures)} في الثانية`,
    ownSound: "ميكروفونك",
    ownPicture: "كاميرتك",
    ownScreen: "شاشتك",
    ownScreenSound: "صوت شاشتك",
    cameraOf: (name) => isolated(name),
    voice: "صوت",
    limits: {
      bandwidth: "مصغّرة بسبب الشبكة",
      cpu: "مصغّرة بسبب هذا الجهاز",
      other: "مصغّرة من المتصفح",
    },
  },

  broken: {
    part: "تعطّل هذا الجزء. تستمر المكالمة.",
    stage: "لا يمكن عرض الصور. يستمر الصوت.",
    tile: "تعطّلت الصورة",
    call: "تعطّلت صفحة المكالمة. ما زلت في الاجتماع، ويستمر الصوت.",
    page: "تعطّلت هذه الصفحة",
    pageNext: "تمكن إعادة المحاولة أو البدء من الصفحة الأولى.",
    again: "لم يُحمَّل بعد. قد يوجد إصدار أحدث: بعد إعادة تحميل الصفحة تعود إلى الاجتماع فورًا.",
    reload: "إعادة التحميل",
  },

  unable: {
    browser: "لا يستطيع هذا المتصفح إجراء المكالمات",
    browserNext: "يُفتح الرابط في إصدار حديث من Chrome أو Edge أو Firefox أو Safari.",
    insecure: "هذا العنوان غير آمن",
    insecureNext: "تسمح المتصفحات بالمكالمات فقط في الصفحات التي حُمّلت عبر https.",
    secure: "فتح العنوان الآمن",
    socket: "يستجيب الاجتماع، لكن تعذّر فتح اتصاله المباشر. قد يمنع جدار حماية أو أداة حجب WebSocket. جارٍ إعادة المحاولة…",
    protocol: "لم تتفاهم هذه الصفحة والاجتماع",
    protocolNext: "قد يوجد إصدار أحدث. إعادة تحميل الصفحة تعيدك.",
    rate: "أُرسل الكثير دفعة واحدة",
    rateNext: "أغلق الاجتماع هذا الاتصال لحماية الآخرين. يمكنك العودة بعد لحظات.",
    reload: "إعادة التحميل",
  },

  pin: {
    pin: (name) => `تثبيت ${isolated(name)}`,
    unpin: (name) => `إلغاء تثبيت ${isolated(name)}`,
  },
};
