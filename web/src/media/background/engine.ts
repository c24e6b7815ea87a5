/**
 * The page's end of the worker that draws behind people. Loaded when an effect is first wanted.
 *
 * Frames go through `MediaStreamTrackProcessor` and `MediaStreamTrackGenerator` (W3C mediacapture-transform,
 * as Chromium has them on pages) where there are any, else through a canvas.
 */
import loader from "@mediapipe/tasks-vision/vision_wasm_module_internal.js?url";
import wasm from "@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url";
import model from "virtual:person-model";
import { BackgroundFailure, type BackgroundChoice, type BackgroundProblem, BLUR, isPicture } from "./choice";
import type { Behind, FromWorker, ToWorker } from "./messages";
import { ownPicture } from "./own-picture";
import { paint } from "./pictures";
import workerUrl from "./worker?worker&url";

/** Pictures are drawn at this size, in pixels. */
const PICTURE = { width: 1280, height: 720 };
/** Frames per second of a camera that does not say. */
const RATE = 30;

/** A camera's picture on its way through the effect. */
export interface Pipe {
  readonly of: MediaStreamTrack;
  /** What comes out. */
  readonly track: MediaStreamTrack;
  /** Resolves with the first picture. */
  readonly first: Promise<void>;
  stop(): void;
}

export interface Engine {
  /** Shows something else from the next frame on. Rejects with `BackgroundFailure`. */
  show(choice: BackgroundChoice): Promise<void>;
  attach(track: MediaStreamTrack): Pipe;
  close(): void;
}

interface TransformGlobals {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => {
    readable: ReadableStream<VideoFrame>;
  };
  MediaStreamTrackGenerator?: new (init: { kind: "video" }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
  trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(text: string): URL } };
}

/** The only script address that the page's policy lets through where it asks for trusted ones. */
const script = (globalThis as TransformGlobals).trustedTypes
  ?.createPolicy("background", { createScriptURL: () => workerUrl })
  .createScriptURL("") ?? workerUrl;

/** Loads model and runtime; `failed` is told when it stops later. Rejects with `BackgroundFailure`. */
export async function loadEngine(failed: (problem: BackgroundProblem) => void): Promise<Engine> {
  if (typeof OffscreenCanvas === "undefined" || typeof WebAssembly === "undefined" || typeof Worker === "undefined") {
    throw new BackgroundFailure("unsupported");
  }
  const worker = new Worker(script, { type: "module" });
  const engine = new WorkerEngine(worker, failed);
  try {
    const absolute = (address: string) => new URL(address, location.href).href;
    await engine.load({
      type: "load",
      sources: { loader: absolute(loader), wasm: absolute(wasm), model: absolute(model) },
    });
  } catch (error) {
    engine.close();
    throw error;
  }
  return engine;
}

class WorkerEngine implements Engine {
  #pipes = 0;
  #loaded = false;
  #listeners = new Set<(message: FromWorker) => void>();
  #waiting: { for: FromWorker["type"]; resolve(): void; reject(failure: BackgroundFailure): void }[] = [];

  constructor(
    private readonly worker: Worker,
    private readonly failed: (problem: BackgroundProblem) => void,
  ) {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    // The script itself could not be loaded or run.
    worker.onerror = () => this.#receive({ type: "failed", problem: this.#loaded ? "stopped" : "unloaded" });
  }

  async load(message: ToWorker): Promise<void> {
    await this.#ask(message, "loaded");
    this.#loaded = true;
  }

  async show(choice: BackgroundChoice): Promise<void> {
    const behind = await behindOf(choice);
    await this.#ask({ type: "behind", behind }, "shown", behind.kind === "picture" ? [behind.image] : []);
  }

  attach(of: MediaStreamTrack): Pipe {
    this.#pipes += 1;
    const pipe = this.#pipes;
    let came: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      came = resolve;
    });
    const heard = (message: FromWorker) => {
      if (message.type === "first" && message.pipe === pipe) came();
    };
    this.#listeners.add(heard);
    const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = globalThis as TransformGlobals;
    const way =
      Processor && Generator
        ? this.#streams(pipe, new Processor({ track: of, maxBufferSize: 1 }), new Generator({ kind: "video" }))
        : this.#canvas(pipe, of, came);
    return {
      of,
      track: way.track,
      first,
      stop: () => {
        this.#listeners.delete(heard);
        this.#send({ type: "stop", pipe });
        way.stop();
        way.track.stop();
      },
    };
  }

  close(): void {
    this.worker.terminate();
    this.#listeners.clear();
  }

  #streams(
    pipe: number,
    { readable }: { readable: ReadableStream<VideoFrame> },
    track: MediaStreamTrack & { writable: WritableStream<VideoFrame> },
  ): { track: MediaStreamTrack; stop(): void } {
    const { writable } = track;
    this.#send({ type: "pipe", pipe, frames: readable, drawn: writable }, [readable, writable]);
    return { track, stop: () => undefined };
  }

  /** Through an element that plays the camera and a canvas that shows what the worker drew. */
  #canvas(pipe: number, of: MediaStreamTrack, came: () => void): { track: MediaStreamTrack; stop(): void } {
    const video = document.createElement("video");
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([of]);
    video.play().catch(() => undefined);
    const canvas = document.createElement("canvas");
    const paper = canvas.getContext("bitmaprenderer");
    const track = canvas.captureStream().getVideoTracks()[0];
    if (!paper || !track) throw new BackgroundFailure("unsupported");
    let under = false;
    let last = -1;
    const bring = async () => {
      if (under || video.currentTime === last || video.videoWidth === 0) return;
      under = true;
      last = video.currentTime;
      try {
        const image = await createImageBitmap(video);
        this.#send({ type: "frame", pipe, image }, [image]);
      } catch {
        // The camera is being changed.
        under = false;
      }
    };
    const heard = (message: FromWorker) => {
      if (message.type === "ask" && message.pipe === pipe) void bring();
      if (message.type !== "drawn" || message.pipe !== pipe) return;
      under = false;
      canvas.width = message.image.width;
      canvas.height = message.image.height;
      paper.transferFromImageBitmap(message.image);
      came();
    };
    this.#listeners.add(heard);
    this.#send({ type: "tick", pipe, rate: of.getSettings().frameRate ?? RATE });
    return {
      track,
      stop: () => {
        this.#listeners.delete(heard);
        video.srcObject = null;
      },
    };
  }

  #send(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  #ask(message: ToWorker, answer: FromWorker["type"], transfer: Transferable[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ for: answer, resolve, reject });
      this.#send(message, transfer);
    });
  }

  #receive(message: FromWorker): void {
    if (message.type === "failed") {
      const waiting = this.#waiting.splice(0);
      for (const { reject } of waiting) reject(new BackgroundFailure(message.problem));
      if (waiting.length === 0) this.failed(message.problem);
      return;
    }
    const at = this.#waiting.findIndex((one) => one.for === message.type);
    if (at >= 0) this.#waiting.splice(at, 1)[0]?.resolve();
    for (const listener of this.#listeners) listener(message);
  }
}

async function behindOf(choice: BackgroundChoice): Promise<Behind> {
  if (choice === "slight" || choice === "strong") return { kind: "blur", sigma: BLUR[choice] };
  if (isPicture(choice)) {
    const canvas = new OffscreenCanvas(PICTURE.width, PICTURE.height);
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new BackgroundFailure("unsupported");
    paint(choice, context);
    return { kind: "picture", image: canvas.transferToImageBitmap() };
  }
  const own = await ownPicture();
  if (!own) throw new BackgroundFailure("picture");
  try {
    return { kind: "picture", image: await createImageBitmap(own) };
  } catch {
    throw new BackgroundFailure("picture");
  }
}
