/** The home page's socket and what came over it; decisions are in `state.ts`. */
import { type Signal, signal } from "@preact/signals";
import { bearer, forgetSession } from "../account/session";
import { meetings } from "../api";
import type { Backoff } from "../call/backoff";
import { KeptSocket, type OpenSocket, openWebSocket } from "../call/kept-socket";
import {
  ACCESS_SUBPROTOCOL_PREFIX,
  CLOSE_SIGNED_OUT,
  type HomeEvent,
  type HomeMessage,
  type IncomingCall,
  SUBPROTOCOL,
} from "../protocol";
import { type HomeChange, type HomeState, reduce, start } from "./state";

export const PING_EVERY_MS = 30_000;
const BACKOFF: Backoff = { first: 500, cap: 15_000 };
/** Failures to open the socket in a row after which the list is fetched without it. */
const FETCH_AFTER_FAILURES = 1;

export class Home {
  readonly state: Signal<HomeState> = signal(start);
  readonly #socket: KeptSocket<HomeEvent, HomeMessage>;
  readonly #disposers: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(openSocket: OpenSocket = openWebSocket) {
    this.#socket = new KeptSocket<HomeEvent, HomeMessage>(
      {
        open: (use) => void this.#open(openSocket, use),
        final: new Set([CLOSE_SIGNED_OUT]),
        pingEvery: PING_EVERY_MS,
        backoff: BACKOFF,
      },
      {
        message: (event) => this.#change({ type: "event", event, now: Date.now() }),
        lost: () => this.#change({ type: "lost" }),
        closed: () => forgetSession(),
        struggling: (attempts) => {
          if (attempts === FETCH_AFTER_FAILURES) void this.#fetch();
        },
      },
    );
    this.#listen();
  }

  /** Takes the call; the page goes where it is. */
  accept(call: IncomingCall): void {
    this.#socket.send({ type: "accept", call: call.id });
    this.#change({ type: "answered", call: call.id });
  }

  decline(call: IncomingCall): void {
    this.#socket.send({ type: "decline", call: call.id });
    this.#change({ type: "answered", call: call.id });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const dispose of this.#disposers.splice(0)) dispose();
    this.#socket.stop();
  }

  async #open(openSocket: OpenSocket, use: (socket: ReturnType<OpenSocket> | null) => void): Promise<void> {
    const token = await bearer();
    if (token === null) return use(null);
    const url = new URL("/api/users/socket", location.href);
    url.protocol = url.protocol.replace(/^http/, "ws");
    use(openSocket(url.href, [SUBPROTOCOL, ACCESS_SUBPROTOCOL_PREFIX + token]));
  }

  async #fetch(): Promise<void> {
    const answer = await meetings();
    if (answer.ok) this.#change({ type: "fetched", meetings: answer.value });
  }

  #change(change: HomeChange): void {
    this.state.value = reduce(this.state.value, change);
    this.#tickLater();
  }

  /** Ringing ends by itself, also where nobody says so. */
  #tickLater(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.state.value.calls.map(({ until }) => until));
    if (!Number.isFinite(next)) return;
    this.#timer = setTimeout(() => this.#change({ type: "tick", now: Date.now() }), Math.max(0, next - Date.now()));
  }

  #listen(): void {
    const probe = () => this.#socket.probe();
    const seen = () => {
      if (document.visibilityState === "visible") probe();
    };
    addEventListener("online", probe);
    document.addEventListener("visibilitychange", seen);
    this.#disposers.push(() => {
      removeEventListener("online", probe);
      document.removeEventListener("visibilitychange", seen);
    });
  }
}
