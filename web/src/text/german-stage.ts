/** The German words of the stage: screens, layouts, devices during a call. Part of `german.ts`. */
import type { stage as English } from "./english-stage";

export const stage: typeof English = {
  stage: {
    screenOf: (name) => `Bildschirm von ${name}`,
    paused: {
      bandwidth: "angehalten: Ihr Netz trägt es gerade nicht",
      slots: "angehalten: zu viele Bilder auf einmal",
      codec: "angehalten: dieser Browser kann es so nicht zeigen",
    },
    network: { fair: "Netz schwankt", poor: "schwaches Netz" },
    pinned: "angeheftet",
    spotlit: "für alle hervorgehoben",
    previousPage: "Vorige Seite",
    nextPage: "Nächste Seite",
    page: (page, pages) => `Seite ${page} von ${pages}`,
  },

  sharing: {
    share: "Bildschirm freigeben",
    stop: "Freigabe beenden",
    now: "Alle sehen Ihren Bildschirm.",
    withSound: "Alle sehen Ihren Bildschirm und hören seinen Ton.",
    hint: "Optimieren für",
    hints: { detail: "Schrift", motion: "Bewegung" },
    missing: "Dieser Browser kann keinen Bildschirm freigeben. Verwenden Sie einen Computer mit einem aktuellen Browser.",
    problems: {
      system:
        "Ihr System lässt den Browser den Bildschirm nicht aufnehmen. Erlauben Sie es in den Datenschutz-Einstellungen des Systems.",
      failed: "Der Bildschirm konnte nicht freigegeben werden. Versuchen Sie es noch einmal, oder wählen Sie ein anderes Fenster.",
    },
  },

  layout: {
    title: "Ansicht",
    modes: {
      grid: { name: "Raster", text: "Alle gleich groß" },
      speaker: { name: "Wer spricht", text: "Wer spricht, füllt die Fläche" },
      sidebar: { name: "Seitenleiste", text: "Wer spricht groß, die anderen daneben" },
    },
    selfView: "Ihr eigenes Bild",
    selfViews: { tile: "Unter den anderen", float: "In einer Ecke", hidden: "Ausgeblendet" },
  },

  settings: {
    title: "Einstellungen",
    devices: "Geräte",
    screen: "Ihr Bildschirm",
    sound: "Ihr Ton",
    picture: "Ihr Bild",
    noiseSuppression: "Geräusche unterdrücken",
    echoCancellation: "Echo unterdrücken",
    autoGainControl: "Lautstärke automatisch anpassen",
    mirror: "Eigenes Bild spiegeln",
    noRouting: "Dieser Browser spielt den Ton dort, wo das System es tut.",
  },

  trouble: {
    again: "Noch einmal versuchen",
    without: "Ohne weitermachen",
    microphone: {
      refused:
        "Der Browser lässt diese Seite Ihr Mikrofon nicht verwenden. Erlauben Sie es neben der Adresse und versuchen Sie es dann noch einmal.",
      missing: "Kein Mikrofon gefunden. Schließen Sie eines an und versuchen Sie es dann noch einmal.",
      busy: "Ein anderes Programm verwendet Ihr Mikrofon. Schließen Sie es dort und versuchen Sie es dann noch einmal.",
      unsupported:
        "Dieser Browser kann hier kein Mikrofon verwenden. Nehmen Sie einen aktuellen Browser über eine sichere Verbindung.",
    },
    camera: {
      refused:
        "Der Browser lässt diese Seite Ihre Kamera nicht verwenden. Erlauben Sie es neben der Adresse und versuchen Sie es dann noch einmal.",
      missing: "Keine Kamera gefunden. Schließen Sie eine an und versuchen Sie es dann noch einmal.",
      busy: "Ein anderes Programm verwendet Ihre Kamera. Schließen Sie es dort und versuchen Sie es dann noch einmal.",
      unsupported:
        "Dieser Browser kann hier keine Kamera verwenden. Nehmen Sie einen aktuellen Browser über eine sichere Verbindung.",
    },
  },

  fallback: {
    microphone: (name) => `Ihr Mikrofon ist weg. Jetzt wird „${name}“ verwendet.`,
    camera: (name) => `Ihre Kamera ist weg. Jetzt wird „${name}“ verwendet.`,
    speaker: () => "Ihr Lautsprecher ist weg. Jetzt wird der Standard des Systems verwendet.",
  },
};
