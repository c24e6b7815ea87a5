/**
 * What this browser remembers between visits: nothing but choices, a name, that somebody signed in
 * (never a token), and the secrets that make someone the host of meetings they made. A browser that
 * refuses storage forgets, no more.
 *
 * Seats are not kept: a duplicated tab would copy them and throw its original out.
 */

type Key =
  | "name"
  | "theme"
  | "language"
  | "camera"
  | "microphone"
  | "speaker"
  | "hosted"
  /** Where people see themselves in a meeting. */
  | "self_view"
  /** How tiles are laid out. */
  | "layout"
  /** People see themselves as others do. */
  | "unmirrored"
  /** What is not to be done to the microphone's sound. */
  | "unprocessed"
  /** Single keys are to do nothing. */
  | "keys_off"
  /** Holding the space bar is not to unmute. */
  | "talk_off"
  /** Of what a sound tells, and of what not. */
  | "sounds"
  /** What stands behind the person in their picture. */
  | "background"
  /** Where to go on after signing up or in. */
  | "return"
  /** Somebody signed in here and did not sign out. */
  | "account"
  /** The only ways that media may take, for developers. */
  | "rungs"
  /** Networks in which nothing but the WebSocket got through. */
  | "networks"
  /** The file of an earlier build for which the page was loaded anew. */
  | "reloaded_for"
  /** When a refresh of the sign-in began whose end nobody has seen. */
  | "refreshing";

const PREFIX = "meridian.";
/** Meetings whose host secret is kept; older ones are forgotten. */
const HOSTED = 50;

export function recall(key: Key): string {
  try {
    return localStorage.getItem(PREFIX + key) ?? "";
  } catch {
    return "";
  }
}

export function remember(key: Key, value: string): void {
  try {
    if (value === "") localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // Private windows of some browsers refuse: the choice lasts as long as the page.
  }
}

export function hostSecret(code: string): string | undefined {
  return hosted().find(([of]) => of === code)?.[1];
}

export function keepHostSecret(code: string, secret: string): void {
  const others = hosted().filter(([of]) => of !== code);
  remember("hosted", JSON.stringify([[code, secret], ...others].slice(0, HOSTED)));
}

function hosted(): [code: string, secret: string][] {
  try {
    const kept: unknown = JSON.parse(recall("hosted") || "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter(
      (entry): entry is [string, string] =>
        Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "string",
    );
  } catch {
    return [];
  }
}
