/** By which ways media goes to a region: those that may be taken (`rungs.ts`), one after another. */
import type { Seat } from "../protocol";
import { recall, remember } from "../storage";
import { Climbing, type Ways } from "./climbing";
import type { Connect } from "./session";
import { isBlocked, met } from "./networks";
import { RegionConnection } from "./region";
import type { Relays } from "./relays";
import { allowedRungs, ICE } from "./rungs";
import { openWebSocketMedia } from "./websocket/open";

/** What a call knows of its own media. */
export interface Route {
  seat(): Seat | null;
  relays: Pick<Relays, "servers">;
  videoSlots(): number;
  renew(): void;
}

/** How the sessions of a call are made. */
export interface Way {
  connect: Connect;
  /** The climbing, where there is more than one way. */
  climbing: Climbing | null;
}

export function wayOf(route: Route): Way {
  const rungs = allowedRungs();
  const ice: Connect = (events) => new RegionConnection(route.relays.servers, route.videoSlots(), events);
  const websocket: Connect = (events) => openWebSocketMedia(route.videoSlots(), events);
  if (!rungs.has("websocket")) return { connect: ice, climbing: null };
  if (!ICE.some((rung) => rungs.has(rung))) return { connect: websocket, climbing: null };
  const ways: Ways = {
    ice,
    websocket,
    hasWebSocket: async () => (await import("./websocket/available")).isAvailable(),
    probe: async (signal) => {
      const seat = route.seat();
      if (!seat) return null;
      const { probe } = await import("./probe");
      return (await probe(seat, route.relays.servers, signal))?.kind === "through";
    },
    renew: () => route.renew(),
    met: () => {
      const network = route.seat()?.network;
      if (network !== undefined) remember("networks", met(recall("networks"), network, false, Date.now()));
    },
  };
  const network = route.seat()?.network;
  const wasBlocked = network !== undefined && isBlocked(recall("networks"), network, Date.now());
  const climbing = new Climbing(wasBlocked, ways);
  return { connect: (events) => climbing.connect(events), climbing };
}
