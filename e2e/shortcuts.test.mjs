// Keys: every one that the sheet lists does what it says, none does while somebody types, and the
// space bar unmutes for as long as it is held, as others hear it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let Ada;
let Grace;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada', { viewport: { width: 1440, height: 900 } });
  Grace = await Person.arrive(browser, 'Grace', { viewport: { width: 1440, height: 900 } });
  for (const { page } of [Ada, Grace]) page.setDefaultTimeout(45_000);
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  await Ada.seesAndHears(['Grace']);
  await Grace.seesAndHears(['Ada']);
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const button = (person, name) => person.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name, exact: true });
const panel = (person, name) => person.page.getByRole('complementary', { name });
const press = (key) => Grace.page.keyboard.press(key);
const told = (text) => Grace.page.getByRole('status').getByText(text).first().waitFor();
const away = (locator) => locator.waitFor({ state: 'detached' });
const sheet = () => Grace.page.getByRole('dialog', { name: 'Keyboard shortcuts' });

/** What each key of the sheet is tried by: presses it, sees what it says, and takes it back. */
const TRIED = {
  async M() {
    await press('m');
    await button(Grace, 'Unmute microphone').waitFor();
    await Ada.page.getByRole('group', { name: /^Grace.*muted/ }).waitFor();
    await press('m');
    await button(Grace, 'Mute microphone').waitFor();
  },
  async Space() {
    await press('m');
    await Grace.page.keyboard.down(' ');
    await button(Grace, 'Mute microphone').waitFor();
    await Grace.page.keyboard.up(' ');
    await button(Grace, 'Unmute microphone').waitFor();
    await press('m');
  },
  async V() {
    await press('v');
    await button(Grace, 'Turn on camera').waitFor();
    await Ada.page.getByRole('group', { name: /^Grace.*camera off/ }).waitFor();
    await press('v');
    await button(Grace, 'Turn off camera').waitFor();
  },
  async S() {
    await press('s');
    await button(Grace, 'Stop sharing').waitFor();
    await Ada.page.getByRole('group', { name: 'Screen of Grace' }).waitFor();
    await press('s');
    await button(Grace, 'Share screen').waitFor();
  },
  async H() {
    await press('h');
    await Ada.page.getByRole('group', { name: /^Grace.*hand raised/ }).waitFor();
    await button(Grace, 'Lower hand').waitFor();
    await press('h');
    await button(Grace, 'Raise hand').waitFor();
  },
  async R() {
    const reactions = Grace.page.getByRole('toolbar', { name: 'Reactions' });
    await press('r');
    await reactions.waitFor();
    await press('r');
    await away(reactions);
  },
  async C() {
    await press('c');
    await panel(Grace, 'Chat').waitFor();
    await Grace.page.getByRole('button', { name: 'Close' }).focus();
    await press('c');
    await away(panel(Grace, 'Chat'));
  },
  async P() {
    await press('p');
    await panel(Grace, 'People').waitFor();
    await press('p');
    await away(panel(Grace, 'People'));
  },
  async L() {
    const popover = Grace.page.getByRole('dialog', { name: 'Layout' });
    await press('l');
    await popover.waitFor();
    assert.equal(await popover.getByRole('radio', { name: 'Grid' }).evaluate((radio) => radio === document.activeElement), true);
    await press('Escape');
    await away(popover);
  },
  async ','() {
    await press(',');
    await panel(Grace, 'Settings').waitFor();
    await press(',');
    await away(panel(Grace, 'Settings'));
  },
  async I() {
    await press('i');
    await panel(Grace, 'Connection').waitFor();
    await press('i');
    await away(panel(Grace, 'Connection'));
  },
  async '?'() {
    await press('?');
    await sheet().waitFor();
    await press('Escape');
    await away(sheet());
  },
  async Esc() {
    await press('p');
    await panel(Grace, 'People').waitFor();
    await press('Escape');
    await away(panel(Grace, 'People'));
  },
};

test('the sheet lists every key, each does what it says, and every tooltip names a listed one', async () => {
  await press('?');
  await sheet().waitFor();
  const listed = await sheet().locator('kbd').allTextContents();
  const says = await sheet().locator('dd').allTextContents();
  assert.ok(says.length === listed.length && says.every((text) => text.trim() !== ''));
  await press('m');
  await press('Escape');
  await away(sheet());
  await button(Grace, 'Mute microphone').waitFor();
  const promised = await Grace.page.locator('[aria-keyshortcuts]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-keyshortcuts').toUpperCase()));
  assert.ok(promised.length >= 9);
  for (const key of promised) assert.ok(listed.includes(key), key);
  assert.deepEqual([...listed].sort(), Object.keys(TRIED).sort(), 'the sheet lists what is tried here');
  for (const key of listed) await TRIED[key]();
});

test('nothing fires while somebody types, nor with a modifier', async () => {
  await press('c');
  const field = Grace.page.getByRole('textbox', { name: 'Message' });
  await field.waitFor();
  await field.focus();
  const typed = 'mvshrcpli,? ok';
  await Grace.page.keyboard.type(typed);
  assert.equal(await field.inputValue(), typed);
  await button(Grace, 'Mute microphone').waitFor();
  await panel(Grace, 'Chat').waitFor();
  assert.equal(await sheet().count(), 0);
  await field.fill('');
  await press('Escape');
  await away(panel(Grace, 'Chat'));
  await press('Alt+m');
  await press('v');
  await button(Grace, 'Turn on camera').waitFor();
  await button(Grace, 'Mute microphone').waitFor();
  await press('v');
});

test('keys of other scripts stand where the Latin ones do', async () => {
  const type = (key, code, shiftKey = false) =>
    Grace.page.evaluate((init) => document.body.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true })), { key, code, shiftKey });
  await type('ь', 'KeyM');
  await button(Grace, 'Unmute microphone').waitFor();
  await type('ь', 'KeyM');
  await button(Grace, 'Mute microphone').waitFor();
  await type('؟', 'Slash', true);
  await sheet().waitFor();
  await press('Escape');
  await away(sheet());
});

test('what is turned off and on again at once is on for everybody', async () => {
  await Grace.page.evaluate(() => {
    for (let times = 0; times < 2; times += 1) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', code: 'KeyM', bubbles: true, cancelable: true }));
  });
  await button(Grace, 'Mute microphone').waitFor();
  // The room takes one message after another.
  await Grace.say('off and on');
  await until('Ada reads it', async () => (await Ada.readsChat()).includes('off and on'));
  assert.doesNotMatch(await Ada.tile('Grace').getAttribute('aria-label'), /muted/);
  for (const { page } of [Grace, Ada]) await page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name: /^Chat/ }).click();
});

/** Sound that Ada got from the others, as her browser's decoder counts its energy. */
async function energy() {
  return (await Ada.received()).filter(({ kind }) => kind === 'audio').reduce((sum, row) => sum + row.energy, 0);
}

/** Resolves once Ada hears Grace: the fake microphone beeps. */
async function heard() {
  const before = await energy();
  await until('Ada hears Grace', async () => (await energy()) > before + 1e-6);
}

/** Resolves once nothing more is heard. */
async function silent() {
  let last = await energy();
  let since = performance.now();
  await until('Ada hears nothing any more', async () => {
    const now = await energy();
    if (now > last + 1e-6) since = performance.now();
    last = now;
    // Longer than the pause between two beeps.
    return performance.now() - since > 2_500;
  }, 20_000);
}

/** Whether what Grace sends is let through. */
const sending = () =>
  Grace.page.evaluate(() =>
    // The first section of each connection is the microphone's.
    window.observed.connections.some((one) => one.getSenders()[0]?.track?.enabled && one.connectionState === 'connected'),
  );

async function mutedAgain() {
  await until('nothing is sent', async () => !(await sending()));
  await button(Grace, 'Unmute microphone').waitFor();
  await Ada.page.getByRole('group', { name: /^Grace.*muted/ }).waitFor();
}

/** Takes the focus off the button that it is on: with a ring around it, the space bar is the button's. */
const rest = () => Grace.page.evaluate(() => document.activeElement?.blur());

async function hold() {
  await Grace.page.keyboard.down(' ');
  await told('You are heard as long as you hold the space bar');
  assert.equal(await sending(), true);
  await Ada.page.getByRole('group', { name: /^Grace(?!.*muted)/ }).waitFor();
}

test('held, the space bar lets the others hear; released, it is silent again', async () => {
  await rest();
  await press('m');
  await mutedAgain();
  await silent();
  await hold();
  await heard();
  await Grace.page.keyboard.up(' ');
  await mutedAgain();
  await told('You are muted again');
  await silent();
});

test('a window that loses the focus, and a page that is hidden, mute again', async () => {
  await hold();
  await Grace.page.evaluate(() => window.dispatchEvent(new FocusEvent('blur')));
  await mutedAgain();
  await Grace.page.keyboard.up(' ');
  await hold();
  await Grace.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
    delete document.visibilityState;
  });
  await mutedAgain();
  await Grace.page.keyboard.up(' ');
});

test('on a button that a mouse pressed it talks, on one that Tab reached it presses', async () => {
  await button(Grace, 'Raise hand').click();
  await button(Grace, 'Lower hand').click();
  await hold();
  await Grace.page.keyboard.up(' ');
  await mutedAgain();
  await button(Grace, 'Raise hand').waitFor();
  await press('Shift+Tab');
  await press('Tab');
  await press(' ');
  await button(Grace, 'Lower hand').waitFor();
  await mutedAgain();
  await press(' ');
  await button(Grace, 'Raise hand').waitFor();
});

test('who may not unmute does not talk, and is told why', async () => {
  await rest();
  await Ada.openPanel('People');
  await Ada.page.getByRole('switch', { name: 'Let people unmute themselves' }).click();
  await until('the button says so', async () => (await button(Grace, 'Unmute microphone').getAttribute('aria-disabled')) === 'true');
  await Grace.page.keyboard.down(' ');
  await told('The host does not let people unmute themselves');
  assert.equal(await sending(), false);
  await Grace.page.keyboard.up(' ');
  await Ada.page.getByRole('switch', { name: 'Let people unmute themselves' }).click();
  await until('it is allowed again', async () => (await button(Grace, 'Unmute microphone').getAttribute('aria-disabled')) === null);
});

test('a host who mutes in the middle of it is obeyed', async () => {
  await hold();
  await Ada.openPanel('People');
  await Ada.page.getByRole('button', { name: 'Mute everyone' }).click();
  await mutedAgain();
  await Grace.page.keyboard.up(' ');
  await mutedAgain();
});

test('both can be turned off in the settings, and are remembered so', async () => {
  await press(',');
  await Grace.page.getByRole('switch', { name: 'Push to talk' }).click();
  await Grace.page.getByRole('switch', { name: 'Keyboard shortcuts' }).click();
  await Grace.page.getByRole('button', { name: 'Show keyboard shortcuts' }).click();
  await sheet().waitFor();
  assert.deepEqual(await sheet().locator('kbd').allTextContents(), ['Esc']);
  await press('Escape');
  await away(sheet());
  await until('the focus is back', () => Grace.page.evaluate(() => document.activeElement?.matches('button') && document.activeElement.textContent.includes('Show keyboard shortcuts')));
  await press('p');
  await press(' ');
  await sheet().waitFor();
  await press('Escape');
  await away(sheet());
  await press('Escape');
  await away(panel(Grace, 'Settings'));
  await Grace.page.evaluate(() => document.activeElement?.blur());
  for (const key of ['m', 'p', '?']) await press(key);
  await Grace.page.keyboard.down(' ');
  await button(Grace, 'Raise hand').click();
  await Ada.page.getByRole('group', { name: /^Grace.*hand raised/ }).waitFor();
  assert.equal(await sending(), false);
  assert.equal(await panel(Grace, 'People').count(), 0);
  await Grace.page.keyboard.up(' ');
  await Grace.page.reload();
  await Grace.join();
  await button(Grace, 'Settings').click();
  assert.equal(await Grace.page.getByRole('switch', { name: 'Push to talk' }).isChecked(), false);
  assert.equal(await Grace.page.getByRole('switch', { name: 'Keyboard shortcuts' }).isChecked(), false);
  for (const person of [Ada, Grace]) assert.deepEqual(person.problems, [], person.name);
});
