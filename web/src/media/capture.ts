/**
 * This person's camera, microphone and loudspeaker: which are there, which are in use, on or off.
 *
 * Off means off: a camera that is off is released, so that its light goes out. A microphone that is
 * muted is kept, because taking it again costs a syllable.
 */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { recall, remember } from "../storage";

export type DeviceProblem =
  /** The person, or a policy, said no. */
  | "refused"
  /** There is none. */
  | "missing"
  /** Another program holds it. */
  | "busy"
  /** This page is not served securely, or the browser cannot capture. */
  | "unsupported";

export interface Input {
  /** What the person wants. */
  wanted: boolean;
  track: MediaStreamTrack | null;
  starting: boolean;
  problem: DeviceProblem | null;
}

export type InputKind = "microphone" | "camera";

/** What a browser does to the microphone's sound. */
export const PROCESSING = ["noiseSuppression", "echoCancellation", "autoGainControl"] as const;
export type Processing = (typeof PROCESSING)[number];

/** A device went away; `to` is the one in use instead, empty when there is none. */
export interface Fallback {
  kind: InputKind | "speaker";
  to: string;
}

const DEVICE_KIND: Record<InputKind | "speaker", MediaDeviceKind> = {
  microphone: "audioinput",
  camera: "videoinput",
  speaker: "audiooutput",
};

/** Whether each is to be on from the start. */
export type Wanted = Readonly<Record<InputKind, boolean>>;

export class Capture {
  readonly microphone: Signal<Input>;
  readonly camera: Signal<Input>;
  readonly devices: Signal<readonly MediaDeviceInfo[]> = signal([]);
  /** Chosen device ids; empty is the browser's choice. */
  readonly chosen: Signal<Record<InputKind | "speaker", string>> = signal({
    microphone: recall("microphone"),
    camera: recall("camera"),
    speaker: recall("speaker"),
  });
  /** Where sound goes: the chosen loudspeaker while it is there, else the browser's choice. */
  readonly speaker: ReadonlySignal<string> = computed(() => {
    const { speaker } = this.chosen.value;
    const known = this.of("speaker").filter(({ deviceId }) => deviceId !== "");
    return known.length === 0 || known.some(({ deviceId }) => deviceId === speaker) ? speaker : "";
  });
  /** What is done to the microphone's sound. */
  readonly processing: Signal<Readonly<Record<Processing, boolean>>> = signal(rememberedProcessing());
  /** The last device that went away by itself; a new value each time. */
  readonly fallback: Signal<Fallback | null> = signal(null);
  readonly microphoneOn: ReadonlySignal<boolean>;
  readonly cameraOn: ReadonlySignal<boolean>;
  #generation: Record<InputKind, number> = { microphone: 0, camera: 0 };
  #stopped = true;

  constructor(wanted: Wanted = { microphone: true, camera: true }) {
    const input = (on: boolean): Input => ({ wanted: on, track: null, starting: on, problem: null });
    this.microphone = signal(input(wanted.microphone));
    this.camera = signal(input(wanted.camera));
    this.microphoneOn = computed(() => isOn(this.microphone.value));
    this.cameraOn = computed(() => isOn(this.camera.value));
  }

  readonly #list = () => void this.#devicesChanged();

  /** Asks for both at once, so that the browser asks the person once. */
  async start(): Promise<void> {
    this.#stopped = false;
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media?.getUserMedia) {
      for (const kind of ["microphone", "camera"] as const) this.#fail(kind, "unsupported");
      return;
    }
    media.addEventListener("devicechange", this.#list);
    const wanted = (["microphone", "camera"] as const).filter((kind) => this[kind].value.wanted);
    const generations = { ...this.#generation };
    try {
      // Whether what was chosen is there today is known where the person allowed this page once for all.
      if (wanted.some((kind) => this.chosen.value[kind] !== "")) await this.#listDevices();
      if (wanted.length === 2) {
        const stream = await media.getUserMedia({
          audio: this.#exactly("microphone") ?? this.#constraints("microphone"),
          video: this.#exactly("camera") ?? this.#constraints("camera"),
        });
        for (const kind of wanted) {
          const track = kind === "camera" ? stream.getVideoTracks()[0] : stream.getAudioTracks()[0];
          if (track) this.#take(kind, track, generations[kind]);
        }
      } else await Promise.all(wanted.map((kind) => this.#open(kind)));
    } catch {
      // One of them is missing or busy: the other may still work.
      await Promise.all(wanted.filter((kind) => this[kind].value.wanted).map((kind) => this.#open(kind)));
    }
    await this.#listDevices();
  }

  stop(): void {
    this.#stopped = true;
    (navigator.mediaDevices as MediaDevices | undefined)?.removeEventListener("devicechange", this.#list);
    for (const kind of ["microphone", "camera"] as const) {
      this.#generation[kind] += 1;
      this[kind].value.track?.stop();
      this[kind].value = { ...this[kind].value, track: null, starting: false };
    }
  }

  of(kind: InputKind | "speaker"): readonly MediaDeviceInfo[] {
    return this.devices.value.filter((device) => device.kind === DEVICE_KIND[kind]);
  }

  async turn(kind: InputKind, on: boolean): Promise<void> {
    const input = this[kind].value;
    if (kind === "microphone" && input.track) {
      input.track.enabled = on;
      this[kind].value = { ...input, wanted: on };
      return;
    }
    this[kind].value = { ...input, wanted: on };
    if (on) {
      if (!input.track) await this.#open(kind);
      return;
    }
    this.#generation[kind] += 1;
    input.track?.stop();
    this[kind].value = { wanted: false, track: null, starting: false, problem: null };
  }

  async choose(kind: InputKind | "speaker", id: string): Promise<void> {
    this.chosen.value = { ...this.chosen.value, [kind]: id };
    remember(kind, id);
    if (kind === "speaker") return;
    const input = this[kind].value;
    if (input.wanted || input.track) await this.#open(kind);
  }

  /** Tries again what failed, or is off because of it. */
  async retry(kind: InputKind): Promise<void> {
    this[kind].value = { ...this[kind].value, wanted: true };
    await this.#open(kind);
  }

  async process(what: Processing, on: boolean): Promise<void> {
    this.processing.value = { ...this.processing.value, [what]: on };
    remember("unprocessed", PROCESSING.filter((one) => !this.processing.value[one]).join());
    const { track } = this.microphone.value;
    if (!track) return;
    try {
      await track.applyConstraints(this.#constraints("microphone"));
      if (track.readyState === "live" && track.getSettings()[what] === on) return;
    } catch {
      // Said below.
    }
    // Some browsers change this for a new track only, and for none while another of the same microphone lives.
    track.stop();
    await this.#open("microphone");
  }

  async #open(kind: InputKind): Promise<void> {
    if (this.#stopped) return;
    this.#generation[kind] += 1;
    const generation = this.#generation[kind];
    const before = this[kind].value;
    this[kind].value = { ...before, starting: true, problem: null };
    // Some cameras cannot be opened twice, also not by the same page.
    if (kind === "camera") before.track?.stop();
    try {
      const stream = await this.#ask(kind);
      const track = stream.getTracks()[0];
      if (!track) throw new DOMException("no track", "NotFoundError");
      this.#take(kind, track, generation);
      if (this.devices.value.every((device) => device.label === "")) await this.#listDevices();
    } catch (error) {
      if (generation !== this.#generation[kind]) return;
      before.track?.stop();
      this.#fail(kind, problemOf(error));
    }
  }

  #take(kind: InputKind, track: MediaStreamTrack, generation: number): void {
    if (this.#stopped || generation !== this.#generation[kind]) {
      track.stop();
      return;
    }
    const input = this[kind].value;
    if (kind === "camera" && !input.wanted) {
      track.stop();
      return;
    }
    if (input.track && input.track !== track) input.track.stop();
    if (kind === "microphone") track.enabled = input.wanted;
    // Unplugged, or permission withdrawn: fall back to whatever else is there.
    track.addEventListener("ended", () => {
      if (this[kind].value.track === track) void this.#fallBack(kind);
    });
    this[kind].value = { wanted: input.wanted, track, starting: false, problem: null };
  }

  /** Of the chosen device when it is there: asked for as a wish alone, another may fit better. */
  async #ask(kind: InputKind): Promise<MediaStream> {
    const ask = (constraints: MediaTrackConstraints) =>
      navigator.mediaDevices.getUserMedia(kind === "camera" ? { video: constraints } : { audio: constraints });
    const constraints = this.#constraints(kind);
    const exactly = this.#exactly(kind);
    if (exactly === null) return ask(constraints);
    try {
      return await ask(exactly);
    } catch (error) {
      // Gone since the devices were listed.
      if (problemOf(error) === "missing") return ask(constraints);
      throw error;
    }
  }

  /** What was missing and wanted is taken as soon as there is one. */
  async #devicesChanged(): Promise<void> {
    await this.#listDevices();
    for (const kind of ["microphone", "camera"] as const) {
      const { wanted, starting, problem } = this[kind].value;
      if (wanted && !starting && problem === "missing" && this.of(kind).length > 0) void this.#open(kind);
    }
  }

  async #fallBack(kind: InputKind): Promise<void> {
    await this.#open(kind);
    const { track } = this[kind].value;
    if (!this.#stopped) this.fallback.value = { kind, to: track?.label ?? "" };
  }

  #fail(kind: InputKind, problem: DeviceProblem): void {
    this[kind].value = { ...this[kind].value, track: null, starting: false, problem };
  }

  /** The chosen device and no other; null when it is not known to be there. */
  #exactly(kind: InputKind): MediaTrackConstraints | null {
    const id = this.chosen.value[kind];
    if (!this.of(kind).some(({ deviceId }) => id !== "" && deviceId === id)) return null;
    return { ...this.#constraints(kind), deviceId: { exact: id } };
  }

  #constraints(kind: InputKind): MediaTrackConstraints {
    const id = this.chosen.value[kind];
    // `ideal`: a device that was chosen once and is not there today must not keep anyone out.
    const device = id === "" ? {} : { deviceId: { ideal: id } };
    return kind === "camera"
      ? { ...device, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }
      : { ...device, ...this.processing.value };
  }

  async #listDevices(): Promise<void> {
    const before = this.devices.value;
    try {
      this.devices.value = await navigator.mediaDevices.enumerateDevices();
    } catch {
      this.devices.value = [];
    }
    const { speaker } = this.chosen.value;
    const has = (devices: readonly MediaDeviceInfo[]) =>
      devices.some(({ kind, deviceId }) => kind === DEVICE_KIND.speaker && deviceId === speaker);
    // The choice is kept: once plugged in again, it is used again.
    if (speaker !== "" && has(before) && !has(this.devices.value)) this.fallback.value = { kind: "speaker", to: "" };
  }
}

function rememberedProcessing(): Record<Processing, boolean> {
  const off = recall("unprocessed").split(",");
  const on = (what: Processing) => !off.includes(what);
  return {
    noiseSuppression: on("noiseSuppression"),
    echoCancellation: on("echoCancellation"),
    autoGainControl: on("autoGainControl"),
  };
}

function isOn({ wanted, track }: Input): boolean {
  return wanted && track !== null;
}

function problemOf(error: unknown): DeviceProblem {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    default:
      return "unsupported";
  }
}
