import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Relays } from "../src/media/relays";
import type { IceServer, IceServers, Seat } from "../src/protocol";

const relay = (name: string): IceServer[] => [{ urls: [`turn:${name}`], username: "7", credential: "x" }];
const seat = (ice: IceServers, token = "seat"): Seat => ({ ...ice, seat: token, room: { id: "room" } }) as Seat;

let changed: (readonly IceServer[])[];
let answers: (IceServers | "refused")[];
let asked: { path: string; token: string }[];
let relays: Relays;

beforeEach(() => {
  vi.useFakeTimers();
  [changed, answers, asked] = [[], [], []];
  vi.stubGlobal("fetch", async (path: string, { headers }: { headers: Record<string, string> }) => {
    asked.push({ path, token: headers.Authorization ?? "" });
    const answer = answers.shift() ?? "refused";
    return answer === "refused"
      ? new Response("{}", { status: 500 })
      : new Response(JSON.stringify(answer), { status: 200 });
  });
  relays = new Relays((servers) => changed.push(servers));
});

afterEach(() => {
  relays.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("where there are none nothing is asked", async () => {
  relays.follow(seat({ ice_servers: [] }));
  await vi.advanceTimersByTimeAsync(10 * 3_600_000);
  expect([asked, changed, relays.servers]).toEqual([[], [], []]);
});

test("in a long call others are taken before the first end", async () => {
  relays.follow(seat({ ice_servers: relay("one"), ice_seconds: 7200 }));
  expect(relays.servers).toEqual(relay("one"));
  answers = [{ ice_servers: relay("two"), ice_seconds: 7200 }, { ice_servers: [], ice_seconds: 15 }, { ice_servers: relay("three") }];
  await vi.advanceTimersByTimeAsync(7_199_000);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual([{ path: "/api/rooms/room/ice", token: "Bearer seat" }]);
  expect(relays.servers).toEqual(relay("two"));
  await vi.advanceTimersByTimeAsync(7_200_000);
  expect(relays.servers, "none for now").toEqual(relay("two"));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(changed).toEqual([relay("one"), relay("two"), relay("three")]);
  await vi.advanceTimersByTimeAsync(10 * 3_600_000);
  expect(asked).toHaveLength(3);
});

test("a refusal is tried again, less and less often", async () => {
  relays.follow(seat({ ice_servers: [], ice_seconds: 15 }));
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.length).toBeLessThan(40);
  answers = [{ ice_servers: relay("late"), ice_seconds: 7200 }];
  await vi.advanceTimersByTimeAsync(300_000);
  expect(relays.servers).toEqual(relay("late"));
});

test("another seat takes the place of the first, and nothing is asked after the end", async () => {
  relays.follow(seat({ ice_servers: relay("one"), ice_seconds: 60 }));
  relays.follow(seat({ ice_servers: relay("two"), ice_seconds: 60 }, "other"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([{ path: "/api/rooms/room/ice", token: "Bearer other" }]);
  relays.stop();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(asked).toHaveLength(1);
});
