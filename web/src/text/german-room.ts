/** The German words of leading a meeting, of hands and of reactions. Part of `german.ts`. */
import type { room as English } from "./english-room";
import { counter } from "./plural";

const count = counter("de");

export const room: typeof English = {
  deeds: {
    options: (name) => `Optionen für ${name}`,
    names: {
      mute: () => "Stummschalten",
      camera_off: () => "Kamera ausschalten",
      stop_sharing: () => "Freigabe beenden",
      lower_hand: () => "Hand senken",
      pin: () => "Anheften",
      spotlight: () => "Hervorheben",
      unspotlight: () => "Nicht mehr hervorheben",
      message: (name) => `Nachricht an ${name}`,
      make_cohost: () => "Zur Co-Leitung machen",
      unmake_cohost: () => "Co-Leitung entziehen",
      remove: () => "Aus dem Meeting entfernen",
    },
    unpin: "Lösen",
    means: {
      pin: "Groß, nur für Sie",
      spotlight: "Groß für alle",
    },
    removeTitle: (name) => `${name} aus dem Meeting entfernen?`,
    removeText: (name) => `${name} wird sofort getrennt und kann nicht zurückkommen, bevor das Meeting vorbei ist.`,
    removeConfirm: "Entfernen",
  },

  hosting: {
    heading: "Meeting leiten",
    everyone: {
      microphone: { stop: "Alle stummschalten", stopped: "Alle außer der Leitung sind stumm" },
      camera: { stop: "Alle Kameras ausschalten", stopped: "Alle Kameras außer denen der Leitung sind aus" },
      screen: { stop: "Alle Freigaben beenden", stopped: "Nur noch die Leitung gibt Bildschirme frei" },
    },
    lock: "Meeting sperren",
    unlock: "Meeting entsperren",
    locked: "Dieses Meeting ist gesperrt: Es kommt niemand mehr herein",
    waitingRoom: "Warteraum",
    waitingRoomMeans: "Alle außer Eingeladenen bitten um Einlass, und die Leitung lässt sie ein.",
    waitingRoomAlways: "Bei einem privaten Meeting immer an.",
    share: "Alle dürfen ihren Bildschirm freigeben",
    chat: "Alle dürfen chatten",
    react: "Alle dürfen reagieren",
    unmute: "Alle dürfen ihr Mikrofon einschalten",
    admitEveryone: "Alle einlassen",
  },

  hands: {
    raise: "Hand heben",
    lower: "Hand senken",
    raised: (name) => `${name} hebt die Hand`,
    list: "Gehobene Hände",
    number: (number) => count(number, { one: "# gehobene Hand", other: "# gehobene Hände" }),
    lowerAll: "Alle senken",
    mark: "Hand gehoben",
  },

  reacting: {
    react: "Reagieren",
    title: "Reaktionen",
    names: {
      thumbs_up: "Daumen hoch",
      clap: "Applaus",
      heart: "Herz",
      laugh: "Lachen",
      wow: "Staunen",
      sad: "Traurig",
      party: "Feiern",
      thumbs_down: "Daumen runter",
    },
    said: (name, reaction) => `${name} reagiert: ${reaction}`,
  },

  refused: {
    unmute: "Die Leitung erlaubt nicht, das Mikrofon selbst einzuschalten",
    react: "Die Leitung erlaubt keine Reaktionen",
    chat: "Die Leitung erlaubt keine Nachrichten an alle",
    share: "Die Leitung erlaubt nicht, den Bildschirm freizugeben",
  },

  told: {
    stopped: {
      microphone: "Die Leitung hat Ihr Mikrofon stummgeschaltet",
      camera: "Die Leitung hat Ihre Kamera ausgeschaltet",
      screen: "Die Leitung hat Ihre Bildschirmfreigabe beendet",
      screen_audio: "Die Leitung hat den Ton Ihres Bildschirms ausgeschaltet",
    },
    leads: "Sie sind jetzt Co-Leitung",
    leadsNot: "Sie sind nicht mehr Co-Leitung",
    wrote: (name, text) => `${name}: ${text}`,
    wroteAlone: (name, text) => `${name}, nur an Sie: ${text}`,
  },
};
