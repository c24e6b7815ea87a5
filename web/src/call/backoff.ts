/** How long to wait before the next try. Pure; the caller brings the randomness. */

export interface Backoff {
  /** Milliseconds before the first retry, at most. */
  first: number;
  /** Milliseconds that no wait exceeds. */
  cap: number;
}

/**
 * Milliseconds before retry `attempt` (from 0), with `random` in [0, 1).
 *
 * Half of each wait is random, so that a room full of people who lost the same server does not come
 * back in one instant.
 */
export function delay({ first, cap }: Backoff, attempt: number, random: number): number {
  const full = Math.min(cap, first * 2 ** Math.min(attempt, 30));
  return full / 2 + (full / 2) * random;
}
