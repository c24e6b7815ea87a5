/**
 * Direct calls of two: what the room and the two browsers say to each other for them. What carries them
 * is fetched when the room first plans one.
 */
import { effect, type ReadonlySignal } from "@preact/signals";
import type { DirectConnection } from "../media/direct";
import { DirectPlan } from "../media/direct-plan";
import { allowedRungs } from "../media/rungs";
import type { MediaSession } from "../media/session";
import type { ClientMessage, IceServer, ServerMessage, Source } from "../protocol";
import { type CallState, inMeeting } from "./state";

export interface Caller {
  state: ReadonlySignal<CallState>;
  relays(): readonly IceServer[];
  send(message: ClientMessage): void;
}

/** What is said on joining: whether this browser can. */
export function ableDirectly(): { direct?: true } {
  return allowedRungs().has("direct") ? { direct: true } : {};
}

type Made = typeof DirectConnection;

export class DirectCalls {
  readonly #plan: DirectPlan;
  #made: Made | null = null;
  /** What is to be done once it is fetched. */
  #waiting: (() => void)[] = [];
  readonly #unfollow: () => void;

  constructor(
    session: MediaSession,
    private readonly caller: Caller,
    private readonly fetch: () => Promise<Made> = async () => (await import("../media/direct")).DirectConnection,
  ) {
    const { state, relays, send } = caller;
    const meeting = () => inMeeting(state.value);
    this.#plan = new DirectPlan(session, {
      connect: (peer, events) => {
        if (!this.#made) throw new Error("a plan before what carries it");
        return new this.#made(relays(), meeting()?.you ?? "", peer, events);
      },
      describe: (plan, sdp) => send({ type: "describe", plan, sdp }),
      reached: (plan, reached) => send({ type: "reached", plan, reached }),
      off: (peer) => {
        const person = meeting()?.room.participants.find(({ id }) => id === peer);
        const { microphone = true, camera = true, screen = true } = person ?? {};
        return new Set<Source>([
          ...(microphone ? [] : (["microphone"] as const)),
          ...(camera ? [] : (["camera"] as const)),
          ...(screen ? [] : (["screen", "screen_audio"] as const)),
        ]);
      },
    });
    this.#unfollow = effect(() => {
      void meeting()?.room;
      this.#plan.follow();
    });
  }

  receive(message: ServerMessage): void {
    if (message.type === "seated") this.#do(() => this.#plan.restart());
    else if (message.type === "plan") this.#do(() => this.#plan.told(message), message.path === "both" ? message.plan : null);
    else if (message.type === "description") this.#do(() => this.#plan.described(message.plan, message.sdp));
  }

  stop(): void {
    this.#unfollow();
    this.#waiting = [];
  }

  /** In order: at once, or when what carries the first plan that is tried is there. */
  #do(step: () => void, tried: number | null = null): void {
    if (this.#made || (tried === null && this.#waiting.length === 0)) {
      step();
      return;
    }
    this.#waiting.push(step);
    if (this.#waiting.length > 1) return;
    this.fetch().then(
      (made) => {
        this.#made = made;
        for (const waiting of this.#waiting.splice(0)) waiting();
      },
      () => {
        this.#waiting = [];
        if (tried !== null) this.caller.send({ type: "reached", plan: tried, reached: false });
      },
    );
  }
}
