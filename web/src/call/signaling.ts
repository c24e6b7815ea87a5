/** The room's socket: which seat opens it, and which closes are for good. */
import {
  CLOSE_DENIED,
  CLOSE_ENDED,
  CLOSE_LEFT,
  CLOSE_PROTOCOL,
  CLOSE_RATE,
  CLOSE_REMOVED,
  CLOSE_REPLACED,
  type ClientMessage,
  SEAT_SUBPROTOCOL_PREFIX,
  type ServerMessage,
  SUBPROTOCOL,
} from "../protocol";
import type { Backoff } from "./backoff";
import { KeptSocket, type OpenSocket, openWebSocket, type SocketEvents } from "./kept-socket";

export const PING_EVERY_MS = 20_000;
export const BACKOFF: Backoff = { first: 250, cap: 3_000 };

const FINAL: ReadonlySet<number> = new Set([
  CLOSE_PROTOCOL,
  CLOSE_REPLACED,
  CLOSE_ENDED,
  CLOSE_RATE,
  CLOSE_LEFT,
  CLOSE_DENIED,
  CLOSE_REMOVED,
]);

export class Signaling extends KeptSocket<ServerMessage, ClientMessage> {
  constructor(url: string, seat: string, events: SocketEvents<ServerMessage>, openSocket: OpenSocket = openWebSocket) {
    super(
      {
        open: (use) => use(openSocket(url, [SUBPROTOCOL, SEAT_SUBPROTOCOL_PREFIX + seat])),
        final: FINAL,
        pingEvery: PING_EVERY_MS,
        backoff: BACKOFF,
      },
      events,
    );
  }
}
