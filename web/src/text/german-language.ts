/** The German words about choosing a language. Part of `german.ts`. */
import type { tongue as English } from "./english-language";

export const tongue: typeof English = {
  tongue: {
    label: "Sprache",
    notLoaded: "Diese Sprache konnte nicht geladen werden. Prüfen Sie Ihr Netz und wählen Sie sie dann noch einmal.",
    notKept:
      "Ihr Konto konnte nicht geändert werden. Diese Seite zeigt die neue Sprache; versuchen Sie es später noch einmal, damit sie erhalten bleibt.",
    untitled: "Meeting",
    reasons: {
      empty: "darf nicht leer sein",
      invalid: "ist ungültig",
      most: (number) => `darf höchstens ${number} Zeichen haben`,
      least: (number) => `muss mindestens ${number} Zeichen haben`,
    },
  },
};
