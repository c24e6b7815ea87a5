// The waiting room that a host turns on in a public meeting: asking, being told whether a host is
// there, being let in alone and together; and a host who drops and is host again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let link;
let Ada;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada');
  link = await Ada.startMeeting(system.url);
  await Ada.join();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const button = (person, name) => person.page.getByRole('button', { name, exact: true });
const isIn = (person) => person.page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
const told = (person, text) => person.page.getByRole('status').getByText(text).first().waitFor();

/** Opens the link, asks, and marks the document: who is let in must not be led to another. */
async function ask(name) {
  const person = await Person.arrive(browser, name);
  await person.page.goto(link);
  await person.page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await person.page.evaluate(() => {
    window.sameDocument = true;
  });
  await button(person, 'Ask to join').click();
  await person.page.getByText('Waiting for the host to let you in').first().waitFor();
  return person;
}

test('the host turns it on, and those who come now ask; all are let in at one press, without a reload', async () => {
  await Ada.openPanel('People');
  await Ada.page.getByRole('switch', { name: 'Waiting room' }).click();
  const people = await Promise.all(['Barbara', 'Chris', 'Dana'].map(ask));
  for (const person of people) await told(person, 'They see that you are here');
  const waiting = Ada.page.getByRole('list', { name: 'Waiting to join' });
  await until('three wait', async () => (await waiting.getByRole('listitem').count()) === 3);
  await button(Ada, 'Admit everyone').click();
  for (const person of people) {
    await isIn(person);
    assert.equal(await person.page.evaluate(() => window.sameDocument), true);
    await Ada.seesTile(person.name);
  }
  for (const person of people) await person.context.close();
});

test('whoever waits is told that no host is in, and when one is; a host who reloads is still the host', async () => {
  const Edsger = await ask('Edsger');
  await Ada.leave();
  await told(Edsger, 'No host is there yet');
  await Ada.openLink(link);
  await Ada.join();
  await until('Edsger is told of the host', async () => (await Edsger.page.getByText('No host is there yet').count()) === 0);
  await Ada.page.reload();
  await Ada.join();
  await Ada.openPanel('People');
  await button(Ada, 'Admit Edsger').click();
  await isIn(Edsger);
  await Ada.seesTile('Edsger');
  await Edsger.context.close();
});

test('off again, people walk in', async () => {
  await Ada.openPanel('People');
  await Ada.page.getByRole('switch', { name: 'Waiting room' }).click();
  const Frances = await Person.arrive(browser, 'Frances');
  await Frances.openLink(link);
  await Frances.join();
  assert.deepEqual([...Ada.problems, ...Frances.problems], []);
});
