/**
 * What the room wants of a direct connection, and what came of it. The region goes on to carry media
 * until the room says that both see and hear each other directly, and carries it again before the
 * direct connection goes.
 */
import type { MediaPath, ParticipantId, ServerMessage, Source } from "../protocol";
import type { Beside } from "./beside";
import type { MediaConnection, MediaEvents } from "./connection";

/** What the direct connection of a plan is. */
export interface Described extends MediaConnection {
  /** The other's end is known. */
  described(sdp: string): void;
  /** These of the other's sources are neither seen nor heard here, whatever comes. */
  withhold(sources: ReadonlySet<Source>): void;
}

export interface PlanEvents {
  connect(peer: ParticipantId, events: MediaEvents & { describe(sdp: string): void }): Described;
  describe(plan: number, sdp: string): void;
  reached(plan: number, reached: boolean): void;
  /** What the room says is off of somebody. */
  off(peer: ParticipantId): ReadonlySet<Source>;
}

/** What of a session is used. */
interface Sessions {
  beside: Pick<Beside, "try" | "take" | "leave">;
  renew(): boolean;
}

export class DirectPlan {
  #plan = 0;
  #path: MediaPath = "region";
  #connection: Described | null = null;
  #peer: ParticipantId = "";
  /** The room ended the plan, and the connection goes on until the region's flows. */
  #isLeaving = false;

  constructor(
    private readonly session: Sessions,
    private readonly events: PlanEvents,
  ) {}

  told({ plan, path, peer }: Extract<ServerMessage, { type: "plan" }>): void {
    if (plan < this.#plan || (plan === this.#plan && path === this.#path)) return;
    const isSame = plan === this.#plan;
    this.#plan = plan;
    this.#path = path;
    if (path === "both" && peer !== undefined) this.#try(plan, peer);
    else if (path === "direct" && !(isSame && this.#connection && this.session.beside.take())) {
      // It did not last until both had said that it flows.
      this.#connection = null;
      this.events.reached(plan, false);
    } else if (path === "region") this.#leave();
  }

  described(plan: number, sdp: string): void {
    if (plan === this.#plan && this.#path === "both") this.#connection?.described(sdp);
  }

  /** The room gave this person up: what it planned is over. */
  restart(): void {
    this.#path = "region";
    this.#connection = null;
    this.session.beside.leave();
  }

  /** What the room says of people changed. A host may have stopped what still comes directly. */
  follow(): void {
    if (this.#isLeaving) this.#connection?.withhold(this.events.off(this.#peer));
  }

  #leave(): void {
    this.#isLeaving = this.#connection !== null && !this.session.beside.leave();
    if (!this.#isLeaving) return;
    this.follow();
    this.session.renew();
  }

  #try(plan: number, peer: ParticipantId): void {
    this.#peer = peer;
    this.#isLeaving = false;
    const settled = (flows: boolean) => {
      if (plan !== this.#plan) return;
      if (!flows) this.#connection = null;
      this.events.reached(plan, flows);
    };
    try {
      this.session.beside.try((events) => {
        const describe = (sdp: string) => this.events.describe(plan, sdp);
        this.#connection = this.events.connect(peer, { ...events, describe });
        return this.#connection;
      }, settled);
    } catch {
      // This browser makes none, with these relays or at all.
      settled(false);
    }
  }
}
