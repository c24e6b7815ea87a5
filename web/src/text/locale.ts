/** In which language's and region's way dates and times are written. */
import { signal } from "@preact/signals";
import type { Locale } from "../protocol";
import { chooseLanguage, language } from "./in-use";
import { languageOf } from "./languages";

const chosen = signal<Locale | undefined>(undefined);

/** What the person who is signed in chose; a tag that this browser cannot read counts as none. */
export function chooseLocale(wanted: Locale | undefined): void {
  const before = chosen.value;
  try {
    chosen.value = wanted === undefined ? undefined : Intl.getCanonicalLocales(wanted)[0];
  } catch {
    chosen.value = undefined;
  }
  const spoken = languageOf(chosen.value);
  if (spoken !== null && chosen.value !== before) void chooseLanguage(spoken);
}

/** The person's choice, else their browser's variety of the page's language, else that language. */
export function locale(): Locale {
  const page = language.value;
  const own = languageOf(chosen.value);
  const tag =
    chosen.value !== undefined && (own === page || own === null)
      ? chosen.value
      : (navigator.languages.find((one) => languageOf(one) === page) ?? page);
  // The catalogue writes its numbers so; both kinds of digits on one page are hard to read.
  return page === "ar" && !tag.includes("-u-") ? `${tag}-u-nu-latn` : tag;
}
