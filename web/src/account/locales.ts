/** The languages and regions that a person can choose; dates and times follow them. */
import type { Locale } from "../protocol";
import { words } from "../text";

/** Regions in which each language that has a catalogue is written, the most read first. */
const REGIONS = { en: ["US", "GB", "AU", "CA", "IE", "IN", "NZ", "ZA"] };

export interface Choice {
  locale: Locale;
  name: string;
}

/** `current` is offered even when it is none of ours. */
export function choices(current: Locale | undefined): Choice[] {
  const known = Object.entries(REGIONS).flatMap(([language, regions]) =>
    regions.map((region) => `${language}-${region}`),
  );
  const all = current === undefined || known.includes(current) ? known : [current, ...known];
  const names = new Intl.DisplayNames(words.language, { type: "language", languageDisplay: "standard" });
  return all.map((locale) => ({ locale, name: nameOf(names, locale) }));
}

function nameOf(names: Intl.DisplayNames, locale: Locale): string {
  try {
    return names.of(locale) ?? locale;
  } catch {
    return locale;
  }
}
