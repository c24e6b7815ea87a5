/** Every word that people read, in French: the shape is that of `english.ts`. */
import type { Catalogue } from "./english";
import { account } from "./french-account";
import { effects } from "./french-effects";
import { count, list } from "./french-grammar";
import { tongue } from "./french-language";
import { meetings } from "./french-meetings";
import { room } from "./french-room";
import { stage } from "./french-stage";
import { surface } from "./french-surface";

export const french: Catalogue = {
  language: "fr",
  brand: "Meridian",
  skip: "Aller au contenu",
  close: "Fermer",
  loading: "Chargement…",
  cancel: "Annuler",
  you: "Vous",
  theme: "Changer de thème",
  documentTitle: (page) => `${page} · Meridian`,

  landing: {
    title: "Réunions vidéo",
    headline: "Réunis, le temps d’un bonjour.",
    lead: "Des réunions vidéo qui se connectent en un clin d’œil, depuis n’importe quel navigateur. Partagez un lien, et tout le monde est là.",
    newMeeting: "Nouvelle réunion",
    starting: "Démarrage…",
    code: "Code ou lien de réunion",
    codeExample: "abc-defg-hjk",
    join: "Rejoindre",
    badCode: "Ce n’est pas un code de réunion. Un code ressemble à abc-defg-hjk ; un lien se termine par un code.",
    noAccount: "Pas de compte. Rien à installer.",
    features: "Fonctionnalités",
    slide: (place, of) => `${place} sur ${of}`,
    carousel: "carrousel",
    slideRole: "diapositive",
    previous: "Fonctionnalité précédente",
    next: "Fonctionnalité suivante",
    featuresTitle: "Pensé pour se faire oublier",
    cards: [
      {
        title: "Déjà prêt à votre arrivée",
        text: "Tout se prépare pendant que vous vérifiez votre image. Pour entrer, il suffit d’un message et d’une réponse.",
      },
      {
        title: "Près de vous, où que vous soyez",
        text: "Les réunions vivent à la périphérie du réseau, et la vidéo prend le plus court chemin par la région la plus proche.",
      },
      {
        title: "Revient de lui-même",
        text: "Vous changez de réseau, rabattez l’écran, perdez un serveur : l’appel retrouve son chemin, et aucun message ne se perd.",
      },
      {
        title: "Un lien suffit",
        text: "Ni application ni compte pour les invités. Du téléphone à l’écran mural, tout s’adapte.",
      },
      {
        title: "À héberger chez vous",
        text: "Déployez-le sur vos propres comptes avec deux outils que vous connaissez déjà. Aucun pistage, aucun intermédiaire.",
      },
    ],
    footer: "Réunions vidéo à la périphérie du réseau.",
    heroNames: ["Amara", "Jonas", "Mei", "Tomás"],
  },

  notFound: {
    title: "Il n’y a rien ici",
    next: "L’adresse contient peut-être une erreur. Vérifiez le lien ou repartez de la page d’accueil.",
    home: "Aller à la page d’accueil",
  },

  notLoaded: {
    title: "Impossible de charger cette page",
    next: "Vérifiez votre réseau, puis réessayez.",
  },

  preview: {
    title: "Tout est prêt ?",
    self: "Votre caméra",
    name: "Votre nom",
    namePlaceholder: "Le nom que verront les autres",
    nameMissing: "Saisissez votre nom pour que les autres sachent qui vous êtes.",
    nameForbidden: "Ce nom contient des caractères non autorisés.",
    email: "E-mail",
    emailOptional: "Facultatif",
    emailInvalid: "Cette adresse e-mail ne semble pas valide.",
    camera: "Caméra",
    microphone: "Micro",
    speaker: "Haut-parleur",
    systemDefault: "Par défaut du système",
    none: "Aucun appareil trouvé",
    level: "Niveau du micro",
    testSpeaker: "Tester le haut-parleur",
    join: "Rejoindre la réunion",
    joining: "Connexion…",
    cameraOff: "Votre caméra est désactivée",
    cameraStarting: "Démarrage de votre caméra…",
    alone: "Personne d’autre n’est là pour l’instant.",
    here: (names, total) => {
      const rest = total - names.length;
      const people = rest > 0 ? [...names, count(rest, { one: "# autre personne", other: "# autres personnes" })] : names;
      return `${list.format(people)} ${total === 1 ? "est là" : "sont là"}.`;
    },
    isHere: (total) => count(total, { one: "# personne est là.", other: "# personnes sont là." }),
    looking: "Recherche de la réunion…",
  },

  check: {
    label: "Connexion",
    checking: "Vérification de votre connexion…",
    good: (milliseconds) => `Tout est prêt. La réunion répond en ${milliseconds} ms.`,
    trying: "Recherche du chemin pour le son et la vidéo…",
    through: {
      udp: (region, milliseconds) =>
        `Tout est prêt. Le son et la vidéo passent par le meilleur chemin : en UDP jusqu’à la région « ${region} », en ${milliseconds} ms.`,
      tcp: (region) =>
        `Tout est prêt. Votre réseau bloque l’UDP : le son et la vidéo iront en TCP jusqu’à la région « ${region} ». Ils passent, et peuvent parfois saccader.`,
      relay_udp: (region) =>
        `Tout est prêt. Votre réseau bloque le chemin direct : le son et la vidéo iront par un relais jusqu’à la région « ${region} ». C’est un peu plus long.`,
      relay_tcp: (region) =>
        `Tout est prêt. Votre réseau bloque l’UDP : le son et la vidéo iront en TCP par un relais jusqu’à la région « ${region} ». Ils passent, et peuvent parfois saccader.`,
      relay_tls: (region) =>
        `Tout est prêt. Votre réseau ne laisse guère passer que des pages web : le son et la vidéo iront par un relais chiffré jusqu’à la région « ${region} ». Ils passent, et peuvent parfois saccader.`,
      websocket: (region) =>
        `Tout est prêt. Votre réseau bloque les chemins habituels : l’appel ira par une connexion web chiffrée jusqu’à la région « ${region} ». L’image est plus petite et arrive un peu plus tard.`,
    },
    blocked: (region) =>
      `Le son et la vidéo ne passeront pas : votre réseau bloque tous les chemins jusqu’à la région « ${region} ». Vous pouvez entrer et utiliser la discussion. Un autre réseau, ou l’arrêt d’un VPN, peut aider.`,
    again: "Vérifier de nouveau",
    noRegion:
      "Aucune région média ne peut prendre d’appel pour le moment. Vous pouvez entrer et utiliser la discussion ; le son et la vidéo suivront dès qu’une région sera de retour.",
    noSocket: "La réunion n’est pas encore joignable. Nouvelle tentative…",
    offline: "Vous semblez hors ligne. Vérifiez votre réseau ; cette page remarquera votre retour.",
    unsupported:
      "Ce navigateur ne permet pas de passer des appels. Utilisez une version récente de Chrome, Edge, Firefox ou Safari.",
  },

  devices: {
    microphone: {
      refused:
        "Le navigateur ne laisse pas cette page utiliser votre micro. Autorisez-le à côté de l’adresse, puis activez-le. Vous pouvez aussi entrer sans micro.",
      missing: "Aucun micro trouvé. Branchez-en un, ou entrez simplement pour écouter.",
      busy: "Un autre programme utilise votre micro. Libérez-le là-bas, puis activez-le ici.",
      unsupported: "Ce navigateur ne peut pas utiliser de micro ici. Vous pouvez entrer pour écouter.",
    },
    camera: {
      refused:
        "Le navigateur ne laisse pas cette page utiliser votre caméra. Autorisez-la à côté de l’adresse, puis activez-la. Vous pouvez aussi entrer sans caméra.",
      missing: "Aucune caméra trouvée. Branchez-en une, ou entrez sans caméra.",
      busy: "Un autre programme utilise votre caméra. Libérez-la là-bas, puis activez-la ici.",
      unsupported: "Ce navigateur ne peut pas utiliser de caméra ici. Vous pouvez entrer sans caméra.",
    },
    mute: "Couper le micro",
    unmute: "Activer le micro",
    cameraOff: "Désactiver la caméra",
    cameraOn: "Activer la caméra",
  },

  call: {
    controls: "Commandes de l’appel",
    chat: "Discussion",
    people: "Participants",
    leave: "Quitter",
    unread: (number) => count(number, { one: "# message non lu", other: "# messages non lus" }),
    stage: "Vidéo des participants",
    copyLink: "Copier le lien de la réunion",
    copy: "Copier le lien",
    copied: "Lien copié",
    copyFailed: "Impossible de copier le lien. Il se trouve dans la barre d’adresse.",
    aloneTitle: "Il n’y a que vous ici",
    aloneNext: "Envoyez ce lien aux personnes que vous voulez retrouver.",
    sound: "Activer le son",
    soundWhy: "Votre navigateur a suspendu le son de cette page.",
    more: (number) => count(number, { one: "# autre", other: "# autres" }),
    joined: (name) => `${name} a rejoint la réunion`,
    left: (name) => `${name} a quitté la réunion`,
    reconnecting: "Connexion perdue. Nous vous ramenons dans la réunion…",
    offline: "Vous êtes hors ligne. Vous reviendrez automatiquement dès qu’il y aura un réseau.",
    roomAway: "La réunion est injoignable pour le moment. Le son et la vidéo continuent ; vos messages partiront dès votre retour.",
    webOnly: "Seules les connexions web passent ici. L’image peut être plus petite et arriver un peu plus tard.",
    woke: "Votre appareil était en veille. Nous vous ramenons dans la réunion…",
    mediaConnecting: "Connexion du son et de la vidéo…",
    mediaRecovering: "Le son et la vidéo ont été interrompus. Rétablissement…",
    mediaUnavailable:
      "Aucune région média ne peut prendre l’appel pour le moment. Les tentatives se poursuivent d’elles-mêmes ; en attendant, la discussion fonctionne.",
    mediaRejected: "Impossible d’établir le son et la vidéo avec ce navigateur.",
    mediaAgain: "Réessayer",
  },

  tile: {
    label: (name, marks) => [name, ...marks].join(", "),
    you: "vous",
    muted: "micro coupé",
    cameraOff: "caméra désactivée",
    speaking: "parle",
    reconnecting: "reconnexion en cours",
    host: "hôte",
    cohost: "co-hôte",
    stream: { publish: "flux", watch: "regarde" },
  },

  account,
  ...meetings,
  ...room,
  ...stage,
  ...surface,
  ...effects,
  ...tongue,

  chat: {
    title: "Discussion",
    log: "Messages de la discussion",
    message: "Message",
    placeholder: "Écrire à tout le monde",
    placeholderAlone: (name) => `Écrire à ${name} en privé`,
    to: "À",
    everyone: "Tout le monde",
    you: "vous",
    alone: (name) => `En privé, pour ${name}`,
    gone: "N’est plus là",
    somebody: "une personne qui est partie",
    unsay: "Supprimer le message",
    emoji: "Emoji",
    send: "Envoyer",
    empty: "Aucun message pour l’instant",
    emptyNext: "Tout le monde dans la réunion peut lire ce que vous écrivez ici, même les personnes qui arrivent plus tard.",
    sending: "Envoi…",
    failed: "Non envoyé",
    again: "Réessayer",
    tooLong: (over) => count(over, { one: "# caractère de trop", other: "# caractères de trop" }),
  },

  people: {
    title: "Participants",
    list: "Participants",
    sharing: "partage un écran",
    host: "Hôte",
    cohost: "Co-hôte",
    stream: { publish: "Flux", watch: "Regarde la réunion" },
    you: "vous",
    end: "Mettre fin à la réunion pour tous",
    endTitle: "Mettre fin à la réunion pour tous ?",
    endText: (others) =>
      others === 0
        ? "La réunion se ferme et son lien ne fonctionne plus."
        : count(others, {
            one: "La connexion sera coupée pour vous et # autre personne, et le lien ne fonctionnera plus.",
            other: "La connexion sera coupée pour vous et # autres personnes, et le lien ne fonctionnera plus.",
          }),
    endConfirm: "Mettre fin",
  },

  ended: {
    left: "Vous avez quitté la réunion",
    leftNext: "C’était une erreur ? La réunion continue sans vous.",
    rejoin: "Revenir",
    home: "Retour à la page d’accueil",
    newMeeting: "Démarrer une nouvelle réunion",
    over: "La réunion est terminée",
    overWhy: {
      ended_by_host: "Un hôte y a mis fin pour tout le monde.",
      expired: "Il n’y avait plus personne depuis un moment.",
    },
    removed: "Un hôte vous a fait sortir de la réunion",
    removedNext: "Vous ne pourrez pas revenir avant la fin. Si vous pensez que c’est une erreur, contactez l’hôte.",
    replaced: "Vous avez rejoint la réunion ailleurs",
    replacedNext: "Votre place est prise dans un autre onglet ou une autre fenêtre. Fermez-le pour revenir ici.",
    closed: "La connexion a été coupée",
    closedNext: "La réunion a fermé cette connexion. Vous pouvez revenir tout de suite.",
  },

  errors: {
    invalid_request: { title: "La réunion n’a pas compris la demande", next: "Rechargez la page, puis réessayez." },
    too_large: { title: "C’est trop volumineux pour être envoyé", next: "Raccourcissez, puis réessayez." },
    not_found: { title: "Il n’y a rien ici", next: "Vérifiez le lien ou repartez de la page d’accueil." },
    method_not_allowed: { title: "C’est impossible ici", next: "Rechargez la page, puis réessayez." },
    unauthorized: { title: "Votre place n’est plus valable", next: "Rechargez la page pour en obtenir une nouvelle." },
    forbidden: { title: "Vous n’avez pas le droit de faire cela", next: "Demandez à un hôte de la réunion." },
    invalid_credentials: {
      title: "L’adresse e-mail et le mot de passe ne correspondent pas",
      next: "Vérifiez les deux, ou choisissez un nouveau mot de passe.",
    },
    email_not_verified: {
      title: "Votre adresse e-mail n’est pas encore confirmée",
      next: "Ouvrez le lien que nous vous avons envoyé par e-mail.",
    },
    invalid_token: { title: "Ce lien ne fonctionne plus", next: "Demandez-en un nouveau." },
    origin_not_allowed: {
      title: "Cette page n’a pas le droit d’ouvrir la réunion",
      next: "Ouvrez plutôt le lien de la réunion.",
    },
    room_not_found: {
      title: "Aucune réunion n’a ce code",
      next: "Vérifiez le code avec la personne qui vous l’a envoyé. Chaque lettre compte.",
    },
    room_ended: {
      title: "La réunion est terminée",
      next: "Son lien ne fonctionne plus. Démarrez une nouvelle réunion et partagez le nouveau lien.",
    },
    room_locked: {
      title: "La réunion est verrouillée",
      next: "Plus personne ne peut entrer. Demandez à un hôte de la déverrouiller, puis réessayez.",
    },
    room_full: { title: "La réunion est complète", next: "Réessayez quand quelqu’un sera parti." },
    not_invited: {
      title: "Cette réunion est réservée aux personnes invitées",
      next: "Connectez-vous avec l’adresse invitée, ou demandez une invitation à l’hôte.",
    },
    banned: {
      title: "Un hôte vous a fait sortir de cette réunion",
      next: "L’hôte a décidé que vous ne pourriez pas revenir avant la fin.",
    },
    guest_meetings_off: {
      title: "Ici, il faut un compte pour démarrer une réunion",
      next: "Vous pouvez rejoindre toute réunion dont vous avez le code.",
    },
    not_joined: { title: "Vous n’êtes pas dans la réunion", next: "Commencez par la rejoindre." },
    already_joined: { title: "Vous êtes déjà dans la réunion", next: "Cherchez-la dans un autre onglet." },
    host_only: { title: "Seul un hôte peut faire cela", next: "Demandez à un hôte de la réunion." },
    rate_limited: { title: "C’était un peu trop rapide", next: "Patientez un instant, puis réessayez." },
    region_unavailable: {
      title: "Aucune région média ne peut prendre l’appel",
      next: "Patientez un instant, puis réessayez.",
    },
    offer_rejected: {
      title: "Impossible d’établir l’appel avec ce navigateur",
      next: "Mettez-le à jour, ou utilisez-en un autre.",
    },
    internal: { title: "Un problème est survenu de notre côté", next: "Patientez un instant, puis réessayez." },
    unreachable: { title: "Le serveur est injoignable", next: "Vérifiez votre réseau. Nous continuons d’essayer." },
  },
  tryAgain: "Réessayer",
};
