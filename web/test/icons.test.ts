import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
// @ts-expect-error: a script without types.
import { icons } from "../icons.mjs";

const read = (name: string) => readFileSync(new URL(`../public/${name}`, import.meta.url));
const drawn: { name: string; bytes: Uint8Array }[] = icons();

test.each(drawn)("$name is what the script draws from the picture", ({ name, bytes }) => {
  expect(Buffer.compare(read(name), bytes)).toBe(0);
});

test("every icon that the manifest names is there, in the size that it says", () => {
  const manifest = JSON.parse(read("manifest.webmanifest").toString()) as { icons: { src: string; sizes: string }[] };
  const sizes = manifest.icons
    .filter(({ src }) => src.endsWith(".png"))
    .map(({ src, sizes: said }) => {
      const png = read(src.slice(1));
      // IHDR: width and height follow the signature and the chunk's head (PNG §11.2.2).
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(said);
      return said;
    });
  expect(new Set(sizes)).toEqual(new Set(["192x192", "512x512"]));
});
