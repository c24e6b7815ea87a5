/** The Spanish words around a call: keys, sounds, the connection, what breaks, pins. Part of `spanish.ts`. */
import type { surface as English } from "./english-surface";

const number = new Intl.NumberFormat("es", { maximumFractionDigits: 1 });
const to = (region: string | null) => (region === null ? "a la región de medios" : `a la región «${region}»`);

export const surface: typeof English = {
  keys: {
    title: "Atajos de teclado",
    show: "Ver los atajos de teclado",
    notWhileTyping: "No hacen nada mientras escribes.",
    off: "Las teclas sueltas están desactivadas en la configuración.",
    space: "Espacio",
    escape: "Esc",
    does: {
      microphone: "Silenciar o activar el micrófono",
      talk: "Mantener con el micrófono silenciado: activo mientras la mantengas",
      camera: "Activar o desactivar la cámara",
      share: "Compartir la pantalla o dejar de hacerlo",
      hand: "Levantar o bajar la mano",
      react: "Reaccionar",
      chat: "Chat",
      people: "Personas",
      layout: "Diseño",
      settings: "Configuración",
      connection: "Conexión",
      sheet: "Esta lista",
      close: "Cerrar lo que esté abierto",
    },
    heading: "Teclado",
    single: "Atajos de teclado",
    talk: "Pulsar para hablar",
    talkMeans: "Mantén pulsada la barra espaciadora para activar el micrófono mientras la pulses.",
  },

  talking: {
    now: "Se te oye mientras mantengas pulsada la barra espaciadora",
    over: "Tu micrófono vuelve a estar silenciado",
  },

  sounds: {
    heading: "Notificaciones",
    all: "Sonidos",
    allMeans: "Todo se escribe y se lee en voz alta también.",
    kinds: {
      people: "Alguien entra, sale o pide entrar",
      hands: "Alguien levanta la mano",
      chat: "Un mensaje nuevo",
    },
    crowd: "En reuniones grandes está desactivado de por sí.",
    unseen: (events, title) => `(${events}) ${title}`,
    handLowered: "Un anfitrión bajó tu mano",
  },

  connection: {
    title: "Conexión",
    show: "Ver los datos de la conexión",
    measuring: "Midiendo…",
    away: "Ahora no hay conexión para el sonido y el vídeo. Se está recuperando.",
    quality: {
      good: "Tu conexión es buena",
      fair: "Tu conexión es regular",
      poor: "Tu conexión es mala",
    },
    fine: "El sonido y el vídeo llegan a tiempo en ambos sentidos.",
    why: {
      loss_out: "Parte de lo que envías se pierde por el camino: puede que te oigan y te vean con cortes.",
      loss_in: "Parte de lo que te envían se pierde por el camino: puede que oigas y veas con cortes.",
      delay: "Todo tarda en llegar: es fácil hablar a la vez.",
      room: "Hay poca capacidad para enviar: tu imagen se envía pequeña o no se envía.",
    },
    advice:
      "Acércate al wifi o usa un cable, y cierra lo que use la red. Lo que más ayuda es desactivar la cámara.",
    line: "El camino",
    path: "Camino",
    way: {
      direct: () => "Directamente a la otra persona",
      udp: (region) => `Por UDP ${to(region)}`,
      tcp: (region) => `Por TCP ${to(region)}`,
      relay_udp: (region) => `Por un repetidor, con UDP, ${to(region)}`,
      relay_tcp: (region) => `Por un repetidor, con TCP, ${to(region)}`,
      relay_tls: (region) => `Por un repetidor, cifrado como una página web, ${to(region)}`,
      websocket: (region) => `Por una conexión web cifrada ${to(region)}`,
    },
    wayMeans: {
      direct: "El camino más corto: no hay nada entre ambas personas.",
      udp: "El mejor camino a una reunión: nada espera a lo que se perdió.",
      tcp: "Tu red bloquea UDP. El sonido y el vídeo pasan, pero pueden entrecortarse.",
      relay_udp: "Tu red no deja pasar nada directamente. Un repetidor lo reenvía, y eso tarda más.",
      relay_tcp: "Tu red bloquea UDP y el camino directo. Un repetidor lo reenvía todo; tarda más y puede entrecortarse.",
      relay_tls: "Tu red apenas deja pasar más que páginas web. Un repetidor lo reenvía todo; tarda más y puede entrecortarse.",
      websocket: "Tu red solo deja pasar páginas web. El sonido y el vídeo viajan como una, con una imagen más pequeña y algo más tarde.",
    },
    local: "Tu extremo",
    remote: "El otro extremo",
    candidates: {
      host: "dirección propia",
      srflx: "detrás de un router",
      prflx: "detrás de un router, hallada por el camino",
      relay: "repetidor",
    },
    unknown: "Este navegador no lo indica",
    protocol: "Protocolo",
    roundTrip: "Ida y vuelta",
    milliseconds: (time) => `${Math.round(time)} ms`,
    lossOut: "Pérdida de lo que envías",
    lossIn: "Pérdida de lo que recibes",
    percent: (share) => `${share > 0 && share < 0.001 ? "menos de 0,1" : number.format(share * 100)} %`,
    rateOut: "Envías",
    rateIn: "Recibes",
    room: "Capacidad para enviar",
    rate: (bps) =>
      bps >= 1_000_000 ? `${number.format(bps / 1_000_000)} Mbit/s` : `${Math.round(bps / 1_000)} kbit/s`,
    sent: "Lo que envías",
    received: "Lo que recibes",
    nothingSent: "Ahora nada: el micrófono y la cámara están desactivados.",
    nothingReceived: "Ahora nada: nadie más tiene activado el micrófono o la cámara.",
    networks: "Redes de los demás",
    networksGood: "Buenas, las de todas las personas que ves u oyes.",
    picture: (width, height, pictures) => `${width} × ${height}, ${Math.round(pictures)} por segundo`,
    ownSound: "Tu micrófono",
    ownPicture: "Tu cámara",
    ownScreen: "Tu pantalla",
    ownScreenSound: "Sonido de tu pantalla",
    cameraOf: (name) => name,
    voice: "Voz",
    limits: {
      bandwidth: "reducida por la red",
      cpu: "reducida por este equipo",
      other: "reducida por el navegador",
    },
  },

  broken: {
    part: "Esta parte ha fallado. La llamada sigue.",
    stage: "No se pueden mostrar las imágenes. El sonido sigue.",
    tile: "Imagen averiada",
    call: "La página de la llamada ha fallado. Sigues en la reunión, y el sonido también.",
    page: "Esta página ha fallado",
    pageNext: "Inténtalo de nuevo o empieza desde la página principal.",
    again: "Sigue sin cargarse. Puede que haya una versión nueva: recarga la página y volverás enseguida a la reunión.",
    reload: "Recargar",
  },

  unable: {
    browser: "Este navegador no puede hacer llamadas",
    browserNext: "Abre el enlace en una versión actual de Chrome, Edge, Firefox o Safari.",
    insecure: "Esta dirección no es segura",
    insecureNext: "Los navegadores solo permiten llamadas en páginas cargadas por https.",
    secure: "Abrir la dirección segura",
    socket:
      "La reunión responde, pero no se puede abrir su conexión en vivo. Puede que un cortafuegos o un bloqueador impida los WebSockets. Reintentando…",
    protocol: "Esta página y la reunión no se han entendido",
    protocolNext: "Puede que haya una versión nueva. Recarga la página para volver.",
    rate: "Se envió demasiado de una vez",
    rateNext: "La reunión cerró esta conexión para proteger a los demás. Espera un momento y vuelve.",
    reload: "Recargar",
  },

  pin: {
    pin: (name) => `Fijar a ${name}`,
    unpin: (name) => `Dejar de fijar a ${name}`,
  },
};
