/** The French words about choosing a language, and of what the server says in English. Part of `french.ts`. */
import type { tongue as english } from "./english-language";
import { count } from "./french-grammar";

export const tongue: typeof english = {
  tongue: {
    label: "Langue",
    notLoaded: "Impossible de charger cette langue. Vérifiez votre réseau, puis choisissez-la de nouveau.",
    notKept:
      "Impossible de modifier votre compte. Cette page s’affiche dans la nouvelle langue ; réessayez plus tard pour la conserver.",
    untitled: "Réunion",
    reasons: {
      empty: "ce champ est à remplir",
      invalid: "cette valeur n’est pas valable",
      most: (number) => count(number, { one: "# caractère au maximum", other: "# caractères au maximum" }),
      least: (number) => count(number, { one: "# caractère au minimum", other: "# caractères au minimum" }),
    },
  },
};
