/** Which connection to a region is offered: the only one that is left, where the others are kept out. */
import type { IceServer } from "../protocol";
import type { MediaEvents, OfferedConnection } from "./connection";
import { RegionConnection } from "./region";
import { allowedRungs, type Rung } from "./rungs";
import { openWebSocketMedia } from "./websocket/open";

export function connectRegion(
  servers: readonly IceServer[],
  videoSlots: number,
  events: MediaEvents,
  allowed: ReadonlySet<Rung> = allowedRungs(),
): OfferedConnection {
  const onlySocket = allowed.size === 1 && allowed.has("websocket");
  return onlySocket ? openWebSocketMedia(videoSlots, events) : new RegionConnection(servers, videoSlots, events);
}
