/** The page's part of pictures: streams of frames where the browser has them, else a canvas and a video. */
interface TransformGlobals {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => {
    readable: ReadableStream<VideoFrame>;
  };
  MediaStreamTrackGenerator?: new (init: { kind: "video" }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
}

const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = globalThis as TransformGlobals;

/** Where the pictures of one section come out. */
export interface Screen {
  readonly track: MediaStreamTrack;
  /** For the worker; null where frames come one by one, to `show`. */
  readonly frames: WritableStream<VideoFrame> | null;
  show(frame: VideoFrame): void;
}

export function makeScreen(): Screen {
  if (Generator) {
    const track = new Generator({ kind: "video" });
    return { track, frames: track.writable, show: (frame) => frame.close() };
  }
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const [track] = canvas.captureStream().getVideoTracks();
  if (!track) throw new Error("a canvas has no stream");
  return {
    track,
    frames: null,
    show(frame) {
      if (canvas.width !== frame.displayWidth) canvas.width = frame.displayWidth;
      if (canvas.height !== frame.displayHeight) canvas.height = frame.displayHeight;
      context?.drawImage(frame, 0, 0);
      frame.close();
    },
  };
}

/** The frames of a track: a stream for the worker, or one by one. */
export function framesOf(
  track: MediaStreamTrack,
  each: (frame: VideoFrame) => void,
): { frames: ReadableStream<VideoFrame> | null; stop(): void } {
  if (Processor) {
    // A clone of its own, so that stopping it leaves the original alone.
    const own = track.clone();
    return { frames: new Processor({ track: own, maxBufferSize: 1 }).readable, stop: () => own.stop() };
  }
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  void video.play().catch(() => undefined);
  let stopped = false;
  const next = () =>
    video.requestVideoFrameCallback(() => {
      if (stopped) return;
      each(new VideoFrame(video, { timestamp: performance.now() * 1_000 }));
      next();
    });
  next();
  return {
    frames: null,
    stop() {
      stopped = true;
      video.srcObject = null;
    },
  };
}
