import { describe, expect, test } from "vitest";
import { BETTER_WITHIN_MS, best, GIVE_UP_MS, isSettled } from "../src/media/probe";

const found = (...ways: string[]) => ways.map((way, place) => ({ way, roundTrip: 10 * (place + 1) })) as Parameters<typeof best>[0];

describe("what a probe tells", () => {
  test("is the best way that works, and the quickest of two that are as good", () => {
    expect(best([])).toBeNull();
    expect(best(found("relay_tcp", "tcp", "relay_udp"))).toEqual({ way: "tcp", roundTrip: 20 });
    expect(best(found("tcp", "udp", "udp"))).toEqual({ way: "udp", roundTrip: 20 });
    expect(best([{ way: "udp", roundTrip: null }])).toBeNull();
  });

  test("is UDP at once, because nothing is better", () => {
    expect(isSettled({ way: "udp", roundTrip: 9 }, 0, 0)).toBe(true);
  });

  test("is any other way once better ones had their time", () => {
    const tcp = { way: "tcp", roundTrip: 9 } as const;
    expect(isSettled(tcp, 300, 300 + BETTER_WITHIN_MS - 1)).toBe(false);
    expect(isSettled(tcp, 300, 300 + BETTER_WITHIN_MS)).toBe(true);
  });

  test("is nothing only after a while", () => {
    expect(isSettled(null, null, GIVE_UP_MS - 1)).toBe(false);
    expect(isSettled(null, null, GIVE_UP_MS)).toBe(true);
  });
});
