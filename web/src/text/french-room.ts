/** The French words of leading a meeting, of hands and of reactions. Part of `french.ts`. */
import type { room as english } from "./english-room";
import { count } from "./french-grammar";

export const room: typeof english = {
  deeds: {
    options: (name) => `Options pour ${name}`,
    names: {
      mute: () => "Couper le micro",
      camera_off: () => "Désactiver la caméra",
      stop_sharing: () => "Arrêter le partage",
      lower_hand: () => "Baisser la main",
      pin: () => "Épingler",
      spotlight: () => "Mettre en avant",
      unspotlight: () => "Ne plus mettre en avant",
      message: (name) => `Écrire à ${name}`,
      make_cohost: () => "Nommer co-hôte",
      unmake_cohost: () => "Retirer le rôle de co-hôte",
      remove: () => "Exclure de la réunion",
    },
    unpin: "Désépingler",
    means: {
      pin: "En grand, pour vous uniquement",
      spotlight: "En grand pour tout le monde",
    },
    removeTitle: (name) => `Exclure ${name} de la réunion ?`,
    removeText: (name) => `${name} sera immédiatement hors de la réunion et ne pourra pas revenir avant la fin.`,
    removeConfirm: "Exclure",
  },

  hosting: {
    heading: "Commandes de l’hôte",
    everyone: {
      microphone: { stop: "Couper tous les micros", stopped: "Tous les micros sont coupés, sauf ceux des hôtes" },
      camera: { stop: "Désactiver toutes les caméras", stopped: "Toutes les caméras sont désactivées, sauf celles des hôtes" },
      screen: { stop: "Arrêter tous les partages", stopped: "Tous les partages d’écran sont arrêtés, sauf ceux des hôtes" },
    },
    lock: "Verrouiller la réunion",
    unlock: "Déverrouiller la réunion",
    locked: "Cette réunion est verrouillée : plus personne ne peut entrer",
    waitingRoom: "Salle d’attente",
    waitingRoomMeans: "Toute personne non invitée demande à entrer, et un hôte l’accepte.",
    waitingRoomAlways: "Toujours active dans une réunion privée.",
    share: "Autoriser le partage d’écran",
    chat: "Autoriser la discussion",
    react: "Autoriser les réactions",
    unmute: "Autoriser chacun à activer son micro",
    admitEveryone: "Tout accepter",
  },

  hands: {
    raise: "Lever la main",
    lower: "Baisser la main",
    raised: (name) => `${name} lève la main`,
    list: "Mains levées",
    number: (number) => count(number, { one: "# main levée", other: "# mains levées" }),
    lowerAll: "Tout baisser",
    mark: "main levée",
  },

  reacting: {
    react: "Réagir",
    title: "Réactions",
    names: {
      thumbs_up: "Pouce levé",
      clap: "Bravo",
      heart: "Cœur",
      laugh: "Rire",
      wow: "Surprise",
      sad: "Tristesse",
      party: "Fête",
      thumbs_down: "Pouce baissé",
    },
    said: (name, reaction) => `${name} réagit : ${reaction}`,
  },

  refused: {
    unmute: "L’hôte ne vous permet pas d’activer votre micro",
    react: "L’hôte a désactivé les réactions",
    chat: "L’hôte ne permet pas d’écrire à tout le monde",
    share: "L’hôte ne permet pas de partager son écran",
  },

  told: {
    stopped: {
      microphone: "Un hôte a coupé votre micro",
      camera: "Un hôte a désactivé votre caméra",
      screen: "Un hôte a arrêté le partage de votre écran",
      screen_audio: "Un hôte a coupé le son de votre écran",
    },
    leads: "Vous êtes maintenant co-hôte",
    leadsNot: "Vous n’êtes plus co-hôte",
    wrote: (name, text) => `${name} : ${text}`,
    wroteAlone: (name, text) => `${name}, en privé : ${text}`,
  },
};
