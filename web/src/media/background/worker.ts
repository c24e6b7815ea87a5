/**
 * Draws something else behind the person, frame by frame, beside the page.
 *
 * Frames never wait here: one is drawn at a time, and what the camera makes meanwhile is dropped by
 * whoever brings it. Nothing leaves the device; the worker's own content security policy
 * (`public/_headers`) lets it load from where it came from alone.
 */
import { ImageSegmenter } from "@mediapipe/tasks-vision";
import { BackgroundFailure } from "./choice";
import { Compositor } from "./compositor";
import type { FromWorker, Sources, ToWorker } from "./messages";
import { follow, type Size } from "./numbers";

/** What the model looks at, in pixels; it was made for squares. */
const SEEN: Size = { width: 256, height: 256 };

let segmenter: ImageSegmenter | null = null;
let compositor: Compositor | null = null;
const small = new OffscreenCanvas(SEEN.width, SEEN.height);
const pencil = small.getContext("2d", { alpha: false });
const mask = new Uint8Array(SEEN.width * SEEN.height);
/** The model wants times that grow, across pipes too. In milliseconds. */
let clock = 0;
let pipe = -1;
let over: (() => void) | null = null;

function tell(message: FromWorker, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

function fail(error: unknown): void {
  tell({ type: "failed", problem: error instanceof BackgroundFailure ? error.problem : "stopped" });
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "load":
      load(data.sources).then(() => tell({ type: "loaded" }), fail);
      break;
    case "behind":
      compositor?.show(data.behind);
      tell({ type: "shown" });
      break;
    case "pipe":
      begin(data.pipe);
      pump(data.pipe, data.frames, data.drawn).catch(fail);
      break;
    case "tick":
      begin(data.pipe);
      tick(data.pipe, data.rate);
      break;
    case "frame":
      answer(data.pipe, data.image);
      break;
    case "stop":
      if (data.pipe === pipe) begin(-1);
      break;
  }
});

async function load({ loader, wasm, model }: Sources): Promise<void> {
  compositor = new Compositor(() => fail(new BackgroundFailure("stopped")));
  // The runtime itself draws with WebGL, on a canvas of its own.
  const canvas = new OffscreenCanvas(SEEN.width, SEEN.height);
  try {
    segmenter = await ImageSegmenter.createFromOptions(
      { wasmLoaderPath: loader, wasmBinaryPath: wasm },
      {
        // The model is small: on the processor it takes less time than moving its answer off the graphics card.
        baseOptions: { modelAssetPath: model, delegate: "CPU" },
        runningMode: "VIDEO",
        outputConfidenceMasks: true,
        outputCategoryMask: false,
        canvas,
      },
    );
  } catch {
    throw new BackgroundFailure("unloaded");
  }
}

/** Ends the pipe before, whatever it does now. */
function begin(next: number): void {
  pipe = next;
  over?.();
  over = null;
  mask.fill(0);
}

async function pump(id: number, frames: ReadableStream<VideoFrame>, drawn: WritableStream<VideoFrame>): Promise<void> {
  const reader = frames.getReader();
  const writer = drawn.getWriter();
  // Neither may be there any more.
  over = () => {
    reader.cancel().catch(() => undefined);
    writer.close().catch(() => undefined);
  };
  let first = true;
  for (;;) {
    const { done, value: frame } = await reader.read();
    if (done || id !== pipe) {
      frame?.close();
      return;
    }
    const size = { width: frame.displayWidth, height: frame.displayHeight };
    const { timestamp, duration } = frame;
    let result: VideoFrame | null = null;
    try {
      if (draw(frame, size) && compositor) {
        result = new VideoFrame(compositor.canvas, {
          timestamp,
          alpha: "discard",
          ...(duration !== null && { duration }),
        });
      }
    } finally {
      frame.close();
    }
    if (!result) continue;
    try {
      await writer.write(result);
    } catch {
      // The page stopped the track.
      result.close();
      return;
    }
    if (first && id === pipe) tell({ type: "first", pipe: id });
    first = false;
  }
}

/** A worker's clock goes on where a hidden page's is slowed down. */
function tick(id: number, rate: number): void {
  const timer = setInterval(() => tell({ type: "ask", pipe: id }), 1_000 / rate);
  over = () => clearInterval(timer);
}

function answer(id: number, image: ImageBitmap | null): void {
  if (!image) return;
  try {
    if (id !== pipe || !draw(image, image) || !compositor) return;
    const drawn = compositor.canvas.transferToImageBitmap();
    tell({ type: "drawn", pipe: id, image: drawn }, [drawn]);
  } catch (error) {
    fail(error);
  } finally {
    image.close();
  }
}

/** Draws one frame onto the compositor's canvas; false when there is nothing to draw with. */
function draw(frame: VideoFrame | ImageBitmap, { width, height }: Size): boolean {
  if (!segmenter || !compositor || !pencil || width === 0 || height === 0) return false;
  pencil.drawImage(frame, 0, 0, SEEN.width, SEEN.height);
  clock = Math.max(clock + 1, Math.round(performance.now()));
  let seen = false;
  segmenter.segmentForVideo(small, clock, ({ confidenceMasks }) => {
    const person = confidenceMasks?.[0];
    if (!person) return;
    follow(mask, person.getAsFloat32Array());
    seen = true;
  });
  if (seen) compositor.draw(frame, { width, height }, mask, SEEN);
  return seen;
}
