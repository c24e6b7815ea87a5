/**
 * The media of a call: its sessions, the ways that they may take, and what of them is shown.
 *
 * What is sent follows the devices by itself; what the room says of media is passed on by `effects.ts`.
 */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Background } from "../media/background";
import type { Capture } from "../media/capture";
import type { Carrier } from "../media/connection";
import type { ProbeOutcome } from "../media/probe";
import { videoSlotsFor } from "../media/region";
import { Relays } from "../media/relays";
import type { ScreenShare } from "../media/screen";
import { MediaSession, type Tracks } from "../media/session";
import { type TrackKey, trackKey } from "../media/slots";
import { type Way, wayOf } from "../media/way";
import type { ClientMessage, MediaOffer, ParticipantId, PauseReason, Seat, ServerMessage, WeakQuality, Wish } from "../protocol";
import { DirectCalls } from "./direct-calls";
import type { CallState, MediaLink } from "./state";

/** Speakers remembered for the order of tiles. */
const RECENT_SPEAKERS = 16;

/** What it needs of the call. */
export interface Caller {
  readonly state: ReadonlySignal<CallState>;
  readonly capture: Capture;
  readonly background: Background;
  readonly screen: ScreenShare;
  seat(): Seat | null;
  send(message: ClientMessage): boolean;
  /** Asks the room for a session; false while it cannot be asked. */
  request(offer: MediaOffer): boolean;
  reachable(): boolean;
  /** An offer to walk in with is there. */
  ready(): void;
  link(link: MediaLink): void;
  speakers(participants: ParticipantId[]): void;
}

export class CallMedia {
  readonly carrier: Signal<Carrier> = signal("region");
  readonly tracks: Signal<Tracks> = signal(new Map());
  readonly sounds: Signal<readonly MediaStreamTrack[]> = signal([]);
  /** Which pictures stand still, and why. */
  readonly paused: Signal<ReadonlyMap<TrackKey, PauseReason>> = signal(new Map());
  /** Whose network is not good, of those who are seen or heard and one's own. */
  readonly networks: Signal<ReadonlyMap<ParticipantId, WeakQuality>> = signal(new Map());
  /** Who spoke, most recently first. */
  readonly recent: Signal<readonly string[]> = signal([]);
  readonly #relays = new Relays((servers) => this.#session?.relayBy(servers));
  readonly #disposers: (() => void)[] = [];
  #session: MediaSession | null = null;
  #way: Way | null = null;
  #direct: DirectCalls | null = null;
  #videoSlots = videoSlotsFor(0);

  constructor(private readonly caller: Caller) {}

  /** Null before there is a seat, and once all is over. */
  get session(): MediaSession | null {
    return this.#session;
  }

  /** This seat is the one in use: the first offer is made ahead of need. */
  follow(seat: Seat): void {
    this.#relays.follow(seat);
    this.#session ??= this.#open();
  }

  receive(message: ServerMessage): void {
    this.#direct?.receive(message);
  }

  /** `pictures` of the tiles can be seen now; the others' cameras are off. */
  wish(tiles: readonly Wish[], pictures: number): void {
    this.#session?.wish(tiles);
    const [before, slots] = [this.#videoSlots, videoSlotsFor(pictures)];
    if (slots <= before) return;
    this.#videoSlots = slots;
    if (!this.#session?.renew()) this.#videoSlots = before;
  }

  /** The network may be another, or the page was away. */
  doubt(): void {
    this.#session?.doubt();
    this.#way?.climbing?.network();
  }

  /** Tries media again after the region refused it. */
  again(): void {
    this.#session?.again();
  }

  /** Tries how media would get through; null where that cannot be known now. */
  async probe(signal: AbortSignal): Promise<ProbeOutcome | null> {
    const seat = this.caller.seat();
    if (!seat) return null;
    const { probe } = await import("../media/probe");
    const outcome = await probe(seat, this.#relays.servers, signal);
    if (outcome?.kind === "blocked" && this.#way?.climbing?.blocked()) this.#session?.remake();
    return outcome;
  }

  /** What the connection that carries the media reports of itself; null while there is none. */
  async stats(): Promise<RTCStatsReport | null> {
    return (await this.#session?.stats()) ?? null;
  }

  stop(): void {
    for (const dispose of this.#disposers.splice(0)) dispose();
    this.#relays.stop();
    this.#direct?.stop();
    this.#way?.climbing?.stop();
    this.#session?.close();
    this.#session = null;
  }

  #open(): MediaSession {
    const { state, capture, background, screen, ready, reachable, request, link } = this.caller;
    this.#way = wayOf({
      seat: () => this.caller.seat(),
      relays: this.#relays,
      videoSlots: () => this.#videoSlots,
      renew: () => {
        // Two who talk directly have no session at a region, and want none.
        if (this.carrier.value !== "direct") this.#session?.renew();
      },
    });
    const session = new MediaSession(this.#way.connect, {
      ready,
      reachable,
      request,
      link,
      carrier: (carrier) => {
        this.carrier.value = carrier;
      },
      tracks: (tracks) => {
        this.tracks.value = tracks;
      },
      sounds: (sounds) => {
        this.sounds.value = sounds;
      },
      speakers: (participants) => {
        this.caller.speakers([...participants]);
        const others = this.recent.value.filter((id) => !participants.includes(id));
        this.recent.value = [...participants, ...others].slice(0, RECENT_SPEAKERS);
      },
      paused: (tiles) => {
        if (tiles.length === 0 && this.paused.value.size === 0) return;
        this.paused.value = new Map(tiles.map((tile) => [trackKey(tile.participant, tile.source), tile.reason]));
      },
      networks: (weak) => {
        if (weak.length === 0 && this.networks.value.size === 0) return;
        this.networks.value = new Map(weak.map(({ participant, quality }) => [participant, quality]));
      },
    });
    this.#direct = new DirectCalls(session, { state, relays: () => this.#relays.servers, send: this.caller.send });
    this.#disposers.push(
      effect(() => session.publish("microphone", capture.microphone.value.track)),
      effect(() => session.publish("camera", background.track.value)),
      effect(() => {
        const { picture, sound } = screen.shared.value;
        session.publish("screen", picture);
        session.publish("screen_audio", sound);
      }),
    );
    return session;
  }
}
