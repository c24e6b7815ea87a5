/** Every word that people read, in Arabic: the shape is that of `english.ts`. */
import { type Catalogue, english } from "./english";

export const arabic: Catalogue = { ...english, language: "ar" };
