/** Every word that people read, in German: the shape is that of `english.ts`. */
import { type Catalogue, english } from "./english";

export const german: Catalogue = { ...english, language: "de" };
