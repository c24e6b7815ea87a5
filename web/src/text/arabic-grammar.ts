/** What Arabic sentences need besides words. */
import { counter } from "./plural";

export const count = counter("ar");

export const list = new Intl.ListFormat("ar", { type: "conjunction" });

/**
 * A name, an address or a text of either direction, that leaves the order of the sentence around it alone:
 * between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX #9, 2.4).
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
