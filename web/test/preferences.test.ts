import { expect, test } from "vitest";
import { chooseSound, CROWD, soundChoices, sounds } from "../src/call/preferences";

test("among few, everything sounds; in a crowd only hands do, until the person decides", () => {
  const heard = (people: number) => (["people", "hands", "chat"] as const).filter((kind) => sounds({}, kind, people));
  expect(heard(CROWD)).toEqual(["people", "hands", "chat"]);
  expect(heard(CROWD + 1)).toEqual(["hands"]);
  expect(sounds({ chat: "on" }, "chat", 400)).toBe(true);
  expect(sounds({ hands: "off" }, "hands", 2)).toBe(false);
});

test("no sounds at all is stronger than each, and leaves each as it was chosen", () => {
  chooseSound("chat", false);
  chooseSound("all", false);
  expect(sounds(soundChoices.value, "hands", 2)).toBe(false);
  chooseSound("all", true);
  expect(sounds(soundChoices.value, "hands", 2)).toBe(true);
  expect(sounds(soundChoices.value, "chat", 2)).toBe(false);
});
