/**
 * Media through a media region over a WebSocket, for networks where nothing else passes: encoded here
 * (WebCodecs), in a worker that has the socket.
 *
 * It is offered and answered like a connection of WebRTC, and gives out tracks like one.
 */
import type { MediaEvent, MediaOffer, MediaRequest, Slot, Source, Wish } from "../../protocol";
import type { MediaEvents, OfferedConnection } from "../connection";
import { assign, type SlotTable, tracksBySource } from "../slots";
import { tell } from "../told";
import { isAvailable } from "./available";
import { describe, isSound, reachedAt, type Sections } from "./description";
import type { Figures, FromWorker, Pictured, Sounded, ToWorker } from "./messages";
import { framesOf, makeScreen, type Screen } from "./picture";
import { report } from "./report";
import workerUrl from "./socket?worker&url";
import { makeSound, type Sound } from "./sound";

const AUDIO_SLOTS = 4;
/** From the answer to `connected`. */
const CONNECT_WITHIN_MS = 8_000;
const TICK_MS = 500;
/** Nothing came for so long: the answer to a question is due every two seconds. */
const INTERRUPTED_MS = 3_000;
const LOST_MS = 6_000;

interface TrustedGlobals {
  trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(text: string): URL } };
}

/** The only script address that the page's policy lets through where it asks for trusted ones. */
const script = (globalThis as TrustedGlobals).trustedTypes
  ?.createPolicy("socket", { createScriptURL: () => workerUrl })
  .createScriptURL("") ?? workerUrl;

export class WebSocketConnection implements OfferedConnection {
  readonly offer: Promise<MediaOffer>;
  readonly #sections: Sections;
  readonly #sent = new Map<Source, { track: MediaStreamTrack; stop(): void }>();
  #worker: Worker | null = null;
  #sound: Sound | null = null;
  #screens = new Map<number, Screen>();
  #table: SlotTable = new Map();
  #wishes: string | null = null;
  #connected = false;
  #interrupted = false;
  #over = false;
  #heardAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ticks: ReturnType<typeof setInterval> | undefined;
  #asked: ((figures: Figures) => void)[] = [];
  #before: Figures | null = null;

  constructor(
    videoSlots: number,
    private readonly events: MediaEvents,
  ) {
    const { offer, sections } = describe(AUDIO_SLOTS, videoSlots);
    this.#sections = sections;
    this.offer = this.#prepare().then(() => offer);
  }

  get sounds(): readonly MediaStreamTrack[] {
    return this.#sound?.tracks ?? [];
  }

  async accept(answer: string, slots: readonly Slot[]): Promise<void> {
    const { url, ticket } = reachedAt(answer);
    const sound = this.#sound;
    if (!sound || this.#over) return;
    this.#timer = setTimeout(() => this.#lose(), CONNECT_WITHIN_MS);
    this.#assign(slots);
    sound.resume();
    const pictures = [...this.#screens].map(([section, { frames: to }]) => ({ section, to }));
    const transfer = [...sound.sinks, ...pictures].flatMap(({ to }) => (to ? [to as Transferable] : []));
    this.#tell({ type: "slots", slots });
    this.#tell({ type: "open", url, ticket, sounds: sound.sinks, pictures }, transfer);
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (this.#over || this.#sent.get(source)?.track === track) return;
    this.#sent.get(source)?.stop();
    this.#sent.delete(source);
    if (track) this.#sent.set(source, { track, stop: () => undefined });
    if (this.#worker) this.#send(source, track);
  }

  wish(tiles: readonly Wish[]): void {
    const request: MediaRequest = { type: "wishes", tiles: [...tiles] };
    const text = JSON.stringify(request);
    if (text === this.#wishes) return;
    this.#wishes = text;
    if (this.#connected) this.#tell({ type: "say", text });
  }

  doubt(): void {
    if (!this.#connected) return;
    this.#sound?.resume();
    this.#tell({ type: "say", text: JSON.stringify({ type: "ping" } satisfies MediaRequest) });
  }

  relayBy(): void {
    // There is no other way to look for.
  }

  async stats(): Promise<RTCStatsReport> {
    if (!this.#worker || this.#over) return new Map() as RTCStatsReport;
    const figures = await new Promise<Figures>((resolve) => {
      this.#asked.push(resolve);
      this.#tell({ type: "stats" });
    });
    const trackOf = (section: number) =>
      this.#screens.get(section)?.track ?? this.sounds[this.#sections.audio.indexOf(section)] ?? null;
    const sentOf = (source: Source) => this.#sent.get(source)?.track ?? null;
    return report(figures, trackOf, sentOf);
  }

  close(): void {
    this.#stop();
    for (const { stop } of this.#sent.values()) stop();
    this.#sent.clear();
    this.#tell({ type: "close" });
    this.#sound?.close();
    for (const { track } of this.#screens.values()) track.stop();
  }

  async #prepare(): Promise<void> {
    if (!(await isAvailable())) throw new Error("this browser has no WebCodecs with Opus and VP8");
    const sound = await makeSound(this.#sections.audio);
    if (this.#over) {
      sound.close();
      return;
    }
    this.#sound = sound;
    this.#screens = new Map(this.#sections.video.map((section) => [section, makeScreen()]));
    this.#worker = new Worker(script, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = () => this.#lose();
    for (const [source, { track }] of this.#sent) this.#send(source, track);
  }

  #send(source: Source, track: MediaStreamTrack | null): void {
    if (isSound(source)) this.#sendSound(source as Sounded, track);
    else this.#sendPicture(source as Pictured, track);
  }

  #sendSound(source: Sounded, track: MediaStreamTrack | null): void {
    if (!track || !this.#sound) {
      this.#tell({ type: "sound", source, samples: null });
      return;
    }
    const { samples, stop } = this.#sound.capture(track);
    this.#sent.set(source, { track, stop });
    this.#tell({ type: "sound", source, samples }, [samples]);
  }

  #sendPicture(source: Pictured, track: MediaStreamTrack | null): void {
    if (!track) {
      this.#tell({ type: "picture", source, frames: null, on: false });
      return;
    }
    const each = (frame: VideoFrame) => this.#tell({ type: "frame", source, frame }, [frame]);
    const { frames, stop } = framesOf(track, each);
    this.#sent.set(source, { track, stop });
    this.#tell({ type: "picture", source, frames, on: true }, frames ? [frames] : []);
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "opened":
        if (!this.#over) this.#begin();
        break;
      case "closed":
        this.#lose();
        break;
      case "said":
        this.#heard();
        if (!this.#over) tell(JSON.parse(message.text) as MediaEvent, this.events, (slots) => this.#assign(slots));
        break;
      case "frame":
        this.#screens.get(message.section)?.show(message.frame);
        break;
      case "stats":
        this.#before = message.figures;
        for (const asked of this.#asked.splice(0)) asked(this.#before);
        break;
    }
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#connected = true;
    this.#heardAt = Date.now();
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    if (this.#wishes) this.#tell({ type: "say", text: this.#wishes });
    this.events.connected();
  }

  #heard(): void {
    this.#heardAt = Date.now();
    if (!this.#interrupted) return;
    this.#interrupted = false;
    if (!this.#over) this.events.connected();
  }

  #tick(): void {
    const quiet = Date.now() - this.#heardAt;
    if (quiet > LOST_MS) this.#lose();
    else if (quiet > INTERRUPTED_MS && !this.#interrupted) {
      this.#interrupted = true;
      this.events.interrupted();
    }
  }

  #assign(slots: readonly Slot[]): void {
    this.#table = assign(this.#table, slots);
    const receivers = new Map<string, MediaStreamTrack>();
    for (const [place, section] of this.#sections.audio.entries()) {
      const track = this.sounds[place];
      if (track) receivers.set(String(section), track);
    }
    for (const [section, { track }] of this.#screens) receivers.set(String(section), track);
    this.events.tracks(tracksBySource(this.#table, receivers));
  }

  #tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #lose(): void {
    if (this.#over) return;
    this.#stop();
    this.events.lost();
  }

  #stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    clearInterval(this.#ticks);
    if (this.#before) for (const asked of this.#asked.splice(0)) asked(this.#before);
  }
}
