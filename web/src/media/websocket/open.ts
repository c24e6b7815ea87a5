/**
 * Media over a WebSocket, loaded when it is needed: what is asked of it before is done once it is there.
 */
import type { IceServer, MediaOffer, Slot, Source, Wish } from "../../protocol";
import type { MediaEvents, OfferedConnection } from "../connection";

/** Its offer rejects where this browser has no WebCodecs. */
export function openWebSocketMedia(videoSlots: number, events: MediaEvents): OfferedConnection {
  return new Loading(videoSlots, events);
}

class Loading implements OfferedConnection {
  readonly carrier = "websocket";
  readonly offer: Promise<MediaOffer>;
  readonly #published = new Map<Source, MediaStreamTrack | null>();
  #wishes: readonly Wish[] | null = null;
  #loaded: OfferedConnection | null = null;
  #closed = false;

  constructor(videoSlots: number, events: MediaEvents) {
    this.offer = this.#load(videoSlots, events);
  }

  get sounds(): readonly MediaStreamTrack[] {
    return this.#loaded?.sounds ?? [];
  }

  async accept(answer: string, slots: readonly Slot[]): Promise<void> {
    await this.#loaded?.accept(answer, slots);
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (this.#loaded) this.#loaded.publish(source, track);
    else this.#published.set(source, track);
  }

  wish(tiles: readonly Wish[]): void {
    this.#wishes = tiles;
    this.#loaded?.wish(tiles);
  }

  doubt(): void {
    this.#loaded?.doubt();
  }

  relayBy(servers: readonly IceServer[]): void {
    this.#loaded?.relayBy(servers);
  }

  async stats(): Promise<RTCStatsReport> {
    return (await this.#loaded?.stats()) ?? (new Map() as RTCStatsReport);
  }

  close(): void {
    this.#closed = true;
    this.#loaded?.close();
  }

  async #load(videoSlots: number, events: MediaEvents): Promise<MediaOffer> {
    const { WebSocketConnection } = await import("./connection");
    if (this.#closed) throw new Error("closed meanwhile");
    this.#loaded = new WebSocketConnection(videoSlots, events);
    for (const [source, track] of this.#published) this.#loaded.publish(source, track);
    if (this.#wishes) this.#loaded.wish(this.#wishes);
    return this.#loaded.offer;
  }
}
