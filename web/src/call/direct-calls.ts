/** Direct calls of two: what the room and the two browsers say to each other for them. */
import { DirectConnection } from "../media/direct";
import { DirectPlan } from "../media/direct-plan";
import type { MediaSession } from "../media/session";
import type { ClientMessage, IceServer, ParticipantId } from "../protocol";

export interface Caller {
  /** Who this person is, once they are in. */
  you(): ParticipantId | undefined;
  relays(): readonly IceServer[];
  send(message: ClientMessage): void;
}

export function planDirectly(session: MediaSession, { you, relays, send }: Caller): DirectPlan {
  return new DirectPlan(session, {
    connect: (peer, events) => new DirectConnection(relays(), you() ?? "", peer, events),
    describe: (plan, sdp) => send({ type: "describe", plan, sdp }),
    reached: (plan, reached) => send({ type: "reached", plan, reached }),
  });
}
