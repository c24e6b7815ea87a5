/** The Arabic words about choosing a language, and of what the server says in English. Part of `arabic.ts`. */
import type { tongue as english } from "./english-language";
import { count } from "./arabic-grammar";

const characters = (number: number) =>
  count(number, {
    one: "حرف واحد",
    two: "حرفان",
    few: "# أحرف",
    many: "# حرفًا",
    other: "# حرف",
  });

export const tongue: typeof english = {
  tongue: {
    label: "اللغة",
    notLoaded: "تعذّر تحميل هذه اللغة. تحقّق من الشبكة، ثم اخترها مجددًا.",
    notKept: "تعذّر تغيير حسابك. تظهر هذه الصفحة باللغة الجديدة، فأعد المحاولة لاحقًا للاحتفاظ بها.",
    untitled: "اجتماع",
    reasons: {
      empty: "لا يمكن تركه فارغًا",
      invalid: "قيمة غير صالحة",
      most: (number) => `الحد الأقصى ${characters(number)}`,
      least: (number) => `الحد الأدنى ${characters(number)}`,
    },
  },
};
