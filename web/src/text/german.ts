/** Every word that people read, in German: formal, and of no gender. The shape is that of `english.ts`. */
import type { Catalogue } from "./english";
import { account } from "./german-account";
import { effects } from "./german-effects";
import { tongue } from "./german-language";
import { meetings } from "./german-meetings";
import { room } from "./german-room";
import { stage } from "./german-stage";
import { surface } from "./german-surface";
import { counter } from "./plural";

const count = counter("de");
const list = new Intl.ListFormat("de", { type: "conjunction" });

export const german: Catalogue = {
  language: "de",
  brand: "Meridian",
  skip: "Zum Inhalt springen",
  close: "Schließen",
  loading: "Wird geladen…",
  cancel: "Abbrechen",
  you: "Sie",
  theme: "Farbschema wechseln",
  documentTitle: (page) => `${page} · Meridian`,

  landing: {
    title: "Videomeetings",
    headline: "Treffen, so schnell wie ein Hallo.",
    lead: "Videomeetings, die im Handumdrehen verbinden, aus jedem Browser. Teilen Sie einen Link, und alle sind da.",
    newMeeting: "Neues Meeting",
    starting: "Wird gestartet…",
    code: "Meeting-Code oder Link",
    codeExample: "abc-defg-hjk",
    join: "Beitreten",
    badCode: "Das ist kein Meeting-Code. Er sieht aus wie abc-defg-hjk oder ist ein Link, der so endet.",
    noAccount: "Kein Konto. Nichts zu installieren.",
    features: "Funktionen",
    slide: (place, of) => `${place} von ${of}`,
    carousel: "Karussell",
    slideRole: "Folie",
    previous: "Vorige Funktion",
    next: "Nächste Funktion",
    featuresTitle: "Dafür gemacht, nicht im Weg zu sein",
    cards: [
      {
        title: "Vor Ihnen da",
        text: "Während Sie noch Ihr eigenes Bild ansehen, wird alles vorbereitet. Beitreten ist eine Nachricht, eine Antwort.",
      },
      {
        title: "Nah bei Ihnen, wo Sie auch sind",
        text: "Meetings leben am Rand des Netzes, und das Bild nimmt den kürzesten Weg durch die nächste Region.",
      },
      {
        title: "Kommt von selbst zurück",
        text: "Netz gewechselt, Deckel zugeklappt, Server ausgefallen: Das Gespräch findet zurück, und keine Nachricht geht verloren.",
      },
      {
        title: "Ein Link genügt",
        text: "Keine App und für Gäste kein Konto. Es passt auf Telefon, Laptop und wandgroße Bildschirme.",
      },
      {
        title: "Sie betreiben es selbst",
        text: "In Ihren eigenen Konten, mit zwei Werkzeugen, die Sie schon kennen. Kein Tracking, niemand dazwischen.",
      },
    ],
    footer: "Videomeetings am Rand des Netzes.",
    heroNames: ["Amara", "Jonas", "Mei", "Tomás"],
  },

  notFound: {
    title: "Hier ist nichts",
    next: "Vielleicht ist die Adresse vertippt. Prüfen Sie den Link, oder beginnen Sie auf der Startseite.",
    home: "Zur Startseite",
  },

  notLoaded: {
    title: "Diese Seite konnte nicht geladen werden",
    next: "Prüfen Sie Ihr Netz und versuchen Sie es dann noch einmal.",
  },

  preview: {
    title: "Bereit?",
    self: "Ihre Kamera",
    name: "Ihr Name",
    namePlaceholder: "Wie andere Sie sehen",
    nameMissing: "Geben Sie Ihren Namen ein, damit andere wissen, wer Sie sind.",
    nameForbidden: "Dieser Name enthält Zeichen, die nicht erlaubt sind.",
    email: "E-Mail",
    emailOptional: "Freiwillig",
    emailInvalid: "Das sieht nicht nach einer E-Mail-Adresse aus.",
    camera: "Kamera",
    microphone: "Mikrofon",
    speaker: "Lautsprecher",
    systemDefault: "Standard des Systems",
    none: "Keine gefunden",
    level: "Mikrofonpegel",
    testSpeaker: "Lautsprecher testen",
    join: "Am Meeting teilnehmen",
    joining: "Beitritt läuft…",
    cameraOff: "Ihre Kamera ist aus",
    cameraStarting: "Ihre Kamera startet…",
    alone: "Noch ist niemand da.",
    here: (names, total) => {
      const rest = total - names.length;
      const people =
        rest > 0 ? [...names, count(rest, { one: "eine weitere Person", other: "# weitere" })] : [...names];
      return `${list.format(people)} ${total === 1 ? "ist" : "sind"} da.`;
    },
    isHere: (total) => count(total, { one: "# Person ist da.", other: "# Personen sind da." }),
    looking: "Das Meeting wird gesucht…",
  },

  check: {
    label: "Verbindung",
    checking: "Ihre Verbindung wird geprüft…",
    good: (milliseconds) => `Bereit. Das Meeting antwortet in ${milliseconds} ms.`,
    trying: "Es wird probiert, wie Ton und Bild durchkommen…",
    through: {
      udp: (region, milliseconds) =>
        `Bereit. Ton und Bild kommen auf dem besten Weg durch: über UDP zur Region „${region}“, in ${milliseconds} ms.`,
      tcp: (region) =>
        `Bereit. Ihr Netz sperrt UDP, darum gehen Ton und Bild über TCP zur Region „${region}“. Sie kommen durch und können manchmal stocken.`,
      relay_udp: (region) =>
        `Bereit. Ihr Netz sperrt den direkten Weg, darum gehen Ton und Bild über ein Relay zur Region „${region}“. Das dauert etwas länger.`,
      relay_tcp: (region) =>
        `Bereit. Ihr Netz sperrt UDP, darum gehen Ton und Bild mit TCP über ein Relay zur Region „${region}“. Sie kommen durch und können manchmal stocken.`,
      relay_tls: (region) =>
        `Bereit. Ihr Netz lässt kaum mehr als Webseiten durch, darum gehen Ton und Bild über ein verschlüsseltes Relay zur Region „${region}“. Sie kommen durch und können manchmal stocken.`,
      websocket: (region) =>
        `Bereit. Ihr Netz sperrt die üblichen Wege, darum geht das Gespräch über eine verschlüsselte Webverbindung zur Region „${region}“. Das Bild ist kleiner und kommt etwas später.`,
    },
    blocked: (region) =>
      `Ton und Bild werden nicht durchkommen: Ihr Netz sperrt jeden Weg zur Region „${region}“. Sie können beitreten und chatten. Ein anderes Netz hilft, oder ein VPN auszuschalten.`,
    again: "Noch einmal prüfen",
    noRegion:
      "Zurzeit kann keine Medienregion Gespräche annehmen. Sie können beitreten und chatten; Ton und Bild folgen, sobald eine zurück ist.",
    noSocket: "Das Meeting ist noch nicht erreichbar. Neuer Versuch…",
    offline: "Sie scheinen offline zu sein. Prüfen Sie Ihr Netz; diese Seite merkt, wenn Sie zurück sind.",
    unsupported:
      "Mit diesem Browser sind keine Gespräche möglich. Verwenden Sie ein aktuelles Chrome, Edge, Firefox oder Safari.",
  },

  devices: {
    microphone: {
      refused:
        "Der Browser lässt diese Seite Ihr Mikrofon nicht verwenden. Erlauben Sie es neben der Adresse und schalten Sie es dann ein. Sie können auch ohne teilnehmen.",
      missing: "Kein Mikrofon gefunden. Schließen Sie eines an, oder nehmen Sie teil und hören Sie zu.",
      busy: "Ein anderes Programm verwendet Ihr Mikrofon. Schließen Sie es dort und schalten Sie es dann hier ein.",
      unsupported: "Dieser Browser kann hier kein Mikrofon verwenden. Sie können teilnehmen und zuhören.",
    },
    camera: {
      refused:
        "Der Browser lässt diese Seite Ihre Kamera nicht verwenden. Erlauben Sie es neben der Adresse und schalten Sie sie dann ein. Sie können auch ohne teilnehmen.",
      missing: "Keine Kamera gefunden. Schließen Sie eine an, oder nehmen Sie ohne teil.",
      busy: "Ein anderes Programm verwendet Ihre Kamera. Schließen Sie es dort und schalten Sie sie dann hier ein.",
      unsupported: "Dieser Browser kann hier keine Kamera verwenden. Sie können ohne teilnehmen.",
    },
    mute: "Mikrofon stummschalten",
    unmute: "Mikrofon einschalten",
    cameraOff: "Kamera ausschalten",
    cameraOn: "Kamera einschalten",
  },

  call: {
    controls: "Bedienelemente",
    chat: "Chat",
    people: "Personen",
    leave: "Verlassen",
    unread: (number) => count(number, { one: "# ungelesene Nachricht", other: "# ungelesene Nachrichten" }),
    stage: "Video der Teilnehmenden",
    copyLink: "Link zum Meeting kopieren",
    copy: "Link kopieren",
    copied: "Link kopiert",
    copyFailed: "Der Link konnte nicht kopiert werden. Er steht in der Adresszeile.",
    aloneTitle: "Außer Ihnen ist niemand da",
    aloneNext: "Schicken Sie diesen Link an alle, die Sie treffen möchten.",
    sound: "Ton einschalten",
    soundWhy: "Ihr Browser hat den Ton dieser Seite angehalten.",
    more: (number) => `${number} weitere`,
    joined: (name) => `${name} ist jetzt dabei`,
    left: (name) => `${name} ist gegangen`,
    reconnecting: "Verbindung verloren. Sie kommen gleich zurück…",
    offline: "Sie sind offline. Sobald es wieder ein Netz gibt, kommen Sie von selbst zurück.",
    roomAway: "Die Besprechung ist gerade nicht erreichbar. Ton und Bild laufen weiter; Nachrichten gehen hinaus, sobald Sie zurück sind.",
    webOnly: "Hier kommen nur Webverbindungen durch. Das Bild kann kleiner sein und etwas später kommen.",
    woke: "Ihr Gerät war im Ruhezustand. Sie kommen gleich zurück…",
    mediaConnecting: "Ton und Bild werden verbunden…",
    mediaRecovering: "Ton und Bild wurden unterbrochen. Sie kommen gleich zurück…",
    mediaUnavailable:
      "Zurzeit kann keine Medienregion das Gespräch annehmen. Wir versuchen es von selbst weiter; der Chat geht inzwischen.",
    mediaRejected: "Ton und Bild konnten mit diesem Browser nicht eingerichtet werden.",
    mediaAgain: "Noch einmal versuchen",
  },

  tile: {
    label: (name, marks) => [name, ...marks].join(", "),
    you: "Sie",
    muted: "stumm",
    cameraOff: "Kamera aus",
    speaking: "spricht",
    reconnecting: "verbindet sich neu",
    host: "Leitung",
    cohost: "Co-Leitung",
    stream: { publish: "Übertragung", watch: "sieht zu" },
  },

  account,
  ...tongue,
  ...meetings,
  ...room,
  ...stage,
  ...surface,
  ...effects,

  chat: {
    title: "Chat",
    log: "Chatnachrichten",
    message: "Nachricht",
    placeholder: "An alle schreiben",
    placeholderAlone: (name) => `Nur an ${name} schreiben`,
    to: "An",
    everyone: "Alle",
    you: "Sie",
    alone: (name) => `Nur an ${name}`,
    gone: "Nicht mehr da",
    somebody: "jemanden, der gegangen ist",
    unsay: "Nachricht löschen",
    emoji: "Emoji",
    send: "Senden",
    empty: "Noch keine Nachrichten",
    emptyNext: "Was Sie hier schreiben, können alle im Meeting lesen. Auch wer später kommt, sieht es.",
    sending: "Wird gesendet…",
    failed: "Nicht gesendet",
    again: "Noch einmal versuchen",
    tooLong: (over) => `${over} Zeichen zu viel`,
  },

  people: {
    title: "Personen",
    list: "Teilnehmende",
    sharing: "gibt einen Bildschirm frei",
    host: "Leitung",
    cohost: "Co-Leitung",
    stream: { publish: "Übertragung", watch: "Sieht zu" },
    you: "Sie",
    end: "Meeting für alle beenden",
    endTitle: "Meeting für alle beenden?",
    endText: (others) =>
      others === 0
        ? "Das Meeting wird geschlossen, und sein Link gilt nicht mehr."
        : `Sie und ${count(others, { one: "eine weitere Person", other: "# weitere Personen" })} werden getrennt, und der Link gilt nicht mehr.`,
    endConfirm: "Meeting beenden",
  },

  ended: {
    left: "Sie haben das Meeting verlassen",
    leftNext: "Aus Versehen? Das Meeting geht ohne Sie weiter.",
    rejoin: "Wieder beitreten",
    home: "Zurück zur Startseite",
    newMeeting: "Neues Meeting starten",
    over: "Das Meeting ist beendet",
    overWhy: {
      ended_by_host: "Die Leitung hat es für alle beendet.",
      expired: "Eine Weile war niemand mehr darin.",
    },
    removed: "Die Leitung hat Sie aus dem Meeting entfernt",
    removedNext:
      "Bis es vorbei ist, können Sie nicht zurückkommen. Wenn Sie das für einen Irrtum halten, fragen Sie die Leitung.",
    replaced: "Sie sind anderswo beigetreten",
    replacedNext: "Ihr Platz ist in einem anderen Tab oder Fenster in Gebrauch. Schließen Sie jenes, um hierher zurückzukommen.",
    closed: "Sie wurden getrennt",
    closedNext: "Das Meeting hat diese Verbindung geschlossen. Sie können sofort zurückkommen.",
  },

  errors: {
    invalid_request: {
      title: "Das Meeting hat das nicht verstanden",
      next: "Laden Sie die Seite neu und versuchen Sie es noch einmal.",
    },
    too_large: { title: "Das ist zu groß zum Senden", next: "Kürzen Sie es und versuchen Sie es noch einmal." },
    not_found: { title: "Hier ist nichts", next: "Prüfen Sie den Link, oder beginnen Sie auf der Startseite." },
    method_not_allowed: {
      title: "Das geht hier nicht",
      next: "Laden Sie die Seite neu und versuchen Sie es noch einmal.",
    },
    unauthorized: {
      title: "Ihr Platz ist nicht mehr gültig",
      next: "Laden Sie die Seite neu, um einen neuen zu bekommen.",
    },
    forbidden: { title: "Das dürfen Sie nicht", next: "Fragen Sie die Leitung des Meetings." },
    invalid_credentials: {
      title: "E-Mail und Passwort passen nicht zusammen",
      next: "Prüfen Sie beides, oder wählen Sie ein neues Passwort.",
    },
    email_not_verified: {
      title: "Ihre E-Mail-Adresse ist noch nicht bestätigt",
      next: "Öffnen Sie den Link in der Mail, die wir Ihnen geschickt haben.",
    },
    invalid_token: { title: "Dieser Link gilt nicht mehr", next: "Fordern Sie einen neuen an." },
    origin_not_allowed: {
      title: "Diese Seite darf das Meeting nicht öffnen",
      next: "Öffnen Sie stattdessen den Link des Meetings selbst.",
    },
    room_not_found: {
      title: "Zu diesem Code gibt es kein Meeting",
      next: "Prüfen Sie den Code mit der Person, die ihn geschickt hat. Jeder Buchstabe zählt.",
    },
    room_ended: {
      title: "Das Meeting ist beendet",
      next: "Sein Link gilt nicht mehr. Starten Sie ein neues Meeting und teilen Sie dessen Link.",
    },
    room_locked: {
      title: "Das Meeting ist gesperrt",
      next: "Zurzeit kommt niemand mehr herein. Bitten Sie die Leitung, es zu entsperren, und versuchen Sie es dann noch einmal.",
    },
    room_full: { title: "Das Meeting ist voll", next: "Versuchen Sie es noch einmal, wenn jemand gegangen ist." },
    not_invited: {
      title: "Dieses Meeting ist nur für Eingeladene",
      next: "Melden Sie sich mit der Adresse an, die eingeladen wurde, oder bitten Sie die Leitung um eine Einladung.",
    },
    banned: {
      title: "Sie wurden aus diesem Meeting entfernt",
      next: "Die Leitung hat entschieden, dass Sie nicht zurückkommen können, bevor es vorbei ist.",
    },
    guest_meetings_off: {
      title: "Gäste können hier keine Meetings starten",
      next: "Sie können an jedem Meeting teilnehmen, dessen Code Sie haben.",
    },
    not_joined: { title: "Sie sind nicht im Meeting", next: "Treten Sie ihm zuerst bei." },
    already_joined: { title: "Sie sind schon im Meeting", next: "Suchen Sie es in einem anderen Tab." },
    host_only: { title: "Das darf nur die Leitung", next: "Fragen Sie die Leitung des Meetings." },
    rate_limited: {
      title: "Das ging zu schnell",
      next: "Warten Sie einen Augenblick und versuchen Sie es dann noch einmal.",
    },
    region_unavailable: {
      title: "Keine Medienregion kann das Gespräch annehmen",
      next: "Warten Sie einen Augenblick und versuchen Sie es dann noch einmal.",
    },
    offer_rejected: {
      title: "Mit diesem Browser konnte das Gespräch nicht eingerichtet werden",
      next: "Aktualisieren Sie den Browser, oder verwenden Sie einen anderen.",
    },
    internal: {
      title: "Bei uns ist etwas schiefgegangen",
      next: "Warten Sie einen Augenblick und versuchen Sie es dann noch einmal.",
    },
    unreachable: {
      title: "Der Server ist nicht erreichbar",
      next: "Prüfen Sie Ihr Netz. Wir versuchen es weiter.",
    },
  },
  tryAgain: "Noch einmal versuchen",
};
