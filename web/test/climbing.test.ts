import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Climbing, type Ways } from "../src/media/climbing";
import type { MediaEvents, OfferedConnection } from "../src/media/connection";
import { ICE_ALONE_MS } from "../src/media/ladder";
import type { MediaOffer } from "../src/protocol";

interface Made {
  way: "ice" | "websocket";
  events: MediaEvents;
  fail(): void;
}

let made: Made[];
let said: string[];
let renewals: number;
let probes: ((found: boolean | null) => void)[];
let met: number;
let hasWebSocket: boolean;

function climbing(isBlocked = false): Climbing {
  const make = (way: Made["way"]) => (events: MediaEvents) => {
    const offer = new Promise<MediaOffer>((_, reject) => {
      made.push({ way, events, fail: () => reject(new Error("cannot")) });
    });
    return { offer } as unknown as OfferedConnection;
  };
  const ways: Ways = {
    ice: make("ice"),
    websocket: make("websocket"),
    hasWebSocket: () => Promise.resolve(hasWebSocket),
    probe: () => new Promise((resolve) => probes.push(resolve)),
    renew: () => {
      renewals += 1;
    },
    met: () => {
      met += 1;
    },
  };
  return new Climbing(isBlocked, ways);
}

function connect(climbing: Climbing): Made {
  const say = (what: string) => () => said.push(what);
  climbing.connect({ connected: say("connected"), lost: say("lost") } as unknown as MediaEvents);
  return made.at(-1) as Made;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** On the WebSocket, because ICE found nothing. */
async function descended(): Promise<Climbing> {
  const way = climbing();
  connect(way).events.progress?.("answered");
  await pass(ICE_ALONE_MS);
  expect(renewals).toBe(1);
  const socket = connect(way);
  expect(socket.way).toBe("websocket");
  socket.events.connected();
  expect(probes.length).toBe(1);
  return way;
}

beforeEach(() => {
  vi.useFakeTimers();
  [made, said, renewals, probes, met, hasWebSocket] = [[], [], 0, [], 0, true];
});
afterEach(() => {
  vi.useRealTimers();
});

test("ICE that finds a way in time is left alone, however long the rest takes", async () => {
  const way = climbing();
  const ice = connect(way);
  expect(ice.way).toBe("ice");
  ice.events.progress?.("answered");
  await pass(ICE_ALONE_MS - 1);
  ice.events.progress?.("found");
  await pass(60_000);
  ice.events.connected();
  expect([said, renewals, met]).toEqual([["connected"], 0, 1]);
});

test("ICE that is late gives way to the WebSocket, and a probe looks for the way back", async () => {
  const way = await descended();
  probes[0]?.(true);
  await pass(0);
  expect(renewals).toBe(2);
  const back = connect(way);
  expect(back.way).toBe("ice");
  back.events.connected();
  expect(met).toBe(1);
});

test("a probe that finds nothing, or cannot tell, is repeated later", async () => {
  await descended();
  for (const outcome of [false, null]) {
    probes.at(-1)?.(outcome);
    const before = probes.length;
    await pass(600_000);
    expect(probes.length).toBe(before + 1);
  }
  expect(renewals).toBe(1);
});

test("another network is a reason to look again at once", async () => {
  const way = await descended();
  probes[0]?.(false);
  await pass(0);
  way.network();
  expect(probes.length).toBe(2);
});

test("where the browser has no WebSocket media ICE goes on undisturbed", async () => {
  hasWebSocket = false;
  const way = climbing();
  const ice = connect(way);
  ice.events.progress?.("answered");
  await pass(60_000);
  expect(renewals).toBe(0);
  ice.events.lost();
  expect(connect(way).way).toBe("ice");
});

test("a WebSocket that cannot be offered is a loss that leads back to ICE, and is not tried again", async () => {
  const way = climbing(true);
  const socket = connect(way);
  expect(socket.way).toBe("websocket");
  socket.fail();
  await pass(0);
  expect(said).toEqual(["lost"]);
  const ice = connect(way);
  expect(ice.way).toBe("ice");
  ice.events.progress?.("answered");
  await pass(60_000);
  expect(renewals).toBe(0);
});

test("what a check before joining found is news only while nothing was tried", async () => {
  const way = climbing();
  const ice = connect(way);
  expect(way.blocked()).toBe(true);
  expect(way.blocked()).toBe(false);
  expect(connect(way).way).toBe("websocket");
  const other = climbing();
  connect(other).events.progress?.("answered");
  expect(other.blocked()).toBe(false);
  expect(ice.way).toBe("ice");
});

test("nothing happens once it is over", async () => {
  const way = climbing();
  connect(way).events.progress?.("answered");
  way.stop();
  await pass(60_000);
  expect([renewals, probes.length]).toEqual([0, 0]);
});
