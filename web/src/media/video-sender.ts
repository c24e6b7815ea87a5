/**
 * A sender of pictures and how it encodes them.
 *
 * A browser takes one change of parameters at a time and refuses what overlaps, so changes are made
 * one after another, and of those that wait only the last one counts.
 */
import type { Demand } from "../protocol";
import { demanded, type Layer } from "./layers";

/** What is sent of a track in that many encodings. */
export type Plan = (track: MediaStreamTrack | null, encodings: number) => Sent;

export interface Sent {
  layers: readonly Layer[];
  degradation?: RTCDegradationPreference;
}

type Sender = Pick<RTCRtpSender, "getParameters" | "setParameters" | "replaceTrack">;

/** A refused change is tried again this often; the description may just have been exchanged. */
const ATTEMPTS = 3;

export class VideoSender {
  #track: MediaStreamTrack | null = null;
  #demand: Demand | null = null;
  #busy = false;
  #due = false;
  #closed = false;

  constructor(
    private readonly sender: Sender,
    private readonly plan: Plan,
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
    const parameters = this.sender.getParameters();
    const { encodings } = parameters;
    if (!encodings?.length) return false;
    const { layers, degradation } = this.plan(this.#track, encodings.length);
    const rids = encodings.map(({ rid }) => rid);
    const before = JSON.stringify(parameters);
    for (const [place, layer] of demanded(layers, rids, this.#demand).entries()) {
      const encoding = encodings[place];
      if (encoding) Object.assign(encoding, encodingOf(layer));
    }
    if (degradation) parameters.degradationPreference = degradation;
    if (JSON.stringify(parameters) === before) return false;
    await this.sender.setParameters(parameters);
    return true;
  }
}

/** A layer in the browser's words. */
export function encodingOf({ scaleDownBy, maxBitrate, maxFramerate, active }: Layer): RTCRtpEncodingParameters {
  return { scaleResolutionDownBy: scaleDownBy, maxBitrate, maxFramerate, active };
}
