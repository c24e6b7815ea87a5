import { expect, test } from "vitest";
import { assign, type SlotTable, tracksBySource } from "../src/media/slots";
import type { SlotTrack } from "../src/protocol";

const camera = (participant: string) => ({ participant, source: "camera" as const });

test("slots that are not named stay as they were", () => {
  const first = assign(new Map(), [
    { mid: "6", track: camera("ada") },
    { mid: "7", track: camera("bob") },
  ]);
  const second = assign(first, [{ mid: "7", track: camera("eve") }]);
  expect([...second]).toEqual([
    ["6", camera("ada")],
    ["7", camera("eve")],
  ]);
  expect(first.get("7")).toEqual(camera("bob"));
});

test("a slot without a track carries nobody", () => {
  const table = assign(new Map([["6", camera("ada")]]), [{ mid: "6" }]);
  expect(table.size).toBe(0);
});

test("tracks are found by whose they are; a slot that is not ours is passed over", () => {
  const table: SlotTable = new Map<string, SlotTrack>([
    ["6", camera("ada")],
    ["99", camera("bob")],
    ["2", { participant: "ada", source: "microphone" }],
  ]);
  const tracks = tracksBySource(
    table,
    new Map([
      ["6", "video"],
      ["2", "audio"],
    ]),
  );
  expect([...tracks]).toEqual([
    ["ada/camera", "video"],
    ["ada/microphone", "audio"],
  ]);
});

test("someone who moves to another slot is found there", () => {
  const before = assign(new Map(), [{ mid: "6", track: camera("ada") }]);
  const after = assign(before, [{ mid: "6" }, { mid: "7", track: camera("ada") }]);
  expect(
    tracksBySource(
      after,
      new Map([
        ["6", "old"],
        ["7", "new"],
      ]),
    ).get("ada/camera"),
  ).toBe("new");
});
