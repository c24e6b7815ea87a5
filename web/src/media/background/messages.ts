/** What the page and the worker that draws behind people say to each other. */
import type { BackgroundProblem } from "./choice";

/** What is drawn behind the person. */
export type Behind =
  /** Standard deviation as a part of the picture's height. */
  | { kind: "blur"; sigma: number }
  | { kind: "picture"; image: ImageBitmap };

/** Addresses of what ships with the client. */
export interface Sources {
  loader: string;
  wasm: string;
  model: string;
}

export type ToWorker =
  | { type: "load"; sources: Sources }
  | { type: "behind"; behind: Behind }
  /** Frames come from one stream and go to the other until either ends. */
  | { type: "pipe"; pipe: number; frames: ReadableStream<VideoFrame>; drawn: WritableStream<VideoFrame> }
  /** Where the browser has no streams of frames: asks for a frame at this pace, per second. */
  | { type: "tick"; pipe: number; rate: number }
  /** A frame that was asked for, or null when there is no new one. */
  | { type: "frame"; pipe: number; image: ImageBitmap | null }
  | { type: "stop"; pipe: number };

export type FromWorker =
  | { type: "loaded" }
  | { type: "shown" }
  /** The first frame of a pipe was drawn. */
  | { type: "first"; pipe: number }
  /** The worker wants a frame now. */
  | { type: "ask"; pipe: number }
  | { type: "drawn"; pipe: number; image: ImageBitmap }
  | { type: "failed"; problem: BackgroundProblem };
