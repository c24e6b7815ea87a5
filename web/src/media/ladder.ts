/**
 * When to leave ICE for the WebSocket, the last of the ways, and when to come back.
 *
 * ICE races its own ways (UDP, TCP, relays). A session at the region has one transport, so beside the
 * WebSocket ICE is not tried by a session but by a probe (`probe.ts`), which disturbs nothing; only what it
 * found is worth a session, and what is in use goes on until that flows.
 *
 * Pure: what happened and the time go in, the next step comes out. Times are milliseconds.
 */
import { type Backoff, delay } from "../call/backoff";

/** ICE has this long from the region's answer to find a way before the WebSocket is opened. */
export const ICE_ALONE_MS = 2_000;
/** While the WebSocket carries media better ways are tried this often. */
const RETRY: Backoff = { first: 20_000, cap: 300_000 };
/** A way back that did not last this long was none: the next is tried later, not sooner. */
export const LASTING_MS = 30_000;

export type Happening =
  /** The region answered an offer of ICE. */
  | "answered"
  /** ICE found a way, which media is still to flow on: DTLS is on its way. */
  | "found"
  | "ice_flows"
  /** ICE found nothing, or lost what it had for good. */
  | "ice_lost"
  | "websocket_flows"
  | "websocket_lost"
  /** A probe found a way for ICE, or none. */
  | "way_found"
  | "no_way"
  /** The network may be another. */
  | "network"
  | "tick";

export type Step =
  /** Make a session over the WebSocket. */
  | "websocket"
  /** Make a session with ICE. */
  | "ice"
  /** Try, beside what is in use, whether ICE would get through. */
  | "probe";

export interface Ladder {
  readonly uses: "ice" | "websocket" | null;
  /** What a session is being made with. */
  readonly making: "ice" | "websocket";
  /** When `tick` is to be said; null when there is nothing to wait for. */
  readonly due: number | null;
  readonly probing: boolean;
  /** Tries of better ways that came to nothing, one after another. */
  readonly failures: number;
  /** When ICE last began to carry media. */
  readonly iceAt: number | null;
}

/** `isBlocked`: in this network nothing but the WebSocket got through lately. */
export function begin(isBlocked: boolean): [Ladder, Step] {
  const ladder = { uses: null, due: null, probing: false, failures: 0, iceAt: null };
  return isBlocked ? [{ ...ladder, making: "websocket" }, "websocket"] : [{ ...ladder, making: "ice" }, "ice"];
}

/** `random` in [0, 1). */
export function next(ladder: Ladder, what: Happening, now: number, random: number): [Ladder, Step | null] {
  switch (what) {
    case "answered":
      return [ladder.uses === null && ladder.making === "ice" ? { ...ladder, due: now + ICE_ALONE_MS } : ladder, null];
    case "found":
      return [ladder.uses === null && ladder.making === "ice" ? { ...ladder, due: null } : ladder, null];
    case "ice_flows":
      return [{ ...ladder, uses: "ice", making: "ice", due: null, probing: false, iceAt: now }, null];
    case "ice_lost":
      return iceLost(ladder, now, random);
    case "websocket_flows":
      // ICE is tried along: at once where this network was only remembered to let nothing through.
      return ladder.uses === "websocket" ? [ladder, null] : probe({ ...ladder, uses: "websocket", making: "websocket" });
    case "websocket_lost":
      return ladder.making === "websocket" ? [{ ...ladder, uses: null, making: "ice", due: null }, "ice"] : [ladder, null];
    case "way_found":
      if (!ladder.probing || ladder.uses !== "websocket") return [{ ...ladder, probing: false }, null];
      return [{ ...ladder, probing: false, making: "ice", due: null }, "ice"];
    case "no_way":
      return ladder.probing ? later({ ...ladder, probing: false }, now, random) : [ladder, null];
    case "network":
      return ladder.uses === "websocket" && ladder.making === "websocket" && !ladder.probing
        ? probe({ ...ladder, failures: 0 })
        : [ladder, null];
    case "tick":
      return tick(ladder, now);
  }
}

function tick(ladder: Ladder, now: number): [Ladder, Step | null] {
  if (ladder.due === null || now < ladder.due) return [ladder, null];
  if (ladder.uses === "websocket") return probe(ladder);
  return [{ ...ladder, making: "websocket", due: null }, "websocket"];
}

function iceLost(ladder: Ladder, now: number, random: number): [Ladder, Step | null] {
  // What was found did not carry media, or the WebSocket's session was made in its place.
  if (ladder.uses === "websocket") {
    return ladder.making === "ice" ? later({ ...ladder, making: "websocket" }, now, random) : [ladder, null];
  }
  if (ladder.making === "websocket") return [ladder, null];
  // It carried media before: the network may be bad for a moment, and ICE has its time again.
  const lasted = ladder.iceAt !== null && now - ladder.iceAt >= LASTING_MS;
  if (ladder.uses === "ice" && lasted) return [{ ...ladder, uses: null, due: null, failures: 0 }, "ice"];
  const failures = ladder.uses === "ice" ? ladder.failures + 1 : ladder.failures;
  return [{ ...ladder, uses: null, making: "websocket", due: null, failures }, "websocket"];
}

function probe(ladder: Ladder): [Ladder, Step] {
  return [{ ...ladder, probing: true, due: null }, "probe"];
}

function later(ladder: Ladder, now: number, random: number): [Ladder, null] {
  const due = now + delay(RETRY, ladder.failures, random);
  return [{ ...ladder, due, failures: ladder.failures + 1 }, null];
}
