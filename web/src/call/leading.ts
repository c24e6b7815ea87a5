/**
 * Whom a stage shows as the speaker: one at a time, and not everyone who coughs.
 *
 * Pure. Somebody else must be the loudest for a while before they take over; silence changes nothing.
 */
import type { ParticipantId } from "../protocol";

export interface Leading {
  speaker: ParticipantId | null;
  /** Who is louder just now. */
  rival: ParticipantId | null;
  /** Since when, in the caller's ms. */
  since: number;
}

export const nobody: Leading = { speaker: null, rival: null, since: 0 };

/** A new speaker must have been the loudest for this long, in ms. */
export const LEADS_AFTER_MS = 1_500;

/** After somebody, or nobody, is the loudest; also after no more than time has passed. */
export function listen(before: Leading, loudest: ParticipantId | null, now: number): Leading {
  if (loudest === null || loudest === before.speaker) {
    return before.rival === null ? before : { ...before, rival: null };
  }
  if (before.speaker === null) return { speaker: loudest, rival: null, since: now };
  if (loudest !== before.rival) return { ...before, rival: loudest, since: now };
  return now >= before.since + LEADS_AFTER_MS ? { speaker: loudest, rival: null, since: now } : before;
}

/** When to look again, though nobody else begins to speak; null when there is no reason. */
export function lookAgain({ rival, since }: Leading): number | null {
  return rival === null ? null : since + LEADS_AFTER_MS;
}
