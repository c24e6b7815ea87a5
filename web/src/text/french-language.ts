/** The French words about choosing a language. Part of `french.ts`. */
import type { tongue as english } from "./english-language";

export const tongue: typeof english = {
  tongue: {
    label: "Langue",
    notLoaded: "Impossible de charger cette langue. Vérifiez votre réseau, puis choisissez-la de nouveau.",
    notKept:
      "Impossible de modifier votre compte. Cette page s’affiche dans la nouvelle langue ; réessayez plus tard pour la conserver.",
  },
};
