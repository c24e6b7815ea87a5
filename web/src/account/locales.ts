/** The languages and regions that a person can choose; words, dates and times follow them. */
import type { Locale } from "../protocol";
import { type Language, languageOf } from "../text/languages";

/** Regions in which each language that has a catalogue is written, the most read first. */
const REGIONS: Readonly<Record<Language, readonly string[]>> = {
  en: ["US", "GB", "AU", "CA", "IE", "IN", "NZ", "ZA"],
  de: ["DE", "AT", "CH"],
  es: ["ES", "MX", "AR", "CL", "CO", "PE", "US"],
  fr: ["FR", "BE", "CA", "CH"],
  zh: ["CN", "SG"],
  ar: ["EG", "SA", "AE", "DZ", "MA"],
};

export interface Choice {
  locale: Locale;
  name: string;
}

/** Each named in itself; `current` is offered even when it is none of ours. */
export function choices(current: Locale | undefined): Choice[] {
  const known = Object.entries(REGIONS).flatMap(([language, regions]) =>
    regions.map((region) => `${language}-${region}`),
  );
  const all = current === undefined || known.includes(current) ? known : [current, ...known];
  return all.map((locale) => ({ locale, name: nameOf(locale) }));
}

/** The language with a region: the browser's own variety, else where most people read it. */
export function regional(language: Language): Locale {
  const own = navigator.languages.find((tag) => languageOf(tag) === language && tag.includes("-"));
  return own ?? `${language}-${REGIONS[language][0]}`;
}

function nameOf(locale: Locale): string {
  try {
    const names = new Intl.DisplayNames(locale, { type: "language", languageDisplay: "standard" });
    const name = names.of(locale) ?? locale;
    // Not every language begins the names of languages with a capital letter; a list does.
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  } catch {
    return locale;
  }
}
