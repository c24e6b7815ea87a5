/** French words of the stage: screens, layouts, devices during a call. Part of `french.ts`. */
import type { stage as english } from "./english-stage";
import { of } from "./french-grammar";

export const stage: typeof english = {
  stage: {
    screenOf: (name) => `Écran ${of(name)}`,
    paused: {
      bandwidth: "en pause : votre réseau ne suffit pas pour l’instant",
      slots: "en pause : trop d’images à la fois",
      codec: "en pause : ce navigateur ne peut pas afficher ce format",
    },
    network: { fair: "réseau instable", poor: "réseau faible" },
    pinned: "vidéo épinglée",
    spotlit: "en avant pour tous",
    previousPage: "Page précédente",
    nextPage: "Page suivante",
    page: (page, pages) => `Page ${page} sur ${pages}`,
  },

  sharing: {
    share: "Partager l’écran",
    stop: "Arrêter le partage",
    now: "Tout le monde voit votre écran.",
    withSound: "Tout le monde voit et entend votre écran.",
    hint: "Optimiser pour",
    hints: { detail: "Texte", motion: "Mouvement" },
    missing: "Ce navigateur ne peut pas partager d’écran. Utilisez un ordinateur avec un navigateur récent.",
    problems: {
      system:
        "Votre système n’autorise pas le navigateur à enregistrer l’écran. Autorisez-le dans les réglages de confidentialité du système.",
      failed: "Impossible de partager l’écran. Réessayez, ou choisissez une autre fenêtre.",
    },
  },

  layout: {
    title: "Disposition",
    modes: {
      grid: { name: "Grille", text: "Tout le monde à la même taille" },
      speaker: { name: "Intervenant", text: "La personne qui parle remplit l’écran" },
      sidebar: { name: "Barre latérale", text: "La personne qui parle en grand, les autres à côté" },
    },
    selfView: "Votre image",
    selfViews: { tile: "Parmi les autres", float: "Dans un coin", hidden: "Masquée" },
  },

  settings: {
    title: "Paramètres",
    devices: "Appareils",
    screen: "Votre écran",
    sound: "Votre son",
    picture: "Votre image",
    noiseSuppression: "Réduction du bruit",
    echoCancellation: "Annulation de l’écho",
    autoGainControl: "Gain automatique",
    mirror: "Inverser votre image en miroir",
    noRouting: "Dans ce navigateur, le son sort là où le système le décide.",
  },

  trouble: {
    again: "Réessayer",
    without: "Continuer sans",
    microphone: {
      refused:
        "Le navigateur ne laisse pas cette page utiliser votre micro. Autorisez-le à côté de l’adresse, puis réessayez.",
      missing: "Aucun micro trouvé. Branchez-en un, puis réessayez.",
      busy: "Un autre programme utilise votre micro. Libérez-le là-bas, puis réessayez.",
      unsupported:
        "Ce navigateur ne peut pas utiliser de micro ici. Utilisez un navigateur récent avec une connexion sécurisée.",
    },
    camera: {
      refused:
        "Le navigateur ne laisse pas cette page utiliser votre caméra. Autorisez-la à côté de l’adresse, puis réessayez.",
      missing: "Aucune caméra trouvée. Branchez-en une, puis réessayez.",
      busy: "Un autre programme utilise votre caméra. Libérez-la là-bas, puis réessayez.",
      unsupported:
        "Ce navigateur ne peut pas utiliser de caméra ici. Utilisez un navigateur récent avec une connexion sécurisée.",
    },
  },

  fallback: {
    microphone: (name) => `Votre micro a disparu. « ${name} » prend le relais.`,
    camera: (name) => `Votre caméra a disparu. « ${name} » prend le relais.`,
    speaker: () => "Votre haut-parleur a disparu. Le son passe par celui du système.",
  },
};
