import { describe, expect, test } from "vitest";
import {
  arrange,
  capacity,
  focusOf,
  type Gathering,
  layout,
  place,
  type Size,
  type Tile,
  tilesOf,
} from "../src/call/layout";

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
    expect(arrange(["a", "b"], ["a", "b", "c"], [], 9)).toEqual(["a", "b", "c"]);
    expect(arrange(["b", "a"], ["a", "b", "c"], [], 9)).toEqual(["b", "a", "c"]);
  });

  test("who leaves is replaced by the last; nobody else moves", () => {
    expect(arrange(["a", "b", "c", "d", "e"], ["a", "c", "d", "e"], [], 3)).toEqual(["a", "e", "c", "d"]);
    expect(arrange(["a", "b", "c"], ["a", "b"], [], 9)).toEqual(["a", "b"]);
    expect(arrange(["a", "b", "c", "d"], ["b"], [], 9)).toEqual(["b"]);
  });

  test("one of many who leaves moves at most one of the others", () => {
    const before = names(30);
    for (const gone of before) {
      const after = arrange(before, before.filter((id) => id !== gone), [], 9);
      expect(after.filter((id, at) => before[at] !== id).length).toBeLessThanOrEqual(1);
    }
  });

  test("a hidden speaker swaps with whoever spoke least recently; the others stay", () => {
    expect(arrange(["a", "b", "c"], ["a", "b", "c", "d"], ["d", "a", "c"], 3)).toEqual(["a", "d", "c", "b"]);
  });

  test("a shown speaker stays where they are", () => {
    const order = ["a", "b", "c", "d"];
    expect(arrange(order, order, ["c", "a"], 3)).toEqual(order);
  });

  test("who is put in front trades places with who was there, and is not swapped out", () => {
    expect(arrange(["a", "b", "c"], ["a", "b", "c"], [], 9, "c")).toEqual(["c", "b", "a"]);
    expect(arrange(["a", "b", "c"], ["a", "b", "c"], ["c", "b"], 2, "a")).toEqual(["a", "c", "b"]);
  });

  test("the same speakers again change nothing", () => {
    const present = names(20);
    const recent = ["p15", "p3", "p17"];
    const once = arrange(names(9), present, recent, 9);
    expect(arrange(once, present, recent, 9)).toEqual(once);
  });
});

describe("a gathering", () => {
  const gathering = (more: Partial<Gathering> = {}): Gathering => ({
    screens: [],
    others: names(5),
    self: "me",
    before: [],
    recent: [],
    focus: null,
    mode: "grid",
    selfView: "tile",
    stage: laptop,
    page: 0,
    ...more,
  });
  const ids = (more: Partial<Gathering>) => tilesOf(place(gathering(more)).layout).map(({ id }) => id);

  test("shows the others, and oneself last, in a corner or not at all", () => {
    expect(ids({})).toEqual([...names(5), "me"]);
    expect(ids({ selfView: "hidden" })).toEqual(names(5));
    const floating = place(gathering({ selfView: "float" })).layout;
    if (floating.kind !== "grid") throw new Error(floating.kind);
    expect(floating.tiles).toHaveLength(5);
    expect(floating.inset?.id).toBe("me");
    expect((floating.inset?.x ?? 0) + (floating.inset?.width ?? 0)).toBeLessThanOrEqual(laptop.width);
  });

  test("who is alone sees themselves, whatever they chose", () => {
    for (const selfView of ["tile", "float", "hidden"] as const) {
      expect(ids({ others: [], selfView })).toEqual(["me"]);
    }
  });

  test("two people are a pair, unless one hides themselves", () => {
    expect(place(gathering({ others: ["p0"] })).layout.kind).toBe("pair");
    expect(place(gathering({ others: ["p0"], selfView: "float" })).layout.kind).toBe("pair");
    expect(place(gathering({ others: ["p0"], mode: "speaker", focus: "p0" })).layout.kind).toBe("pair");
    expect(ids({ others: ["p0"], selfView: "hidden" })).toEqual(["p0"]);
  });

  test("many are on pages of at most 49, fewer on a phone, with oneself on each", () => {
    const wide = place(gathering({ others: names(100) }));
    expect(tilesOf(wide.layout)).toHaveLength(49);
    expect(wide).toMatchObject({ page: 0, pages: 3, hidden: 52 });
    const narrow = place(gathering({ others: names(100), stage: phone }));
    expect(tilesOf(narrow.layout).length).toBeLessThan(20);
    const seen = [0, 1, 2].flatMap((page) => ids({ others: names(100), page }).filter((id) => id !== "me"));
    expect(seen.toSorted()).toEqual(names(100).toSorted());
    expect(ids({ others: names(100), page: 1 })).toContain("me");
  });

  test("a page that is not there any more is the last", () => {
    expect(place(gathering({ others: names(60), page: 7 }))).toMatchObject({ page: 1, pages: 2 });
    expect(place(gathering({ page: 3 }))).toMatchObject({ page: 0, pages: 1 });
  });

  test("a hidden speaker comes to the first page, and the pages stay complete", () => {
    const order = place(gathering({ others: names(100) })).order;
    const after = place(gathering({ others: names(100), before: order, recent: ["p90"] })).order;
    expect(after.slice(0, 48)).toContain("p90");
    expect(after.filter((id, at) => order[at] !== id)).toHaveLength(2);
  });

  test("the speaker layout fills the stage with one, and oneself in a corner", () => {
    const { layout: placed, hidden } = place(gathering({ mode: "speaker", focus: "p2" }));
    expect(placed).toMatchObject({ kind: "pair", main: { id: "p2" }, inset: { id: "me" } });
    expect(hidden).toBe(4);
    expect(ids({ mode: "speaker", focus: "p2", selfView: "hidden" })).toEqual(["p2"]);
  });

  test("the sidebar has one large and the others in pages beside", () => {
    const first = place(gathering({ mode: "sidebar", focus: "p2", others: names(30) }));
    if (first.layout.kind !== "focus") throw new Error(first.layout.kind);
    expect(first.layout.main.id).toBe("p2");
    expect(first.layout.strip.length).toBeGreaterThan(2);
    expect(first.pages).toBeGreaterThan(1);
    const second = place(gathering({ mode: "sidebar", focus: "p2", others: names(30), page: 1 }));
    expect(tilesOf(second.layout).map(({ id }) => id)).toContain("p2");
  });

  test("another speaker trades places with the last; the others beside stay", () => {
    const one = place(gathering({ mode: "sidebar", focus: "p0" }));
    const other = place(gathering({ mode: "sidebar", focus: "p3", before: one.order }));
    const strip = ({ layout: placed }: typeof one) => (placed.kind === "focus" ? placed.strip.map(({ id }) => id) : []);
    expect(strip(one)).toEqual(["p1", "p2", "p3", "p4", "me"]);
    expect(strip(other)).toEqual(["p1", "p2", "p0", "p4", "me"]);
  });

  test("a screen is large, in every layout, with the people beside it", () => {
    const { layout: placed } = place(gathering({ screens: ["p1/screen", "p2/screen"], focus: "p1/screen" }));
    if (placed.kind !== "focus") throw new Error(placed.kind);
    expect(placed.main.id).toBe("p1/screen");
    expect(placed.strip[0]?.id).toBe("p2/screen");
    expect(placed.strip.map(({ id }) => id)).toContain("p1");
    expect(placed.main.width * placed.main.height).toBeGreaterThan(0.5 * laptop.width * laptop.height);
  });

  test("no tile leaves the stage or covers another, whatever is chosen", () => {
    for (const stage of stages) {
      for (const mode of ["grid", "speaker", "sidebar"] as const) {
        for (const count of [1, 2, 5, 12, 60]) {
          for (const focus of [null, "p0", "s/screen"]) {
            const { layout: placed } = place(
              gathering({ stage, mode, others: names(count), screens: ["s/screen"], focus }),
            );
            const tiles = tilesOf(placed).filter((tile) => !("inset" in placed) || tile !== placed.inset);
            for (const [at, tile] of tiles.entries()) {
              expect(tile.x).toBeGreaterThanOrEqual(0);
              expect(tile.y).toBeGreaterThanOrEqual(0);
              expect(tile.x + tile.width).toBeLessThanOrEqual(stage.width + 1);
              expect(tile.y + tile.height).toBeLessThanOrEqual(stage.height + 1);
              for (const other of tiles.slice(at + 1)) expect(overlap(tile, other)).toBe(false);
            }
          }
        }
      }
    }
  });
});

describe("who is large", () => {
  const choice = {
    pinned: null,
    spotlight: null,
    screens: [],
    people: ["me", "a", "b"],
    speaker: null,
    mode: "grid",
    self: "me",
  } as const;

  test("in a grid nobody, unless somebody was chosen or shares", () => {
    expect(focusOf(choice)).toBeNull();
    expect(focusOf({ ...choice, screens: [{ id: "b/screen", owner: "b" }] })).toBe("b/screen");
    expect(focusOf({ ...choice, spotlight: "b", screens: [{ id: "a/screen", owner: "a" }] })).toBe("b");
    expect(focusOf({ ...choice, pinned: "a", spotlight: "b" })).toBe("a");
  });

  test("whoever was chosen and shares, shows their screen", () => {
    const screens = [
      { id: "a/screen", owner: "a" },
      { id: "b/screen", owner: "b" },
    ];
    expect(focusOf({ ...choice, pinned: "b", screens })).toBe("b/screen");
  });

  test("somebody who left is not large any more", () => {
    expect(focusOf({ ...choice, pinned: "gone", spotlight: "gone" })).toBeNull();
  });

  test("else whoever speaks, and never oneself", () => {
    expect(focusOf({ ...choice, mode: "speaker", speaker: "b" })).toBe("b");
    expect(focusOf({ ...choice, mode: "sidebar", speaker: "me" })).toBe("a");
    expect(focusOf({ ...choice, mode: "speaker", people: ["me"] })).toBeNull();
  });
});
