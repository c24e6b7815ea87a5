// What a screen reader says of its own accord during a call: who comes and goes, what is written, hands,
// reactions; and what it says of each tile.
//
// A live region is read out when its text changes while the region stands in the page already; a region
// that appears together with its text is often not. Only the former counts here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { enter, walkIn, write } from './crowd.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let link;
let ada;
let grace;

/** Runs in the page before anything else: keeps what live regions say, and how urgently. */
function hearken() {
  const REGIONS = '[role=status], [role=alert], [role=log], [aria-live]';
  const URGENCY = { status: 'polite', log: 'polite', alert: 'assertive' };
  const known = new WeakSet();
  window.spoken = [];
  const look = (records) => {
    const changed = new Map();
    for (const { target, addedNodes, type } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      const region = element?.closest(REGIONS);
      if (!region || !known.has(region)) continue;
      const texts = type === 'characterData' ? [target.data] : [...addedNodes].map((node) => node.textContent);
      changed.set(region, [...(changed.get(region) ?? []), ...texts]);
    }
    for (const [region, texts] of changed) {
      const role = region.getAttribute('role');
      const live = region.getAttribute('aria-live') ?? URGENCY[role];
      for (const text of texts) if (text?.trim()) window.spoken.push({ text: text.trim(), role, live });
    }
    for (const region of document.querySelectorAll(REGIONS)) known.add(region);
  };
  new MutationObserver(look).observe(document, { childList: true, characterData: true, subtree: true });
}

/** Resolves with how it was said, once it was said after `since`. */
async function says(person, text, since = 0) {
  return until(`${person.name} is told "${text}"`, () =>
    person.page.evaluate(([wanted, from]) => window.spoken.slice(from).find((one) => one.text.includes(wanted)), [text, since]));
}
const now = (person) => person.page.evaluate(() => window.spoken.length);

async function saysPolitely(person, text, since, role = 'status') {
  const said = await says(person, text, since);
  assert.deepEqual({ role: said.role, live: said.live }, { role, live: 'polite' }, text);
}

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  ada = await Person.arrive(browser, 'Ada');
  await ada.page.addInitScript(hearken);
  link = await ada.startMeeting(system.url);
  await ada.join();
  await ada.seesTile('Ada');
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

test('who joins is said', async () => {
  const since = await now(ada);
  grace = await walkIn(link, 'Grace', { microphone: true });
  await saysPolitely(ada, 'Grace joined', since);
});

test('a message is said with its author while the chat is closed, and by the chat while it is open', async () => {
  let since = await now(ada);
  write(grace, 'Good morning');
  await saysPolitely(ada, 'Grace: Good morning', since);
  since = await now(ada);
  write(grace, 'A word with you', await ada.tile('Ada').getAttribute('data-participant'));
  await saysPolitely(ada, 'Grace, to you alone: A word with you', since);
  await ada.openPanel('Chat');
  await ada.page.getByRole('log', { name: 'Chat messages' }).getByText('A word with you').waitFor();
  since = await now(ada);
  write(grace, 'Do you see this?');
  await saysPolitely(ada, 'Do you see this?', since, 'log');
  const again = await ada.page.evaluate((from) => window.spoken.slice(from).filter(({ text }) => text.includes('Do you see this?')).length, since);
  assert.equal(again, 1, 'once');
});

test('a raised hand is said, and stands in the name of the tile', async () => {
  const since = await now(ada);
  grace.say({ type: 'raise_hand', raised: true });
  await saysPolitely(ada, 'Grace raised their hand', since);
  await ada.page.getByRole('group', { name: 'Grace, camera off, hand raised' }).waitFor();
  grace.say({ type: 'raise_hand', raised: false });
  await ada.page.getByRole('group', { name: 'Grace, camera off', exact: true }).waitFor();
});

test('reactions are said by their names, not by their pictures', async () => {
  const since = await now(ada);
  grace.say({ type: 'react', reaction: 'clap' });
  await saysPolitely(ada, 'Grace reacts: Clap', since);
  assert.equal(await ada.page.locator('.reaction').first().getAttribute('aria-hidden'), 'true');
});

test('who asks to join is said to the host', async () => {
  await ada.openPanel('People');
  await ada.page.getByRole('switch', { name: 'Waiting room' }).click();
  await ada.page.getByRole('switch', { name: 'Waiting room', checked: true }).waitFor();
  const since = await now(ada);
  const edsger = await enter(link, 'Edsger');
  await saysPolitely(ada, 'Edsger asks to join', since);
  await ada.page.getByRole('button', { name: 'Admit Edsger' }).click();
  await edsger.next('admitted');
  await edsger.join('Edsger');
  await saysPolitely(ada, 'Edsger joined', since);
  await edsger.close();
  await saysPolitely(ada, 'Edsger left', since);
});

test('tiles are groups that begin with a name and say what is to know', async () => {
  await ada.page.getByRole('group', { name: 'Ada, you, host', exact: true }).waitFor();
  grace.say({ type: 'update', microphone: false, camera: false });
  await ada.page.getByRole('group', { name: 'Grace, muted, camera off', exact: true }).waitFor();
  const tile = ada.page.getByRole('group', { name: /^Grace/ });
  assert.equal(await tile.getAttribute('data-participant'), grace.id);
  assert.equal((await tile.ariaSnapshot()).trim(), '- group "Grace, muted, camera off":\n  - button "Pin Grace"', 'and nothing is read twice');
});

test('who leaves is said; nothing of all this interrupts', async () => {
  const since = await now(ada);
  grace.say({ type: 'leave' });
  await saysPolitely(ada, 'Grace left', since);
  const spoken = await ada.page.evaluate(() => window.spoken);
  assert.deepEqual(spoken.filter(({ live }) => live !== 'polite'), []);
  assert.deepEqual(ada.problems, []);
});
