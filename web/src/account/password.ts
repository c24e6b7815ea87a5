/** How hard a password is to guess, as a hint to whoever chooses one. The server decides what it takes. */
import { PASSWORD_CHARS_LEAST } from "../protocol";

export type Strength = { kind: "short"; missing: number } | { kind: "weak" | "fair" | "strong" };

const CLASSES: readonly [RegExp, number][] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[^A-Za-z0-9]/, 32],
];
/** Bits from which a password resists guessing over the network, and offline. */
const FAIR = 45;
const STRONG = 70;

/** `known`: words that somebody who guesses would try first, such as the person's name and address. */
export function strength(password: string, known: readonly string[] = []): Strength {
  const letters = [...password];
  if (letters.length < PASSWORD_CHARS_LEAST) return { kind: "short", missing: PASSWORD_CHARS_LEAST - letters.length };
  const alphabet = CLASSES.reduce((sum, [pattern, size]) => (pattern.test(password) ? sum + size : sum), 0);
  const bits = surprises(withoutKnown(password, known)) * Math.log2(alphabet);
  if (bits < FAIR) return { kind: "weak" };
  return { kind: bits < STRONG ? "fair" : "strong" };
}

/** Characters that neither repeat the one before nor count on from it. */
function surprises(letters: readonly string[]): number {
  return letters.filter((letter, place) => {
    const step = (letter.codePointAt(0) ?? 0) - (letters[place - 1]?.codePointAt(0) ?? -10);
    return Math.abs(step) > 1;
  }).length;
}

/** With one dot for each of the words, whatever their case. */
function withoutKnown(password: string, known: readonly string[]): string[] {
  const rest = known
    .flatMap((text) => text.split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= 3)
    // Nothing but letters and digits: they stand for themselves in a pattern.
    .reduce((text, word) => text.replace(new RegExp(word, "giu"), "·"), password);
  return [...rest];
}
