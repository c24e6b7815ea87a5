/**
 * What the room wants of a direct connection, and what came of it. The region goes on to carry media
 * until the room says that both see and hear each other directly, and carries it again before the
 * direct connection goes.
 */
import type { MediaPath, ParticipantId, ServerMessage } from "../protocol";
import type { MediaConnection, MediaEvents } from "./connection";
import type { MediaSession } from "./session";

/**
 * Whether this browser says that it can. Off until calls of two are tested from end to end; the room
 * tries a direct connection only where both browsers say so.
 */
export const DIRECT_CALLS = false;

/** What the direct connection of a plan is. */
export interface Described extends MediaConnection {
  /** The other's end is known. */
  described(sdp: string): void;
}

export interface PlanEvents {
  connect(peer: ParticipantId, events: MediaEvents & { describe(sdp: string): void }): Described;
  describe(plan: number, sdp: string): void;
  reached(plan: number, reached: boolean): void;
}

type Sessions = Pick<MediaSession, "tryBeside" | "takeBeside" | "leaveBeside" | "renew">;

export class DirectPlan {
  #plan = 0;
  #path: MediaPath = "region";
  #connection: Described | null = null;

  constructor(
    private readonly session: Sessions,
    private readonly events: PlanEvents,
  ) {}

  told({ plan, path, peer }: Extract<ServerMessage, { type: "plan" }>): void {
    if (plan < this.#plan || (plan === this.#plan && path === this.#path)) return;
    const before = this.#path;
    const isSame = plan === this.#plan;
    this.#plan = plan;
    this.#path = path;
    if (path === "both" && peer !== undefined) this.#try(plan, peer);
    else if (path === "direct" && !(isSame && this.#connection && this.session.takeBeside())) {
      // It did not last until both had said that it flows.
      this.#connection = null;
      this.events.reached(plan, false);
    } else if (path === "region") {
      this.#connection = null;
      this.session.leaveBeside();
      if (before === "direct") this.session.renew();
    }
  }

  described(plan: number, sdp: string): void {
    if (plan === this.#plan && this.#path === "both") this.#connection?.described(sdp);
  }

  /** The room gave this person up: what it planned is over. */
  restart(): void {
    this.#path = "region";
    this.#connection = null;
    this.session.leaveBeside();
  }

  #try(plan: number, peer: ParticipantId): void {
    this.session.tryBeside(
      (events) => {
        const describe = (sdp: string) => this.events.describe(plan, sdp);
        this.#connection = this.events.connect(peer, { ...events, describe });
        return this.#connection;
      },
      (flows) => {
        if (plan === this.#plan) this.events.reached(plan, flows);
      },
    );
  }
}
