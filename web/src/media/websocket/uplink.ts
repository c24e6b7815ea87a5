/**
 * What of the pictures goes out when, so that a voice never waits behind them for long: so much may be
 * under way, what waits too long is dropped, and the rate follows how long answers take.
 *
 * Pure: time is an argument, in milliseconds.
 */

const LEAST_BPS = 80_000;
const MOST_BPS = 1_500_000;
export const FIRST_BPS = 500_000;
/** Bytes that may be under way whatever the rate is. */
const WINDOW_BYTES = 16_000;
/** Besides what goes out in this time and a round trip. */
const WINDOW_MS = 150;
/** A picture that waited for so long is dropped, with all behind it. */
const STALE_MS = 400;
/** Questions are at least so far apart. */
export const ASK_EVERY_MS = 120;
/** Answers may be this much later than the fastest, and from then on the rate falls. */
const GOOD_MS = 60;
const BAD_MS = 200;
/** How long the fastest answer counts. */
const MEMORY_MS = 20_000;
/** After a fall the rate stays for this long. */
const REST_MS = 1_500;

interface Waiting {
  at: number;
  piece: Uint8Array<ArrayBuffer>;
}

export class Uplink {
  #pictures: Waiting[] = [];
  #sent = 0;
  #answered = 0;
  #asked: { at: number; sent: number } | null = null;
  #fastest: { took: number; at: number } | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #fellAt = Number.NEGATIVE_INFINITY;
  /** What pictures may take, in bps. */
  rate = FIRST_BPS;
  /** The next picture of each section must be a keyframe. */
  broken = false;
  /** Milliseconds; null until known. */
  roundTrip: number | null = null;

  /** So many bytes went out besides pictures. */
  noteSent(bytes: number): void {
    this.#sent += bytes;
  }

  push(now: number, pieces: readonly Uint8Array<ArrayBuffer>[]): void {
    for (const piece of pieces) this.#pictures.push({ at: now, piece });
  }

  /** Whether another picture would go out soon. */
  mayEncode(now: number): boolean {
    return this.#pictures.length === 0 && this.#delay(now) < BAD_MS;
  }

  /** The pieces to send now. */
  take(now: number): Uint8Array<ArrayBuffer>[] {
    const [oldest] = this.#pictures;
    if (oldest && now - oldest.at > STALE_MS) {
      this.#pictures = [];
      this.broken = true;
      this.#fall(now);
    }
    const window = WINDOW_BYTES + (this.rate / 8_000) * (WINDOW_MS + (this.#fastest?.took ?? 0));
    let count = 0;
    while (count < this.#pictures.length && this.#sent - this.#answered < window) {
      this.#sent += this.#pictures[count]?.piece.length ?? 0;
      count += 1;
    }
    return this.#pictures.splice(0, count).map(({ piece }) => piece);
  }

  /** Whether to ask now; the question is taken as put. */
  asks(now: number): boolean {
    if (this.#asked || this.#sent === this.#answered || now - this.#askedAt < ASK_EVERY_MS) return false;
    this.#asked = { at: now, sent: this.#sent };
    this.#askedAt = now;
    return true;
  }

  answered(now: number): void {
    if (!this.#asked) return;
    const took = now - this.#asked.at;
    this.#answered = this.#asked.sent;
    this.#asked = null;
    this.roundTrip = took;
    if (!this.#fastest || took <= this.#fastest.took || now - this.#fastest.at > MEMORY_MS) this.#fastest = { took, at: now };
    const late = took - this.#fastest.took;
    if (late > BAD_MS) this.#fall(now);
    else if (late < GOOD_MS && now - this.#fellAt > REST_MS) this.rate = Math.min(MOST_BPS, this.rate * 1.03);
  }

  #fall(now: number): void {
    if (now - this.#fellAt < REST_MS / 3) return;
    this.rate = Math.max(LEAST_BPS, this.rate * 0.7);
    this.#fellAt = now;
  }

  /** How much later than the fastest the answer under way is. */
  #delay(now: number): number {
    return this.#asked && this.#fastest ? now - this.#asked.at - this.#fastest.took : 0;
  }
}
