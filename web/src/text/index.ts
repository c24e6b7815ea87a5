/** The words in use, whichever language that is: never keep them, read them where they are shown. */
import type { Catalogue } from "./english";
import { english } from "./english";
import { catalogue } from "./in-use";
import { locale } from "./locale";

export const words: Catalogue = new Proxy(english, {
  get: (_, section) => Reflect.get(catalogue.value, section),
});

/** What the server calls meetings that nobody gave a title. */
const UNTITLED = "Meeting";

/** A meeting's title as its reader sees it. */
export function titleOf({ title }: { title: string }): string {
  return title === UNTITLED ? words.tongue.untitled : title;
}

let clock: { locale: string; format: Intl.DateTimeFormat } | null = null;

/** A time of day, from milliseconds since the epoch. */
export function timeOfDay(milliseconds: number): string {
  const now = locale();
  if (clock?.locale !== now) clock = { locale: now, format: new Intl.DateTimeFormat(now, { timeStyle: "short" }) };
  return clock.format.format(milliseconds);
}
