/** The words in use. Other languages will be catalogues beside `english.ts`, loaded on demand. */
import { type Catalogue, english } from "./english";

export const words: Catalogue = english;

const clock = new Intl.DateTimeFormat(words.language, { timeStyle: "short" });

/** A time of day, from milliseconds since the epoch. */
export function timeOfDay(milliseconds: number): string {
  return clock.format(milliseconds);
}
