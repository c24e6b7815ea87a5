import { describe, expect, test } from "vitest";
import { begin, type Happening, ICE_ALONE_MS, LASTING_MS, type Ladder, next, type Step } from "../src/media/ladder";

/** What each happening leads to, one second after another unless a time is named. */
function climb(isBlocked: boolean, ...happenings: (Happening | [Happening, number])[]): { ladder: Ladder; steps: (Step | null)[] } {
  let [ladder, first]: [Ladder, Step | null] = begin(isBlocked);
  const steps: (Step | null)[] = [first];
  happenings.forEach((one, place) => {
    const [what, at] = typeof one === "string" ? [one, (place + 1) * 1_000] : one;
    const [then, step] = next(ladder, what, at, 0.5);
    ladder = then;
    steps.push(step);
  });
  return { ladder, steps };
}

describe("the ladder", () => {
  test("is not left where ICE flows in time", () => {
    const { ladder, steps } = climb(false, ["answered", 0], ["tick", ICE_ALONE_MS - 1], "ice_flows", ["tick", 60_000]);
    expect(steps).toEqual(["ice", null, null, null, null]);
    expect(ladder).toMatchObject({ uses: "ice", due: null });
  });

  test("goes down to the WebSocket where ICE takes too long, and tries ICE along", () => {
    const { ladder, steps } = climb(false, ["answered", 100], ["tick", 100 + ICE_ALONE_MS], "websocket_flows");
    expect(steps).toEqual(["ice", null, "websocket", "probe"]);
    expect(ladder).toMatchObject({ uses: "websocket", probing: true });
  });

  test("goes down at once where ICE gives up, and where nothing else got through lately", () => {
    expect(climb(false, "answered", "ice_lost").steps).toEqual(["ice", null, "websocket"]);
    expect(climb(true, "websocket_flows").steps).toEqual(["websocket", "probe"]);
  });

  test("takes ICE when that flows first after all", () => {
    const { ladder, steps } = climb(false, ["answered", 0], ["tick", ICE_ALONE_MS], "ice_flows", "websocket_lost");
    expect(steps.slice(3)).toEqual([null, null]);
    expect(ladder.uses).toBe("ice");
  });

  test("comes back once a probe finds a way, and keeps the WebSocket until that flows", () => {
    const { ladder, steps } = climb(true, "websocket_flows", "way_found");
    expect(steps).toEqual(["websocket", "probe", "ice"]);
    expect(ladder).toMatchObject({ uses: "websocket", making: "ice" });
    expect(next(ladder, "ice_flows", 9_000, 0)[0].uses).toBe("ice");
    const [failed, step] = next(ladder, "ice_lost", 9_000, 0.5);
    expect(step).toBeNull();
    expect(failed).toMatchObject({ uses: "websocket", making: "websocket" });
    expect(failed.due).toBeGreaterThan(9_000);
  });

  test("tries better ways again later and later, up to a bound", () => {
    let { ladder } = climb(true, ["websocket_flows", 0]);
    let now = 0;
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      [ladder] = next(ladder, "no_way", now, 0.5);
      waits.push((ladder.due ?? 0) - now);
      expect(next(ladder, "tick", (ladder.due ?? 0) - 1, 0.5)[1]).toBeNull();
      now = ladder.due ?? 0;
      const [then, step] = next(ladder, "tick", now, 0.5);
      expect(step).toBe("probe");
      ladder = then;
    }
    expect(waits).toEqual([...waits].sort((one, other) => one - other));
    expect(waits[0]).toBeLessThanOrEqual(20_000);
    expect(waits.at(-1)).toBeLessThanOrEqual(300_000);
    expect(waits.at(-1)).toBe(waits.at(-2));
  });

  test("tries them at once in another network, one probe at a time", () => {
    const { steps } = climb(true, "websocket_flows", "no_way", "network", "network", "no_way");
    expect(steps).toEqual(["websocket", "probe", null, "probe", null, null]);
  });

  test("gives ICE its time again where it had carried media for a while, and not where it never lasts", () => {
    const lasted = climb(false, ["ice_flows", 0], ["ice_lost", LASTING_MS]);
    expect(lasted.steps.at(-1)).toBe("ice");
    const shortly = climb(false, ["ice_flows", 0], ["ice_lost", LASTING_MS - 1]);
    expect(shortly.steps.at(-1)).toBe("websocket");
    expect(shortly.ladder.failures).toBe(1);
  });

  test("begins from the top where the WebSocket is lost too", () => {
    const { ladder, steps } = climb(true, "websocket_flows", "websocket_lost", "answered");
    expect(steps.slice(2)).toEqual(["ice", null]);
    expect(ladder.due).toBe(3_000 + ICE_ALONE_MS);
  });

  test("a probe that comes too late changes nothing", () => {
    const { steps, ladder } = climb(true, "websocket_flows", "ice_flows", "way_found", "no_way");
    expect(steps.slice(2)).toEqual([null, null, null]);
    expect(ladder).toMatchObject({ uses: "ice", due: null });
  });
});
