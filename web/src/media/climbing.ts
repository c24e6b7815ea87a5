/**
 * Goes up and down the ladder (`ladder.ts`): makes each session of the way that is tried now, and another
 * when that is the next step. What is in use goes on until another way flows.
 */
import type { MediaEvents, OfferedConnection } from "./connection";
import { begin, type Happening, type Ladder, next, type Step } from "./ladder";

export interface Ways {
  ice(events: MediaEvents): OfferedConnection;
  websocket(events: MediaEvents): OfferedConnection;
  /** Whether this browser can send and receive media over a WebSocket. */
  hasWebSocket(): Promise<boolean>;
  /** Whether ICE would get through, tried beside what is in use; null where it cannot be told. */
  probe(signal: AbortSignal): Promise<boolean | null>;
  /** Another session in place of the one in use, which goes on until it flows. */
  renew(): void;
  /** ICE got through in this network. */
  met(): void;
}

export class Climbing {
  #ladder: Ladder;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the probe under way, and of all that comes later. */
  readonly #over = new AbortController();
  /** This browser cannot do it: ICE is all there is. */
  #withoutSocket = false;

  /** `isBlocked`: in this network nothing but the WebSocket got through lately. */
  constructor(
    isBlocked: boolean,
    private readonly ways: Ways,
  ) {
    [this.#ladder] = begin(isBlocked);
  }

  /** What the next session is made with. */
  connect(events: MediaEvents): OfferedConnection {
    return this.#ladder.making === "ice" || this.#withoutSocket ? this.#ice(events) : this.#socket(events);
  }

  /** A probe found that nothing else gets through, before anything was tried. */
  blocked(): boolean {
    const isNews = this.#ladder.uses === null && this.#ladder.making === "ice" && this.#ladder.due === null;
    if (isNews) [this.#ladder] = begin(true);
    return isNews;
  }

  /** The network may be another. */
  network(): void {
    this.#do(this.#happened("network"));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#over.abort();
  }

  #ice(events: MediaEvents): OfferedConnection {
    return this.ways.ice({
      ...events,
      progress: (step) => this.#happened(step),
      connected: () => {
        this.#happened("ice_flows");
        this.ways.met();
        events.connected();
      },
      lost: () => {
        // The session makes another by itself, with what is the next step.
        this.#happened("ice_lost");
        events.lost();
      },
    });
  }

  #socket(events: MediaEvents): OfferedConnection {
    const lost = () => {
      this.#happened("websocket_lost");
      events.lost();
    };
    const connection = this.ways.websocket({
      ...events,
      lost,
      connected: () => {
        const step = this.#happened("websocket_flows");
        events.connected();
        this.#do(step);
      },
    });
    connection.offer.catch(() => {
      if (this.#over.signal.aborted) return;
      this.#withoutSocket = true;
      lost();
    });
    return connection;
  }

  #happened(what: Happening): Step | null {
    const [ladder, step] = next(this.#ladder, what, Date.now(), Math.random());
    this.#ladder = ladder;
    clearTimeout(this.#timer);
    if (ladder.due !== null && !this.#over.signal.aborted) {
      this.#timer = setTimeout(() => this.#do(this.#happened("tick")), Math.max(0, ladder.due - Date.now()));
    }
    return step;
  }

  #do(step: Step | null): void {
    if (this.#over.signal.aborted) return;
    if (step === "probe") void this.#probe();
    else if (step === "ice") this.ways.renew();
    else if (step === "websocket") void this.#descend();
  }

  async #probe(): Promise<void> {
    const found = await this.ways.probe(this.#over.signal).catch(() => null);
    this.#do(this.#happened(found ? "way_found" : "no_way"));
  }

  /** Leaves ICE, which is late, where there is something else. */
  async #descend(): Promise<void> {
    this.#withoutSocket ||= !(await this.ways.hasWebSocket().catch(() => false));
    // ICE may have found its way meanwhile.
    if (this.#withoutSocket || this.#ladder.making !== "websocket" || this.#over.signal.aborted) return;
    this.ways.renew();
  }
}
