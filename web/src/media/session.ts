/**
 * The media sessions of one stay in a meeting, one after another.
 *
 * A session that is lost is replaced by a new one; the old picture stays until the new one flows.
 * One offer is under way at a time. It knows no sockets: it asks for a new session through
 * `request`, and is told what came of it.
 */
import { type Backoff, delay } from "../call/backoff";
import type { MediaLink } from "../call/state";
import type { IceServer, MediaOffer, ParticipantId, PausedTile, Slot, Source, WeakNetwork, Wish } from "../protocol";
import type { Carrier, MediaConnection, MediaEvents, OfferedConnection } from "./connection";
import type { TrackKey } from "./slots";

export type Tracks = ReadonlyMap<TrackKey, MediaStreamTrack>;

export interface SessionEvents {
  link(link: MediaLink): void;
  tracks(tracks: Tracks): void;
  sounds(tracks: readonly MediaStreamTrack[]): void;
  speakers(participants: readonly ParticipantId[]): void;
  /** The tiles that get no picture now, all of them. */
  paused(tiles: readonly PausedTile[]): void;
  /** Whose network is not good, all of them. */
  networks(weak: readonly WeakNetwork[]): void;
  /** The offer is ready: `send` can be called. */
  ready(): void;
  /** Whether the room can be asked now. */
  reachable(): boolean;
  /** Ask the room for a session in place of the last. */
  request(offer: MediaOffer): boolean;
}

export type Connect = (events: MediaEvents) => OfferedConnection;

const RETRY: Backoff = { first: 1_000, cap: 10_000 };
/** The room answers a description within this, or the request is repeated. */
const ANSWER_WITHIN_MS = 8_000;
/** After a resume, an answer to an older request may still be on its way. */
const ANSWER_AFTER_RESUME_MS = 3_000;
/** Longest that the old, frozen picture stands in for a connected new session. */
const SWAP_WITHIN_MS = 1_500;
/** A connection that held this long was a good one: the next loss is followed up at once. */
const STEADY_AFTER_MS = 5_000;

/** A connection and what it said last. */
interface Flow {
  connection: MediaConnection;
  tracks: Tracks;
  paused: readonly PausedTile[];
  networks: readonly WeakNetwork[];
}

interface Candidate extends Flow {
  connection: OfferedConnection;
  offer: MediaOffer | null;
  /** The offer was sent. */
  asked: boolean;
  answered: boolean;
}

export class MediaSession {
  #current: MediaConnection | null = null;
  #next: Candidate | null = null;
  /** Tried beside the one in use. */
  #beside: Flow | null = null;
  readonly #published = new Map<Source, MediaStreamTrack>();
  #wishes: readonly Wish[] | null = null;
  #retries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #swap: ReturnType<typeof setTimeout> | undefined;
  #steady: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    private readonly connect: Connect,
    private readonly events: SessionEvents,
  ) {
    this.#prepare();
  }

  /** The offer to walk in with, once it is ready. Taking it counts as sending it. */
  takeOffer(): MediaOffer | null {
    const next = this.#next;
    if (!next?.offer || next.answered) return null;
    this.#asked(next);
    return next.offer;
  }

  get isReady(): boolean {
    return this.#next?.offer != null && !this.#next.answered;
  }

  /** The region's answer to the offer under way. */
  accept(sdp: string, slots: readonly Slot[]): void {
    const next = this.#next;
    if (!next?.asked || next.answered) return;
    next.answered = true;
    clearTimeout(this.#timer);
    const first = this.#current === null;
    if (first) this.#adopt(next);
    next.connection.accept(sdp, slots).catch(() => {
      this.#drop(next);
      this.events.link("rejected");
    });
  }

  /** The offer under way was refused. */
  refused(final: boolean): void {
    const next = this.#next;
    if (!next?.asked || next.answered) return;
    clearTimeout(this.#timer);
    next.asked = false;
    if (final) {
      this.events.link("rejected");
      return;
    }
    this.events.link("unavailable");
    this.#timer = setTimeout(() => this.#ask(), delay(RETRY, this.#retries, Math.random()));
    this.#retries += 1;
  }

  /** The socket is back: whatever was asked on the old one may be lost. */
  resumed(): void {
    const next = this.#next;
    if (!next || next.answered) return;
    if (next.asked) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#replaceCandidate(), ANSWER_AFTER_RESUME_MS);
    } else this.#ask();
  }

  /** The room gave this person up and with them every session: a new one is prepared to join with. */
  restart(): void {
    clearTimeout(this.#timer);
    if (this.#next && !this.#next.asked) return;
    this.#discardNext();
    this.#prepare();
  }

  /** The person asks to try again after `rejected`. */
  again(): void {
    this.#retries = 0;
    this.#replaceCandidate();
  }

  /** Another session in place of one that works, which goes on until the new one flows; false when one comes anyway. */
  renew(): boolean {
    if (this.#closed || !this.#current || (this.#next && this.#next.connection !== this.#current)) return false;
    this.#prepareAndAsk();
    return true;
  }

  /** Another connection beside the one in use, that may take its place once it flows. */
  tryBeside(connect: (events: MediaEvents) => MediaConnection, settled: (flows: boolean) => void): void {
    this.leaveBeside();
    if (this.#closed) return;
    const isCurrent = () => flow.connection === this.#current;
    const flow: Flow = {
      connection: connect({
        connected: () => (isCurrent() ? this.events.link("connected") : settled(true)),
        interrupted: () => {
          if (isCurrent()) this.events.link("recovering");
        },
        lost: () => {
          if (isCurrent()) this.#lost(flow);
          else if (flow === this.#beside) {
            this.leaveBeside();
            settled(false);
          }
        },
        ...this.#reports(() => flow),
      }),
      tracks: new Map(),
      paused: [],
      networks: [],
    };
    this.#beside = flow;
    for (const [source, track] of this.#published) flow.connection.publish(source, track);
    if (this.#wishes) flow.connection.wish(this.#wishes);
  }

  /** What was tried takes over at once; false when there is nothing. */
  takeBeside(): boolean {
    const beside = this.#beside;
    if (this.#closed || !beside) return false;
    this.#beside = null;
    if (this.#next?.connection !== this.#current) this.#discardNext();
    this.#next = null;
    clearTimeout(this.#timer);
    this.#adopt(beside);
    this.events.link("connected");
    return true;
  }

  leaveBeside(): void {
    this.#beside?.connection.close();
    this.#beside = null;
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (track) this.#published.set(source, track);
    else this.#published.delete(source);
    this.#current?.publish(source, track);
    this.#beside?.connection.publish(source, track);
    if (this.#next && this.#next.connection !== this.#current) {
      this.#next.connection.publish(source, track);
    }
  }

  wish(tiles: readonly Wish[]): void {
    this.#wishes = tiles;
    this.#current?.wish(tiles);
    this.#beside?.connection.wish(tiles);
    if (this.#next?.answered) this.#next.connection.wish(tiles);
  }

  /** The network may be another, or the page was away. */
  doubt(): void {
    this.#current?.doubt();
  }

  relayBy(servers: readonly IceServer[]): void {
    this.#current?.relayBy(servers);
    if (this.#next && this.#next.connection !== this.#current) this.#next.connection.relayBy(servers);
  }

  /** Of the connection in use; null while there is none. */
  async stats(): Promise<RTCStatsReport | null> {
    return (await this.#current?.stats()) ?? null;
  }

  /** What carries the media now. */
  get carrier(): Carrier {
    return this.#current?.carrier ?? "region";
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#swap);
    clearTimeout(this.#steady);
    this.#discardNext();
    this.leaveBeside();
    this.#current?.close();
    this.#current = null;
    this.events.tracks(new Map());
    this.events.sounds([]);
    this.events.paused([]);
    this.events.networks([]);
  }

  #prepare(): void {
    const candidate: Candidate = {
      connection: this.connect({
        connected: () => this.#connected(candidate),
        interrupted: () => {
          if (candidate.connection === this.#current) this.events.link("recovering");
        },
        lost: () => this.#lost(candidate),
        ...this.#reports(() => candidate),
      }),
      offer: null,
      asked: false,
      answered: false,
      tracks: new Map(),
      paused: [],
      networks: [],
    };
    this.#next = candidate;
    for (const [source, track] of this.#published) candidate.connection.publish(source, track);
    candidate.connection.offer.then(
      (offer) => {
        if (this.#next !== candidate) return;
        candidate.offer = offer;
        this.events.ready();
      },
      () => {
        if (this.#next !== candidate) return;
        this.events.link("rejected");
      },
    );
  }

  /** What a connection says of those whom it carries, as far as it is the one in use. */
  #reports(of: () => Flow): Pick<MediaEvents, "replaceable" | "tracks" | "speakers" | "paused" | "networks"> {
    const isCurrent = () => of().connection === this.#current;
    return {
      replaceable: () => this.events.reachable(),
      tracks: (tracks) => {
        of().tracks = tracks;
        if (isCurrent()) this.events.tracks(tracks);
      },
      speakers: (participants) => {
        if (isCurrent()) this.events.speakers(participants);
      },
      paused: (tiles) => {
        of().paused = tiles;
        if (isCurrent()) this.events.paused(tiles);
      },
      networks: (weak) => {
        of().networks = weak;
        if (isCurrent()) this.events.networks(weak);
      },
    };
  }

  #ask(): void {
    const next = this.#next;
    if (this.#closed || !next?.offer || next.asked) return;
    // Not sent when the socket is away: `resumed` asks then.
    if (this.events.request(next.offer)) this.#asked(next);
  }

  #asked(next: Candidate): void {
    next.asked = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#replaceCandidate(), ANSWER_WITHIN_MS);
  }

  /** An answer can no longer be told from that to another request: start with a fresh offer. */
  #replaceCandidate(): void {
    if (this.#closed || (this.#next?.answered && this.#next.connection === this.#current)) return;
    this.#discardNext();
    this.#prepareAndAsk();
  }

  #prepareAndAsk(): void {
    this.#prepare();
    const candidate = this.#next;
    candidate?.connection.offer.then(
      () => {
        if (this.#next === candidate) this.#ask();
      },
      () => {
        // Reported by `#prepare`.
      },
    );
  }

  #connected(candidate: Candidate): void {
    // A connection that fails again at once must not be tried again at once for ever.
    clearTimeout(this.#steady);
    this.#steady = setTimeout(() => {
      this.#retries = 0;
    }, STEADY_AFTER_MS);
    if (candidate.connection === this.#current) {
      this.events.link("connected");
      return;
    }
    if (candidate !== this.#next) return;
    const swap = () => {
      if (candidate !== this.#next) return;
      this.#adopt(candidate);
      this.events.link("connected");
    };
    this.#swap = setTimeout(swap, SWAP_WITHIN_MS);
    for (const track of candidate.tracks.values()) {
      if (track.kind === "video") track.addEventListener("unmute", swap, { once: true });
    }
    if (candidate.tracks.size === 0) swap();
  }

  #lost(candidate: Flow): void {
    if (this.#closed) return;
    if (candidate.connection !== this.#current && candidate !== this.#next) return;
    clearTimeout(this.#steady);
    this.events.link("recovering");
    if (candidate === this.#next && candidate.connection !== this.#current) this.#discardNext();
    // The one under way takes its place, in its own time.
    if (this.#next && this.#next.connection !== this.#current) return;
    clearTimeout(this.#timer);
    const wait = this.#retries === 0 ? 0 : delay(RETRY, this.#retries - 1, Math.random());
    this.#retries += 1;
    this.#next = null;
    this.#timer = setTimeout(() => this.#prepareAndAsk(), wait);
  }

  #adopt(candidate: Flow): void {
    clearTimeout(this.#swap);
    const old = this.#current;
    this.#current = candidate.connection;
    if (this.#wishes) candidate.connection.wish(this.#wishes);
    this.events.sounds(candidate.connection.sounds);
    this.events.tracks(candidate.tracks);
    this.events.paused(candidate.paused);
    this.events.networks(candidate.networks);
    if (old && old !== candidate.connection) old.close();
  }

  #drop(candidate: Candidate): void {
    if (candidate.connection === this.#current) this.#current = null;
    if (candidate === this.#next) this.#next = null;
    candidate.connection.close();
  }

  #discardNext(): void {
    clearTimeout(this.#swap);
    if (this.#next && this.#next.connection !== this.#current) this.#next.connection.close();
    this.#next = null;
  }
}
