/**
 * Sound on its way to be heard: waits until what comes unevenly can be played evenly.
 *
 * It begins with a short wait. What runs out makes the wait as long as the gap was; what was never needed
 * for a while is taken away again, a little at a time.
 */

/** Samples a second. */
export const RATE = 48_000;
const MILLISECOND = RATE / 1_000;
/** Waits, in samples. */
const FIRST_WAIT = 60 * MILLISECOND;
const LONGEST_WAIT = 600 * MILLISECOND;
/** More than this never waits: what is older is dropped. */
const MOST = 1_500 * MILLISECOND;
/** How long what was not needed is kept. */
const REVIEW = 4 * RATE;
/** What is kept beyond what was needed. */
const SPARE = 40 * MILLISECOND;
/** Taken away at a time. */
const CUT = 5 * MILLISECOND;
/** After so long without anything new nobody sends: silence is not a gap. */
const IDLE = 1 * RATE;

interface Chunk {
  /** Milliseconds of the sender's clock at its first sample. */
  time: number;
  samples: Float32Array;
}

export class Playout {
  #chunks: Chunk[] = [];
  #read = 0;
  #waiting = 0;
  #playing = false;
  #wait = FIRST_WAIT;
  /** Samples since something came, since it ran out, and since the last review; the least that waited since. */
  #sinceCame = IDLE;
  #gap = 0;
  #reviewed = 0;
  #least = MOST;
  /** Samples that were played, and that were made up. */
  played = 0;
  concealed = 0;
  /** Sum of the squares of what was played, over seconds. */
  energy = 0;

  /** Samples that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The sender's time of what is played now, in milliseconds. */
  get time(): number | null {
    const [chunk] = this.#chunks;
    return this.#playing && chunk ? chunk.time + this.#read / MILLISECOND : null;
  }

  push(time: number, samples: Float32Array): void {
    this.#chunks.push({ time, samples });
    this.#waiting += samples.length;
    this.#sinceCame = 0;
    if (this.#waiting > MOST) this.#drop(this.#waiting - this.#wait);
  }

  /** Fills `out`; what is missing is silence. */
  pull(out: Float32Array): void {
    this.#sinceCame += out.length;
    if (!this.#playing && this.#waiting >= this.#wait) this.#begin();
    let at = 0;
    while (this.#playing && at < out.length) {
      const [chunk] = this.#chunks;
      if (!chunk) {
        this.#playing = false;
        this.#gap = 0;
        break;
      }
      const count = Math.min(out.length - at, chunk.samples.length - this.#read);
      out.set(chunk.samples.subarray(this.#read, this.#read + count), at);
      at += count;
      this.#take(count);
    }
    for (let place = 0; place < at; place += 1) this.energy += (out[place] ?? 0) ** 2 / RATE;
    this.played += at;
    if (at < out.length) {
      out.fill(0, at);
      this.#gap += out.length - at;
      if (this.#sinceCame < IDLE && this.played > 0) this.concealed += out.length - at;
    } else this.#review(out.length);
  }

  #begin(): void {
    this.#playing = true;
    // As long as it was missing, so that the next gap of its kind is not heard.
    if (this.played > 0 && this.#gap > 0 && this.#gap < IDLE) {
      this.#wait = Math.min(LONGEST_WAIT, Math.max(this.#wait, this.#wait / 2 + this.#gap));
    }
    this.#gap = 0;
    this.#startReview();
  }

  #review(samples: number): void {
    this.#reviewed += samples;
    this.#least = Math.min(this.#least, this.#waiting);
    if (this.#reviewed < REVIEW) return;
    const unneeded = this.#least - SPARE;
    if (unneeded >= CUT) {
      this.#drop(CUT);
      this.#wait = Math.max(FIRST_WAIT, this.#wait - CUT);
      // The next soon, until nothing is left over.
      this.#reviewed -= RATE / 10;
      this.#least -= CUT;
    } else this.#startReview();
  }

  #startReview(): void {
    this.#reviewed = 0;
    this.#least = MOST;
  }

  #drop(samples: number): void {
    let left = samples;
    while (left > 0 && this.#chunks[0]) {
      const count = Math.min(left, this.#chunks[0].samples.length - this.#read);
      left -= count;
      this.#take(count);
    }
  }

  #take(count: number): void {
    this.#read += count;
    this.#waiting -= count;
    if (this.#read < (this.#chunks[0]?.samples.length ?? 0)) return;
    this.#chunks.shift();
    this.#read = 0;
  }
}
