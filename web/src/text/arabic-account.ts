/** The Arabic words of signing up, signing in and the profile. Part of `arabic.ts`. */
import type { Provider } from "../protocol";
import { count, isolated, list } from "./arabic-grammar";
import type { account as english } from "./english-account";

/** As it stands after “within”. */
const clock = (seconds: number) => {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  const parts = [];
  if (minutes > 0) {
    parts.push(count(minutes, { one: "دقيقة واحدة", two: "دقيقتين", few: "# دقائق", other: "# دقيقة" }));
  }
  if (rest > 0 || minutes === 0) {
    parts.push(count(rest, { one: "ثانية واحدة", two: "ثانيتين", few: "# ثوانٍ", other: "# ثانية" }));
  }
  return list.format(parts);
};

const providerNames = { google: "Google", github: "GitHub" } satisfies Record<Provider, string>;

export const account: typeof english = {
  menu: (name) => `حساب ${isolated(name)}`,
  goHome: "الرئيسية",
  goProfile: "الملف الشخصي",
  signOut: "تسجيل الخروج",
  signIn: "دخول",
  signUp: "إنشاء حساب",

  name: "الاسم",
  namePlaceholder: "كما سيراه الآخرون",
  nameMissing: "أدخل اسمك ليعرف الآخرون من أنت.",
  email: "البريد الإلكتروني",
  emailMissing: "أدخل عنوان بريدك الإلكتروني.",
  emailInvalid: "لا يبدو هذا عنوان بريد إلكتروني.",
  password: "كلمة المرور",
  passwordMissing: "أدخل كلمة مرور.",
  passwordRule: "8 أحرف على الأقل. وبضع كلمات معًا تصلح كلمة مرور جيدة.",
  showPassword: "إظهار الأحرف",
  hidePassword: "إخفاء الأحرف",
  strengths: {
    short: (missing) =>
      count(missing, {
        one: "قصيرة: ينقصها حرف واحد.",
        two: "قصيرة: ينقصها حرفان.",
        few: "قصيرة: ينقصها # أحرف.",
        many: "قصيرة: ينقصها # حرفًا.",
        other: "قصيرة: ينقصها # حرف.",
      }),
    weak: "ضعيفة. قد يخمّنها أحد، فاجعلها أطول.",
    fair: "مقبولة. والأفضل أن تكون أطول قليلًا.",
    strong: "قوية.",
  },

  fieldRefused: (field, reason) => `${field}: ${reason.replace(/\.$/, "")}.`,
  notUnderstood: "لم يقبل الخادم هذا. تحقّق مما أدخلته، ثم حاول مجددًا.",
  signedOut: "انتهت جلستك. سجّل الدخول، ثم حاول مجددًا.",
  lockedOut: "محاولات كثيرة. حفاظًا على أمانك، سننتظر قليلًا.",
  tryAgainIn: (seconds) => `يمكنك المحاولة مجددًا بعد ${clock(seconds)}.`,

  signUpTitle: "أنشئ حسابك",
  signUpLead: "خطّط للاجتماعات، وادعُ الآخرين، ولتُعرف باسمك. لن يستغرق ذلك سوى دقيقة.",
  create: "إنشاء الحساب",
  haveAccount: "لديك حساب بالفعل؟",
  checkMail: "تفقّد بريدك الإلكتروني",
  checkMailTo: (email) => `أرسلنا رابطًا إلى ${isolated(email)}. افتحه لإكمال التسجيل.`,
  checkMailReset: (email) => `إن كان لدى ${isolated(email)} حساب، فرابط اختيار كلمة مرور جديدة في طريقه إليك.`,
  notThere: "لم يصل شيء؟ ابحث في مجلد الرسائل غير المرغوب فيها، أو",
  sendAgain: "أعد الإرسال",
  sentAgain: "أُعيد الإرسال. الرابط الأحدث هو الصالح.",
  otherAddress: "استخدام عنوان آخر",

  verifying: "جارٍ تأكيد بريدك الإلكتروني…",
  verified: "تم تأكيد بريدك الإلكتروني",
  verifiedNext: (email) => `العنوان ${isolated(email)} لك. سجّل الدخول للبدء.`,
  linkOver: "لم يعد هذا الرابط يعمل",
  linkOverNext: "استُخدم من قبل، أو انتهت مدته. أدخل بريدك الإلكتروني لنرسل إليك رابطًا جديدًا.",
  linkMissing: "أكّد بريدك الإلكتروني",
  linkMissingNext: "افتح الرابط في الرسالة التي أرسلناها إليك. أو أدخل عنوانك لنرسل إليك رابطًا جديدًا.",
  verifyFailed: "تعذّر تأكيد بريدك الإلكتروني",
  sendLink: "إرسال رابط جديد",

  signInTitle: "مرحبًا بعودتك",
  signInSubmit: "تسجيل الدخول",
  forgot: "نسيت كلمة المرور؟",
  noAccount: "زيارتك الأولى؟",
  wrongCredentials: "البريد الإلكتروني وكلمة المرور غير متطابقين. تحقّق منهما، أو اختر كلمة مرور جديدة.",
  currentWrong: "هذه ليست كلمة مرورك.",
  notVerified: "لم يُؤكَّد بريدك الإلكتروني بعد. افتح الرابط في الرسالة التي أرسلناها إليك.",
  sendAgainLink: "إعادة إرسال الرابط",
  or: "أو",
  continueWith: (provider) => `المتابعة باستخدام ${providerNames[provider]}`,
  linkNeeded: "يوجد حساب بهذا العنوان بالفعل. سجّل الدخول بكلمة مروره مرة واحدة، فيرتبط الاثنان.",
  linkFailed: "سجّلت الدخول، لكن لم يُربط شيء: عملية الدخول تلك لعنوان آخر، أو مضى عليها وقت طويل.",
  providerDenied: "أُلغي تسجيل الدخول هناك. لم يتغيّر شيء.",
  providerUnverified: "لا يملك ذلك الحساب بريدًا إلكترونيًا مؤكدًا، فلا يمكن استخدامه هنا.",
  providerFailed: "لم ينجح تسجيل الدخول هناك. حاول مجددًا، أو استخدم كلمة المرور.",
  accountDeleted: "حُذف حسابك.",
  sessionOver: "سُجّل خروجك. سجّل الدخول للمتابعة.",

  resetTitle: "اختر كلمة مرور جديدة",
  resetLead: "أدخل بريدك الإلكتروني لنرسل إليك رابطًا.",
  resetSend: "إرسال الرابط",
  resetToken: "تحلّ محل القديمة، وتُسجّل خروج كل الأجهزة.",
  newPassword: "كلمة المرور الجديدة",
  savePassword: "حفظ كلمة المرور",
  passwordChanged: "تغيّرت كلمة مرورك",
  passwordChangedNext: "سُجّل خروج كل الأجهزة. سجّل الدخول بكلمة المرور الجديدة.",
  backToSignIn: "العودة إلى تسجيل الدخول",

  profile: "الملف الشخصي",
  profileLead: "كيف يراك الآخرون، وكيف تسجّل الدخول.",
  you: "أنت",
  youLead: "يظهر في الاجتماعات والدعوات والمكالمات.",
  colour: "اللون",
  colours: [
    "أحمر",
    "برتقالي",
    "مغرة",
    "زيتوني",
    "أخضر",
    "فيروزي",
    "أزرق نفطي",
    "سماوي",
    "أزرق",
    "نيلي",
    "بنفسجي",
    "وردي",
  ],
  colourNow: "كما هو",
  picture: "الصورة",
  choosePicture: "اختيار صورة",
  removePicture: "إزالة الصورة",
  pictureUnreadable: "هذا الملف ليس صورة يستطيع المتصفح قراءتها.",
  language: "اللغة والمنطقة",
  languageHint: "تتبعها النصوص والتواريخ والأوقات",
  languageOwn: "كما في هذا المتصفح",
  save: "حفظ التغييرات",
  saved: "تم الحفظ.",
  security: "تسجيل الدخول",
  securityLead: "عنوانك، وكلمة مرورك، وطرق الدخول الأخرى.",
  changePassword: "تغيير كلمة المرور",
  setPassword: "تعيين كلمة مرور",
  currentPassword: "كلمة المرور الحالية",
  passwordSaved: "تغيّرت كلمة المرور. سُجّل خروج أجهزتك الأخرى.",
  providers: "الحسابات المرتبطة",
  providerName: (provider) => providerNames[provider],
  connected: "مرتبط",
  devices: "الأجهزة",
  devicesLead: "حيث سجّلت الدخول. سجّل خروج كل جهاز لا تعرفه.",
  thisDevice: "هذا الجهاز",
  lastUsed: (when) => `آخر استخدام: ${when}`,
  since: (date) => `تسجيل الدخول في ${date}`,
  justNow: "الآن",
  signOutDevice: (device) => `تسجيل خروج ${isolated(device)}`,
  deviceSignedOut: (device) => `سُجّل خروج ${isolated(device)}.`,
  signOutOthers: "تسجيل خروج كل الأجهزة الأخرى",
  othersSignedOut: "سُجّل خروج كل الأجهزة الأخرى.",
  devicesFailed: "تعذّر تحميل قائمة أجهزتك.",
  leave: "المغادرة",
  leaveLead: "سجّل الخروج هنا، أو احذف كل شيء.",
  deleteAccount: "حذف الحساب",
  deleteTitle: "حذف حسابك؟",
  deleteText: "سيُحذف ملفك الشخصي، ويُسجّل خروجك من كل مكان، وتنتهي الاجتماعات التي تملكها. لا يمكن التراجع عن ذلك.",
  deleteAsk: (email) => `اكتب ${isolated(email)} للتأكيد`,
  deleteMismatch: "هذا ليس عنوان حسابك.",
  deleteConfirm: "حذف نهائي",
};
