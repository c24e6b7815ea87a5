/**
 * From a clock on a wall to a moment and back, in any time zone. Pure; the zones' rules are the
 * platform's (`Intl`).
 */

export interface Wall {
  /** `2026-11-21`, as `<input type="date">` has it. */
  date: string;
  /** `09:30`, as `<input type="time">` has it. */
  time: string;
}

export interface Instant {
  /** Milliseconds since the epoch. */
  at: number;
  /**
   * `skipped`: clocks jump over this time; the moment is as much later as they jump (RFC 5545
   * §3.3.5). `repeated`: clocks show it twice; the moment is the first.
   */
  kind: "exact" | "skipped" | "repeated";
}

const DAY_MS = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The moment at which clocks of `zone` show this; null when it is no date or time. */
export function instantOf({ date, time }: Wall, zone: string): Instant | null {
  const wall = readWall(date, time);
  if (wall === null || !isZone(zone)) return null;
  // Clocks are not changed twice within two days.
  const earlier = offset(zone, wall - DAY_MS);
  const later = offset(zone, wall + DAY_MS);
  const fitting = [...new Set([wall - earlier, wall - later])]
    .filter((at) => at + offset(zone, at) === wall)
    .sort((one, other) => one - other);
  const [first] = fitting;
  if (first === undefined) return { at: wall - earlier, kind: "skipped" };
  return { at: first, kind: fitting.length > 1 ? "repeated" : "exact" };
}

/** What clocks of `zone` show at a moment. */
export function wallOf(at: number, zone: string): Wall {
  const shown = new Date(at + offset(zone, at)).toISOString();
  return { date: shown.slice(0, 10), time: shown.slice(11, 16) };
}

export function isZone(name: string): boolean {
  try {
    return clock(name) !== undefined;
  } catch {
    return false;
  }
}

/** The reader's own zone. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** All zones that the browser knows. */
export function zones(): string[] {
  return [...new Set([ownZone(), "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
}

/** Milliseconds that clocks of `zone` are ahead of UTC at a moment. */
function offset(zone: string, at: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of clock(zone).formatToParts(at)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

function clock(zone: string): Intl.DateTimeFormat {
  let known = clocks.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    clocks.set(zone, known);
  }
  return known;
}

/** Milliseconds since the epoch of a UTC clock that shows this. */
function readWall(date: string, time: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d(:\d\d)?$/.test(time)) return null;
  const at = Date.parse(`${date}T${time.slice(0, 5)}:00Z`);
  // Some engines move what does not exist (February 30) on.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? null : at;
}
