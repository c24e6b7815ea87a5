/** French words of what is done to pictures: what stands behind people, the call in a small window. */
import type { effects as english } from "./english-effects";

export const effects: typeof english = {
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
    preparingShown: "Préparation de votre arrière-plan. Jusque-là, les autres vous voient sans.",
    goPlain: "Me montrer sans",
    problems: {
      unsupported:
        "Ce navigateur ne peut pas modifier votre arrière-plan ; pour l’instant, les autres ne vous voient donc pas.",
      unloaded:
        "Impossible de charger ce qu’il faut pour l’arrière-plan ; pour l’instant, les autres ne vous voient donc pas. Vérifiez votre réseau.",
      stopped: "L’arrière-plan a cessé de fonctionner ; pour l’instant, les autres ne vous voient donc pas.",
      picture:
        "Votre propre image n’est plus sur cet appareil ; pour l’instant, les autres ne vous voient donc pas. Choisissez un autre arrière-plan.",
    },
    pictureProblems: {
      too_large: "Cette image est trop volumineuse. Choisissez-en une de 25 Mo au maximum.",
      unreadable: "Ce fichier ne peut pas être lu comme une image. Choisissez une photo, par exemple en JPEG ou PNG.",
      unkept:
        "Ce navigateur ne conserve pas d’image pour cette page. Autorisez-la à stocker des données, ou choisissez l’un des autres arrière-plans.",
    },
  },

  floating: {
    open: "Ouvrir dans une petite fenêtre",
    close: "Fermer la petite fenêtre",
    failed: "Impossible d’ouvrir la petite fenêtre. Gardez plutôt cet onglet en vue.",
  },
};
