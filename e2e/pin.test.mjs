// Somebody shown large: by one person for themselves, and by a host for everyone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
const people = {};

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  let link;
  for (const name of ['Ada', 'Grace', 'Edsger']) {
    const person = await Person.arrive(browser, name, { viewport: { width: 1280, height: 800 } });
    if (link) await person.openLink(link);
    else link = await person.startMeeting(system.url);
    await person.join();
    people[name] = person;
  }
  for (const name of ['Ada', 'Grace', 'Edsger']) await people.Ada.seesTile(name);
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

/** Whose tile is by far the largest for `person`: at least twice every other. */
async function large(person) {
  const areas = await person.page.evaluate(() =>
    [...document.querySelectorAll('[role=group][data-participant]')].map((tile) => {
      const { width, height } = tile.getBoundingClientRect();
      return [tile.getAttribute('aria-label').split(',')[0], width * height];
    }),
  );
  const [first, second] = areas.sort((one, other) => other[1] - one[1]);
  return first && second && first[1] >= 2 * second[1] ? first[0] : null;
}

async function choose(person, about, item) {
  await person.openPanel('People');
  await person.page.getByRole('button', { name: `Options for ${about}`, exact: true }).click();
  await person.page.getByRole('menuitem', { name: item }).click();
}

const becomesLarge = (who, name) =>
  until(`${name} is large for ${who}`, async () => (await large(people[who]))?.startsWith(name));

test('a pin is large for its owner alone', async () => {
  const before = await large(people.Grace);
  await choose(people.Ada, 'Edsger', /^Pin/);
  await becomesLarge('Ada', 'Edsger');
  assert.equal(await large(people.Grace), before);
  await choose(people.Ada, 'Edsger', 'Unpin');
  await until('nobody is large', async () => (await large(people.Ada)) === null);
});

test('a spotlight is large for everyone, one pin aside, and for who comes later', async () => {
  await choose(people.Grace, 'Ada', /^Pin/);
  await becomesLarge('Grace', 'Ada');
  await choose(people.Ada, 'Edsger', /^Spotlight/);
  await becomesLarge('Ada', 'Edsger');
  assert.match(await large(people.Grace), /^Ada/, 'a pin is one\'s own choice');
  const late = await Person.arrive(browser, 'Late', { viewport: { width: 1280, height: 800 } });
  await late.openLink(people.Ada.page.url());
  await late.join();
  people.Late = late;
  await becomesLarge('Late', 'Edsger');
  await choose(people.Ada, 'Edsger', 'Stop spotlighting');
  await until('nobody is large', async () => (await large(late)) === null);
});
