/** Encodes what this browser sends: sound in Opus, pictures in VP8, as the uplink carries them. */
import { sectionOf } from "./description";
import { noFigures, type Pictured, type SectionFigures, type Sounded } from "./messages";
import { picturePieces, soundPiece } from "./piece";
import { RATE } from "./playout";
import type { Uplink } from "./uplink";

/** Pixels and pictures a second, at most. */
const CAMERA = { pixels: 640 * 360, framerate: 20 };
const SCREEN = { pixels: 1920 * 1080, framerate: 8 };
const VOICE_BPS = 32_000;
const SCREEN_SOUND_BPS = 64_000;
/** A rate that is this much other than the encoder's is told to it. */
const STEP = 0.15;
/** Pictures under way in an encoder. */
const QUEUE = 2;

type Send = (message: Uint8Array<ArrayBuffer>) => void;

export class SoundSender {
  readonly figures: SectionFigures;
  readonly #encoder: AudioEncoder;
  readonly #section: number;
  #samples = 0;
  #number = 0;
  #level = 127;

  constructor(source: Sounded, port: MessagePort, send: Send) {
    this.#section = sectionOf(source);
    this.figures = noFigures(this.#section);
    this.#encoder = new AudioEncoder({
      output: (chunk) => {
        const payload = new Uint8Array(chunk.byteLength);
        chunk.copyTo(payload);
        this.#number += 1;
        this.figures.packets += 1;
        this.figures.bytes += payload.length;
        send(soundPiece(this.#section, this.#number, Math.round((chunk.timestamp * RATE) / 1_000_000), this.#level, payload));
      },
      error: () => port.close(),
    });
    const bitrate = source === "microphone" ? VOICE_BPS : SCREEN_SOUND_BPS;
    this.#encoder.configure({ codec: "opus", sampleRate: RATE, numberOfChannels: 1, bitrate });
    port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => this.#encode(data);
  }

  close(): void {
    if (this.#encoder.state !== "closed") this.#encoder.close();
  }

  #encode(samples: Float32Array<ArrayBuffer>): void {
    if (this.#encoder.state !== "configured") return;
    this.#level = levelOf(samples);
    const timestamp = (this.#samples * 1_000_000) / RATE;
    this.#samples += samples.length;
    this.figures.samples = this.#samples;
    const data = new AudioData({
      format: "f32",
      sampleRate: RATE,
      numberOfFrames: samples.length,
      numberOfChannels: 1,
      timestamp,
      data: samples,
    });
    this.#encoder.encode(data);
    data.close();
  }
}

/** Loudness in -dBov (RFC 6464), 0 to 127. */
export function levelOf(samples: Float32Array): number {
  const square = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  return square > 0 ? Math.round(Math.min(127, Math.max(0, -10 * Math.log10(square)))) : 127;
}

export class PictureSender {
  readonly figures: SectionFigures;
  readonly #section: number;
  readonly #limits: typeof CAMERA;
  #encoder: VideoEncoder | null = null;
  #config: VideoEncoderConfig | null = null;
  #reader: ReadableStreamDefaultReader<VideoFrame> | null = null;
  #number = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #keyframe = true;
  /** Whether anybody sees it. */
  wanted = true;

  constructor(
    source: Pictured,
    private readonly uplink: Uplink,
    private readonly flush: () => void,
    private readonly share: () => number,
  ) {
    this.#section = sectionOf(source);
    this.#limits = source === "screen" ? SCREEN : CAMERA;
    this.figures = noFigures(this.#section);
  }

  /** Sends these from now on. */
  from(frames: ReadableStream<VideoFrame> | null): void {
    void this.#reader?.cancel();
    this.#reader = frames?.getReader() ?? null;
    this.#keyframe = true;
    if (this.#reader) void this.#read(this.#reader);
  }

  /** The next picture is one that needs no other. */
  askKeyframe(): void {
    this.#keyframe = true;
  }

  offer(frame: VideoFrame): void {
    const now = performance.now();
    const due = now - this.#lastAt >= 1_000 / this.#limits.framerate - 8;
    const busy = (this.#encoder?.encodeQueueSize ?? 0) >= QUEUE;
    if (!this.wanted || !due || busy || !this.uplink.mayEncode(now)) {
      frame.close();
      return;
    }
    this.#lastAt = now;
    try {
      const encoder = this.#configured(frame);
      const keyFrame = this.#keyframe;
      this.#keyframe = false;
      encoder.encode(frame, { keyFrame });
    } catch {
      this.#encoder = null;
      this.#keyframe = true;
    } finally {
      frame.close();
    }
  }

  close(): void {
    this.from(null);
    if (this.#encoder && this.#encoder.state !== "closed") this.#encoder.close();
    this.#encoder = null;
  }

  async #read(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        if (reader === this.#reader) this.offer(value);
        else value.close();
      }
    } catch {
      // The track ended.
    }
  }

  /** The encoder for pictures of this size, at the rate that there is now. */
  #configured(frame: VideoFrame): VideoEncoder {
    const scale = Math.min(1, Math.sqrt(this.#limits.pixels / (frame.displayWidth * frame.displayHeight)));
    const even = (length: number) => Math.max(2, Math.round((length * scale) / 2) * 2);
    const [width, height] = [even(frame.displayWidth), even(frame.displayHeight)];
    const bitrate = Math.round(this.uplink.rate * this.share());
    const before = this.#config;
    if (!this.#encoder || this.#encoder.state === "closed") {
      this.#encoder = new VideoEncoder({
        output: (chunk) => this.#encoded(chunk),
        error: () => {
          this.#encoder = null;
        },
      });
      this.#config = null;
      this.#keyframe = true;
    }
    const isOther = !before || before.width !== width || before.height !== height;
    const isFar = !before?.bitrate || Math.abs(bitrate / before.bitrate - 1) > STEP;
    if (!this.#config || isOther || isFar) {
      this.#config = { codec: "vp8", width, height, bitrate, framerate: this.#limits.framerate, latencyMode: "realtime" };
      this.#encoder.configure(this.#config);
      if (isOther) this.#keyframe = true;
    }
    [this.figures.width, this.figures.height] = [width, height];
    return this.#encoder;
  }

  #encoded(chunk: EncodedVideoChunk): void {
    const frame = new Uint8Array(chunk.byteLength);
    chunk.copyTo(frame);
    this.#number += 1;
    const timestamp = Math.round(chunk.timestamp * 0.09) % 2 ** 32;
    const pieces = picturePieces(this.#section, this.#number, timestamp, chunk.type === "key", frame);
    this.figures.frames += 1;
    this.figures.packets += pieces.length;
    this.figures.bytes += frame.length;
    this.uplink.push(performance.now(), pieces);
    this.flush();
  }
}

