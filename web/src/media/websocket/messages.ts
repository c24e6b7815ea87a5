/** What the page and the worker that sends and receives media say to each other. */
import type { Slot, Source } from "../../protocol";

export type Pictured = Extract<Source, "camera" | "screen">;
export type Sounded = Exclude<Source, Pictured>;

export type ToWorker =
  | { type: "open"; url: string; ticket: string; sounds: Sink<MessagePort>[]; pictures: Sink<WritableStream<VideoFrame> | null>[] }
  /** What is sent from now on; nothing stops it. Without a stream its frames come one by one. */
  | { type: "picture"; source: Pictured; frames: ReadableStream<VideoFrame> | null; on: boolean }
  | { type: "frame"; source: Pictured; frame: VideoFrame }
  | { type: "sound"; source: Sounded; samples: MessagePort | null }
  /** What slots carry, as the answer says. */
  | { type: "slots"; slots: readonly Slot[] }
  | { type: "say"; text: string }
  | { type: "stats" }
  | { type: "close" };

export interface Sink<To> {
  section: number;
  to: To;
}

export type FromWorker =
  | { type: "opened" }
  | { type: "closed" }
  | { type: "said"; text: string }
  /** A picture of a section that has no stream. */
  | { type: "frame"; section: number; frame: VideoFrame }
  | { type: "stats"; figures: Figures };

/** Of one section. */
export interface SectionFigures {
  section: number;
  packets: number;
  bytes: number;
  frames: number;
  width: number;
  height: number;
  samples: number;
  concealed: number;
  energy: number;
}

export interface Figures {
  sent: SectionFigures[];
  received: SectionFigures[];
  roundTrip: number | null;
  rate: number;
  bytesIn: number;
  bytesOut: number;
}

/** What a player of sound says of itself. */
export interface Played {
  /** The sender's time of what is heard now, in milliseconds. */
  time: number | null;
  samples: number;
  concealed: number;
  energy: number;
}

export function noFigures(section: number): SectionFigures {
  return { section, packets: 0, bytes: 0, frames: 0, width: 0, height: 0, samples: 0, concealed: 0, energy: 0 };
}
