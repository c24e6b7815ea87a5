/** The Arabic words around a call: keys, sounds, the connection, what breaks, pins. Part of `arabic.ts`. */
import { isolated } from "./arabic-grammar";
import type { surface as english } from "./english-surface";

const percent = (share: number) =>
  share > 0 && share < 0.001 ? `أقل من ${isolated("0.1%")}` : isolated(`${Number((share * 100).toFixed(1))}%`);

const towards = (region: string | null) => (region === null ? "منطقة الوسائط" : `المنطقة «${isolated(region)}»`);

export const surface: typeof english = {
  keys: {
    title: "اختصارات لوحة المفاتيح",
    show: "عرض اختصارات لوحة المفاتيح",
    notWhileTyping: "لا تعمل أثناء الكتابة.",
    off: "اختصارات المفتاح الواحد متوقفة في الإعدادات.",
    space: "مسافة",
    escape: "Esc",
    does: {
      microphone: "كتم الميكروفون أو تشغيله",
      talk: "اضغط مطوّلًا أثناء الكتم: يعمل الميكروفون ما دمت ضاغطًا",
      camera: "تشغيل الكاميرا أو إيقافها",
      share: "مشاركة شاشتك أو إيقافها",
      hand: "رفع يدك أو خفضها",
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
    talk: "اضغط لتتحدث",
    talkMeans: "اضغط مفتاح المسافة مطوّلًا، فيعمل الميكروفون ما دمت ضاغطًا.",
  },

  talking: {
    now: "صوتك مسموع ما دمت تضغط مفتاح المسافة",
    over: "عاد الميكروفون مكتومًا",
  },

  sounds: {
    heading: "الإشعارات",
    all: "الأصوات",
    allMeans: "كل شيء يظهر مكتوبًا أيضًا ويمكن لقارئ الشاشة نطقه.",
    kinds: {
      people: "انضمام أو مغادرة أو طلب انضمام",
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
    away: "لا اتصال للصوت والفيديو الآن. جارٍ استعادته.",
    quality: {
      good: "اتصالك جيد",
      fair: "اتصالك متوسط",
      poor: "اتصالك ضعيف",
    },
    fine: "يصل الصوت والفيديو في الوقت المناسب في الاتجاهين.",
    why: {
      loss_out: "يضيع في الطريق جزء مما ترسله: قد يسمعك الآخرون ويرونك بتقطّع.",
      loss_in: "يضيع في الطريق جزء مما يُرسل إليك: قد تسمع الآخرين وتراهم بتقطّع.",
      delay: "كل شيء يتأخر في الوصول: قد يتحدث الناس في الوقت نفسه.",
      room: "سعة الإرسال قليلة: تُرسل صورتك صغيرة، أو لا تُرسل.",
    },
    advice: "اقترب من شبكة Wi-Fi أو استخدم كابلًا، وأغلق ما يستخدم الشبكة سواه. وإيقاف الكاميرا أكثر ما يفيد.",
    line: "الخط",
    path: "المسار",
    way: {
      direct: () => "مباشرةً إلى الشخص الآخر",
      udp: (region) => `عبر UDP إلى ${towards(region)}`,
      tcp: (region) => `عبر TCP إلى ${towards(region)}`,
      relay_udp: (region) => `عبر مُرحِّل، باستخدام UDP، إلى ${towards(region)}`,
      relay_tcp: (region) => `عبر مُرحِّل، باستخدام TCP، إلى ${towards(region)}`,
      relay_tls: (region) => `عبر مُرحِّل، بتشفير كصفحات الويب، إلى ${towards(region)}`,
      websocket: (region) => `عبر اتصال ويب مشفّر إلى ${towards(region)}`,
    },
    wayMeans: {
      direct: "أقصر طريق ممكن: لا شيء بينكما.",
      udp: "أفضل طريق إلى اجتماع: لا شيء ينتظر ما ضاع.",
      tcp: "تحجب شبكتك UDP. يصل الصوت والفيديو، وقد يتقطعان.",
      relay_udp: "لا تسمح شبكتك بأي اتصال مباشر. يمرّ كل شيء عبر مُرحِّل، وهذا يستغرق وقتًا أطول.",
      relay_tcp: "تحجب شبكتك UDP والطريق المباشر. يمرّ كل شيء عبر مُرحِّل، وهذا أطول وقد يتقطع.",
      relay_tls: "لا تسمح شبكتك إلا بصفحات الويب تقريبًا. يمرّ كل شيء عبر مُرحِّل، وهذا أطول وقد يتقطع.",
      websocket: "لا تسمح شبكتك إلا بصفحات الويب. يسلك الصوت والفيديو الطريق نفسه، بصورة أصغر وتأخير قليل.",
    },
    local: "من جهتك",
    remote: "الطرف الآخر",
    candidates: {
      host: "عنوان الجهاز نفسه",
      srflx: "خلف موجّه",
      prflx: "خلف موجّه، اكتُشف في الطريق",
      relay: "مُرحِّل",
    },
    unknown: "لا يُبلغ عنه هذا المتصفح",
    protocol: "البروتوكول",
    roundTrip: "زمن الذهاب والإياب",
    milliseconds: (time) => `${Math.round(time)} مللي ثانية`,
    lossOut: "المفقود مما ترسله",
    lossIn: "المفقود مما يصلك",
    percent,
    rateOut: "الإرسال",
    rateIn: "الاستقبال",
    room: "سعة الإرسال المتاحة",
    rate: (bps) =>
      bps >= 1_000_000 ? `${(bps / 1_000_000).toFixed(1)} ميغابت/ث` : `${Math.round(bps / 1_000)} كيلوبت/ث`,
    sent: "ما ترسله",
    received: "ما يصلك",
    nothingSent: "لا شيء الآن: الميكروفون والكاميرا متوقفان.",
    nothingReceived: "لا شيء الآن: لم يشغّل أحد غيرك ميكروفونًا أو كاميرا.",
    networks: "شبكات الآخرين",
    networksGood: "جيدة عند كل من تراه أو تسمعه.",
    picture: (width, height, pictures) =>
      `${isolated(`${width} × ${height}`)}، ${Math.round(pictures)} صورة في الثانية`,
    ownSound: "ميكروفونك",
    ownPicture: "الكاميرا لديك",
    ownScreen: "شاشتك",
    ownScreenSound: "صوت شاشتك",
    cameraOf: (name) => name,
    voice: "الصوت",
    limits: {
      bandwidth: "مصغّرة بسبب الشبكة",
      cpu: "مصغّرة لأجل هذا الحاسوب",
      other: "صغّرها المتصفح",
    },
  },

  broken: {
    part: "تعطّل هذا الجزء. المكالمة مستمرة.",
    stage: "لا يمكن عرض الصور. الصوت مستمر.",
    tile: "تعطّلت الصورة",
    call: "تعطّلت صفحة المكالمة. ما زلت في الاجتماع، والصوت مستمر.",
    page: "تعطّلت هذه الصفحة",
    pageNext: "حاول مجددًا، أو ابدأ من الصفحة الأولى.",
    again: "لم يتم التحميل بعد. ربما يوجد إصدار أحدث: أعد تحميل الصفحة، فتعود إلى الاجتماع فورًا.",
    reload: "إعادة التحميل",
  },

  unable: {
    browser: "لا يستطيع هذا المتصفح إجراء المكالمات",
    browserNext: "افتح الرابط في إصدار حديث من Chrome أو Edge أو Firefox أو Safari.",
    insecure: "هذا العنوان غير آمن",
    insecureNext: "لا تسمح المتصفحات بالمكالمات إلا في صفحات محمّلة عبر https.",
    secure: "فتح العنوان الآمن",
    socket:
      "يستجيب الاجتماع، لكن لا يمكن فتح اتصاله المباشر. ربما يمنع جدار حماية أو أداة حجب اتصالات WebSocket. جارٍ إعادة المحاولة…",
    protocol: "لم تتفاهم هذه الصفحة والاجتماع",
    protocolNext: "ربما صدر إصدار أحدث. أعد تحميل الصفحة لتعود.",
    rate: "أُرسل الكثير دفعة واحدة",
    rateNext: "أغلق الاجتماع هذا الاتصال حمايةً للآخرين. انتظر لحظة، ثم عُد.",
    reload: "إعادة التحميل",
  },

  pin: {
    pin: (name) => `تثبيت ${isolated(name)}`,
    unpin: (name) => `إلغاء تثبيت ${isolated(name)}`,
  },
};
