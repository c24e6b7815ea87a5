/**
 * The media sessions of one stay in a meeting, one after another.
 *
 * A session that is lost is replaced by a new one; the old picture stays until the new one flows.
 * One offer is under way at a time. It knows no sockets: it asks for a new session through
 * `request`, and is told what came of it.
 */
import { type Backoff, delay } from "../call/backoff";
import type { MediaLink } from "../call/state";
import type { IceServer, MediaOffer, Slot, Source, Wish } from "../protocol";
import type { MediaConnection, MediaEvents, OfferedConnection } from "./connection";
import { Beside } from "./beside";
import { Flow, hear, type ShownEvents, type Tracks } from "./flow";
import { isReady, LOOK_EVERY_MS, SWAP_WITHIN_MS } from "./handover";

export type { Tracks };

export interface SessionEvents extends ShownEvents {
  link(link: MediaLink): void;
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
/** A connection that held this long was a good one: the next loss is followed up at once. */
const STEADY_AFTER_MS = 5_000;

/** A connection that is offered. */
class Candidate extends Flow<OfferedConnection> {
  offer: MediaOffer | null = null;
  /** The offer was sent. */
  asked = false;
  answered = false;
}

export class MediaSession {
  #current: MediaConnection | null = null;
  /** Nothing comes on the one in use any more. */
  #isLost = false;
  #next: Candidate | null = null;
  /** Another way, which is tried while this one goes on. */
  readonly beside: Beside;
  /** No longer in use, and on its way out. */
  #retired: MediaConnection | null = null;
  readonly #published = new Map<Source, MediaStreamTrack>();
  #wishes: readonly Wish[] | null = null;
  #retries = 0;
  /** The room could not be asked. */
  #deferred = false;
  /** Another is to be made, after a while. */
  #waits = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #swap: ReturnType<typeof setInterval> | undefined;
  #steady: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    private readonly connect: Connect,
    private readonly events: SessionEvents,
  ) {
    const isCurrent = (connection: MediaConnection) => this.#isCurrent(connection);
    this.beside = new Beside({
      make: (connect) => {
        const replaceable = () => this.events.reachable();
        const flow = new Flow((reports) => connect({ ...reports, replaceable }), isCurrent, this.events);
        this.#catchUp(flow.connection);
        if (this.#wishes) flow.connection.wish(this.#wishes);
        return flow;
      },
      isCurrent,
      attend: (connection) => this.#attend(connection),
      take: (flow) => {
        this.#discardNext();
        clearTimeout(this.#timer);
        this.#waits = false;
        this.#adopt(flow);
        this.events.link("connected");
      },
      lost: (flow) => this.#lost(flow),
      link: (link) => this.events.link(link),
    });
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

  /** The socket is back: whatever was asked on the old one may be lost, and what failed without a network may succeed. */
  resumed(): void {
    const next = this.#next;
    if (this.#waits) {
      clearTimeout(this.#timer);
      this.#prepareAndAsk();
      return;
    }
    if (!next || next.answered) return;
    if (next.asked) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#replaceCandidate(), ANSWER_AFTER_RESUME_MS);
    } else this.#ask();
  }

  /** The room can be asked now, what it could not for a moment. */
  askable(): void {
    if (this.#deferred) this.#ask();
  }

  /** The room gave this person up and with them every session: a new one is prepared to join with. */
  restart(): void {
    clearTimeout(this.#timer);
    if (this.#next && !this.#next.asked) return;
    this.#discardNext();
    this.#prepare();
  }

  /** Another offer in place of one that was not sent: it would go by a way that leads nowhere. */
  remake(): void {
    if (!this.#next || this.#next.asked) return;
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
    clearTimeout(this.#timer);
    this.#prepareAndAsk();
    return true;
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (track) this.#published.set(source, track);
    else this.#published.delete(source);
    for (const connection of this.#all()) connection.publish(source, track);
  }

  wish(tiles: readonly Wish[]): void {
    this.#wishes = tiles;
    for (const connection of this.#all()) {
      if (connection !== this.#next?.connection || this.#next.answered) connection.wish(tiles);
    }
  }

  /** The network may be another, or the page was away. */
  doubt(): void {
    this.#current?.doubt();
  }

  relayBy(servers: readonly IceServer[]): void {
    for (const connection of this.#all()) connection.relayBy(servers);
  }

  /** Of the connection in use; null while there is none. */
  async stats(): Promise<RTCStatsReport | null> {
    return (await this.#current?.stats()) ?? null;
  }

  close(): void {
    this.#closed = true;
    this.#waits = false;
    clearTimeout(this.#timer);
    clearInterval(this.#swap);
    clearTimeout(this.#steady);
    for (const connection of this.#all()) connection.close();
    this.#next = this.#retired = this.#current = null;
    this.events.tracks(new Map());
    this.events.sounds([]);
    this.events.paused([]);
    this.events.networks([]);
  }

  #prepare(): void {
    this.#waits = false;
    const candidate: Candidate = new Candidate(
      (reports) =>
        this.connect({
          ...reports,
          replaceable: () => this.events.reachable(),
          connected: () => this.#connected(candidate),
          interrupted: () => {
            if (this.#isCurrent(candidate.connection) && !this.beside.standIn()) this.events.link("recovering");
          },
          lost: () => this.#lost(candidate),
        }),
      (connection) => this.#isCurrent(connection),
      this.events,
    );
    this.#next = candidate;
    this.#catchUp(candidate.connection);
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

  #isCurrent(connection: MediaConnection): boolean {
    return connection === this.#current;
  }

  /** Every connection that there is, each once. */
  #all(): ReadonlySet<MediaConnection> {
    const all = [this.#current, this.#next?.connection, this.beside.connection, this.#retired];
    return new Set(all.filter((connection) => connection != null));
  }

  /** What is new sends what the others send, and is not heard before it is in use. */
  #catchUp(connection: MediaConnection): void {
    for (const [source, track] of this.#published) connection.publish(source, track);
    hear(connection, false);
  }

  #ask(): void {
    const next = this.#next;
    if (this.#closed || !next?.offer || next.asked) return;
    // Not sent when the socket is away or in doubt: `resumed` or `askable` asks then.
    this.#deferred = !this.events.request(next.offer);
    if (!this.#deferred) this.#asked(next);
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
    this.#attend(candidate.connection);
    const began = Date.now();
    const swap = () => {
      const [old, wait] = this.#isLost ? [null, SWAP_WITHIN_MS.lost] : [this.#current, SWAP_WITHIN_MS.alive];
      const comes = candidate.connection.delivered?.() ?? null;
      const carried = [...candidate.tracks.keys()];
      const isOver = Date.now() - began >= wait;
      if (comes && !isOver && !isReady(comes, old?.delivered?.() ?? null, carried)) return;
      this.#adopt(candidate);
      this.events.link("connected");
    };
    clearInterval(this.#swap);
    this.#swap = setInterval(swap, LOOK_EVERY_MS);
    swap();
  }

  /** What will be heard is played already, without a sound: players take a while to begin. */
  #attend(next: MediaConnection | null): void {
    this.events.sounds([...(this.#current?.sounds ?? []), ...(next?.sounds ?? [])]);
  }

  #lost(candidate: Flow): void {
    if (this.#closed) return;
    if (candidate.connection !== this.#current && candidate !== this.#next) return;
    if (this.#isCurrent(candidate.connection)) {
      if (this.beside.standIn()) return;
      this.#isLost = true;
    }
    clearTimeout(this.#steady);
    this.events.link("recovering");
    if (candidate === this.#next && candidate.connection !== this.#current) this.#discardNext();
    // The one under way takes its place, in its own time.
    if (this.#next && this.#next.connection !== this.#current) return;
    clearTimeout(this.#timer);
    const wait = this.#retries === 0 ? 0 : delay(RETRY, this.#retries - 1, Math.random());
    this.#retries += 1;
    this.#next = null;
    this.#waits = true;
    this.#timer = setTimeout(() => this.#prepareAndAsk(), wait);
  }

  #adopt(candidate: Flow): void {
    clearInterval(this.#swap);
    const old = this.#current;
    this.#current = candidate.connection;
    this.#isLost = false;
    if (this.#wishes) candidate.connection.wish(this.#wishes);
    candidate.show();
    if (!old || old === candidate.connection) return;
    this.#retired?.close();
    hear(old, false);
    this.#retired = old.retire ? old : null;
    if (old.retire) old.retire();
    else old.close();
  }

  #drop(candidate: Candidate): void {
    if (candidate.connection === this.#current) this.#current = null;
    if (candidate === this.#next) this.#next = null;
    candidate.connection.close();
  }

  #discardNext(): void {
    clearInterval(this.#swap);
    if (this.#next && this.#next.connection !== this.#current) this.#next.connection.close();
    this.#next = null;
  }
}
