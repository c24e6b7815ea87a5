/** The Spanish words about choosing a language. Part of `spanish.ts`. */
import type { tongue as English } from "./english-language";
import { counter } from "./plural";

const count = counter("es");
const characters = (number: number) => count(number, { one: "# carácter", other: "# caracteres" });

export const tongue: typeof English = {
  tongue: {
    label: "Idioma",
    notLoaded: "No se pudo cargar este idioma. Comprueba tu red y vuelve a elegirlo.",
    notKept:
      "No se pudo cambiar tu cuenta. Esta página ya está en el nuevo idioma; inténtalo más tarde para conservarlo.",
    untitled: "Reunión",
    reasons: {
      empty: "no puede estar vacío",
      invalid: "no es válido",
      most: (number) => `puede tener como máximo ${characters(number)}`,
      least: (number) => `debe tener al menos ${characters(number)}`,
    },
  },
};
