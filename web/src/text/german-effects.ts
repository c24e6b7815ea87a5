/** The German words of what is done to pictures. Part of `german.ts`. */
import type { effects as English } from "./english-effects";

export const effects: typeof English = {
  background: {
    title: "Hintergrund",
    choices: {
      none: "Keiner",
      slight: "Leicht unscharf",
      strong: "Stark unscharf",
      dawn: "Morgenrot",
      study: "Arbeitszimmer",
      forest: "Wald",
      night: "Nacht",
      own: "Ihr Bild",
    },
    choosePicture: "Eigenes Bild wählen",
    changePicture: "Anderes Bild wählen",
    onDevice: "Ihr Bild wird auf diesem Gerät verändert, bevor es gesendet wird.",
    preparing: "Ihr Hintergrund wird vorbereitet…",
    preparingShown: "Ihr Hintergrund wird vorbereitet. Bis dahin sehen die anderen Sie ohne ihn.",
    goPlain: "Mich ohne ihn zeigen",
    problems: {
      unsupported: "Dieser Browser kann Ihren Hintergrund nicht verändern. Deshalb sehen die anderen Sie gerade nicht.",
      unloaded: "Was der Hintergrund braucht, konnte nicht geladen werden. Deshalb sehen die anderen Sie gerade nicht. Prüfen Sie Ihr Netz.",
      stopped: "Der Hintergrund ist ausgefallen. Deshalb sehen die anderen Sie gerade nicht.",
      picture: "Ihr eigenes Bild ist nicht mehr auf diesem Gerät. Deshalb sehen die anderen Sie gerade nicht. Wählen Sie einen anderen Hintergrund.",
    },
    pictureProblems: {
      too_large: "Dieses Bild ist zu groß. Wählen Sie eines mit höchstens 25 MB.",
      unreadable: "Diese Datei lässt sich nicht als Bild lesen. Wählen Sie ein Foto, zum Beispiel als JPEG oder PNG.",
      unkept: "Dieser Browser speichert keine Bilder für diese Seite. Erlauben Sie ihr, Daten zu speichern, oder wählen Sie einen der anderen Hintergründe.",
    },
  },

  floating: {
    open: "In kleinem Fenster öffnen",
    close: "Kleines Fenster schließen",
    failed: "Das kleine Fenster konnte nicht geöffnet werden. Lassen Sie stattdessen diesen Tab sichtbar.",
  },
};
