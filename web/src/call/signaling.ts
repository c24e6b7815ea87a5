/**
 * The room's socket, kept open: ping and watchdog, reconnection with back-off.
 *
 * It knows messages only as values: what they mean is `state.ts`' business. A socket that the room
 * closed for good is never opened again.
 */
import {
  CLOSE_ENDED,
  CLOSE_LEFT,
  CLOSE_PROTOCOL,
  CLOSE_RATE,
  CLOSE_REPLACED,
  type ClientMessage,
  PING,
  PONG,
  SEAT_SUBPROTOCOL_PREFIX,
  type ServerMessage,
  SUBPROTOCOL,
} from "../protocol";
import { type Backoff, delay } from "./backoff";

/** What of a WebSocket is used, so that tests can bring their own. */
export type Socket = Pick<WebSocket, "readyState" | "onopen" | "onmessage" | "onclose" | "send" | "close">;

export interface SignalingEvents {
  message(message: ServerMessage): void;
  /** The socket is gone; another is being opened. */
  lost(): void;
  /** The room closed it for good. */
  closed(code: number): void;
  /** Opening failed `attempts` times in a row. */
  struggling(attempts: number): void;
}

export type OpenSocket = (url: string, protocols: string[]) => Socket;

export const PING_EVERY_MS = 20_000;
export const PONG_WITHIN_MS = 5_000;
/** A handshake that takes longer is not going to succeed. */
export const OPEN_WITHIN_MS = 8_000;
export const BACKOFF: Backoff = { first: 250, cap: 3_000 };

const OPEN = 1;
const FINAL: ReadonlySet<number> = new Set([CLOSE_PROTOCOL, CLOSE_REPLACED, CLOSE_ENDED, CLOSE_RATE, CLOSE_LEFT]);

export class Signaling {
  #socket: Socket | null = null;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(
    private readonly url: string,
    private readonly seat: string,
    private readonly events: SignalingEvents,
    private readonly openSocket: OpenSocket = (url, protocols) => new WebSocket(url, protocols),
  ) {
    this.#open();
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === OPEN;
  }

  /** Sends now or not at all: what must survive a lost socket is kept by the caller. */
  send(message: ClientMessage): boolean {
    if (!this.isOpen) return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /** The network changed or the page came back: find out now whether the socket still works. */
  probe(): void {
    if (this.#stopped) return;
    if (this.isOpen) this.#ping();
    else if (this.#timer !== undefined && this.#socket === null) {
      clearTimeout(this.#timer);
      this.#open();
    }
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

  #open(): void {
    this.#timer = undefined;
    const socket = this.openSocket(this.url, [SUBPROTOCOL, SEAT_SUBPROTOCOL_PREFIX + this.seat]);
    this.#socket = socket;
    this.#watch(OPEN_WITHIN_MS);
    socket.onopen = () => {
      this.#attempts = 0;
      this.#rest();
    };
    socket.onmessage = ({ data }) => {
      this.#rest();
      if (typeof data !== "string" || data === PONG) return;
      const message = parse(data);
      if (message) this.events.message(message);
    };
    socket.onclose = ({ code }) => this.#gone(code);
  }

  /** Something was heard: the next ping is due after a full interval. */
  #rest(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#ping(), PING_EVERY_MS);
  }

  #ping(): void {
    if (!this.isOpen) return;
    this.#socket?.send(PING);
    this.#watch(PONG_WITHIN_MS);
  }

  #watch(ms: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      // A dead network may take minutes to report the close: give the socket up now.
      const socket = this.#socket;
      if (!socket) return;
      detach(socket);
      socket.close();
      this.#gone(1006);
    }, ms);
  }

  #gone(code: number): void {
    clearTimeout(this.#watchdog);
    this.#socket = null;
    if (this.#stopped) return;
    if (FINAL.has(code)) {
      this.#stopped = true;
      this.events.closed(code);
      return;
    }
    this.events.lost();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#open(), delay(BACKOFF, this.#attempts, Math.random()));
    this.#attempts += 1;
    if (this.#attempts > 1) this.events.struggling(this.#attempts - 1);
  }
}

function detach(socket: Socket): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
}

function parse(text: string): ServerMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "type" in value ? (value as ServerMessage) : null;
  } catch {
    return null;
  }
}
