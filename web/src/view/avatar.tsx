/**
 * A person's picture, or their initials on a colour that stays with them. The style draws the initials:
 * what is text in a button has to be in its name (WCAG 2.5.3).
 */
import type { JSX } from "preact";
import type { User } from "../protocol";

/** Hues that carry white text at the same lightness (see `styles.css`). */
const HUES = 8;

export function Avatar({ id, name }: { id: string; name: string }): JSX.Element {
  return (
    <span class={`avatar hue-${hue(id)} drawn`} aria-hidden="true" data-text={initials(name)} />
  );
}

/** Somebody with an account: as they chose to be seen. */
export function UserAvatar({ user }: { user: Pick<User, "name" | "color" | "picture"> }): JSX.Element {
  const { name, color, picture } = user;
  return (
    <span
      class="avatar drawn"
      style={{ background: color }}
      aria-hidden="true"
      data-text={picture === undefined ? initials(name) : undefined}
    >
      {picture !== undefined && <img src={picture} alt="" />}
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
