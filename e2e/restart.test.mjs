// A part is restarted under a running call. The Worker: media goes on, and chat and roster come
// back. The media region: pictures and voices come back. Nobody reloads.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;

before(async () => {
  system = await System.start({ split: true });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

async function twoInACall() {
  const ada = await Person.arrive(browser, 'Ada', { rungs: 'udp' });
  const link = await ada.startMeeting(system.url);
  await ada.join();
  const grace = await Person.arrive(browser, 'Grace', { rungs: 'udp' });
  await grace.openLink(link);
  await grace.join();
  await ada.seesAndHears(['Grace']);
  await grace.seesAndHears(['Ada']);
  return { ada, grace, link };
}

test('a restart of the Worker is not seen and not heard', async () => {
  const { ada, grace, link } = await twoInACall();
  await ada.say('before');
  await until('Grace reads it', async () => (await grace.readsChat()).includes('before'));

  // The longest time without a new frame of Ada at Grace, sampled in the page.
  await grace.page.evaluate(() => {
    const gap = { longest: 0, last: performance.now(), frames: 0, stop: false };
    window.gap = gap;
    (async () => {
      while (!gap.stop) {
        const rows = await window.observed.received();
        const frames = rows.filter((row) => row.kind === 'video').reduce((sum, row) => sum + row.frames, 0);
        if (frames > gap.frames) {
          gap.frames = frames;
          gap.last = performance.now();
        }
        gap.longest = Math.max(gap.longest, performance.now() - gap.last);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
  });
  await grace.page.evaluate(() => {
    window.marker = 'no reload';
  });

  await system.killEdge();
  await until('nobody answers', async () => !(await fetch(`${system.url}/api/health`).catch(() => null)));
  await ada.say('while the edge is away');
  await system.startEdge();
  await until('the message arrives', async () => (await grace.readsChat()).includes('while the edge is away'), 30_000);
  await grace.say('after');
  await until('and the answer', async () => /before[^]*while the edge is away[^]*after/.test(await ada.readsChat()));

  await system.healthy();
  const edsger = await Person.arrive(browser, 'Edsger', { rungs: 'udp' });
  await edsger.openLink(link);
  await edsger.join();
  await edsger.seesAndHears(['Ada', 'Grace']);
  await ada.seesAndHears(['Grace', 'Edsger']);
  assert.match(await edsger.readsChat(), /before[^]*while the edge is away[^]*after/);

  const longest = await grace.page.evaluate(() => {
    window.gap.stop = true;
    return window.gap.longest;
  });
  console.log(`longest time without a new remote frame around the restart: ${Math.round(longest)} ms`);
  assert.ok(longest < 2_000, `media stopped for ${longest} ms`);
  for (const person of [ada, grace]) {
    assert.deepEqual(await person.descriptions(), [2], `${person.name} kept the media session`);
    assert.deepEqual(person.problems, []);
  }
  assert.equal(await grace.page.evaluate(() => window.marker), 'no reload');
});

test('a restart of the media region brings everybody back without a reload', async () => {
  const { ada, grace } = await twoInACall();
  await ada.page.evaluate(() => {
    window.marker = 'no reload';
  });

  await system.killRegion();
  const started = performance.now();
  await system.startRegion();
  await Promise.all([ada.seesAndHears(['Grace'], 60_000), grace.seesAndHears(['Ada'], 60_000)]);
  console.log(`pictures move again ${Math.round(performance.now() - started)} ms after the region was gone`);
  assert.equal(await ada.page.evaluate(() => window.marker), 'no reload');
  for (const person of [ada, grace]) assert.deepEqual(person.problems, []);
});
