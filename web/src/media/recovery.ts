/**
 * What a connection does when its way to the region may be lost: it asks, begins ICE anew, and at last
 * gives way to another connection.
 *
 * Pure: what happened and the time go in, the next step comes out. Times are milliseconds of the
 * clock of day, which goes on while a machine sleeps.
 */

/** How often `tick` is to be said. */
export const TICK_MS = 200;
/** Nothing came for this long: ask. */
export const QUIET_MS = 400;
/** Asked this often at least, because media that comes does not tell that what is sent arrives. */
export const ASK_EVERY_MS = 2_000;
/** Without an answer or anything else for this long the way is lost, at least and at most; between, so many times the slowest answer. */
export const PATIENCE_MS = { least: 600, most: 2_000, times: 4 };
/** The same where only the answer does not come. */
export const UNANSWERED_MS = 3_000;
/** A restart of ICE helps within this, or does not; where answers are slow, within so many times the slowest. */
export const RESTART_WITHIN_MS = 900;
/** Restarts before another connection is made. Chromium notices another address up to 2 s late, and gathers once. */
export const RESTARTS = 2;
/** Waits after a restart double to this, while nothing else can be done. */
export const RESTARTS_APART_MS = 8_000;
/** Ticks that are further apart tell that the page stood still. */
export const STOOD_STILL_MS = 5_000;
/** After so long without a word from the browser the region has ended the session, or is about to. */
export const GONE_MS = 12_000;
/** How long an answer that was slow makes others be waited for. */
const SLOW_FOR_MS = 10_000;

export type Happening =
  | "tick"
  /** Something came from the region, whatever it is. */
  | "heard"
  /** The answer to a question came. */
  | "answered"
  /** The browser found a way. */
  | "connected"
  /** The browser doubts the way, the network may be another, or the page was away. */
  | "doubt"
  /** The browser gave the way up. */
  | "failed";

export type Step =
  /** Ask the region whether it hears. */
  | "ask"
  /** Begin ICE anew, in the same session. */
  | "restart"
  /** Give way to another connection. */
  | "renew";

export interface Path {
  /** When something last came. */
  readonly heardAt: number;
  /** When the question was put that has no answer yet. */
  readonly askedAt: number | null;
  /** When a question was last put. */
  readonly lastAsked: number;
  readonly tickAt: number;
  /** How long the slowest answer of late took, and when it came. */
  readonly slowest: { took: number; at: number };
  /** The restart that has not helped yet. */
  readonly restart: { at: number; wait: number; count: number } | null;
  /** The page stood still for so long that the region has given it up. */
  readonly slept: boolean;
}

/** A way that was just found. */
export function found(now: number): Path {
  return {
    heardAt: now,
    askedAt: null,
    lastAsked: now,
    tickAt: now,
    slowest: { took: 0, at: now },
    restart: null,
    slept: false,
  };
}

/** `replaceable`: another connection could be made now. */
export function next(before: Path, what: Happening, now: number, replaceable: boolean): [Path, Step | null] {
  const [path, stoodStill] = awake(before, now);
  switch (what) {
    case "heard":
      return [{ ...path, heardAt: now, restart: null, slept: false }, null];
    case "connected":
      // Questions that were put meanwhile are repeated at longer and longer intervals.
      return [{ ...path, heardAt: now, askedAt: null, lastAsked: now, restart: null, slept: false }, null];
    case "answered":
      return [{ ...path, heardAt: now, askedAt: null, slowest: slowest(path, now), restart: null, slept: false }, null];
    case "doubt":
      return path.restart || path.askedAt !== null ? [path, null] : ask(path, now);
    case "failed":
      return path.restart ? giveWay(path, now, replaceable) : lost(path, now, replaceable);
    case "tick":
      return stoodStill ? ask(path, now) : tick(path, now, replaceable);
  }
}

/** After the page stood still, what did not come meanwhile tells nothing. */
function awake(path: Path, now: number): [Path, boolean] {
  const still = now - path.tickAt - TICK_MS;
  if (Math.abs(still) < STOOD_STILL_MS) return [path, false];
  return [{ ...path, heardAt: now, askedAt: null, tickAt: now, restart: null, slept: still >= GONE_MS }, true];
}

/** Whether a way that was lost has not been found again. */
export function isLost(path: Path): boolean {
  return path.restart !== null;
}

function tick(before: Path, now: number, replaceable: boolean): [Path, Step | null] {
  const late = now - before.tickAt - TICK_MS;
  // A page that is busy takes answers late.
  const askedAt = late > TICK_MS && before.askedAt !== null ? Math.min(now, before.askedAt + late) : before.askedAt;
  const path = { ...before, tickAt: now, askedAt };
  if (path.restart) {
    const isOver = now - path.restart.at >= path.restart.wait || (path.slept && replaceable);
    return isOver ? giveWay(path, now, replaceable) : [path, null];
  }
  if (path.askedAt !== null) {
    const isSilent = now - Math.max(path.askedAt, path.heardAt) >= patience(path, now);
    if (isSilent || now - path.askedAt >= UNANSWERED_MS) return lost(path, now, replaceable);
    return [path, null];
  }
  const isDue = now - path.heardAt >= QUIET_MS || now - path.lastAsked >= ASK_EVERY_MS;
  return isDue ? ask(path, now) : [path, null];
}

function ask(path: Path, now: number): [Path, Step] {
  return [{ ...path, askedAt: now, lastAsked: now }, "ask"];
}

function lost(path: Path, now: number, replaceable: boolean): [Path, Step] {
  // The region has ended the session of who slept: nothing is left to restart.
  if (path.slept && replaceable) return [path, "renew"];
  const wait = Math.max(RESTART_WITHIN_MS, PATIENCE_MS.times * path.slowest.took);
  return [{ ...path, askedAt: null, restart: { at: now, wait, count: 1 } }, "restart"];
}

/** The restart did not help. */
function giveWay(path: Path, now: number, replaceable: boolean): [Path, Step] {
  const { wait, count } = path.restart ?? { wait: RESTART_WITHIN_MS, count: 0 };
  const isReplaced = replaceable && (path.slept || count >= RESTARTS);
  if (isReplaced || now - path.heardAt >= GONE_MS) return [path, "renew"];
  return [{ ...path, restart: { at: now, wait: Math.min(RESTARTS_APART_MS, wait * 2), count: count + 1 } }, "restart"];
}

function slowest(path: Path, now: number): Path["slowest"] {
  const took = path.askedAt === null ? 0 : now - path.askedAt;
  return took >= path.slowest.took || now - path.slowest.at > SLOW_FOR_MS ? { took, at: now } : path.slowest;
}

function patience({ slowest: { took, at } }: Path, now: number): number {
  const usual = now - at > 2 * SLOW_FOR_MS ? 0 : took;
  return Math.min(PATIENCE_MS.most, Math.max(PATIENCE_MS.least, usual * PATIENCE_MS.times));
}
