/** Every word that people read, in Spanish: the shape is that of `english.ts`. */
import { type Catalogue, english } from "./english";

export const spanish: Catalogue = { ...english, language: "es" };
