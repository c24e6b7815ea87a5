// For people whom motion makes ill: where the system asks for less, nothing on any page moves by itself
// or for longer than a moment.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { walkIn } from './crowd.mjs';
import { Person, launch } from './people.mjs';
import { callPages, memberPages, publicPages } from './scenes.mjs';
import { System, until } from './system.mjs';

/** Nobody sees what is over after so long. */
const MOMENT_MS = 20;
const FRAMES = 30;

let system;
let browser;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

/** Runs in the page: what moves, or would, for longer than `most` ms. */
function motions(most) {
  const found = [];
  const longest = (list) => Math.max(...list.split(',').map((time) => parseFloat(time) * (time.trim().endsWith('ms') ? 1 : 1_000)));
  for (const element of document.querySelectorAll('*')) {
    for (const pseudo of [undefined, '::before', '::after', '::backdrop']) {
      const style = getComputedStyle(element, pseudo);
      const what = `${element.localName}.${[...element.classList].join('.')}${pseudo ?? ''}`;
      if (style.animationName !== 'none' && longest(style.animationDuration) > most) found.push(`${what} animates ${style.animationName}`);
      if (longest(style.transitionDuration) > most) found.push(`${what} has transitions of ${style.transitionDuration}`);
      if (style.scrollBehavior === 'smooth') found.push(`${what} scrolls smoothly`);
    }
  }
  for (const animation of document.getAnimations()) {
    const { duration, iterations } = animation.effect.getComputedTiming();
    if (duration > most || iterations === Infinity) found.push(`running: ${animation.animationName ?? animation.transitionProperty ?? 'script'}`);
  }
  return [...new Set(found)];
}

for (const [what, pages] of [
  ['no page without an account', publicPages],
  ['no page of somebody with an account', memberPages],
  ['nothing in the call, before it and after it', callPages],
]) {
  test(`${what} moves for longer than a moment`, async () => {
    const found = [];
    let seen = 0;
    let moving = 0;
    const visit = async (name, page) => {
      seen += 1;
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      moving += (await page.evaluate(motions, MOMENT_MS)).length;
      await page.emulateMedia({ reducedMotion: 'reduce' });
      // What began before may come to its end.
      await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => null))));
      for (const motion of await page.evaluate(motions, MOMENT_MS)) found.push(`${name}: ${motion}`);
    };
    await pages({ system, browser, visit });
    assert.deepEqual(found, []);
    assert.ok(seen > 10 && moving > seen, 'and without that wish, things move');
  });
}

test('the carousel stays where it is, and goes on at once when asked to', async () => {
  const { page, context } = await Person.arrive(browser, 'Ada', { reducedMotion: 'reduce', viewport: { width: 1024, height: 900 } });
  await page.goto(system.url);
  const row = page.getByRole('region', { name: 'Features' }).getByRole('list');
  await row.waitFor();
  const after = (frames) => row.evaluate(async (list, count) => {
    for (let frame = 0; frame < count; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    return list.scrollLeft;
  }, frames);
  assert.equal(await after(FRAMES), 0);
  const places = await page.evaluate(async () => {
    const list = document.querySelector('.features-row');
    const seen = new Set();
    document.querySelector('.features [aria-label="Next feature"]').click();
    for (let frame = 0; frame < 20; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      seen.add(Math.round(list.scrollLeft));
    }
    return [...seen];
  });
  assert.ok(places.at(-1) > 100, 'it went on');
  assert.ok(places.length <= 2, `without places in between: ${places}`);
  await context.close();
});

test('reactions come and go where they are', async () => {
  const ada = await Person.arrive(browser, 'Ada', { reducedMotion: 'reduce' });
  const link = await ada.startMeeting(system.url);
  await ada.join();
  const grace = await walkIn(link, 'Grace');
  await ada.seesTile('Grace');
  await ada.page.evaluate(() => {
    window.tops = [];
    const look = () => {
      const reaction = document.querySelector('.reaction');
      if (reaction) {
        const { top, left, width } = reaction.getBoundingClientRect();
        window.tops.push([top, left, width].map(Math.round).join());
      }
      requestAnimationFrame(look);
    };
    look();
  });
  grace.say({ type: 'react', reaction: 'party' });
  await ada.page.locator('.reaction').waitFor();
  await ada.page.locator('.reaction').waitFor({ state: 'detached' });
  const places = await until('it was seen', () => ada.page.evaluate(() => window.tops.length > 0 && window.tops));
  assert.equal(new Set(places).size, 1, `${[...new Set(places)]}`);
  await grace.close();
  await ada.context.close();
});
