// A room whose people are on several engines of one machine: nobody notices.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

const NAMES = ['Ada', 'Grace', 'Edsger'];

let system;
let browser;

before(async () => {
  // An engine takes one person of the room before the next is used.
  process.env.MERIDIAN_ROOM_SHARE = '1';
  system = await System.start({ engines: 3 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

test('three people on three engines see and hear each other until one leaves', async () => {
  const people = [];
  let link;
  for (const name of NAMES) {
    const person = await Person.arrive(browser, name, { rungs: 'udp' });
    if (link) await person.openLink(link);
    else link = await person.startMeeting(system.url);
    await person.join();
    people.push(person);
  }
  for (const person of people) await person.seesAndHears(NAMES.filter((name) => name !== person.name));
  assert.deepEqual(await system.metrics('sessions'), [1, 1, 1]);
  assert.deepEqual(await system.metrics('room_links'), [2, 2, 2]);
  const [Ada, Grace, Edsger] = people;
  const taken = await system.metrics('relay_packets_in_total');
  await until('every engine takes packets of the others', async () =>
    (await system.metrics('relay_packets_in_total')).every((count, engine) => count > taken[engine] + 100));
  await Edsger.leave();
  for (const person of [Ada, Grace]) await person.seesAndHears(NAMES.slice(0, 2).filter((name) => name !== person.name));
  await until('two engines are left', async () => (await system.metrics('room_links')).toSorted().join() === '0,1,1');
  for (const person of people) assert.deepEqual(person.problems, [], person.name);
});
