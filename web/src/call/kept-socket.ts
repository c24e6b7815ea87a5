/**
 * A WebSocket that is kept open: ping and watchdog, reconnection with back-off.
 *
 * It knows messages only as values. A socket that the other end closed for good is never opened
 * again.
 */
import { PING, PONG } from "../protocol";
import { type Backoff, delay } from "./backoff";

/** What of a WebSocket is used, so that tests can bring their own. */
export type Socket = Pick<WebSocket, "readyState" | "onopen" | "onmessage" | "onclose" | "send" | "close">;

export type OpenSocket = (url: string, protocols: string[]) => Socket;

export const openWebSocket: OpenSocket = (url, protocols) => new WebSocket(url, protocols);

export interface SocketEvents<Incoming> {
  message(message: Incoming): void;
  /** The socket is gone; another is being opened. */
  lost(): void;
  /** The other end closed it for good. */
  closed(code: number): void;
  /** It was in doubt, and works. */
  proven?(): void;
  /** Opening failed `attempts` times in a row. */
  struggling?(attempts: number): void;
}

export interface Keeping {
  /** Begins to open a socket and hands it over, now or later; null when that is impossible for now. */
  open(use: (socket: Socket | null) => void): void;
  /** Close codes after which there is nothing to return to. */
  final: ReadonlySet<number>;
  /** Milliseconds of silence before a ping. */
  pingEvery: number;
  backoff: Backoff;
}

export const PONG_WITHIN_MS = 5_000;
/** The same where there is a reason to doubt the socket. */
export const PONG_SOON_MS = 1_500;
/** The same where hardly any socket is left; more where opening it took long, see `#soonest`. */
export const PONG_SOONEST_MS = 400;
/** A handshake that takes longer is not going to succeed. */
export const OPEN_WITHIN_MS = 8_000;

const OPEN = 1;
/** What browsers report for a connection that broke (RFC 6455 §7.4.1). */
const BROKEN = 1006;

export class KeptSocket<Incoming, Outgoing> {
  #socket: Socket | null = null;
  /** Counts openings: a socket handed over for an older one is not wanted. */
  #opening = 0;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  /** By when it is to answer, by the clock of day; null while nothing speaks against it. */
  #doubtedUntil: number | null = null;
  /** When the last was begun, and how long opening it took, in milliseconds. */
  #begunAt = 0;
  #openedIn = 0;
  /** When it was last asked and has not answered, and how long the last answer took. */
  #askedAt: number | null = null;
  #answeredIn = 0;

  constructor(
    private readonly keeping: Keeping,
    private readonly events: SocketEvents<Incoming>,
  ) {
    this.#open();
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === OPEN;
  }

  /** Whether it may be dead: what is sent may never arrive. */
  get isDoubted(): boolean {
    return this.#doubtedUntil !== null;
  }

  /** Sends now or not at all: what must survive a lost socket is kept by the caller. */
  send(message: Outgoing): boolean {
    if (!this.isOpen) return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /** The network changed or the page came back: find out now whether the socket still works. */
  probe(): void {
    this.#doubt(PONG_SOON_MS);
  }

  /** What goes over the same network comes no more: the same, and waits less. */
  suspect(): void {
    this.#doubt(this.#soonest);
  }

  /** The machine slept: one that does not answer at once is replaced at once. */
  wake(): void {
    if (this.#stopped) return;
    this.#attempts = 0;
    if (this.isOpen) this.#doubt(this.#soonest, 0);
    else this.#replace();
  }

  /** For good. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      detach(socket);
      socket.close(1000);
    }
  }

  /** Opening takes more than two round trips; an answer may take four times as long as the last. */
  get #soonest(): number {
    return Math.min(PONG_SOON_MS, Math.max(PONG_SOONEST_MS, 2 * this.#openedIn, 4 * this.#answeredIn));
  }

  /** `attempts` count as failed where it is replaced. */
  #doubt(within: number, attempts = 1): void {
    if (this.#stopped) return;
    if (this.isOpen) {
      const until = Date.now() + within;
      const doubted = this.#doubtedUntil;
      // Who asks again waits no longer, unless a sleep was between.
      if (doubted !== null && doubted > Date.now() && doubted <= until) return;
      this.#doubtedUntil = until;
      this.#ping(within, () => {
        this.#attempts = attempts;
        this.#replace();
      });
    } else if (this.#timer !== undefined && this.#socket === null) {
      clearTimeout(this.#timer);
      this.#open();
    }
  }

  #open(): void {
    this.#timer = undefined;
    this.#opening += 1;
    this.#begunAt = Date.now();
    const opening = this.#opening;
    this.#watch(OPEN_WITHIN_MS);
    this.keeping.open((socket) => {
      if (this.#stopped || opening !== this.#opening) socket?.close(1000);
      else if (socket === null) this.#gone(BROKEN);
      else this.#use(socket);
    });
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    this.#doubtedUntil = null;
    socket.onopen = () => {
      this.#attempts = 0;
      this.#openedIn = Date.now() - this.#begunAt;
      this.#askedAt = null;
      this.#rest();
    };
    socket.onmessage = ({ data }) => {
      this.#rest();
      if (typeof data !== "string" || data === PONG) return;
      const message = parse<Incoming>(data);
      if (message) this.events.message(message);
    };
    socket.onclose = ({ code }) => this.#gone(code);
  }

  /** Something was heard: the next ping is due after a full interval. */
  #rest(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#ping(), this.keeping.pingEvery);
    if (this.#askedAt !== null) this.#answeredIn = Date.now() - this.#askedAt;
    this.#askedAt = null;
    const wasDoubted = this.isDoubted;
    this.#doubtedUntil = null;
    if (wasDoubted) this.events.proven?.();
  }

  #ping(within = PONG_WITHIN_MS, otherwise = () => this.#gone(BROKEN)): void {
    if (!this.isOpen) return;
    this.#socket?.send(PING);
    this.#askedAt = Date.now();
    this.#watch(within, otherwise);
  }

  #watch(ms: number, otherwise = () => this.#gone(BROKEN)): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      // A dead network may take minutes to report the close: give the socket up now.
      this.#giveUp();
      otherwise();
    }, ms);
  }

  #replace(): void {
    clearTimeout(this.#timer);
    this.#giveUp();
    this.events.lost();
    if (!this.#stopped) this.#open();
  }

  #giveUp(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    detach(socket);
    socket.close();
  }

  #gone(code: number): void {
    clearTimeout(this.#watchdog);
    this.#socket = null;
    this.#opening += 1;
    if (this.#stopped) return;
    if (this.keeping.final.has(code)) {
      this.#stopped = true;
      this.events.closed(code);
      return;
    }
    this.events.lost();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#open(), delay(this.keeping.backoff, this.#attempts, Math.random()));
    this.#attempts += 1;
    if (this.#attempts > 1) this.events.struggling?.(this.#attempts - 1);
  }
}

function detach(socket: Socket): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
}

function parse<Message>(text: string): Message | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "type" in value ? (value as Message) : null;
  } catch {
    return null;
  }
}
