/** What a direct connection sends: one encoding of each source, in sections that both sides have in the same order. */
import type { Demand, Source } from "../protocol";
import { chosen } from "./codecs";
import { screenLimits } from "./connection";
import { type Plan, VideoSender } from "./video-sender";

/** Sections in this order, on both sides. */
export const SECTIONS: readonly (readonly [Source, "audio" | "video"])[] = [
  ["microphone", "audio"],
  ["camera", "video"],
  ["screen", "video"],
  ["screen_audio", "audio"],
];
/** Parts of the sections, by what they carry. */
export function bySource<Part>(parts: readonly Part[]): ReadonlyMap<Source, Part> {
  return new Map(SECTIONS.flatMap(([source], place) => (parts[place] ? [[source, parts[place]]] : [])));
}

/** A single viewer gets the whole picture: 720 lines need no more. */
const CAMERA = { scaleDownBy: 1, maxBitrate: 2_000_000, maxFramerate: 30, active: true };

export class Sending {
  readonly #published = new Map<Source, MediaStreamTrack>();
  readonly #pictures = new Map<Source, VideoSender>();
  #senders: ReadonlyMap<Source, RTCRtpSender> = new Map();

  get sources(): Source[] {
    return [...this.#published.keys()];
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (track) this.#published.set(source, track);
    else this.#published.delete(source);
    this.#send(source);
  }

  /** The sections are there: from now on what is published is sent. */
  take(senders: ReadonlyMap<Source, RTCRtpSender>): void {
    this.#senders = senders;
    for (const [source, sender] of senders) {
      const plan = source === "camera" ? camera : source === "screen" ? screen : null;
      if (plan) this.#pictures.set(source, new VideoSender(sender, plan, chosen));
      this.#send(source);
    }
  }

  /** Parameters can be set from now on. */
  limit(): void {
    for (const picture of this.#pictures.values()) picture.apply();
  }

  demand(demand: Demand): void {
    this.#pictures.get(demand.source)?.demand(demand);
  }

  close(): void {
    for (const picture of this.#pictures.values()) picture.close();
  }

  #send(source: Source): void {
    const track = this.#published.get(source) ?? null;
    const picture = this.#pictures.get(source);
    if (picture) {
      picture.publish(track);
      return;
    }
    this.#senders.get(source)?.replaceTrack(track).catch(() => {
      // Only a connection that is being closed refuses a track of the right kind.
    });
  }
}

const camera: Plan = () => ({ layers: [CAMERA] });

const screen: Plan = (track) => {
  const hint = track?.contentHint ?? "detail";
  return {
    layers: [{ ...screenLimits(hint), active: true }],
    degradation: hint === "motion" ? "maintain-framerate" : "maintain-resolution",
  };
};
