// What people are told of what happens: written, sounded as they chose, and counted in the title
// while they look elsewhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let link;
let Ada;
let Grace;

/** Runs in the page before anything else: keeps what was played, as the length of its samples. */
function listen() {
  const { createObjectURL } = URL;
  const made = new Map();
  window.played = [];
  URL.createObjectURL = (blob) => {
    const url = createObjectURL.call(URL, blob);
    made.set(url, blob);
    return url;
  };
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function heard() {
    const blob = made.get(this.src);
    // The last samples tell notes apart that last as long.
    if (blob) void blob.arrayBuffer().then((bytes) => window.played.push(`${bytes.byteLength}:${new Int16Array(bytes.slice(44)).reduce((sum, one) => (sum * 31 + one) | 0, 0)}`));
    return play.call(this);
  };
  // What hides a page cannot be scripted in a headless browser: this says what it would say.
  window.look = (visibility) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
    document.dispatchEvent(new Event('visibilitychange'));
  };
}

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada');
  Grace = await Person.arrive(browser, 'Grace');
  for (const { page } of [Ada, Grace]) {
    page.setDefaultTimeout(25_000);
    await page.addInitScript(listen);
  }
  link = await Ada.startMeeting(system.url);
  await Ada.join();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const told = (person, text) => person.page.getByRole('status').getByText(text, { exact: true }).first().waitFor();
const played = (person) => person.page.evaluate(() => window.played);
const title = (person) => person.page.title();

/** What Ada hears while `happens`: waits for the sound, and gives back which it was. */
async function hears(happens) {
  const before = (await played(Ada)).length;
  await happens();
  await until('Ada hears a sound', async () => (await played(Ada)).length > before);
  return (await played(Ada)).at(-1);
}

async function come() {
  await Grace.openLink(link);
  await Grace.join();
  await told(Ada, 'Grace joined');
}

async function go() {
  await Grace.leave();
  await told(Ada, 'Grace left');
}

/** Makes the next sound a new one: right after another it would stay silent. */
const pause = () => Ada.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));

async function hand() {
  await Grace.page.getByRole('button', { name: 'Raise hand' }).click();
  await told(Ada, 'Grace raised their hand');
}

async function lower() {
  await Grace.page.getByRole('button', { name: 'Lower hand' }).click();
  await Ada.page.getByRole('group', { name: /^Grace(?!.*hand raised)/ }).waitFor();
}

let line = 0;
async function write() {
  line += 1;
  await Grace.say(`line ${line}`);
  await told(Ada, `Grace: line ${line}`);
}

test('who joins, leaves, raises a hand or writes is told with words and a sound of its own', async () => {
  const joined = await hears(come);
  await pause();
  const wrote = await hears(write);
  await pause();
  const raised = await hears(hand);
  await lower();
  await pause();
  const left = await hears(go);
  await pause();
  assert.equal(new Set([joined, wrote, raised, left]).size, 4, 'four sounds');
  assert.equal(await hears(come), joined, 'always the same one');
});

test('own deeds make no sound', async () => {
  const before = (await played(Ada)).length;
  await Ada.page.getByRole('button', { name: 'Raise hand' }).click();
  await Ada.page.getByRole('button', { name: 'Lower hand' }).click();
  await Ada.say('mine');
  // Heard by the other: what would have sounded here did so before.
  await told(Grace, 'Ada: mine');
  assert.equal((await played(Ada)).length, before);
  await Ada.page.keyboard.press('Escape');
});

test('each kind, and all of them, can be silenced; words are said all the same', async () => {
  const { page } = Ada;
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'A new message' }).click();
  await pause();
  const before = (await played(Ada)).length;
  await write();
  // A later sound of another kind: the message had its chance.
  await hears(hand);
  assert.equal((await played(Ada)).length, before + 1);
  await lower();
  await page.getByRole('switch', { name: 'Sounds', exact: true }).click();
  assert.equal(await page.getByRole('switch', { name: 'A new message' }).count(), 0);
  await pause();
  await hand();
  await lower();
  await page.getByRole('switch', { name: 'Sounds', exact: true }).click();
  assert.equal(await page.getByRole('switch', { name: 'A new message' }).isChecked(), false);
  await hears(hand);
  assert.equal((await played(Ada)).length, before + 2);
  await lower();
  await page.getByRole('switch', { name: 'A new message' }).click();
  await page.keyboard.press('Escape');
});

test('the title counts what happened while nobody looked, and forgets it at a look', async () => {
  const plain = await title(Ada);
  await Ada.page.evaluate(() => window.look('hidden'));
  await write();
  await until('one', async () => (await title(Ada)) === `(1) ${plain}`);
  await write();
  await hand();
  await until('three', async () => (await title(Ada)) === `(3) ${plain}`);
  await Ada.openPanel('Chat');
  await Grace.say('also while the chat is open');
  await until('four', async () => (await title(Ada)) === `(4) ${plain}`);
  await Ada.page.evaluate(() => window.look('visible'));
  await until('none', async () => (await title(Ada)) === plain);
  await Grace.say('seen');
  await Ada.page.getByRole('log').getByText('seen').waitFor();
  assert.equal(await title(Ada), plain);
});

test('whose hand a host takes down is told so, whoever takes down their own is not', async () => {
  const notice = Grace.page.getByText('A host lowered your hand');
  await lower();
  await hand();
  assert.equal(await notice.count(), 0);
  await Ada.openPanel('People');
  await Ada.page.getByRole('button', { name: 'Options for Grace' }).click();
  await Ada.page.getByRole('menuitem', { name: 'Lower hand' }).click();
  await told(Grace, 'A host lowered your hand');
  await hand();
  await notice.waitFor({ state: 'detached' });
  await Ada.page.getByRole('button', { name: 'Lower all' }).click();
  await told(Grace, 'A host lowered your hand');
  for (const person of [Ada, Grace]) assert.deepEqual(person.problems, [], person.name);
});
