/** The languages that have a catalogue, each named in itself. */
import type { Locale } from "../protocol";

export const LANGUAGES = [
  { language: "en", name: "English" },
  { language: "de", name: "Deutsch" },
  { language: "es", name: "Español" },
  { language: "fr", name: "Français" },
  { language: "zh", name: "简体中文" },
  { language: "ar", name: "العربية" },
] as const;

export type Language = (typeof LANGUAGES)[number]["language"];

/** The catalogue for readers of a tag (BCP 47), whatever its region; null where there is none. */
export function languageOf(tag: Locale | undefined): Language | null {
  const primary = tag?.toLowerCase().split("-")[0];
  return LANGUAGES.find(({ language }) => language === primary)?.language ?? null;
}

/** The first of the wished tags that has a catalogue; English where none has. */
export function bestOf(wishes: readonly (Locale | undefined)[]): Language {
  return wishes.map(languageOf).find((language) => language !== null) ?? "en";
}

export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}
