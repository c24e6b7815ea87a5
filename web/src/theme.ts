/** Light or dark: the system's until the person chooses, then theirs, remembered. */
import { computed, signal } from "@preact/signals";
import { recall, remember } from "./storage";

export type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = signal<Theme>(system.matches ? "dark" : "light");
const chosen = signal<Theme | null>(parse(recall("theme")));

export const theme = computed<Theme>(() => chosen.value ?? systemTheme.value);

system.addEventListener("change", () => {
  systemTheme.value = system.matches ? "dark" : "light";
});

theme.subscribe((now) => {
  document.documentElement.dataset.theme = now;
  colourFrame();
});

/** What the system draws around the page follows the page, also where the person chose against the system. */
function colourFrame(): void {
  const { backgroundColor } = getComputedStyle(document.documentElement);
  // Not known before the styles are there; the page's own `meta` elements follow the system.
  if (/^rgba\(.*, 0\)$/.test(backgroundColor)) return;
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) meta.setAttribute("content", backgroundColor);
}

export function switchTheme(): void {
  chosen.value = theme.value === "dark" ? "light" : "dark";
  remember("theme", chosen.value);
}

function parse(text: string): Theme | null {
  return text === "light" || text === "dark" ? text : null;
}
