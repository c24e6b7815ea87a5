import { expect, test } from "vitest";
import { isBlocked, met, NETWORKS, REMEMBERED_MS } from "../src/media/networks";

const NOW = 1_800_000_000_000;

test("a network is remembered as blocked until it is met open, or not at all for weeks", () => {
  const kept = met("", "office", true, NOW);
  expect(isBlocked(kept, "office", NOW + REMEMBERED_MS - 1)).toBe(true);
  expect(isBlocked(kept, "office", NOW + REMEMBERED_MS)).toBe(false);
  expect(isBlocked(kept, "home", NOW)).toBe(false);
  expect(met(kept, "office", false, NOW + 1)).toBe("");
});

test("the networks that were met last are remembered, each once", () => {
  let kept = "";
  for (let place = 0; place < 2 * NETWORKS; place += 1) kept = met(kept, `${place}`, true, NOW + place);
  kept = met(kept, `${2 * NETWORKS - 1}`, true, NOW + 2 * NETWORKS);
  expect(JSON.parse(kept)).toHaveLength(NETWORKS);
  expect(isBlocked(kept, "0", NOW + 2 * NETWORKS)).toBe(false);
  expect(isBlocked(kept, `${NETWORKS}`, NOW + 2 * NETWORKS)).toBe(true);
});

test("what is not ours is no network", () => {
  for (const bad of ["{", "{}", "[1]", '[["a"]]', '[["a","b"]]', `[["a",${NOW + 1}]]`, "null"]) {
    expect(isBlocked(bad, "a", NOW), bad).toBe(false);
  }
});
