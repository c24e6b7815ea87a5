/** The Spanish words of what is done to pictures. Part of `spanish.ts`. */
import type { effects as English } from "./english-effects";

export const effects: typeof English = {
  background: {
    title: "Fondo",
    choices: {
      none: "Ninguno",
      slight: "Desenfoque leve",
      strong: "Desenfoque fuerte",
      dawn: "Amanecer",
      study: "Estudio",
      forest: "Bosque",
      night: "Noche",
      own: "Tu foto",
    },
    choosePicture: "Elegir tu propia foto",
    changePicture: "Elegir otra foto",
    onDevice: "Tu imagen se modifica en este dispositivo, antes de enviarse.",
    preparing: "Preparando tu fondo…",
    preparingShown: "Preparando tu fondo. Hasta entonces, los demás te ven sin él.",
    goPlain: "Mostrarme sin él",
    problems: {
      unsupported: "Este navegador no puede cambiar tu fondo, así que los demás no te ven ahora.",
      unloaded: "No se pudo cargar lo que necesita el fondo, así que los demás no te ven ahora. Comprueba tu red.",
      stopped: "El fondo dejó de funcionar, así que los demás no te ven ahora.",
      picture: "Tu foto ya no está en este dispositivo, así que los demás no te ven ahora. Elige otro fondo.",
    },
    pictureProblems: {
      too_large: "Esta foto es demasiado grande. Elige una de 25 MB como máximo.",
      unreadable: "Este archivo no se puede leer como imagen. Elige una foto, por ejemplo JPEG o PNG.",
      unkept: "Este navegador no guarda fotos para esta página. Permítele guardar datos o elige otro de los fondos.",
    },
  },

  floating: {
    open: "Abrir en una ventana pequeña",
    close: "Cerrar la ventana pequeña",
    failed: "No se pudo abrir la ventana pequeña. Mantén esta pestaña a la vista.",
  },
};
