/** In which language's and region's way dates and times are written. */
import { signal } from "@preact/signals";
import type { Locale } from "../protocol";
import { english } from "./english";

const chosen = signal<Locale | undefined>(undefined);

/** What the person who is signed in chose; a tag that this browser cannot read counts as none. */
export function chooseLocale(wanted: Locale | undefined): void {
  try {
    chosen.value = wanted === undefined ? undefined : Intl.getCanonicalLocales(wanted)[0];
  } catch {
    chosen.value = undefined;
  }
}

/** The person's choice, else their browser's variety of the page's language, else that language. */
export function locale(): Locale {
  const { language } = english;
  return chosen.value ?? navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}
