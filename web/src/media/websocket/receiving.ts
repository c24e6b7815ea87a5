/** Decodes what comes for one section, and shows it when its sound is heard. */
import { noFigures, type Played, type SectionFigures } from "./messages";
import { Assembler, type Piece } from "./piece";
import { RATE } from "./playout";

/** How long the fastest arrival counts, in milliseconds. */
const MEMORY_MS = 10_000;
/** Pictures are shown so much late at most. */
const LATEST_MS = 1_000;
/** Pictures that wait to be shown; more are not kept. */
const WAITING = 40;

/** RTP time that does not wrap, in milliseconds. */
class Clock {
  #last: number | null = null;
  #ticks = 0;

  constructor(private readonly rate: number) {}

  at(timestamp: number): number {
    const step = this.#last === null ? 0 : (timestamp - this.#last) | 0;
    this.#last = timestamp;
    this.#ticks += step;
    return (this.#ticks * 1_000) / this.rate;
  }
}

/** When something of the sender's time comes, if nothing holds it up. */
export class Arrivals {
  #fastest: { offset: number; at: number } | null = null;

  note(time: number, now: number): void {
    const offset = now - time;
    const { offset: known, at } = this.#fastest ?? { offset: Number.POSITIVE_INFINITY, at: now };
    if (offset <= known || now - at > MEMORY_MS || Math.abs(offset - known) > 5_000) this.#fastest = { offset, at: now };
  }

  of(time: number): number {
    return time + (this.#fastest?.offset ?? 0);
  }
}

export class SoundReceiver {
  readonly figures: SectionFigures;
  readonly #arrivals = new Arrivals();
  readonly #clock = new Clock(RATE);
  readonly #decoder: AudioDecoder;
  /** How long after its arrival sound is heard, in milliseconds; null while nothing is. */
  delay: number | null = null;

  constructor(section: number, player: MessagePort) {
    this.figures = noFigures(section);
    player.onmessage = ({ data: { time, samples, concealed, energy } }: MessageEvent<Played>) => {
      Object.assign(this.figures, { samples, concealed, energy });
      this.delay = time === null ? null : performance.now() - this.#arrivals.of(time);
    };
    this.#decoder = new AudioDecoder({
      output: (data) => {
        const samples = new Float32Array(data.numberOfFrames);
        data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
        player.postMessage([data.timestamp / 1_000, samples], [samples.buffer]);
        data.close();
      },
      error: () => {
        this.delay = null;
      },
    });
    this.#decoder.configure({ codec: "opus", sampleRate: RATE, numberOfChannels: 1 });
  }

  take({ timestamp, payload }: Piece): void {
    this.figures.packets += 1;
    this.figures.bytes += payload.length;
    if (this.#decoder.state !== "configured") return;
    const time = this.#clock.at(timestamp);
    this.#arrivals.note(time, performance.now());
    this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: time * 1_000, data: payload }));
  }

  close(): void {
    if (this.#decoder.state !== "closed") this.#decoder.close();
  }
}

export class PictureReceiver {
  readonly figures: SectionFigures;
  readonly #arrivals = new Arrivals();
  readonly #clock = new Clock(90_000);
  readonly #assembler = new Assembler();
  #decoder: VideoDecoder | null = null;
  #waiting: VideoFrame[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `delay`: how late the sound of the same person is heard, in milliseconds. */
  constructor(
    readonly section: number,
    private readonly show: (frame: VideoFrame) => void,
    private readonly delay: () => number,
    private readonly broken: () => void,
  ) {
    this.figures = noFigures(section);
  }

  take(piece: Piece): void {
    this.figures.packets += 1;
    this.figures.bytes += piece.payload.length;
    const picture = this.#assembler.take(piece);
    if (!picture) return;
    const time = this.#clock.at(picture.timestamp);
    this.#arrivals.note(time, performance.now());
    if (!this.#decoder || this.#decoder.state === "closed") {
      if (!picture.keyframe) {
        this.broken();
        return;
      }
      this.#decoder = new VideoDecoder({
        output: (frame) => this.#decoded(frame),
        error: () => {
          this.#decoder = null;
          this.broken();
        },
      });
      this.#decoder.configure({ codec: "vp8", optimizeForLatency: true });
    }
    const type = picture.keyframe ? "key" : "delta";
    this.#decoder.decode(new EncodedVideoChunk({ type, timestamp: time * 1_000, data: picture.data }));
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const frame of this.#waiting) frame.close();
    this.#waiting = [];
    if (this.#decoder && this.#decoder.state !== "closed") this.#decoder.close();
  }

  #decoded(frame: VideoFrame): void {
    this.figures.frames += 1;
    [this.figures.width, this.figures.height] = [frame.displayWidth, frame.displayHeight];
    this.#waiting.push(frame);
    if (this.#waiting.length > WAITING) this.#waiting.shift()?.close();
    this.#next();
  }

  #next(): void {
    clearTimeout(this.#timer);
    for (let [frame] = this.#waiting; frame; [frame] = this.#waiting) {
      const due = this.#arrivals.of(frame.timestamp / 1_000) + Math.min(LATEST_MS, Math.max(0, this.delay()));
      const wait = due - performance.now();
      if (wait > 2) {
        this.#timer = setTimeout(() => this.#next(), Math.min(wait, LATEST_MS));
        return;
      }
      this.#waiting.shift();
      this.show(frame);
    }
  }
}
