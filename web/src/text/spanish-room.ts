/** The Spanish words of leading a meeting, of hands and of reactions. Part of `spanish.ts`. */
import type { room as English } from "./english-room";
import { counter } from "./plural";

const count = counter("es");

export const room: typeof English = {
  deeds: {
    options: (name) => `Opciones de ${name}`,
    names: {
      mute: () => "Silenciar",
      camera_off: () => "Desactivar cámara",
      stop_sharing: () => "Dejar de compartir",
      lower_hand: () => "Bajar la mano",
      pin: () => "Fijar",
      spotlight: () => "Destacar",
      unspotlight: () => "Dejar de destacar",
      message: (name) => `Mensaje para ${name}`,
      make_cohost: () => "Nombrar coanfitrión",
      unmake_cohost: () => "Quitar como coanfitrión",
      remove: () => "Expulsar de la reunión",
    },
    unpin: "Dejar de fijar",
    means: {
      pin: "En grande, solo para ti",
      spotlight: "En grande para todos",
    },
    removeTitle: (name) => `¿Expulsar a ${name} de la reunión?`,
    removeText: (name) => `${name} se desconecta al momento y no puede volver hasta que termine la reunión.`,
    removeConfirm: "Expulsar",
  },

  hosting: {
    heading: "Controles del anfitrión",
    everyone: {
      microphone: { stop: "Silenciar a todos", stopped: "Todos menos los anfitriones están silenciados" },
      camera: { stop: "Desactivar todas las cámaras", stopped: "Todas las cámaras menos las de los anfitriones están desactivadas" },
      screen: { stop: "Detener todas las pantallas", stopped: "Ya solo comparten pantalla los anfitriones" },
    },
    lock: "Bloquear reunión",
    unlock: "Desbloquear reunión",
    locked: "Esta reunión está bloqueada: no entra nadie más",
    waitingRoom: "Sala de espera",
    waitingRoomMeans: "Salvo las personas invitadas, todas piden entrar y un anfitrión las admite.",
    waitingRoomAlways: "Siempre activa en una reunión privada.",
    share: "Permitir compartir pantalla",
    chat: "Permitir chatear",
    react: "Permitir reaccionar",
    unmute: "Permitir activar el propio micrófono",
    admitEveryone: "Admitir a todos",
  },

  hands: {
    raise: "Levantar la mano",
    lower: "Bajar la mano",
    raised: (name) => `${name} ha levantado la mano`,
    list: "Manos levantadas",
    number: (number) => count(number, { one: "# mano levantada", other: "# manos levantadas" }),
    lowerAll: "Bajar todas",
    mark: "mano levantada",
  },

  reacting: {
    react: "Reaccionar",
    title: "Reacciones",
    names: {
      thumbs_up: "Pulgar arriba",
      clap: "Aplauso",
      heart: "Corazón",
      laugh: "Risa",
      wow: "Asombro",
      sad: "Tristeza",
      party: "Fiesta",
      thumbs_down: "Pulgar abajo",
    },
    said: (name, reaction) => `${name} reacciona: ${reaction}`,
  },

  refused: {
    unmute: "El anfitrión no permite activar el propio micrófono",
    react: "El anfitrión no permite reaccionar",
    chat: "El anfitrión no permite escribir a todos",
    share: "El anfitrión no permite compartir la pantalla",
  },

  told: {
    stopped: {
      microphone: "Un anfitrión silenció tu micrófono",
      camera: "Un anfitrión desactivó tu cámara",
      screen: "Un anfitrión detuvo tu pantalla compartida",
      screen_audio: "Un anfitrión detuvo el sonido de tu pantalla",
    },
    leads: "Ahora eres coanfitrión",
    leadsNot: "Ya no eres coanfitrión",
    wrote: (name, text) => `${name}: ${text}`,
    wroteAlone: (name, text) => `${name}, solo para ti: ${text}`,
  },
};
