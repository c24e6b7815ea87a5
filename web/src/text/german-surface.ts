/** The German words around a call: keys, sounds, the connection, what breaks, pins. Part of `german.ts`. */
import type { surface as English } from "./english-surface";

const number = new Intl.NumberFormat("de", { maximumFractionDigits: 1 });
const to = (region: string | null) => (region === null ? "zur Medienregion" : `zur Region „${region}“`);

export const surface: typeof English = {
  keys: {
    title: "Tastenkürzel",
    show: "Tastenkürzel anzeigen",
    notWhileTyping: "Beim Schreiben bewirken sie nichts.",
    off: "Einzelne Tasten sind in den Einstellungen ausgeschaltet.",
    space: "Leertaste",
    escape: "Esc",
    does: {
      microphone: "Mikrofon aus- oder einschalten",
      talk: "Stummgeschaltet halten: eingeschaltet, solange Sie halten",
      camera: "Kamera ein oder aus",
      share: "Bildschirm freigeben oder Freigabe beenden",
      hand: "Hand heben oder senken",
      react: "Reagieren",
      chat: "Chat",
      people: "Personen",
      layout: "Ansicht",
      settings: "Einstellungen",
      connection: "Verbindung",
      sheet: "Diese Liste",
      close: "Schließen, was offen ist",
    },
    heading: "Tastatur",
    single: "Tastenkürzel",
    talk: "Sprechtaste",
    talkMeans: "Solange Sie die Leertaste halten, ist Ihr Mikrofon eingeschaltet.",
  },

  talking: {
    now: "Man hört Sie, solange Sie die Leertaste halten",
    over: "Sie sind wieder stummgeschaltet",
  },

  sounds: {
    heading: "Benachrichtigungen",
    all: "Töne",
    allMeans: "Alles wird auch geschrieben und vorgelesen.",
    kinds: {
      people: "Jemand kommt, geht oder möchte beitreten",
      hands: "Jemand hebt die Hand",
      chat: "Eine neue Nachricht",
    },
    crowd: "In großen Meetings von selbst aus.",
    unseen: (events, title) => `(${events}) ${title}`,
    handLowered: "Die Leitung hat Ihre Hand gesenkt",
  },

  connection: {
    title: "Verbindung",
    show: "Angaben zur Verbindung",
    measuring: "Wird gemessen…",
    away: "Für Ton und Bild besteht gerade keine Verbindung. Sie wird wiederhergestellt.",
    quality: {
      good: "Ihre Verbindung ist gut",
      fair: "Ihre Verbindung ist mäßig",
      poor: "Ihre Verbindung ist schlecht",
    },
    fine: "Ton und Bild kommen in beiden Richtungen rechtzeitig an.",
    why: {
      loss_out: "Ein Teil dessen, was Sie senden, geht unterwegs verloren: Andere hören und sehen Sie vielleicht mit Lücken.",
      loss_in: "Ein Teil dessen, was an Sie gesendet wird, geht verloren: Sie hören und sehen andere vielleicht mit Lücken.",
      delay: "Alles braucht lange: Man fällt sich leicht ins Wort.",
      room: "Zum Senden ist wenig Platz: Ihr Bild wird klein oder gar nicht gesendet.",
    },
    advice:
      "Gehen Sie näher an Ihr WLAN, oder nehmen Sie ein Kabel, und schließen Sie, was das Netz sonst nutzt. Am meisten hilft es, die Kamera auszuschalten.",
    line: "Der Weg",
    path: "Weg",
    way: {
      direct: () => "Direkt zur anderen Person",
      udp: (region) => `Über UDP ${to(region)}`,
      tcp: (region) => `Über TCP ${to(region)}`,
      relay_udp: (region) => `Über ein Relay, mit UDP, ${to(region)}`,
      relay_tcp: (region) => `Über ein Relay, mit TCP, ${to(region)}`,
      relay_tls: (region) => `Über ein Relay, verschlüsselt wie eine Webseite, ${to(region)}`,
      websocket: (region) => `Über eine verschlüsselte Webverbindung ${to(region)}`,
    },
    wayMeans: {
      direct: "Der kürzeste Weg: Zwischen Ihnen beiden liegt nichts.",
      udp: "Der beste Weg zu einem Meeting: Nichts wartet auf das, was verloren ging.",
      tcp: "Ihr Netz sperrt UDP. Ton und Bild kommen durch, können aber stocken.",
      relay_udp: "Ihr Netz lässt nichts direkt durch. Ein Relay reicht alles weiter, und das dauert länger.",
      relay_tcp: "Ihr Netz sperrt UDP und den direkten Weg. Ein Relay reicht alles weiter; das dauert länger und kann stocken.",
      relay_tls: "Ihr Netz lässt kaum mehr als Webseiten durch. Ein Relay reicht alles weiter; das dauert länger und kann stocken.",
      websocket: "Ihr Netz lässt nur Webseiten durch. Ton und Bild gehen denselben Weg, mit kleinerem Bild und etwas später.",
    },
    local: "Ihr Ende",
    remote: "Anderes Ende",
    candidates: {
      host: "eigene Adresse",
      srflx: "hinter einem Router",
      prflx: "hinter einem Router, unterwegs gefunden",
      relay: "Relay",
    },
    unknown: "Von diesem Browser nicht angegeben",
    protocol: "Protokoll",
    roundTrip: "Hin und zurück",
    milliseconds: (time) => `${Math.round(time)} ms`,
    lossOut: "Verlust beim Senden",
    lossIn: "Verlust beim Empfangen",
    percent: (share) => `${share > 0 && share < 0.001 ? "unter 0,1" : number.format(share * 100)} %`,
    rateOut: "Gesendet",
    rateIn: "Empfangen",
    room: "Platz zum Senden",
    rate: (bps) =>
      bps >= 1_000_000 ? `${number.format(bps / 1_000_000)} Mbit/s` : `${Math.round(bps / 1_000)} kbit/s`,
    sent: "Was Sie senden",
    received: "Was Sie empfangen",
    nothingSent: "Gerade nichts: Mikrofon und Kamera sind aus.",
    nothingReceived: "Gerade nichts: Sonst hat niemand Mikrofon oder Kamera an.",
    networks: "Netze der anderen",
    networksGood: "Gut, bei allen, die Sie sehen oder hören.",
    picture: (width, height, pictures) => `${width} × ${height}, ${Math.round(pictures)} je Sekunde`,
    ownSound: "Ihr Mikrofon",
    ownPicture: "Ihre Kamera",
    ownScreen: "Ihr Bildschirm",
    ownScreenSound: "Ton Ihres Bildschirms",
    cameraOf: (name) => name,
    voice: "Stimme",
    limits: {
      bandwidth: "verkleinert wegen des Netzes",
      cpu: "verkleinert wegen dieses Computers",
      other: "verkleinert vom Browser",
    },
  },

  broken: {
    part: "Dieser Teil ist ausgefallen. Das Gespräch geht weiter.",
    stage: "Die Bilder können nicht gezeigt werden. Der Ton geht weiter.",
    tile: "Bild ausgefallen",
    call: "Die Seite des Meetings ist ausgefallen. Sie sind noch dabei, und der Ton geht weiter.",
    page: "Diese Seite ist ausgefallen",
    pageNext: "Versuchen Sie es noch einmal, oder beginnen Sie auf der Startseite.",
    again: "Noch immer nicht geladen. Vielleicht gibt es eine neuere Fassung: Laden Sie die Seite neu, und Sie sind sofort wieder im Meeting.",
    reload: "Neu laden",
  },

  unable: {
    browser: "Mit diesem Browser sind keine Anrufe möglich",
    browserNext: "Öffnen Sie den Link in einem aktuellen Chrome, Edge, Firefox oder Safari.",
    insecure: "Diese Adresse ist nicht sicher",
    insecureNext: "Browser erlauben Anrufe nur auf Seiten, die über https geladen wurden.",
    secure: "Sichere Adresse öffnen",
    socket:
      "Das Meeting antwortet, aber die laufende Verbindung kommt nicht zustande. Vielleicht sperrt eine Firewall oder ein Blocker WebSockets. Neuer Versuch läuft…",
    protocol: "Diese Seite und das Meeting haben einander nicht verstanden",
    protocolNext: "Vielleicht gibt es eine neuere Fassung. Laden Sie die Seite neu, um zurückzukommen.",
    rate: "Es wurde zu viel auf einmal gesendet",
    rateNext: "Das Meeting hat diese Verbindung getrennt, um die anderen zu schützen. Warten Sie kurz, und kommen Sie dann zurück.",
    reload: "Neu laden",
  },

  pin: {
    pin: (name) => `${name} anheften`,
    unpin: (name) => `${name} lösen`,
  },
};
