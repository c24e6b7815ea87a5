/** Initials on a colour that stays with a person. */
import type { JSX } from "preact";

/** Hues that carry white text at the same lightness (see `styles.css`). */
const HUES = 8;

export function Avatar({ id, name }: { id: string; name: string }): JSX.Element {
  return (
    <span class={`avatar hue-${hue(id)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** The first letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letter = (word: string | undefined) => [...(word ?? "")][0] ?? "";
  return (letter(words[0]) + (words.length > 1 ? letter(words.at(-1)) : "")).toUpperCase();
}

function hue(id: string): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % HUES;
}
