/** The French words around a call: keys, sounds, the connection, what breaks, pins. Part of `french.ts`. */
import type { surface as English } from "./english-surface";

const number = new Intl.NumberFormat("fr", { maximumFractionDigits: 1 });
const to = (region: string | null) => (region === null ? "vers la région média" : `vers la région « ${region} »`);

export const surface: typeof English = {
  keys: {
    title: "Raccourcis clavier",
    show: "Afficher les raccourcis clavier",
    notWhileTyping: "Ils ne font rien pendant que vous écrivez.",
    off: "Les touches simples sont désactivées dans les paramètres.",
    space: "Espace",
    escape: "Échap",
    does: {
      microphone: "Couper ou activer le micro",
      talk: "Maintenir, micro coupé : micro actif tant que vous maintenez",
      camera: "Activer ou désactiver la caméra",
      share: "Partager l’écran ou arrêter le partage",
      hand: "Lever ou baisser la main",
      react: "Réagir",
      chat: "Discussion",
      people: "Participants",
      layout: "Disposition",
      settings: "Paramètres",
      connection: "Connexion",
      sheet: "Cette liste",
      close: "Fermer ce qui est ouvert",
    },
    heading: "Clavier",
    single: "Raccourcis clavier",
    talk: "Appuyer pour parler",
    talkMeans: "Maintenez la barre d’espace : votre micro est actif tant que vous la maintenez.",
  },

  talking: {
    now: "On vous entend tant que vous maintenez la barre d’espace",
    over: "Votre micro est de nouveau coupé",
  },

  sounds: {
    heading: "Notifications",
    all: "Sons",
    allMeans: "Tout est aussi écrit et lu à voix haute.",
    kinds: {
      people: "Quelqu’un arrive, part ou demande à entrer",
      hands: "Quelqu’un lève la main",
      chat: "Un nouveau message",
    },
    crowd: "Désactivé de lui-même dans les grandes réunions.",
    unseen: (events, title) => `(${events}) ${title}`,
    handLowered: "Un hôte a baissé votre main",
  },

  connection: {
    title: "Connexion",
    show: "Afficher les détails de la connexion",
    measuring: "Mesure en cours…",
    away: "Il n’y a pas de connexion pour le son et la vidéo en ce moment. Rétablissement en cours.",
    quality: {
      good: "Votre connexion est bonne",
      fair: "Votre connexion est moyenne",
      poor: "Votre connexion est mauvaise",
    },
    fine: "Le son et la vidéo passent à temps, dans les deux sens.",
    why: {
      loss_out: "Une partie de ce que vous envoyez se perd en route : on vous entend et vous voit peut-être avec des coupures.",
      loss_in: "Une partie de ce qui vous est envoyé se perd en route : vous entendez et voyez peut-être avec des coupures.",
      delay: "Tout met longtemps à passer : on risque de parler en même temps.",
      room: "Il y a peu de place pour envoyer : votre image part en petit, ou pas du tout.",
    },
    advice:
      "Rapprochez-vous du Wi-Fi ou prenez un câble, et fermez ce qui utilise le réseau. Désactiver la caméra aide le plus.",
    line: "Le chemin",
    path: "Chemin",
    way: {
      udp: (region) => `Par UDP ${to(region)}`,
      tcp: (region) => `Par TCP ${to(region)}`,
      relay: (region) => `Par un relais ${to(region)}`,
    },
    wayMeans: {
      udp: "Le meilleur chemin : rien n’attend ce qui s’est perdu.",
      tcp: "Votre réseau bloque UDP. Le son et la vidéo passent, parfois par à-coups.",
      relay: "Votre réseau ne laisse rien passer directement. Un relais transmet tout, ce qui prend plus de temps.",
    },
    local: "De votre côté",
    remote: "De l’autre côté",
    candidates: {
      host: "adresse propre",
      srflx: "derrière un routeur",
      prflx: "derrière un routeur, trouvée en route",
      relay: "relais",
    },
    unknown: "Non indiqué par ce navigateur",
    protocol: "Protocole",
    roundTrip: "Aller-retour",
    milliseconds: (time) => `${Math.round(time)} ms`,
    lossOut: "Perte à l’envoi",
    lossIn: "Perte à la réception",
    percent: (share) => `${share > 0 && share < 0.001 ? "moins de 0,1" : number.format(share * 100)} %`,
    rateOut: "Envoi",
    rateIn: "Réception",
    room: "Place pour envoyer",
    rate: (bps) =>
      bps >= 1_000_000 ? `${number.format(bps / 1_000_000)} Mbit/s` : `${Math.round(bps / 1_000)} kbit/s`,
    sent: "Ce que vous envoyez",
    received: "Ce que vous recevez",
    nothingSent: "Rien en ce moment : le micro et la caméra sont coupés.",
    nothingReceived: "Rien en ce moment : personne d’autre n’a activé son micro ou sa caméra.",
    picture: (width, height, pictures) => `${width} × ${height}, ${Math.round(pictures)} par seconde`,
    ownSound: "Votre micro",
    ownPicture: "Votre caméra",
    ownScreen: "Votre écran",
    ownScreenSound: "Son de votre écran",
    cameraOf: (name) => name,
    voice: "Voix",
    limits: {
      bandwidth: "réduite pour le réseau",
      cpu: "réduite pour cet ordinateur",
      other: "réduite par le navigateur",
    },
  },

  broken: {
    part: "Cette partie est en panne. L’appel continue.",
    stage: "Les images ne peuvent pas être affichées. Le son continue.",
    tile: "Image en panne",
    call: "La page de l’appel est en panne. Vous êtes toujours dans la réunion, et le son continue.",
    page: "Cette page est en panne",
    pageNext: "Réessayez, ou recommencez depuis la page d’accueil.",
    again: "Toujours pas chargé. Il y a peut-être une version plus récente : rechargez la page, et vous revenez aussitôt dans la réunion.",
    reload: "Recharger",
  },

  unable: {
    browser: "Ce navigateur ne peut pas passer d’appels",
    browserNext: "Ouvrez le lien dans une version actuelle de Chrome, Edge, Firefox ou Safari.",
    insecure: "Cette adresse n’est pas sécurisée",
    insecureNext: "Les navigateurs n’autorisent les appels que sur les pages chargées par https.",
    secure: "Ouvrir l’adresse sécurisée",
    socket:
      "La réunion répond, mais sa connexion en direct ne peut pas être ouverte. Un pare-feu ou un bloqueur arrête peut-être les WebSockets. Nouvel essai…",
    protocol: "Cette page et la réunion ne se sont pas comprises",
    protocolNext: "Il y a peut-être une version plus récente. Rechargez la page pour revenir.",
    rate: "Trop de choses ont été envoyées à la fois",
    rateNext: "La réunion a fermé cette connexion pour protéger les autres. Attendez un instant, puis revenez.",
    reload: "Recharger",
  },

  pin: {
    pin: (name) => `Épingler ${name}`,
    unpin: (name) => `Ne plus épingler ${name}`,
  },
};
