// A whole call without a mouse: from the landing page into a meeting, through all of its controls, out
// and back. Everything that has the focus shows it, nothing holds it, and when something closes it is
// back on what opened it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { enter, walkIn } from './crowd.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

/** More stops than any view has. */
const MOST_STOPS = 80;

let system;
let browser;
let ada;
let page;
let link;
let grace;

before(async () => {
  system = await System.start({ engines: 1 });
  // Two cameras, so that there is one to change to.
  browser = await launch(['--use-fake-device-for-media-stream=device-count=2,fps=15']);
  ada = await Person.arrive(browser, 'Ada', { viewport: { width: 1440, height: 900 } });
  page = ada.page;
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

/** What has the focus: its role, its name, and whether that can be seen. */
const focused = () =>
  page.evaluate(() => {
    const element = document.activeElement;
    const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '';
    const rings = [element, element.nextElementSibling].map((one) => one && getComputedStyle(one));
    const seen = rings.some((style) => style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1);
    const box = element.getBoundingClientRect();
    return {
      tag: element.localName,
      name: label.trim().replace(/\s+/g, ' '),
      seen,
      inside: box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
      reached: element.tabIndex >= 0 && element !== document.body,
      panel: element.closest('.panel, dialog, .menu, .popover, .reactions, .knock')?.getAttribute('aria-label') ?? null,
    };
  });

/** Fails where one cannot see what has the focus. */
function assertSeen(focus) {
  if (!focus.reached) return;
  assert.ok(focus.seen, `no ring around ${focus.tag} "${focus.name}"`);
  assert.ok(focus.inside, `${focus.tag} "${focus.name}" is out of sight`);
}

const press = (key) => page.keyboard.press(key);
const fits = (name, wanted) => (wanted instanceof RegExp ? wanted.test(name) : name === wanted);

/** Goes on by Tab (or back) to what has this name, seeing every stop on the way. */
async function tabTo(wanted, { back = false } = {}) {
  const stops = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await press(back ? 'Shift+Tab' : 'Tab');
    const focus = await focused();
    assertSeen(focus);
    if (fits(focus.name, wanted)) return focus;
    stops.push(focus.name);
  }
  throw new Error(`Tab does not lead to ${wanted}: ${stops.join(' | ')}`);
}

/** Goes on by an arrow to what has this name. */
async function arrowTo(wanted, key = 'ArrowDown') {
  for (let stop = 0; stop < 20; stop += 1) {
    const focus = await focused();
    assertSeen(focus);
    if (fits(focus.name, wanted)) return focus;
    await press(key);
  }
  throw new Error(`${key} does not lead to ${wanted}`);
}

/** Resolves when this has the focus. */
const focusOn = (wanted) => until(`the focus is on ${wanted}`, async () => fits((await focused()).name, wanted));

/**
 * Goes round by Tab: every control in sight is reached, each shows that it has the focus, and one comes
 * out again where one went in.
 */
async function goRound(what) {
  // What a part that is just loaded brings is to be gone round too.
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  await page.evaluate(() => {
    window.reached = new Set();
    document.addEventListener('focusin', window.reaching = ({ target }) => window.reached.add(target));
  });
  let around = false;
  let first = null;
  for (let stop = 0; stop < MOST_STOPS && !around; stop += 1) {
    await press('Tab');
    const focus = await focused();
    assertSeen(focus);
    const handle = await page.evaluateHandle(() => document.activeElement);
    if (first === null) first = handle;
    else around = await page.evaluate(([one, other]) => one === other, [first, handle]);
  }
  assert.ok(around, `${what}: one comes round again`);
  const missed = await page.evaluate(() => {
    document.removeEventListener('focusin', window.reaching);
    const modal = document.querySelector('dialog:modal');
    const groups = new Set([...window.reached].map((one) => one.type === 'radio' && one.name));
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
      .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }))
      .filter((one) => !one.closest('[inert]') && (!modal || modal.contains(one)))
      .filter((one) => !window.reached.has(one) && !(one.type === 'radio' && groups.has(one.name)))
      .map((one) => one.outerHTML.slice(0, 120));
  });
  assert.deepEqual(missed, [], what);
}

test('the first stop leads past the head of the page', async () => {
  await page.goto(system.url);
  await page.getByRole('button', { name: 'New meeting' }).waitFor();
  await press('Tab');
  const skip = await focused();
  assertSeen(skip);
  assert.equal(skip.name, 'Skip to content');
  await press('Enter');
  await press('Tab');
  assert.equal((await focused()).name, 'New meeting');
  await goRound('the landing page');
});

test('from the landing page into a meeting', async () => {
  await tabTo('New meeting');
  await press('Enter');
  await page.getByRole('button', { name: 'Join meeting' }).waitFor();
  link = page.url();
  // The choices of devices come once these are known.
  await page.getByRole('combobox', { name: 'Speaker' }).waitFor();
  await goRound('the preview');
  await tabTo(/^Mute microphone$/);
  await press('Space');
  await focusOn('Unmute microphone');
  await press('Space');
  await focusOn('Mute microphone');
  await tabTo('Your name');
  await page.keyboard.type('Ada');
  await press('Enter');
  await page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  // The view took the place of another: it begins at its heading.
  await focusOn('Meeting');
});

test('microphone, camera, hand and reactions', async () => {
  await goRound('the call, alone');
  grace = await walkIn(link, 'Grace', { microphone: true });
  await ada.seesTile('Grace');
  await tabTo('Mute microphone');
  await press('Enter');
  await focusOn('Unmute microphone');
  await press('Enter');
  await focusOn('Mute microphone');
  // Arrows walk the toolbar.
  await press('ArrowRight');
  await focusOn('Turn off camera');
  await press('Enter');
  await focusOn('Turn on camera');
  await press('Enter');
  await focusOn('Turn off camera');
  await arrowTo('Raise hand', 'ArrowRight');
  await press('Enter');
  await focusOn('Lower hand');
  await press('Enter');
  await focusOn('Raise hand');
  await press('ArrowRight');
  await focusOn('React');
  await press('Enter');
  await focusOn('Thumbs up');
  await arrowTo('Heart', 'ArrowRight');
  await press('Enter');
  await page.locator('.reaction').first().waitFor();
  await press('Escape');
  await focusOn('React');
  assert.equal(await page.getByRole('toolbar', { name: 'Reactions' }).count(), 0);
});

test('the chat', async () => {
  await tabTo('Chat');
  await press('Enter');
  await focusOn('Message');
  await page.keyboard.type('Good morning');
  await press('Enter');
  await page.locator('.message:not(.pending)').getByText('Good morning').waitFor();
  assert.equal((await focused()).name, 'Message', 'and one can go on writing');
  await goRound('the call with the chat');
  await tabTo('Delete message');
  await press('Enter');
  await page.getByText('Good morning').waitFor({ state: 'detached' });
  await focusOn(/^Chat messages/);
  await press('Escape');
  await focusOn('Chat');
});

test('people, and what a host may do about them', async () => {
  await press('p');
  await focusOn('People');
  assert.equal((await focused()).panel, 'People', 'in the panel');
  await goRound('the call with the people');
  await tabTo('Options for Grace');
  await press('Enter');
  await focusOn('Mute');
  await press('Escape');
  await focusOn('Options for Grace');
  await press('Enter');
  await arrowTo('Make co-host');
  await press('Enter');
  await page.getByRole('group', { name: /^Grace.*co-host/ }).waitFor();
  await focusOn('Options for Grace');
  await press('Enter');
  await focusOn('Mute');
  await press('Enter');
  await page.getByRole('group', { name: /^Grace.*muted/ }).waitFor();
  await focusOn('Options for Grace');

  await tabTo('Let people chat', { back: true });
  await press('Space');
  await page.getByRole('switch', { name: 'Let people chat', checked: false }).waitFor();
  await tabTo('Lock meeting', { back: true });
  await press('Enter');
  await focusOn('Unlock meeting');
  await press('Enter');
  await focusOn('Lock meeting');

  // A dialog keeps the focus until it is answered, and gives it back.
  await tabTo('End meeting for everyone');
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  await goRound('the dialog');
  await press('Escape');
  await focusOn('End meeting for everyone');
  await press('Escape');
  await focusOn('People');
  assert.equal((await focused()).panel, null, 'on the button');
});

test('who asks to join', async () => {
  await press('Enter');
  await focusOn('People');
  await tabTo('Waiting room');
  await press('Space');
  await page.getByRole('switch', { name: 'Waiting room', checked: true }).waitFor();
  const edsger = await enter(link, 'Edsger');
  const mallory = await enter(link, 'Mallory');
  await page.getByRole('list', { name: 'Waiting to join' }).getByText('Mallory').waitFor();
  await tabTo('Admit Edsger', { back: true });
  await press('Enter');
  await edsger.next('admitted');
  // On to who waits next, and to the panel's head when nobody does.
  await focusOn('Deny Mallory');
  await press('Enter');
  await focusOn('People');
  await press('Escape');
  await focusOn('People');
  const trudy = await enter(link, 'Trudy');
  await page.getByRole('complementary', { name: 'Waiting to join' }).waitFor();
  await tabTo('Deny Trudy', { back: true });
  await press('Enter');
  await focusOn('People');
  assert.equal((await focused()).tag, 'button');
  await Promise.all([edsger, mallory, trudy].map((socket) => socket.close()));
});

test('layout, settings and devices', async () => {
  await tabTo('Layout');
  await press('Enter');
  await focusOn('Grid');
  await press('ArrowDown');
  await page.getByRole('radio', { name: 'Speaker', exact: true, checked: true }).waitFor();
  await press('ArrowUp');
  await press('Escape');
  await focusOn('Layout');
  await press('Enter');
  await focusOn('Grid');
  // Whoever goes on leaves it behind.
  await tabTo('Settings');
  assert.equal(await page.getByRole('dialog', { name: 'Layout' }).count(), 0);
  await press('Enter');
  await until('the focus is in the panel', async () => (await focused()).panel === 'Settings');
  await goRound('the call with the settings');
  await tabTo('Camera');
  const camera = page.getByRole('combobox', { name: 'Camera' });
  const before = await camera.inputValue();
  const other = await camera.locator('option').evaluateAll((all, value) => all.map((one) => one.value).find((one) => one !== '' && one !== value), before);
  assert.ok(other, 'there is another camera');
  const [from, to] = await camera.locator('option').evaluateAll((all, values) => values.map((value) => all.findIndex((one) => one.value === value)), [before, other]);
  for (let step = from; step !== to; step += Math.sign(to - from)) await press(to > from ? 'ArrowDown' : 'ArrowUp');
  await press('Enter');
  await until('the other camera is used', async () => (await camera.inputValue()) === other);
  await tabTo('Mirror self-view');
  await press('Space');
  await page.getByRole('switch', { name: 'Mirror self-view', checked: false }).waitFor();
  await press('Escape');
  await focusOn('Settings');
});

test('the list of keys, and the connection', async () => {
  await page.keyboard.type('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.waitFor();
  await goRound('the list of keys');
  await press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await focusOn('Settings');
  await press('i');
  await until('the focus is in the panel', async () => (await focused()).panel === 'Connection');
  await goRound('the call with the connection');
  await page.getByRole('complementary', { name: 'Connection' }).getByRole('button', { name: 'Close' }).focus();
  await press('Escape');
  await focusOn('Settings');
});

test('sharing, leaving, coming back', async () => {
  await tabTo('Share screen', { back: true });
  await press('Enter');
  await focusOn('Stop sharing');
  await press('Enter');
  await focusOn('Share screen');
  await tabTo('Leave');
  await press('Enter');
  await focusOn('You left the meeting');
  await goRound('the page after the call');
  await tabTo('Rejoin');
  await press('Enter');
  await page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  await focusOn('Meeting');
  await ada.seesTile('Grace');
  assert.deepEqual(ada.problems, []);
});
