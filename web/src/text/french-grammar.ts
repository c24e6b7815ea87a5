/** What French sentences need besides words. */
import { counter } from "./plural";

/** Zero counts as one in French. */
export const count = counter("fr");

export const list = new Intl.ListFormat("fr", { type: "conjunction" });

/** `de Marie`, `d’Amara`, `d’Yves`, `de Yann`: elided where the name begins with the sound of a vowel. */
export function of(name: string): string {
  const plain = name.normalize("NFD").toLowerCase();
  return /^([aeiouæœ]|y[^aeiou])/.test(plain) ? `d’${name}` : `de ${name}`;
}
