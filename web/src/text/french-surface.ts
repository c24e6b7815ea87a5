/** The French words around a call: keys, sounds, the connection, what breaks, pins. Part of `french.ts`. */
import type { surface as english } from "./english-surface";

const digits = new Intl.NumberFormat("fr", { maximumFractionDigits: 1 });
const decimal = new Intl.NumberFormat("fr", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const percent = (share: number) =>
  share > 0 && share < 0.001 ? "moins de 0,1 %" : `${digits.format(share * 100)} %`;

const towards = (region: string | null) => (region === null ? "la région média" : `la région « ${region} »`);

export const surface: typeof english = {
  keys: {
    title: "Raccourcis clavier",
    show: "Afficher les raccourcis clavier",
    notWhileTyping: "Ils sont sans effet pendant que vous écrivez.",
    off: "Les raccourcis à une touche sont désactivés dans les paramètres.",
    space: "Espace",
    escape: "Échap",
    does: {
      microphone: "Couper ou activer le micro",
      talk: "Maintenir, micro coupé : parler tant que la touche est enfoncée",
      camera: "Activer ou désactiver la caméra",
      share: "Partager l’écran, ou arrêter",
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
    talkMeans: "Maintenez la barre d’espace : votre micro reste actif tant que vous la tenez.",
  },

  talking: {
    now: "On vous entend tant que vous maintenez la barre d’espace",
    over: "Votre micro est de nouveau coupé",
  },

  sounds: {
    heading: "Notifications",
    all: "Sons",
    allMeans: "Tout s’affiche aussi à l’écran et peut être lu à voix haute.",
    kinds: {
      people: "Quelqu’un arrive, part ou demande à entrer",
      hands: "Quelqu’un lève la main",
      chat: "Nouveau message",
    },
    crowd: "Désactivé par défaut dans les grandes réunions.",
    unseen: (events, title) => `(${events}) ${title}`,
    handLowered: "Un hôte a baissé votre main",
  },

  connection: {
    title: "Connexion",
    show: "Afficher les détails de la connexion",
    measuring: "Mesure en cours…",
    away: "Le son et la vidéo ne sont pas connectés pour l’instant. Rétablissement en cours.",
    quality: {
      good: "Votre connexion est bonne",
      fair: "Votre connexion est moyenne",
      poor: "Votre connexion est mauvaise",
    },
    fine: "Le son et la vidéo passent à temps, dans les deux sens.",
    why: {
      loss_out:
        "Une partie de ce que vous envoyez se perd en route : les autres peuvent vous entendre et vous voir par à-coups.",
      loss_in:
        "Une partie de ce qui vous est envoyé se perd en route : vous pouvez entendre et voir les autres par à-coups.",
      delay: "Tout met longtemps à arriver : on risque de parler en même temps.",
      room: "Le débit d’envoi est faible : votre image part en petit, ou pas du tout.",
    },
    advice:
      "Rapprochez-vous du Wi-Fi ou utilisez un câble, et fermez ce qui occupe aussi le réseau. Désactiver votre caméra est le plus efficace.",
    line: "Le chemin",
    path: "Trajet",
    way: {
      direct: () => "Directement jusqu’à l’autre personne",
      udp: (region) => `En UDP jusqu’à ${towards(region)}`,
      tcp: (region) => `En TCP jusqu’à ${towards(region)}`,
      relay_udp: (region) => `Par un relais, en UDP, jusqu’à ${towards(region)}`,
      relay_tcp: (region) => `Par un relais, en TCP, jusqu’à ${towards(region)}`,
      relay_tls: (region) => `Par un relais, chiffré comme une page web, jusqu’à ${towards(region)}`,
      websocket: (region) => `Par une connexion web chiffrée jusqu’à ${towards(region)}`,
    },
    wayMeans: {
      direct: "Le chemin le plus court : il n’y a rien entre vous deux.",
      udp: "Le meilleur chemin vers une réunion : rien n’attend ce qui s’est perdu.",
      tcp: "Votre réseau bloque l’UDP. Le son et la vidéo passent, mais peuvent saccader.",
      relay_udp: "Votre réseau ne laisse rien passer directement. Un relais transmet, ce qui prend plus de temps.",
      relay_tcp: "Votre réseau bloque l’UDP et le chemin direct. Un relais transmet tout : c’est plus long et peut saccader.",
      relay_tls: "Votre réseau ne laisse guère passer que des pages web. Un relais transmet tout : c’est plus long et peut saccader.",
      websocket: "Votre réseau ne laisse passer que des pages web. Le son et la vidéo empruntent le même chemin, avec une image plus petite et un peu de retard.",
    },
    local: "De votre côté",
    remote: "À l’autre bout",
    candidates: {
      host: "adresse propre",
      srflx: "derrière un routeur",
      prflx: "derrière un routeur, découverte en chemin",
      relay: "relais",
    },
    unknown: "Non communiqué par ce navigateur",
    protocol: "Protocole",
    roundTrip: "Aller-retour",
    milliseconds: (time) => `${Math.round(time)} ms`,
    lossOut: "Perdu à l’envoi",
    lossIn: "Perdu à la réception",
    percent,
    rateOut: "Envoi",
    rateIn: "Réception",
    room: "Débit d’envoi disponible",
    rate: (bps) =>
      bps >= 1_000_000 ? `${decimal.format(bps / 1_000_000)} Mbit/s` : `${Math.round(bps / 1_000)} kbit/s`,
    sent: "Ce que vous envoyez",
    received: "Ce que vous recevez",
    nothingSent: "Rien pour l’instant : micro et caméra sont désactivés.",
    nothingReceived: "Rien pour l’instant : personne d’autre n’a activé son micro ni sa caméra.",
    networks: "Réseaux des autres",
    networksGood: "Bons, chez toutes les personnes que vous voyez ou entendez.",
    picture: (width, height, pictures) => `${width} × ${height}, ${Math.round(pictures)} images par seconde`,
    ownSound: "Votre micro",
    ownPicture: "Votre caméra",
    ownScreen: "Votre écran",
    ownScreenSound: "Son de votre écran",
    cameraOf: (name) => name,
    voice: "Voix",
    limits: {
      bandwidth: "réduite à cause du réseau",
      cpu: "réduite pour cet ordinateur",
      other: "réduite par le navigateur",
    },
  },

  broken: {
    part: "Cette partie a cessé de fonctionner. L’appel continue.",
    stage: "Impossible d’afficher les images. Le son continue.",
    tile: "Image indisponible",
    call: "La page de l’appel a cessé de fonctionner. Vous êtes toujours dans la réunion, et le son continue.",
    page: "Cette page a cessé de fonctionner",
    pageNext: "Réessayez, ou repartez de la page d’accueil.",
    again:
      "Toujours pas chargée. Une version plus récente existe peut-être : rechargez la page, et vous serez aussitôt de retour dans la réunion.",
    reload: "Recharger",
  },

  unable: {
    browser: "Ce navigateur ne permet pas de passer des appels",
    browserNext: "Ouvrez le lien dans une version récente de Chrome, Edge, Firefox ou Safari.",
    insecure: "Cette adresse n’est pas sécurisée",
    insecureNext: "Les navigateurs n’autorisent les appels que sur les pages chargées en https.",
    secure: "Ouvrir l’adresse sécurisée",
    socket:
      "La réunion répond, mais sa connexion en direct ne peut pas s’ouvrir. Un pare-feu ou un bloqueur arrête peut-être les WebSockets. Nouvelle tentative…",
    protocol: "Cette page et la réunion ne se sont pas comprises",
    protocolNext: "Une version plus récente existe peut-être. Rechargez la page pour revenir.",
    rate: "Trop de données envoyées d’un coup",
    rateNext: "La réunion a fermé cette connexion pour protéger les autres. Patientez un instant, puis revenez.",
    reload: "Recharger",
  },

  pin: {
    pin: (name) => `Épingler ${name}`,
    unpin: (name) => `Désépingler ${name}`,
  },
};
