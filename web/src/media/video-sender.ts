/**
 * A sender of pictures and how it encodes them.
 *
 * A browser takes one change of parameters at a time and refuses what overlaps, so changes are made
 * one after another, and of those that wait only the last one counts.
 */
import type { Demand, VideoCodec } from "../protocol";
import type { Task } from "./codecs";
import { demanded, type Layer } from "./layers";

/** What is sent of a track in that many encodings. */
export type Plan = (track: MediaStreamTrack | null, encodings: number) => Sent;

export interface Sent {
  layers: readonly Layer[];
  degradation?: RTCDegradationPreference;
}

type Sender = Pick<RTCRtpSender, "getParameters" | "setParameters" | "replaceTrack">;

/** Chooses a codec of those that everybody can decode, lightest first. */
export type Choice = (task: Task, codecs: readonly VideoCodec[]) => Promise<VideoCodec | undefined>;

/** Before a track says how large it is. */
const USUAL_SIZE = { width: 1280, height: 720 };

/** A refused change is tried again this often; the description may just have been exchanged. */
const ATTEMPTS = 3;

export class VideoSender {
  #track: MediaStreamTrack | null = null;
  #demand: Demand | null = null;
  #busy = false;
  #due = false;
  #closed = false;
  /** Codecs that the browser did not change to. */
  readonly #refused = new Set<VideoCodec>();

  constructor(
    private readonly sender: Sender,
    private readonly plan: Plan,
    private readonly choose: Choice,
  ) {}

  publish(track: MediaStreamTrack | null): void {
    this.#track = track;
    this.sender.replaceTrack(track).catch(() => {
      // Only a connection that is being closed refuses a track of the right kind.
    });
    if (track) this.apply();
  }

  /** What of it is seen. */
  demand(demand: Demand): void {
    this.#demand = demand;
    this.apply();
  }

  /** Brings the parameters to what is wanted now. */
  apply(): void {
    this.#due = true;
    if (!this.#busy) void this.#work();
  }

  close(): void {
    this.#closed = true;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let attempt = 0; this.#due && attempt < ATTEMPTS && !this.#closed; attempt += 1) {
      this.#due = false;
      try {
        if (await this.#change()) attempt = -1;
      } catch {
        this.#due = true;
      }
    }
    this.#due = false;
    this.#busy = false;
  }

  /** Says whether anything was to be changed. */
  async #change(): Promise<boolean> {
    const choice = this.#codec();
    const name = choice && (await choice);
    // What was read counts only until something is waited for.
    const parameters = this.sender.getParameters();
    const { encodings } = parameters;
    if (!encodings?.length) return false;
    const { layers, degradation } = this.plan(this.#track, encodings.length);
    const { codecs = [] } = parameters;
    const isNamed = (codec?: RTCRtpCodec) => codec?.mimeType.toLowerCase() === `video/${name}`;
    const codec = codecs.find(isNamed);
    let turned = false;
    const rids = encodings.map(({ rid }) => rid);
    const before = JSON.stringify(parameters);
    for (const [place, layer] of demanded(layers, rids, this.#demand).entries()) {
      const encoding = encodings[place];
      if (!encoding) continue;
      Object.assign(encoding, encodingOf(layer));
      // Without one it is the first.
      const now = "codec" in encoding ? (encoding.codec as RTCRtpCodec | undefined) : codecs[0];
      if (!codec || isNamed(now)) continue;
      Object.assign(encoding, { codec });
      turned = true;
    }
    if (degradation) parameters.degradationPreference = degradation;
    if (JSON.stringify(parameters) === before) return false;
    try {
      await this.sender.setParameters(parameters);
    } catch (error) {
      // Without it the rest may be taken.
      if (name && turned && !isNamed(codecs[0])) this.#refused.add(name);
      throw error;
    }
    return true;
  }

  /** What to encode in; nothing to stay with what it is. */
  #codec(): Promise<VideoCodec | undefined> | undefined {
    const { codecs = [], source } = this.#demand ?? {};
    const left = codecs.filter((codec) => !this.#refused.has(codec));
    if (left.length === 0 || (source !== "camera" && source !== "screen")) return undefined;
    const { width, height } = { ...USUAL_SIZE, ...this.#track?.getSettings?.() };
    const best = this.plan(this.#track, 1).layers[0];
    const [framerate, bitrate] = [best?.maxFramerate ?? 0, best?.maxBitrate ?? 0];
    return this.choose({ source, width, height, framerate, bitrate }, left);
  }
}

/** A layer in the browser's words. */
export function encodingOf({ scaleDownBy, maxBitrate, maxFramerate, active }: Layer): RTCRtpEncodingParameters {
  return { scaleResolutionDownBy: scaleDownBy, maxBitrate, maxFramerate, active };
}
