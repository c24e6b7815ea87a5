/**
 * The relays (TURN) that media may take: those that came with the seat, and in a long call others
 * before these end. Without any the call goes on by its other ways.
 */
import { iceServers } from "../api";
import { type Backoff, delay } from "../call/backoff";
import type { IceServer, Seat } from "../protocol";

const RETRY: Backoff = { first: 15_000, cap: 300_000 };

export class Relays {
  #servers: readonly IceServer[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seat: Seat | null = null;

  constructor(private readonly changed: (servers: readonly IceServer[]) => void) {}

  get servers(): readonly IceServer[] {
    return this.#servers;
  }

  /** This seat is the one in use. */
  follow(seat: Seat): void {
    this.#seat = seat;
    this.#take(seat.ice_servers, seat.ice_seconds);
  }

  stop(): void {
    this.#seat = null;
    clearTimeout(this.#timer);
  }

  #take(servers: readonly IceServer[], seconds: number | undefined): void {
    // None can be had now: those from before may still be good.
    if (servers.length > 0) {
      this.#servers = servers;
      this.changed(servers);
    }
    this.#askAfter(seconds === undefined ? null : seconds * 1_000);
  }

  #askAfter(wait: number | null, attempt = 0): void {
    clearTimeout(this.#timer);
    if (wait !== null) this.#timer = setTimeout(() => void this.#ask(attempt), wait);
  }

  async #ask(attempt: number): Promise<void> {
    const seat = this.#seat;
    if (!seat) return;
    const answer = await iceServers(seat);
    if (seat !== this.#seat) return;
    if (answer.ok) this.#take(answer.value.ice_servers, answer.value.ice_seconds);
    else this.#askAfter(delay(RETRY, attempt, Math.random()), attempt + 1);
  }
}
