/** When a meeting is, in the reader's language and zone. */
import type { RoomDetails } from "../protocol";
import { words } from "../text";
import { locale } from "../text/locale";

type Scheduled = Pick<RoomDetails, "starts_at" | "duration_minutes">;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const reader = locale();
  let known = formats.get(`${reader} ${key}`);
  if (!known) {
    known = new Intl.DateTimeFormat(reader, options);
    formats.set(`${reader} ${key}`, known);
  }
  return known;
}

/** `9:30 – 10:30 AM`; in `zone` where one is given. */
export function hours({ starts_at: from, duration_minutes: minutes }: Scheduled, zone?: string): string {
  if (from === undefined) return "";
  const until = from + (minutes ?? 60) * 60_000;
  return format(`hours ${zone ?? ""}`, { timeStyle: "short", ...(zone && { timeZone: zone }) }).formatRange(from, until);
}

/** `Today`, `Tomorrow`, else `Saturday, November 21`. */
export function day(at: number, now: number): string {
  const days = daysBetween(now, at);
  if (days === 0) return words.home.today;
  if (days === 1) return words.home.tomorrow;
  if (days === -1) return words.home.yesterday;
  const year = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(`day ${year}`, {
    weekday: "long",
    month: "long",
    day: "numeric",
    ...(!year && { year: "numeric" }),
  }).format(at);
}

/** `Saturday, November 21, 2026, 9:30 – 10:30 AM GMT+1`, in `zone`. */
export function fully({ starts_at: from, duration_minutes: minutes }: Scheduled, zone: string): string {
  if (from === undefined) return "";
  return format(`fully ${zone}`, {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone: zone,
    timeZoneName: "short",
  }).formatRange(from, from + (minutes ?? 60) * 60_000);
}

/** What a leaf of a calendar shows. */
export function leaf(at: number): { weekday: string; number: string; month: string } {
  return {
    weekday: format("weekday", { weekday: "short" }).format(at),
    number: format("number", { day: "numeric" }).format(at),
    month: format("month", { month: "short" }).format(at),
  };
}

/** `2 hr`, `45 min`. */
export function duration(minutes: number): string {
  const part = (number: number, unit: "hour" | "minute") =>
    new Intl.NumberFormat(words.language, { style: "unit", unit, unitDisplay: "short" }).format(number);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  return [...(hour > 0 ? [part(hour, "hour")] : []), ...(minute > 0 ? [part(minute, "minute")] : [])].join(" ");
}

/** `Europe/Berlin (GMT+1)` as a person reads it. */
export function zoneName(zone: string, at: number): string {
  const parts = format(`zone ${zone}`, { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(at);
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return `${zone.replaceAll("_", " ")} (${offset})`;
}

/** Calendar days from one moment to another, in the reader's zone. */
function daysBetween(from: number, to: number): number {
  const midnight = (at: number) => {
    const date = new Date(at);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}
