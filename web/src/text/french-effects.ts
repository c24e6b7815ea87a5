/** The French words of what is done to pictures. Part of `french.ts`. */
import type { effects as English } from "./english-effects";

export const effects: typeof English = {
  background: {
    title: "Arrière-plan",
    choices: {
      none: "Aucun",
      slight: "Flou léger",
      strong: "Flou prononcé",
      dawn: "Aube",
      study: "Bureau",
      forest: "Forêt",
      night: "Nuit",
      own: "Votre image",
    },
    choosePicture: "Choisir votre propre image",
    changePicture: "Choisir une autre image",
    onDevice: "Votre image est modifiée sur cet appareil, avant d’être envoyée.",
    preparing: "Préparation de votre arrière-plan…",
    preparingShown: "Préparation de votre arrière-plan. D’ici là, les autres vous voient sans lui.",
    goPlain: "Me montrer sans",
    problems: {
      unsupported: "Ce navigateur ne peut pas changer votre arrière-plan : les autres ne vous voient donc pas pour le moment.",
      unloaded: "Ce dont l’arrière-plan a besoin n’a pas pu être chargé : les autres ne vous voient donc pas pour le moment. Vérifiez votre réseau.",
      stopped: "L’arrière-plan a cessé de fonctionner : les autres ne vous voient donc pas pour le moment.",
      picture: "Votre image n’est plus sur cet appareil : les autres ne vous voient donc pas pour le moment. Choisissez un autre arrière-plan.",
    },
    pictureProblems: {
      too_large: "Cette image est trop lourde. Choisissez-en une de 25 Mo au plus.",
      unreadable: "Ce fichier ne peut pas être lu comme une image. Choisissez une photo, par exemple JPEG ou PNG.",
      unkept: "Ce navigateur ne conserve pas d’images pour cette page. Autorisez-la à enregistrer des données, ou choisissez un autre arrière-plan.",
    },
  },

  floating: {
    open: "Ouvrir dans une petite fenêtre",
    close: "Fermer la petite fenêtre",
    failed: "La petite fenêtre n’a pas pu s’ouvrir. Gardez plutôt cet onglet visible.",
  },
};
