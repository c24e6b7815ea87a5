import { expect, test } from "vitest";
import { demands, isShown, Pace, parse, Voice } from "../src/media/direct-words";
import { WISHES } from "../src/protocol";

const tile = { participant: "ada", source: "camera", height: 720, priority: 0 } as const;

test("what another browser says is taken only where it is well formed and small", () => {
  expect(parse('{"type":"ping"}')).toEqual({ type: "ping" });
  expect(parse('{"type":"done"}')).toEqual({ type: "done" });
  expect(parse('{"type":"hears","speaks":true}')).toEqual({ type: "hears", speaks: true });
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
    '{"type":"hears","speaks":"loudly"}',
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

test("a voice speaks a moment longer than it is loud", () => {
  const voice = new Voice();
  expect(voice.speaks(0.001, 0)).toBe(false);
  expect(voice.speaks(0.3, 200)).toBe(true);
  expect(voice.speaks(0, 600)).toBe(true);
  expect(voice.speaks(0, 800)).toBe(false);
});

test("whoever says far more than a page does is heard no longer", () => {
  const pace = new Pace();
  const said = (times: number, now: number) =>
    Array.from({ length: times }, () => pace.isExceeded(now)).some(Boolean);
  expect(said(500, 1_000)).toBe(false);
  expect(said(500, 2_000)).toBe(false);
  expect(said(1, 2_999)).toBe(true);
});
