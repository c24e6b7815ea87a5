import { expect, test } from "vitest";
import { samples } from "../src/media/chime";
import { TUNES } from "../src/media/sounds";

test.each(Object.entries(TUNES))("the sound for %s is short, soft, and begins and ends without a click", (_, tune) => {
  const sound = samples(tune);
  const loudest = Math.max(...sound.map(Math.abs));
  expect(sound.length).toBeLessThan(24_000 * 0.8);
  expect(loudest).toBeGreaterThan(1_000);
  expect(loudest).toBeLessThan(32_767 * 0.3);
  expect(Math.abs(sound[0] ?? 1)).toBeLessThan(100);
  expect(Math.abs(sound.at(-1) ?? 1)).toBeLessThan(loudest / 4);
});
