// Pictures of every page and of calls of every size, on a phone, a tablet, a laptop and a wall, light
// and dark, with a page to look through them; and what a program can find wrong with each.
//
//   node screens.mjs [part of a name]        (`cargo xtask screens` builds everything first)

import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { NAMES, smallCamera, walkIn } from './crowd.mjs';
import { faults } from './looks.mjs';
import { Person, launch } from './people.mjs';
import { callPages, memberPages, publicPages, quiet } from './scenes.mjs';
import { System, until } from './system.mjs';

const WINDOWS = [[360, 740], [768, 1024], [1440, 900], [2560, 1440]];
const THEMES = ['light', 'dark'];
/** Tiles of each call, and how many of them have a browser with a camera behind them. */
const CALLS = [[1, 1], [2, 2], [5, 5], [12, 5], [49, 5]];
/** No window that people have is smaller. */
const NARROWEST = [320, 568];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = process.env.SCREENS ?? path.join(root, 'target/screens');
const [only = ''] = process.argv.slice(2);
const shown = [];
/** Each fault, and where it was found. */
const wrong = new Map();
const problems = [];

async function settle(page, colorScheme) {
  await page.locator(`:root[data-theme=${colorScheme}]`).waitFor();
  // Two frames: one in which observers see the new size, one in which what follows is laid out.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.evaluate(() => Promise.all([document.fonts.ready, ...document.getAnimations().map(({ finished }) => finished.catch(() => null))]));
}

async function visit(name, page) {
  if (!name.includes(only)) return;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // Nothing is hovered over.
  await page.mouse.move(0, 0);
  const before = page.viewportSize();
  for (const [width, height] of [NARROWEST, ...WINDOWS]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of width === NARROWEST[0] ? ['light'] : THEMES) {
      await page.emulateMedia({ colorScheme });
      await settle(page, colorScheme);
      for (const fault of await page.evaluate(faults)) {
        wrong.set(`${name}: ${fault}`, [...(wrong.get(`${name}: ${fault}`) ?? []), `${width}×${height} ${colorScheme}`]);
      }
      if (width === NARROWEST[0]) continue;
      const file = `${name}-${width}x${height}-${colorScheme}.png`;
      await page.screenshot({ path: path.join(folder, file), caret: 'initial' });
      shown.push({ name, width, height, colorScheme, file });
    }
  }
  await page.setViewportSize(before);
  console.log(name);
}

/** One meeting that grows: seen by the first of those in it. */
async function calls({ system, browser }) {
  const people = [];
  const others = [];
  let link;
  for (const [tiles, cameras] of CALLS) {
    while (people.length < cameras) {
      const name = people.length === 0 ? 'Ada Lovelace' : NAMES[people.length - 1];
      const person = await Person.arrive(browser, name, { viewport: { width: 1440, height: 900 } });
      await person.page.addInitScript(smallCamera);
      if (link) await person.openLink(link);
      else link = await person.startMeeting(system.url);
      await person.join();
      people.push(person);
    }
    while (people.length + others.length < tiles) {
      const name = NAMES[people.length + others.length - 1];
      others.push(await walkIn(link, name, { microphone: others.length % 3 === 0 }));
    }
    const [{ page }] = people;
    const room = page.getByRole('button', { name: /^People/ }).locator('[data-text]').first();
    await until(`${tiles} people are in`, async () => (await room.getAttribute('data-text')) === String(tiles));
    const moving = async () => Object.values(await people[0].framesByTile()).filter((frames) => frames > 0).length;
    await until(`${cameras - 1} pictures move`, async () => (await moving()) >= cameras - 1, 40_000);
    await quiet(page);
    await visit(`call-of-${tiles}`, page);
    if (tiles === 12) {
      others[0].say({ type: 'raise_hand', raised: true });
      await page.keyboard.press('p');
      await page.getByRole('list', { name: 'Raised hands' }).waitFor();
      await quiet(page);
      await visit('call-of-12-people', page);
      await page.keyboard.press('p');
    }
    if (tiles === 49) {
      for (const layout of ['Sidebar', 'Speaker', 'Grid']) {
        await page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name: 'Layout' }).click();
        await page.getByRole('radio', { name: layout, exact: true }).check();
        await page.keyboard.press('Escape');
        if (layout !== 'Grid') await visit(`call-of-49-${layout.toLowerCase()}`, page);
      }
    }
  }
  await Promise.all([...others.map((socket) => socket.close()), ...people.map(({ context }) => context.close())]);
  return people.flatMap((person) => person.problems);
}

const report = () => [...wrong].map(([fault, where]) => `${fault} (${where.join(', ')})`);

function gallery() {
  const names = [...new Set(shown.map(({ name }) => name))];
  const pictures = (name) =>
    shown
      .filter((one) => one.name === name)
      .map(({ file, width, height, colorScheme }) => `<a href="${file}"><img loading="lazy" src="${file}" alt="${name}, ${width}×${height}, ${colorScheme}" height="260"></a>`)
      .join('\n');
  return `<!doctype html><meta charset="utf-8"><title>Screens</title>
<style>body{font:15px system-ui;margin:24px;background:#777;color:#fff}section>div{display:flex;gap:8px;overflow-x:auto}img{display:block}h2{font-size:15px}</style>
<h1>${shown.length} pictures of ${names.length} screens, ${wrong.size} faults</h1>
<pre>${report().join('\n').replaceAll('<', '&lt;')}</pre>
${names.map((name) => `<section><h2>${name}</h2><div>${pictures(name)}</div></section>`).join('\n')}
`;
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const system = await System.start({ engines: 1 });
try {
  const browser = await launch();
  try {
    for (const scenes of [publicPages, memberPages, callPages, calls]) problems.push(...(await scenes({ system, browser, visit })));
  } finally {
    await browser.close();
  }
} finally {
  await system.stop();
  await writeFile(path.join(folder, 'index.html'), gallery());
}
for (const line of [...report(), ...problems.map((problem) => `a page failed: ${problem}`)]) console.error(line);
console.log(`${shown.length} pictures in ${folder}, ${wrong.size} faults`);
process.exitCode = wrong.size + problems.length > 0 ? 1 : 0;
