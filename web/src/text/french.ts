/** Every word that people read, in French: the shape is that of `english.ts`. */
import { type Catalogue, english } from "./english";

export const french: Catalogue = { ...english, language: "fr" };
