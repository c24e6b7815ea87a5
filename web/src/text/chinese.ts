/** Every word that people read, in Chinese: the shape is that of `english.ts`. */
import { type Catalogue, english } from "./english";

export const chinese: Catalogue = { ...english, language: "zh" };
