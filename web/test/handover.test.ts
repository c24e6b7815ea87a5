import { expect, test } from "vitest";
import { isReady } from "../src/media/handover";
import type { TrackKey } from "../src/media/slots";

const came = (...rows: [TrackKey, number][]) => new Map(rows);
const both = came(["bob/camera", 9_000], ["bob/microphone", 9_010]);

test("an old connection that goes on is left when everything that still comes on it comes on the next", () => {
  expect(isReady(came(), both, [])).toBe(false);
  expect(isReady(came(["bob/camera", 1], ["cleo/microphone", 1]), both, [])).toBe(false);
  expect(isReady(came(["bob/camera", 1], ["bob/microphone", 1]), both, ["cleo/camera"])).toBe(true);
  const muted = came(["bob/camera", 9_000], ["bob/microphone", 7_900]);
  expect(isReady(came(["bob/camera", 1]), muted, [])).toBe(true);
  expect(isReady(came(), came(), ["cleo/camera"]), "of whoever was alone").toBe(true);
});

test("one that is lost is left for the first picture", () => {
  const carried: TrackKey[] = ["bob/camera", "bob/microphone", "cleo/screen"];
  expect(isReady(came(["bob/microphone", 1]), null, carried)).toBe(false);
  expect(isReady(came(["cleo/screen", 1]), null, carried)).toBe(true);
  expect(isReady(came(["bob/microphone", 1]), null, ["bob/microphone"])).toBe(true);
  expect(isReady(came(), null, [])).toBe(true);
});
