// Draws the installable icons from `public/icon.svg`: `node icons.mjs` writes them beside it.
//
// The same input gives the same bytes (`test/icons.test.ts` holds that): drawn without fonts.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Resvg } from '@resvg/resvg-js';

const folder = new URL('./public/', import.meta.url);

/**
 * Systems cut their own shape out of the icons without corners. What matters must be in the middle
 * circle of 80 % (W3C appmanifest, "maskable"): the globe has 68 %.
 */
const FILES = [
  { name: 'icon-192.png', size: 192, corners: true },
  { name: 'icon-512.png', size: 512, corners: true },
  { name: 'icon-maskable-192.png', size: 192, corners: false },
  { name: 'icon-maskable-512.png', size: 512, corners: false },
  { name: 'apple-touch-icon.png', size: 180, corners: false },
];

/** Name and bytes of each file. */
export function icons() {
  const svg = readFileSync(new URL('icon.svg', folder), 'utf8');
  const square = svg.replace(/ rx="\d+"(?=[^>]*fill="#17181b")/, '');
  if (square === svg) throw new Error('icon.svg has no rounded ground');
  return FILES.map(({ name, size, corners }) => {
    const drawn = new Resvg(corners ? svg : square, { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } });
    return { name, bytes: drawn.render().asPng() };
  });
}

if (pathToFileURL(process.argv[1] ?? '').href === import.meta.url) {
  for (const { name, bytes } of icons()) {
    writeFileSync(fileURLToPath(new URL(name, folder)), bytes);
    console.log(`${name} ${bytes.length} bytes`);
  }
}
