// More people than a call begins with room for: their pictures come without anybody rejoining.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { smallCamera } from './crowd.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

/** Beside the one who looks: one more than the pictures that a first offer has slots for. */
const OTHERS = 10;

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

test('ten pictures move, in a session that took the place of the first', async () => {
  const people = [];
  let link;
  for (let place = 0; place <= OTHERS; place += 1) {
    const person = await Person.arrive(browser, `Person ${String.fromCharCode(65 + place)}`, { viewport: { width: 1280, height: 800 } });
    await person.page.addInitScript(smallCamera);
    if (link) await person.openLink(link);
    else link = await person.startMeeting(system.url);
    await person.join();
    people.push(person);
  }
  const [first] = people;
  const frames = async () => Object.values(await first.framesByTile());
  await until('ten pictures', async () => (await frames()).filter((count) => count > 0).length === OTHERS, 40_000);
  const before = await frames();
  await until('all move', async () => (await frames()).every((count, at) => count > (before[at] ?? 0)), 20_000);
  await until('one connection, described once', async () => JSON.stringify(await first.descriptions()) === '[2]');
  for (const person of people) assert.deepEqual(person.problems, [], person.name);
});
