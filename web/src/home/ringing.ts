/**
 * A call that this person makes: who rings, until when. It lives in memory, so that whom somebody
 * calls is in no address and no history.
 */
import { type Signal, signal } from "@preact/signals";
import type { EmailAddress, RoomCode } from "../protocol";

export interface Outgoing {
  /** Where the caller waits. */
  code: RoomCode;
  whom: EmailAddress;
  /** Milliseconds since the epoch. */
  until: number;
}

/** As long as it rings where the other one is, if anywhere: the caller is never told. */
export const RINGS_MS = 40_000;

export const outgoing: Signal<Outgoing | null> = signal(null);

export function ring(code: RoomCode, whom: EmailAddress, now: number): void {
  outgoing.value = { code, whom, until: now + RINGS_MS };
}

/** Somebody came, or the caller has gone elsewhere. */
export function stopRinging(code: RoomCode): void {
  if (outgoing.value?.code === code) outgoing.value = null;
}
