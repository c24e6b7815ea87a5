/** Short, soft sounds that tell what happened, made on the spot. */
import { playTune, type Tune } from "./chime";

/** Two notes up for who comes, down for who goes; a hand asks, a message taps, a knock knocks. */
export const TUNES = {
  joined: { notes: [523.25, 783.99], every: 0.09, release: 0.3, loudness: 0.12 },
  left: { notes: [659.25, 440], every: 0.09, release: 0.3, loudness: 0.1 },
  knock: { notes: [392, 392, 523.25], every: 0.12, release: 0.3, loudness: 0.14 },
  hand: { notes: [587.33, 880, 1174.66], every: 0.07, release: 0.32, loudness: 0.1 },
  chat: { notes: [987.77], every: 0.05, release: 0.22, loudness: 0.09 },
} satisfies Record<string, Tune>;

export type Sounding = keyof typeof TUNES;

/** When many things happen at once, one sound tells of them; milliseconds. */
const QUIET_MS = 500;

let last = Number.NEGATIVE_INFINITY;

/** Plays it on `speaker` (empty: the default), unless something sounded just now. */
export function sound(what: Sounding, speaker: string, now: number = performance.now()): void {
  if (now - last < QUIET_MS) return;
  last = now;
  playTune(TUNES[what], speaker).catch(() => {
    // A page that was not touched yet may not sound; what happened is written, too.
  });
}
