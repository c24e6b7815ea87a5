/** Moments in words, as people of a region write them. */
import { words } from "../text";
import { locale } from "../text/locale";

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long before `now` something was, both in milliseconds since the epoch. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1_000));
  for (const [unit, size] of STEPS) {
    if (seconds >= size) {
      return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
    }
  }
  return words.account.justNow;
}

export function date(moment: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(moment);
}
