/** What somebody plans: the fields as typed, and the request that they make. Pure. */
import type { ChangeRoom, CreateRoom, RoomDetails, RoomKind } from "../protocol";
import { INVITATIONS, TITLE_CHARS } from "../protocol";
import { isAddress } from "./addresses";
import { type Instant, instantOf, type Wall, wallOf } from "./instant";

export interface Plan extends Wall {
  title: string;
  minutes: number;
  zone: string;
  kind: RoomKind;
}

/** Which field is wrong, and why; words are the view's. */
export interface Wrong {
  title?: "too_long" | "forbidden";
  date?: "missing" | "past" | "far";
  time?: "missing" | "past";
  invite?: "malformed" | "too_many";
}

export const DURATIONS: readonly number[] = [15, 30, 45, 60, 90, 120, 180, 240, 480];
export const KINDS: readonly RoomKind[] = ["public", "private", "team"];

const DAY_MS = 86_400_000;
/** How far ahead a meeting can be, in days (`limits::SCHEDULE_DAYS`). */
const SCHEDULE_DAYS = 2 * 366;
/** A meeting that began just now may still be planned. */
const LATE_MS = 5 * 60_000;

/** The next half hour that leaves time to invite somebody. */
export function freshPlan(now: number, zone: string): Plan {
  const half = 30 * 60_000;
  const at = Math.ceil((now + 10 * 60_000) / half) * half;
  return { title: "", ...wallOf(at, zone), minutes: 60, zone, kind: "public" };
}

export function planOf(room: RoomDetails, ownZone: string): Plan {
  const zone = room.time_zone ?? ownZone;
  const wall = room.starts_at === undefined ? { date: "", time: "" } : wallOf(room.starts_at, zone);
  return { title: room.title, ...wall, minutes: room.duration_minutes ?? 60, zone, kind: room.kind };
}

export function startOf(plan: Plan): Instant | null {
  return instantOf(plan, plan.zone);
}

export function wrongWith(plan: Plan, addresses: readonly string[], now: number): Wrong {
  const wrong: Wrong = {};
  const title = plan.title.trim();
  if ([...title].length > TITLE_CHARS) wrong.title = "too_long";
  else if (/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/u.test(title)) wrong.title = "forbidden";
  const start = startOf(plan);
  if (start === null) {
    if (instantOf({ date: plan.date, time: "00:00" }, plan.zone) === null) wrong.date = "missing";
    if (!/^\d\d:\d\d/.test(plan.time)) wrong.time = "missing";
  } else if (start.at < now - LATE_MS) {
    if (plan.date < wallOf(now, plan.zone).date) wrong.date = "past";
    else wrong.time = "past";
  } else if (start.at > now + SCHEDULE_DAYS * DAY_MS) wrong.date = "far";
  return { ...wrong, ...wrongInvitations(addresses, 0) };
}

/** `already`: how many are invited. */
export function wrongInvitations(addresses: readonly string[], already: number): Pick<Wrong, "invite"> {
  if (addresses.some((address) => !isAddress(address))) return { invite: "malformed" };
  return addresses.length + already > INVITATIONS ? { invite: "too_many" } : {};
}

/** The request for a plan with nothing wrong. */
export function creation(plan: Plan, addresses: readonly string[]): CreateRoom {
  const start = startOf(plan);
  return {
    ...(plan.title.trim() !== "" && { title: plan.title.trim() }),
    kind: plan.kind,
    ...(start && { starts_at: start.at, duration_minutes: plan.minutes, time_zone: plan.zone }),
    ...(addresses.length > 0 && { invite: [...addresses] }),
  };
}

/** Only what differs: nobody gets a mail about nothing. Null when nothing does. */
export function difference(plan: Plan, room: RoomDetails): ChangeRoom | null {
  const start = startOf(plan);
  const title = plan.title.trim();
  const change: ChangeRoom = {
    ...(title !== "" && title !== room.title && { title }),
    ...(plan.kind !== room.kind && { kind: plan.kind }),
  };
  if (start && room.starts_at !== undefined) {
    if (start.at !== room.starts_at) change.starts_at = start.at;
    if (plan.minutes !== room.duration_minutes) change.duration_minutes = plan.minutes;
    if (room.time_zone !== undefined && plan.zone !== room.time_zone) change.time_zone = plan.zone;
  }
  return Object.keys(change).length > 0 ? change : null;
}
