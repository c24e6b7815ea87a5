import { expect, test } from "vitest";
import { ASK_EVERY_MS, DirectPath, demands, isShown, parse, SILENT_MS, TICK_MS } from "../src/media/direct-path";
import { WISHES } from "../src/protocol";

const tile = { participant: "ada", source: "camera", height: 720, priority: 0 } as const;

test("what another browser says is taken only where it is well formed and small", () => {
  expect(parse('{"type":"ping"}')).toEqual({ type: "ping" });
  expect(parse('{"type":"pong","more":1}')).toEqual({ type: "pong" });
  expect(parse('{"type":"sends","sources":["camera","camera"]}')).toEqual({ type: "sends", sources: ["camera"] });
  expect(parse(JSON.stringify({ type: "wishes", tiles: [tile] }))).toEqual({ type: "wishes", tiles: [tile] });
  for (const bad of [
    "",
    "{",
    "null",
    "7",
    "[]",
    '{"type":"dance"}',
    '{"type":"sends"}',
    '{"type":"sends","sources":["face"]}',
    '{"type":"wishes","tiles":[null]}',
    '{"type":"wishes","tiles":[{"participant":7}]}',
    JSON.stringify({ type: "wishes", tiles: Array.from({ length: WISHES + 1 }, () => tile) }),
    `{"type":"ping","more":"${"x".repeat(16_384)}"}`,
  ]) {
    expect(parse(bad), bad.slice(0, 60)).toBeNull();
  }
  expect(parse(new ArrayBuffer(4))).toBeNull();
});

test("a picture is sent while the other shows it", () => {
  const wanted = (tiles: Parameters<typeof demands>[0]) => demands(tiles, "ada").map((demand) => demand.wanted);
  expect(wanted([tile])).toEqual([true, false]);
  expect(wanted([{ ...tile, source: "screen" }])).toEqual([false, true]);
  expect(wanted([{ ...tile, participant: "bob" }])).toEqual([false, false]);
  expect([isShown(null, "ada", "screen"), isShown([], "ada", "screen")]).toEqual([true, false]);
});

/** Ticks up to `until`, and what they led to, with the time. */
function ticks(path: DirectPath, from: number, until: number): [number, string][] {
  const steps: [number, string][] = [];
  for (let now = from; now <= until; now += TICK_MS) {
    const step = path.tick(now);
    if (step) steps.push([now, step]);
  }
  return steps;
}

test("a way is asked about once a second, and lost after three without a word", () => {
  const path = new DirectPath();
  const steps = ticks(path, 0, SILENT_MS);
  expect(steps.map(([, step]) => step)).toEqual(["ask", "ask", "ask", "lost"]);
  expect(steps.map(([at]) => at)).toEqual([0, ASK_EVERY_MS, 2 * ASK_EVERY_MS, SILENT_MS]);
  const heard = new DirectPath();
  for (let now = 0; now < 10_000; now += TICK_MS) {
    expect(heard.tick(now)).not.toBe("lost");
    if (now % 2_000 === 0) heard.heard(now);
  }
});

test("a page that stood still does not take the way for lost", () => {
  const path = new DirectPath();
  ticks(path, 0, 1_000);
  expect(path.tick(120_000)).toBe("ask");
  expect(ticks(path, 120_200, 122_800).map(([, step]) => step)).not.toContain("lost");
  expect(path.tick(123_000)).toBe("lost");
});

test("a way is proven by an answer, and doubts are not asked twice at once", () => {
  const path = new DirectPath();
  expect([path.ask(0), path.ask(10), path.ask(TICK_MS)]).toEqual([true, false, true]);
  path.heard(300);
  expect(path.isProven).toBe(false);
  path.answered();
  expect(path.isProven).toBe(true);
});

test("a voice speaks a moment longer than it is loud", () => {
  const path = new DirectPath();
  expect(path.speaks(0.001, 0)).toBe(false);
  expect(path.speaks(0.3, 200)).toBe(true);
  expect(path.speaks(0, 600)).toBe(true);
  expect(path.speaks(0, 800)).toBe(false);
});
