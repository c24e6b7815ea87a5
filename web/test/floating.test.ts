import { expect, test } from "vitest";
import { leading, together } from "../src/call/floating";
import type { Wish } from "../src/protocol";

const meeting = {
  you: "ada",
  others: [
    { id: "grace", screen: false },
    { id: "edsger", screen: false },
    { id: "barbara", screen: false },
  ],
  recent: [] as string[],
  pinned: null as string | null,
  spotlight: null as string | null,
};
const names = (more: Partial<typeof meeting>) =>
  leading({ ...meeting, ...more }).map(({ participant, source }) => `${participant} ${source}`);

test("who spoke last comes first, then who came first; two at most", () => {
  expect(names({})).toEqual(["grace camera", "edsger camera"]);
  expect(names({ recent: ["barbara", "edsger"] })).toEqual(["barbara camera", "edsger camera"]);
});

test("who was chosen comes before who speaks, and a screen before all", () => {
  expect(names({ recent: ["barbara"], spotlight: "edsger" })).toEqual(["edsger camera", "barbara camera"]);
  expect(names({ recent: ["barbara"], spotlight: "edsger", pinned: "grace" })).toEqual(["grace camera", "edsger camera"]);
  const others = meeting.others.map((one) => ({ ...one, screen: one.id === "edsger" }));
  expect(names({ others, recent: ["barbara"] })).toEqual(["edsger screen", "barbara camera"]);
});

test("somebody who left is no leader; alone, one sees oneself", () => {
  expect(names({ pinned: "niklaus", recent: ["niklaus"] })).toEqual(["grace camera", "edsger camera"]);
  expect(names({ others: [] })).toEqual(["ada camera"]);
});

test("what stage and window show is wished for once", () => {
  const wish = (participant: string, source: "camera" | "screen" = "camera"): Wish => ({ participant, source, height: 180, priority: 1 });
  expect(together([wish("grace")], [wish("grace"), wish("grace", "screen")])).toEqual([wish("grace"), wish("grace", "screen")]);
  expect(together([], [wish("grace")])).toEqual([wish("grace")]);
  expect(together([], [])).toEqual([]);
});
