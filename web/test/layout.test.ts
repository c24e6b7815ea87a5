import { describe, expect, test } from "vitest";
import { arrange, capacity, layout, type Size, type Tile, tilesOf } from "../src/call/layout";

const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
const laptop: Size = { width: 1416, height: 770 };
const phone: Size = { width: 336, height: 600 };
const stages: Size[] = [
  laptop,
  phone,
  { width: 296, height: 420 },
  { width: 2536, height: 1300 },
  { width: 700, height: 300 },
];

function overlap(a: Tile, b: Tile): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe("grid", () => {
  test.each(stages.flatMap((stage) => [1, 3, 4, 5, 7, 9, 10, 16, 49].map((count) => [count, stage] as const)))(
    "%i people on %o are all inside, apart and of one size",
    (count, stage) => {
      const tiles = tilesOf(layout({ people: names(count), self: null, focus: null, stage }));
      expect(tiles.map((tile) => tile.id)).toEqual(names(count));
      for (const tile of tiles) {
        expect(tile.x).toBeGreaterThanOrEqual(0);
        expect(tile.y).toBeGreaterThanOrEqual(0);
        expect(tile.x + tile.width).toBeLessThanOrEqual(stage.width + 1);
        expect(tile.y + tile.height).toBeLessThanOrEqual(stage.height + 1);
        expect(tile.width).toBeGreaterThan(0);
        expect([tile.width, tile.height]).toEqual([tiles[0]?.width, tiles[0]?.height]);
      }
      for (const [index, a] of tiles.entries()) {
        for (const b of tiles.slice(index + 1)) expect(overlap(a, b)).toBe(false);
      }
    },
  );

  test("four on a laptop are two by two, three on a phone one below another", () => {
    const four = tilesOf(layout({ people: names(4), self: null, focus: null, stage: laptop }));
    expect(new Set(four.map((tile) => tile.x)).size).toBe(2);
    const three = tilesOf(layout({ people: names(3), self: null, focus: null, stage: phone }));
    expect(new Set(three.map((tile) => tile.x)).size).toBe(1);
  });

  test("no tile is wider than a camera's picture or too narrow for a face", () => {
    for (const stage of stages) {
      for (const tile of tilesOf(layout({ people: names(6), self: null, focus: null, stage }))) {
        const shape = tile.width / tile.height;
        expect(shape).toBeLessThan(16 / 9 + 0.05);
        expect(shape).toBeGreaterThan(0.72);
      }
    }
  });
});

describe("two people", () => {
  test("the other fills the stage, oneself is small inside", () => {
    const placed = layout({ people: ["me", "you"], self: "me", focus: null, stage: laptop });
    if (placed.kind !== "pair") throw new Error(placed.kind);
    expect(placed.main.id).toBe("you");
    expect(placed.inset.id).toBe("me");
    expect(placed.main.height).toBe(laptop.height);
    expect(placed.inset.x + placed.inset.width).toBeLessThanOrEqual(placed.main.x + placed.main.width);
    expect(placed.inset.width).toBeLessThan(placed.main.width / 3);
  });

  test("focus on oneself turns it around", () => {
    const placed = layout({ people: ["me", "you"], self: "me", focus: "me", stage: phone });
    expect(placed).toMatchObject({ kind: "pair", main: { id: "me" }, inset: { id: "you" } });
  });
});

describe("focus", () => {
  test.each(stages)("one is large and the others beside or below, on %o", (stage) => {
    const placed = layout({ people: names(6), self: null, focus: "p3", stage });
    if (placed.kind !== "focus") throw new Error(placed.kind);
    expect(placed.main.id).toBe("p3");
    for (const tile of placed.strip) {
      expect(overlap(placed.main, tile)).toBe(false);
      expect(tile.width * tile.height).toBeLessThan(placed.main.width * placed.main.height);
    }
  });

  test("somebody who is not there cannot be in focus", () => {
    expect(layout({ people: names(3), self: null, focus: "gone", stage: laptop }).kind).toBe("grid");
  });
});

test("a stage without room, or without people, is empty", () => {
  expect(layout({ people: [], self: null, focus: null, stage: laptop }).kind).toBe("empty");
  expect(layout({ people: names(2), self: null, focus: null, stage: { width: 0, height: 0 } }).kind).toBe("empty");
});

test("a small stage holds fewer tiles, but always one", () => {
  expect(capacity(laptop)).toBeGreaterThan(49);
  expect(capacity(phone)).toBeGreaterThanOrEqual(10);
  expect(capacity({ width: 10, height: 10 })).toBe(1);
});

describe("order", () => {
  test("who comes later stands later; nobody moves", () => {
    expect(arrange(["a", "b"], ["a", "b", "c"], [], 9, null)).toEqual(["a", "b", "c"]);
    expect(arrange(["b", "a"], ["a", "b", "c"], [], 9, null)).toEqual(["b", "a", "c"]);
  });

  test("who leaves makes room for the next who was not shown", () => {
    expect(arrange(["a", "b", "c"], ["a", "c", "d", "e"], [], 3, null)).toEqual(["a", "c", "d"]);
  });

  test("a hidden speaker swaps with whoever spoke least recently; the others stay", () => {
    expect(arrange(["a", "b", "c"], ["a", "b", "c", "d"], ["d", "a", "c"], 3, null)).toEqual(["a", "d", "c"]);
  });

  test("a shown speaker stays where they are", () => {
    const order = ["a", "b", "c"];
    expect(arrange(order, [...order, "d"], ["c", "a"], 3, null)).toEqual(order);
  });

  test("whom to keep is never swapped out, and always shown", () => {
    expect(arrange(["me", "b"], ["me", "b", "c"], ["c", "b"], 2, "me")).toEqual(["me", "c"]);
    expect(arrange(["a", "b"], ["a", "b", "me"], ["b", "a"], 2, "me")).toContain("me");
  });

  test("the same speakers again change nothing", () => {
    const present = names(20);
    const recent = ["p15", "p3", "p17"];
    const once = arrange(names(9), present, recent, 9, null);
    expect(arrange(once, present, recent, 9, null)).toEqual(once);
  });
});
