/**
 * Which catalogue is in use.
 *
 * English comes with the page; every other language is one chunk, fetched when somebody wants it.
 * Where it cannot be loaded, the words stay as they are.
 */
import { type ReadonlySignal, computed, effect, signal } from "@preact/signals";
import { recall, remember } from "../storage";
import { type Catalogue, english } from "./english";
import { bestOf, directionOf, type Language, languageOf } from "./languages";

const LOAD: Record<Exclude<Language, "en">, () => Promise<Catalogue>> = {
  de: () => import("./german").then(({ german }) => german),
  es: () => import("./spanish").then(({ spanish }) => spanish),
  fr: () => import("./french").then(({ french }) => french),
  zh: () => import("./chinese").then(({ chinese }) => chinese),
  ar: () => import("./arabic").then(({ arabic }) => arabic),
};

/** The words; a component that reads them is drawn anew when the language changes. */
export const catalogue = signal<Catalogue>(english);

export const language: ReadonlySignal<Language> = computed(() => languageOf(catalogue.value.language) ?? "en");

/** Of the wishes that overlap, the last one counts. */
let wanted: Language = "en";

/** Tells the page itself, for hyphens, voices and the side at which lines begin. */
export function markPage(page: HTMLElement): void {
  effect(() => {
    page.lang = language.value === "zh" ? "zh-Hans" : language.value;
    page.dir = directionOf(language.value);
  });
}

/** Before the first view: what was chosen here, else what the browser's reader prefers. */
export async function firstLanguage(): Promise<void> {
  await speak(bestOf([recall("language"), ...navigator.languages]));
}

/** By the person's own choice, which is remembered. False when the words cannot be loaded. */
export async function chooseLanguage(chosen: Language): Promise<boolean> {
  const spoken = await speak(chosen);
  if (spoken) remember("language", chosen);
  return spoken;
}

async function speak(chosen: Language): Promise<boolean> {
  wanted = chosen;
  let words: Catalogue;
  try {
    words = chosen === "en" ? english : await LOAD[chosen]();
  } catch {
    return false;
  }
  if (wanted === chosen) catalogue.value = words;
  return true;
}
