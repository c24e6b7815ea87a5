/** The Spanish words of the stage: screens, layouts, devices during a call. Part of `spanish.ts`. */
import type { stage as English } from "./english-stage";

export const stage: typeof English = {
  stage: {
    screenOf: (name) => `Pantalla de ${name}`,
    paused: {
      bandwidth: "en pausa: tu red no da para más ahora",
      slots: "en pausa: demasiadas imágenes a la vez",
      codec: "en pausa: este navegador no puede mostrar este formato",
    },
    network: { fair: "red inestable", poor: "red débil" },
    pinned: "en primer plano",
    spotlit: "destacado para todos",
    previousPage: "Página anterior",
    nextPage: "Página siguiente",
    page: (page, pages) => `Página ${page} de ${pages}`,
  },

  sharing: {
    share: "Compartir pantalla",
    stop: "Dejar de compartir",
    now: "Todos ven tu pantalla.",
    withSound: "Todos ven tu pantalla y oyen su sonido.",
    hint: "Optimizar para",
    hints: { detail: "Texto", motion: "Movimiento" },
    missing: "Este navegador no puede compartir la pantalla. Usa un ordenador con un navegador actual.",
    problems: {
      system:
        "Tu sistema no deja que el navegador grabe la pantalla. Permítelo en la configuración de privacidad del sistema.",
      failed: "No se pudo compartir la pantalla. Inténtalo de nuevo o elige otra ventana.",
    },
  },

  layout: {
    title: "Diseño",
    modes: {
      grid: { name: "Cuadrícula", text: "Todos por igual" },
      speaker: { name: "Quien habla", text: "Quien habla ocupa toda la pantalla" },
      sidebar: { name: "Barra lateral", text: "Quien habla en grande y los demás al lado" },
    },
    selfView: "Tu propia imagen",
    selfViews: { tile: "Entre los demás", float: "En una esquina", hidden: "Oculta" },
  },

  settings: {
    title: "Configuración",
    devices: "Dispositivos",
    screen: "Tu pantalla",
    sound: "Tu sonido",
    picture: "Tu imagen",
    noiseSuppression: "Reducir el ruido",
    echoCancellation: "Cancelar el eco",
    autoGainControl: "Ajustar el volumen automáticamente",
    mirror: "Verme como en un espejo",
    noRouting: "Este navegador reproduce el sonido donde lo hace el sistema.",
  },

  trouble: {
    again: "Intentar de nuevo",
    without: "Continuar sin este dispositivo",
    microphone: {
      refused:
        "El navegador no deja que esta página use tu micrófono. Permítelo junto a la dirección e inténtalo de nuevo.",
      missing: "No se encontró ningún micrófono. Conecta uno e inténtalo de nuevo.",
      busy: "Otro programa está usando tu micrófono. Ciérralo allí e inténtalo de nuevo.",
      unsupported:
        "Este navegador no puede usar un micrófono aquí. Usa un navegador actual con una conexión segura.",
    },
    camera: {
      refused:
        "El navegador no deja que esta página use tu cámara. Permítelo junto a la dirección e inténtalo de nuevo.",
      missing: "No se encontró ninguna cámara. Conecta una e inténtalo de nuevo.",
      busy: "Otro programa está usando tu cámara. Ciérralo allí e inténtalo de nuevo.",
      unsupported: "Este navegador no puede usar una cámara aquí. Usa un navegador actual con una conexión segura.",
    },
  },

  fallback: {
    microphone: (name) => `Tu micrófono ya no está. Ahora se usa «${name}».`,
    camera: (name) => `Tu cámara ya no está. Ahora se usa «${name}».`,
    speaker: () => "Tu altavoz ya no está. Ahora se usa el predeterminado del sistema.",
  },
};
