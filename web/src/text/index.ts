/** The words in use. Other languages will be catalogues beside `english.ts`, loaded on demand. */
import { type Catalogue, english } from "./english";
import { locale } from "./locale";

export const words: Catalogue = english;

let clock: { locale: string; format: Intl.DateTimeFormat } | null = null;

/** A time of day, from milliseconds since the epoch. */
export function timeOfDay(milliseconds: number): string {
  const now = locale();
  if (clock?.locale !== now) clock = { locale: now, format: new Intl.DateTimeFormat(now, { timeStyle: "short" }) };
  return clock.format.format(milliseconds);
}
