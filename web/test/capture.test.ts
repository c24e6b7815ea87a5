import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Capture } from "../src/media/capture";
import { ScreenShare } from "../src/media/screen";

class Track extends EventTarget {
  enabled = true;
  readyState = "live";
  contentHint = "";
  constructor(
    readonly kind: "audio" | "video",
    readonly label: string,
    readonly settings: MediaTrackSettings = {},
  ) {
    super();
  }
  stop(): void {
    this.readyState = "ended";
  }
  unplug(): void {
    this.stop();
    this.dispatchEvent(new Event("ended"));
  }
  getSettings(): MediaTrackSettings {
    return this.settings;
  }
  async applyConstraints(): Promise<void> {}
}

const stream = (...tracks: Track[]) => ({
  getTracks: () => tracks,
  getAudioTracks: () => tracks.filter(({ kind }) => kind === "audio"),
  getVideoTracks: () => tracks.filter(({ kind }) => kind === "video"),
});

/** Devices by label; what is asked for is recorded, and fails with the error named. */
class Devices extends EventTarget {
  readonly asked: MediaStreamConstraints[] = [];
  readonly given: Track[] = [];
  cameras = ["front"];
  microphones = ["headset"];
  speakers = ["default", "headset"];
  error: string | null = null;

  async getUserMedia(constraints: MediaStreamConstraints): Promise<unknown> {
    this.asked.push(constraints);
    if (this.error) throw new DOMException("no", this.error);
    const take = (kind: "audio" | "video", labels: string[]): Track[] => {
      const wanted = kind === "audio" ? constraints.audio : constraints.video;
      if (!wanted) return [];
      if (!labels[0]) throw new DOMException("none", "NotFoundError");
      return [new Track(kind, labels[0], typeof wanted === "object" ? (wanted as MediaTrackSettings) : {})];
    };
    const tracks = [...take("audio", this.microphones), ...take("video", this.cameras)];
    this.given.push(...tracks);
    return stream(...tracks);
  }
  async enumerateDevices(): Promise<unknown> {
    const of = (kind: string, labels: string[]) => labels.map((label) => ({ kind, label, deviceId: label }));
    return [
      ...of("videoinput", this.cameras),
      ...of("audioinput", this.microphones),
      ...of("audiooutput", this.speakers),
    ];
  }
  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return {};
  }
  getDisplayMedia?: () => Promise<unknown>;
  change(): void {
    this.dispatchEvent(new Event("devicechange"));
  }
}

let devices: Devices;
let kept: Map<string, string>;

beforeEach(() => {
  devices = new Devices();
  kept = new Map();
  vi.stubGlobal("navigator", { mediaDevices: devices });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a device that goes away", () => {
  test("is replaced by another, and that is said", async () => {
    const capture = new Capture();
    await capture.start();
    devices.cameras = ["back"];
    devices.given.find(({ kind }) => kind === "video")?.unplug();
    await settled();
    expect(capture.fallback.value).toEqual({ kind: "camera", to: "back" });
    expect(capture.cameraOn.value).toBe(true);
  });

  test("and was the last, is missing, until it is tried again", async () => {
    const capture = new Capture();
    await capture.start();
    devices.microphones = [];
    devices.given.find(({ kind }) => kind === "audio")?.unplug();
    await settled();
    expect(capture.fallback.value).toEqual({ kind: "microphone", to: "" });
    expect(capture.microphone.value).toMatchObject({ track: null, problem: "missing" });
    devices.microphones = ["headset"];
    await capture.retry("microphone");
    expect(capture.microphoneOn.value).toBe(true);
  });

  test("and is the loudspeaker, gives way to the system's until it is back", async () => {
    const capture = new Capture();
    await capture.start();
    await capture.choose("speaker", "headset");
    expect(capture.speaker.value).toBe("headset");
    devices.speakers = ["default"];
    devices.change();
    await settled();
    expect(capture.speaker.value).toBe("");
    expect(capture.fallback.value?.kind).toBe("speaker");
    devices.speakers = ["default", "headset"];
    devices.change();
    await settled();
    expect(capture.speaker.value).toBe("headset");
  });
});

test("a device that was missing is taken when it is plugged in, unless it was turned off meanwhile", async () => {
  devices.cameras = [];
  devices.microphones = [];
  const capture = new Capture();
  await capture.start();
  expect([capture.camera.value.problem, capture.microphone.value.problem]).toEqual(["missing", "missing"]);
  await capture.turn("camera", false);
  devices.cameras = ["front"];
  devices.microphones = ["headset"];
  devices.change();
  await settled();
  expect([capture.cameraOn.value, capture.microphoneOn.value]).toEqual([false, true]);
});

test("what was chosen is taken again, though another may fit better, and is no must when it is away", async () => {
  devices.cameras = ["front", "back"];
  kept.set("meridian.camera", "back");
  await new Capture().start();
  expect(devices.asked.at(-1)?.video).toMatchObject({ deviceId: { exact: "back" } });
  devices.cameras = ["front"];
  const capture = new Capture();
  await capture.start();
  expect(devices.asked.at(-1)?.video).toMatchObject({ deviceId: { ideal: "back" } });
  expect(capture.cameraOn.value).toBe(true);
});

test.each([
  ["NotAllowedError", "refused"],
  ["NotFoundError", "missing"],
  ["NotReadableError", "busy"],
])("%s is %s, and nothing else is lost", async (error, problem) => {
  const capture = new Capture();
  await capture.start();
  await capture.turn("camera", false);
  devices.error = error;
  await capture.turn("camera", true);
  expect(capture.camera.value.problem).toBe(problem);
  expect(capture.microphoneOn.value).toBe(true);
});

test("what is not to be done to the sound is asked for, and remembered", async () => {
  const capture = new Capture();
  await capture.start();
  await capture.process("noiseSuppression", false);
  const audio = (at: number) => devices.asked.at(at)?.audio;
  expect(audio(-1)).toMatchObject({ noiseSuppression: false, echoCancellation: true, autoGainControl: true });
  const next = new Capture();
  await next.start();
  expect(audio(-1)).toMatchObject({ noiseSuppression: false });
  // Browsers give a microphone that is in use as it is in use.
  const [before] = devices.given.filter(({ kind, readyState }) => kind === "audio" && readyState === "live").slice(-1);
  const asking = vi.spyOn(devices, "getUserMedia").mockImplementation(async () => {
    expect(before?.readyState).toBe("ended");
    return stream(new Track("audio", "headset"));
  });
  await next.process("noiseSuppression", true);
  expect(asking).toHaveBeenCalled();
});

describe("a shared screen", () => {
  test("is sharp text unless motion is chosen, and comes with its sound", async () => {
    const [picture, sound] = [new Track("video", "screen"), new Track("audio", "tab")];
    devices.getDisplayMedia = async () => stream(picture, sound);
    const screen = new ScreenShare();
    expect(await screen.start()).toBeNull();
    expect(screen.shared.value).toMatchObject({ picture, sound, asking: false });
    expect(picture.contentHint).toBe("detail");
    screen.choose("motion");
    expect(picture.contentHint).toBe("motion");
    screen.stop();
    expect(screen.shared.value.picture).toBeNull();
    expect([picture.readyState, sound.readyState]).toEqual(["ended", "ended"]);
  });

  test("ends when the browser ends it, with its sound", async () => {
    const [picture, sound] = [new Track("video", "screen"), new Track("audio", "tab")];
    devices.getDisplayMedia = async () => stream(picture, sound);
    const screen = new ScreenShare();
    await screen.start();
    picture.unplug();
    expect(screen.shared.value).toMatchObject({ picture: null, sound: null });
    expect(sound.readyState).toBe("ended");
  });

  test("that is not chosen is no problem; one that the system forbids is", async () => {
    const screen = new ScreenShare();
    const refuse = (message: string, name: string) => {
      devices.getDisplayMedia = () => Promise.reject(new DOMException(message, name));
    };
    refuse("Permission denied", "NotAllowedError");
    expect(await screen.start()).toBeNull();
    refuse("Permission denied by system", "NotAllowedError");
    expect(await screen.start()).toBe("system");
    refuse("Could not start", "NotReadableError");
    expect(await screen.start()).toBe("failed");
    expect(screen.shared.value).toMatchObject({ picture: null, asking: false });
  });

  test("that is chosen after it was stopped is let go of", async () => {
    const picture = new Track("video", "screen");
    let choose: (value: unknown) => void = () => {};
    devices.getDisplayMedia = () => new Promise((resolve) => (choose = resolve));
    const screen = new ScreenShare();
    const started = screen.start();
    screen.stop();
    choose(stream(picture));
    await started;
    expect(picture.readyState).toBe("ended");
    expect(screen.shared.value.picture).toBeNull();
  });
});

test("a device that was chosen is used, and nothing but it while it is there", async () => {
  const capture = new Capture();
  devices.cameras = ["front", "back"];
  await capture.start();
  await capture.choose("camera", "back");
  expect(devices.asked.at(-1)?.video).toMatchObject({ deviceId: { exact: "back" } });
  await capture.choose("camera", "not there");
  expect(devices.asked.at(-1)?.video).toMatchObject({ deviceId: { ideal: "not there" } });
});
