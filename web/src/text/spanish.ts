/** Every word that people read, in Spanish: of Spain and America alike, informal. The shape is that of `english.ts`. */
import type { Catalogue } from "./english";
import { counter } from "./plural";
import { account } from "./spanish-account";
import { effects } from "./spanish-effects";
import { tongue } from "./spanish-language";
import { meetings } from "./spanish-meetings";
import { room } from "./spanish-room";
import { stage } from "./spanish-stage";
import { surface } from "./spanish-surface";

const count = counter("es");
const list = new Intl.ListFormat("es", { type: "conjunction" });

export const spanish: Catalogue = {
  language: "es",
  brand: "Meridian",
  skip: "Saltar al contenido",
  close: "Cerrar",
  loading: "Cargando…",
  cancel: "Cancelar",
  you: "Tú",
  theme: "Cambiar tema",
  documentTitle: (page) => `${page} · Meridian`,

  landing: {
    title: "Videollamadas",
    headline: "Reúnete a la velocidad de un hola.",
    lead: "Videollamadas que conectan en un abrir y cerrar de ojos, desde cualquier navegador. Comparte un enlace y ya están todos.",
    newMeeting: "Nueva reunión",
    starting: "Iniciando…",
    code: "Código o enlace de la reunión",
    codeExample: "abc-defg-hjk",
    join: "Unirse",
    badCode: "Esto no es un código de reunión. Es como abc-defg-hjk, o un enlace que termina así.",
    noAccount: "Sin cuenta. Nada que instalar.",
    features: "Características",
    slide: (place, of) => `${place} de ${of}`,
    carousel: "carrusel",
    slideRole: "diapositiva",
    previous: "Característica anterior",
    next: "Característica siguiente",
    featuresTitle: "Hecho para no estorbar",
    cards: [
      {
        title: "Listo antes que tú",
        text: "Todo se prepara mientras miras tu propia imagen. Unirse es un mensaje y una respuesta.",
      },
      {
        title: "Cerca de ti, dondequiera que estés",
        text: "Las reuniones viven en el borde de la red, y el vídeo va por el camino más corto a través de la región más próxima.",
      },
      {
        title: "Vuelve por sí sola",
        text: "Cambia de red, cierra la tapa, pierde un servidor: la llamada encuentra el camino de vuelta y no se pierde ningún mensaje.",
      },
      {
        title: "Basta con un enlace",
        text: "Sin aplicación y sin cuenta para invitados. En el teléfono, el portátil o una pantalla de pared, siempre encaja.",
      },
      {
        title: "En tus manos",
        text: "Despliégalo en tus propias cuentas con dos herramientas que ya conoces. Sin rastreo y sin nadie en medio.",
      },
    ],
    footer: "Videollamadas en el borde de la red.",
    heroNames: ["Amara", "Jonas", "Mei", "Tomás"],
  },

  notFound: {
    title: "Aquí no hay nada",
    next: "Puede que la dirección esté mal escrita. Revisa el enlace o empieza por la página principal.",
    home: "Ir a la página principal",
  },

  notLoaded: {
    title: "No se pudo cargar esta página",
    next: "Comprueba tu red e inténtalo de nuevo.",
  },

  preview: {
    title: "¿Todo listo?",
    self: "Tu cámara",
    name: "Tu nombre",
    namePlaceholder: "Así te verán los demás",
    nameMissing: "Escribe tu nombre para que los demás sepan quién eres.",
    nameForbidden: "Este nombre contiene caracteres que no se pueden usar.",
    email: "Correo electrónico",
    emailOptional: "Opcional",
    emailInvalid: "Esto no parece una dirección de correo.",
    camera: "Cámara",
    microphone: "Micrófono",
    speaker: "Altavoz",
    systemDefault: "Predeterminado del sistema",
    none: "No se encontró ninguno",
    level: "Nivel del micrófono",
    testSpeaker: "Probar altavoz",
    join: "Unirse a la reunión",
    joining: "Uniéndote…",
    cameraOff: "Tu cámara está desactivada",
    cameraStarting: "Activando tu cámara…",
    alone: "Aún no hay nadie más.",
    here: (names, total) => {
      const rest = total - names.length;
      const people = rest > 0 ? [...names, count(rest, { one: "# persona más", other: "# personas más" })] : [...names];
      return `${total === 1 ? "Está" : "Están"} aquí ${list.format(people)}.`;
    },
    isHere: (total) => count(total, { one: "Hay # persona aquí.", other: "Hay # personas aquí." }),
    looking: "Buscando la reunión…",
  },

  check: {
    label: "Conexión",
    checking: "Comprobando tu conexión…",
    good: (milliseconds) => `Todo listo. La reunión responde en ${milliseconds} ms.`,
    trying: "Probando cómo pasan el sonido y el vídeo…",
    through: {
      udp: (region, milliseconds) =>
        `Todo listo. El sonido y el vídeo pasan por el mejor camino: por UDP a la región «${region}», en ${milliseconds} ms.`,
      tcp: (region) =>
        `Todo listo. Tu red bloquea UDP, así que el sonido y el vídeo irán por TCP a la región «${region}». Pasan, y a veces pueden entrecortarse.`,
      relay_udp: (region) =>
        `Todo listo. Tu red bloquea el camino directo, así que el sonido y el vídeo irán por un repetidor a la región «${region}». Tarda un poco más.`,
      relay_tcp: (region) =>
        `Todo listo. Tu red bloquea UDP, así que el sonido y el vídeo irán por TCP y un repetidor a la región «${region}». Pasan, y a veces pueden entrecortarse.`,
      relay_tls: (region) =>
        `Todo listo. Tu red apenas deja pasar más que páginas web, así que el sonido y el vídeo irán por un repetidor cifrado a la región «${region}». Pasan, y a veces pueden entrecortarse.`,
      websocket: (region) =>
        `Todo listo. Tu red bloquea los caminos habituales, así que la llamada irá por una conexión web cifrada a la región «${region}». La imagen es más pequeña y llega algo más tarde.`,
    },
    blocked: (region) =>
      `El sonido y el vídeo no pasarán: tu red bloquea todos los caminos a la región «${region}». Puedes unirte y chatear. Ayuda usar otra red o desactivar una VPN.`,
    again: "Comprobar de nuevo",
    noRegion:
      "Ninguna región puede atender llamadas ahora mismo. Puedes unirte y chatear; el sonido y el vídeo llegarán en cuanto vuelva alguna.",
    noSocket: "Aún no se puede conectar con la reunión. Intentándolo de nuevo…",
    offline: "Parece que no tienes conexión. Comprueba tu red; esta página se da cuenta cuando vuelves.",
    unsupported:
      "Este navegador no puede hacer llamadas. Usa una versión actual de Chrome, Edge, Firefox o Safari.",
  },

  devices: {
    microphone: {
      refused:
        "El navegador no deja que esta página use tu micrófono. Permítelo junto a la dirección y actívalo. También puedes unirte sin él.",
      missing: "No se encontró ningún micrófono. Conecta uno, o únete y escucha.",
      busy: "Otro programa está usando tu micrófono. Ciérralo allí y actívalo aquí.",
      unsupported: "Este navegador no puede usar un micrófono aquí. Puedes unirte y escuchar.",
    },
    camera: {
      refused:
        "El navegador no deja que esta página use tu cámara. Permítelo junto a la dirección y actívala. También puedes unirte sin ella.",
      missing: "No se encontró ninguna cámara. Conecta una o únete sin ella.",
      busy: "Otro programa está usando tu cámara. Ciérralo allí y actívala aquí.",
      unsupported: "Este navegador no puede usar una cámara aquí. Puedes unirte sin ella.",
    },
    mute: "Silenciar micrófono",
    unmute: "Activar micrófono",
    cameraOff: "Desactivar cámara",
    cameraOn: "Activar cámara",
  },

  call: {
    controls: "Controles de la llamada",
    chat: "Chat",
    people: "Personas",
    leave: "Salir",
    unread: (number) => count(number, { one: "# mensaje sin leer", other: "# mensajes sin leer" }),
    stage: "Vídeo de los participantes",
    copyLink: "Copiar enlace de la reunión",
    copy: "Copiar enlace",
    copied: "Enlace copiado",
    copyFailed: "No se pudo copiar el enlace. Está en la barra de direcciones.",
    aloneTitle: "No hay nadie más aquí",
    aloneNext: "Envía este enlace a las personas con las que quieras reunirte.",
    sound: "Activar sonido",
    soundWhy: "Tu navegador ha pausado el sonido de esta página.",
    more: (number) => `${number} más`,
    joined: (name) => `${name} se ha unido`,
    left: (name) => `${name} ha salido`,
    reconnecting: "Se perdió la conexión. Volviendo a conectarte…",
    offline: "No tienes conexión. Volverás automáticamente en cuanto haya red.",
    roomAway: "Ahora no se puede acceder a la reunión. El sonido y el vídeo continúan; los mensajes se enviarán en cuanto vuelvas.",
    webOnly: "Aquí solo pasan las conexiones web. La imagen puede ser más pequeña y llegar algo más tarde.",
    woke: "Tu dispositivo estaba en reposo. Volviendo a conectarte…",
    mediaConnecting: "Conectando el sonido y el vídeo…",
    mediaRecovering: "El sonido y el vídeo se interrumpieron. Recuperándolos…",
    mediaUnavailable:
      "Ninguna región puede atender la llamada ahora mismo. Seguimos intentándolo; el chat funciona mientras tanto.",
    mediaRejected: "No se pudieron preparar el sonido y el vídeo con este navegador.",
    mediaAgain: "Intentar de nuevo",
  },

  tile: {
    label: (name, marks) => [name, ...marks].join(", "),
    you: "tú",
    muted: "sin micrófono",
    cameraOff: "sin cámara",
    speaking: "hablando",
    reconnecting: "reconectando",
    host: "anfitrión",
    cohost: "coanfitrión",
    stream: { publish: "emisión", watch: "mira" },
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
    log: "Mensajes del chat",
    message: "Mensaje",
    placeholder: "Escribe a todos",
    placeholderAlone: (name) => `Escribe solo a ${name}`,
    to: "Para",
    everyone: "Todos",
    you: "ti",
    alone: (name) => `Solo para ${name}`,
    gone: "Ya no está aquí",
    somebody: "alguien que salió",
    unsay: "Eliminar mensaje",
    emoji: "Emojis",
    send: "Enviar",
    empty: "Aún no hay mensajes",
    emptyNext: "Lo que escribas aquí lo puede leer toda la reunión. Quien llegue más tarde también lo verá.",
    sending: "Enviando…",
    failed: "No enviado",
    again: "Intentar de nuevo",
    tooLong: (over) => count(over, { one: "Sobra # carácter", other: "Sobran # caracteres" }),
  },

  people: {
    title: "Personas",
    list: "Participantes",
    sharing: "comparte su pantalla",
    host: "Anfitrión",
    cohost: "Coanfitrión",
    stream: { publish: "Emisión", watch: "Mira la reunión" },
    you: "tú",
    end: "Finalizar reunión para todos",
    endTitle: "¿Finalizar la reunión para todos?",
    endText: (others) =>
      others === 0
        ? "La reunión se cierra y su enlace deja de funcionar."
        : `Se desconectará a todos (tú y ${count(others, { one: "# persona más", other: "# personas más" })}), y el enlace deja de funcionar.`,
    endConfirm: "Finalizar reunión",
  },

  ended: {
    left: "Has salido de la reunión",
    leftNext: "¿Fue sin querer? La reunión sigue sin ti.",
    rejoin: "Volver a unirse",
    home: "Volver a la página principal",
    newMeeting: "Empezar otra reunión",
    over: "La reunión ha terminado",
    overWhy: {
      ended_by_host: "Un anfitrión la finalizó para todos.",
      expired: "Llevaba un rato sin nadie.",
    },
    removed: "Un anfitrión te ha expulsado de la reunión",
    removedNext: "No puedes volver hasta que termine. Si crees que es un error, pregunta al anfitrión.",
    replaced: "Te has unido desde otro lugar",
    replacedNext: "Tu sitio se está usando en otra pestaña o ventana. Ciérrala para volver aquí.",
    closed: "Te has desconectado",
    closedNext: "La reunión cerró esta conexión. Puedes volver ahora mismo.",
  },

  errors: {
    invalid_request: { title: "La reunión no lo entendió", next: "Recarga la página e inténtalo de nuevo." },
    too_large: { title: "Es demasiado grande para enviarlo", next: "Acórtalo e inténtalo de nuevo." },
    not_found: { title: "Aquí no hay nada", next: "Revisa el enlace o empieza por la página principal." },
    method_not_allowed: { title: "Eso no se puede hacer aquí", next: "Recarga la página e inténtalo de nuevo." },
    unauthorized: { title: "Tu sitio ya no es válido", next: "Recarga la página para ocupar otro." },
    forbidden: { title: "No tienes permiso para hacer esto", next: "Pregunta a un anfitrión de la reunión." },
    invalid_credentials: {
      title: "El correo y la contraseña no coinciden",
      next: "Revisa los dos o elige otra contraseña.",
    },
    email_not_verified: {
      title: "Tu correo aún no está verificado",
      next: "Abre el enlace del mensaje que te enviamos.",
    },
    invalid_token: { title: "Este enlace ya no sirve", next: "Pide uno nuevo." },
    origin_not_allowed: {
      title: "Esta página no puede abrir la reunión",
      next: "Abre el enlace de la propia reunión.",
    },
    room_not_found: {
      title: "Ninguna reunión tiene este código",
      next: "Revisa el código con quien te lo envió. Cada letra cuenta.",
    },
    room_ended: {
      title: "La reunión ha terminado",
      next: "Su enlace ya no funciona. Empieza otra reunión y comparte el enlace nuevo.",
    },
    room_locked: {
      title: "La reunión está bloqueada",
      next: "Ahora no entra nadie más. Pide a un anfitrión que la desbloquee e inténtalo de nuevo.",
    },
    room_full: { title: "La reunión está llena", next: "Inténtalo de nuevo cuando alguien haya salido." },
    not_invited: {
      title: "Esta reunión es solo para personas invitadas",
      next: "Inicia sesión con la dirección invitada o pide una invitación al anfitrión.",
    },
    banned: {
      title: "Te han expulsado de esta reunión",
      next: "Un anfitrión decidió que no puedes volver hasta que termine.",
    },
    guest_meetings_off: {
      title: "Aquí no se pueden empezar reuniones sin cuenta",
      next: "Puedes unirte a cualquier reunión cuyo código tengas.",
    },
    not_joined: { title: "No estás en la reunión", next: "Únete primero." },
    already_joined: { title: "Ya estás en la reunión", next: "Búscala en otra pestaña." },
    host_only: { title: "Solo un anfitrión puede hacer esto", next: "Pregunta a un anfitrión de la reunión." },
    rate_limited: { title: "Demasiado rápido", next: "Espera un momento e inténtalo de nuevo." },
    region_unavailable: {
      title: "Ninguna región puede atender la llamada",
      next: "Espera un momento e inténtalo de nuevo.",
    },
    offer_rejected: {
      title: "No se pudo preparar la llamada en este navegador",
      next: "Actualiza el navegador o usa otro.",
    },
    internal: { title: "Algo falló por nuestra parte", next: "Espera un momento e inténtalo de nuevo." },
    unreachable: {
      title: "No se puede conectar con el servidor",
      next: "Comprueba tu red. Seguimos intentándolo.",
    },
  },
  tryAgain: "Intentar de nuevo",
};
