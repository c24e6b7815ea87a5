/** A connection that is tried beside the one in use, and may take its place once it flows. */
import type { MediaConnection, MediaEvents } from "./connection";
import type { Flow } from "./flow";

/** What the session does for it. */
export interface Seat {
  make(connect: (events: Omit<MediaEvents, "connected" | "interrupted" | "lost">) => MediaConnection): Flow;
  isCurrent(connection: MediaConnection): boolean;
  /** It may be in use soon; null: nothing will. */
  attend(connection: MediaConnection | null): void;
  /** It is in use from now on. */
  take(flow: Flow): void;
  /** The one in use is lost. */
  lost(flow: Flow): void;
  link(link: "connected" | "recovering"): void;
}

export class Beside {
  #flow: Flow | null = null;

  constructor(private readonly seat: Seat) {}

  get connection(): MediaConnection | null {
    return this.#flow?.connection ?? null;
  }

  try(connect: (events: MediaEvents) => MediaConnection, settled: (flows: boolean) => void): void {
    this.leave();
    const flow: Flow = this.seat.make((events) =>
      connect({
        ...events,
        connected: () => {
          if (this.seat.isCurrent(flow.connection)) this.seat.link("connected");
          else if (!flow.flows) {
            flow.flows = true;
            this.seat.attend(flow.connection);
            settled(true);
          }
        },
        interrupted: () => {
          if (this.seat.isCurrent(flow.connection)) this.seat.link("recovering");
        },
        lost: () => {
          if (this.seat.isCurrent(flow.connection)) {
            this.#flow = null;
            this.seat.lost(flow);
          } else if (flow === this.#flow) {
            this.leave();
            settled(false);
          }
        },
      }),
    );
    this.#flow = flow;
  }

  /** It takes over at once, if it has not; false when there is nothing. */
  take(): boolean {
    if (!this.#flow) return false;
    if (!this.#isTaken(this.#flow)) this.seat.take(this.#flow);
    return true;
  }

  /** Takes over from one that is lost, where it flows. */
  standIn(): boolean {
    return this.#flow?.flows === true && !this.#isTaken(this.#flow) && this.take();
  }

  /** Lets go of it; false where it is in use, and goes on until something else is. */
  leave(): boolean {
    const flow = this.#flow;
    this.#flow = null;
    if (flow && this.#isTaken(flow)) return false;
    if (flow) {
      this.seat.attend(null);
      flow.connection.close();
    }
    return true;
  }

  #isTaken({ connection }: Flow): boolean {
    return this.seat.isCurrent(connection);
  }
}
