// What a person chooses for their own eyes and ears during a call: the layout, where they see
// themselves, which devices they use. Nobody else notices, and nothing is described anew.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Person } from './people.mjs';
import { System, until } from './system.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  // Four cameras, so that there is one to change to: the second gives depth alone, the third JPEG.
  '--use-fake-device-for-media-stream=device-count=4,fps=15',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

let system;
let browser;
const people = {};

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  let link;
  for (const name of ['Ada', 'Grace', 'Edsger']) {
    const person = await Person.arrive(browser, name, { viewport: { width: 1280, height: 800 } });
    if (link) await person.openLink(link);
    else link = await person.startMeeting(system.url);
    await person.join();
    people[name] = person;
  }
  await people.Ada.seesAndHears(['Grace', 'Edsger']);
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const control = (person, name) => person.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name, exact: true });

async function choose(person, ...names) {
  await control(person, 'Layout').click();
  const popover = person.page.getByRole('dialog', { name: 'Layout' });
  for (const name of names) await popover.getByRole('radio', { name, exact: true }).check();
  await person.page.keyboard.press('Escape');
  await popover.waitFor({ state: 'detached' });
}

/** The area of each tile by whose it is, largest first. */
async function areas(person) {
  const tiles = await person.page.locator('[role=group][data-participant]').evaluateAll((all) =>
    all.map((tile) => [tile.getAttribute('aria-label').split(',')[0], tile.clientWidth * tile.clientHeight]),
  );
  return tiles.sort((one, other) => other[1] - one[1]);
}

test('grid, sidebar and speaker lay people out differently', async () => {
  const { Ada } = people;
  const grid = await areas(Ada);
  assert.equal(grid.length, 3);
  assert.ok(grid[0][1] === grid[2][1], 'all alike');

  await choose(Ada, 'Sidebar');
  await until('one is large and two are beside', async () => {
    const tiles = await areas(Ada);
    return tiles.length === 3 && tiles[0][1] > 4 * tiles[1][1] && tiles[0][0] !== 'Ada';
  });
  await choose(Ada, 'Speaker');
  await until('one fills the stage, with oneself in a corner', async () => {
    const tiles = await areas(Ada);
    return tiles.length === 2 && tiles[1][0] === 'Ada' && tiles[0][1] > 4 * tiles[1][1];
  });
  await Ada.page.getByRole('button', { name: '1 more' }).waitFor();
});

test('one may hide oneself, and the choice is remembered', async () => {
  const { Ada, Grace } = people;
  await choose(Ada, 'Grid', 'Hidden');
  await until('two tiles', async () => (await areas(Ada)).length === 2);
  await Grace.seesTile('Ada');
  await choose(Ada, 'In a corner');
  await until('oneself in a corner', async () => (await areas(Ada)).length === 3);
  await Ada.page.reload();
  await Ada.join();
  await control(Ada, 'Layout').click();
  const popover = Ada.page.getByRole('dialog', { name: 'Layout' });
  assert.ok(await popover.getByRole('radio', { name: 'Grid', exact: true }).isChecked());
  assert.ok(await popover.getByRole('radio', { name: 'In a corner' }).isChecked());
  await Ada.page.keyboard.press('Escape');
  assert.equal(await control(Ada, 'Layout').evaluate((button) => button === document.activeElement), true, 'focus comes back');
  await choose(Ada, 'Among the others');
});

test('camera, microphone and speaker change during the call, without a new description', async () => {
  const { Ada, Grace } = people;
  await Grace.seesAndHears(['Ada', 'Edsger']);
  const before = await Ada.descriptions();
  await control(Ada, 'Settings').click();
  const panel = Ada.page.getByRole('complementary', { name: 'Settings' });
  const using = (kind) =>
    Ada.page.evaluate(
      (wanted) =>
        window.observed.connections
          .flatMap((connection) => connection.getSenders())
          .map(({ track }) => track)
          .find((track) => track?.kind === wanted && track.readyState === 'live')
          ?.getSettings().deviceId,
      kind,
    );
  for (const [label, kind] of [['Camera', 'video'], ['Microphone', 'audio']]) {
    const box = panel.getByRole('combobox', { name: label });
    const other = await until(`another ${label}`, async () => {
      const current = await using(kind);
      const ids = await box.locator('option').evaluateAll((options) => options.map((one) => one.value));
      return current && ids.findLast((id) => id !== '' && id !== current);
    });
    await box.selectOption(other);
    await until(`${label} is the other`, async () => (await using(kind)) === other);
  }
  await panel.getByRole('combobox', { name: 'Speaker' }).waitFor();
  await Grace.seesAndHears(['Ada']);
  assert.deepEqual(await Ada.descriptions(), before);
});

test('what is done to sound and picture are switches that are remembered', async () => {
  const { Ada, Grace } = people;
  const panel = Ada.page.getByRole('complementary', { name: 'Settings' });
  const mirrored = () => Ada.tile('Ada').locator('video').evaluate((video) => getComputedStyle(video).transform !== 'none');
  assert.ok(await mirrored());
  await panel.getByRole('switch', { name: 'Mirror self-view' }).uncheck();
  assert.ok(!(await mirrored()));
  for (const name of ['Noise suppression', 'Echo cancellation', 'Automatic gain']) {
    const box = panel.getByRole('switch', { name });
    assert.ok(await box.isChecked(), name);
    await box.uncheck();
  }
  const processing = () =>
    Ada.page.evaluate(() => {
      const tracks = window.observed.connections.flatMap((connection) => connection.getSenders()).map(({ track }) => track);
      const settings = tracks.find((track) => track?.kind === 'audio' && track.readyState === 'live')?.getSettings();
      return [settings?.noiseSuppression, settings?.echoCancellation, settings?.autoGainControl];
    });
  await until('nothing is done to the sound', async () => (await processing()).every((on) => on === false));
  await Grace.seesAndHears(['Ada']);
  await panel.getByRole('switch', { name: 'Mirror self-view' }).check();
});

test('a camera that is unplugged gives way to another, and that is said', async () => {
  const { Ada, Grace } = people;
  await Ada.page.evaluate(() => {
    const tracks = window.observed.connections.flatMap((connection) => connection.getSenders()).map(({ track }) => track);
    const camera = tracks.find((track) => track?.kind === 'video' && track.readyState === 'live');
    // What a browser does when the cable comes out.
    camera.stop();
    camera.dispatchEvent(new Event('ended'));
  });
  await Ada.page.getByText('Your camera is gone').waitFor();
  await Grace.seesAndHears(['Ada']);
});

test('a camera that is busy, missing or refused has words and a way on', async () => {
  const { Ada } = people;
  for (const [name, words] of [
    ['NotReadableError', 'Another program is using your camera'],
    ['NotFoundError', 'No camera found'],
    ['NotAllowedError', 'does not let this page use your camera'],
  ]) {
    await control(Ada, 'Turn off camera').click();
    await Ada.page.evaluate((error) => {
      window.really ??= navigator.mediaDevices.getUserMedia;
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', error));
    }, name);
    await control(Ada, 'Turn on camera').click();
    const notice = Ada.page.getByRole('main').getByText(words);
    await notice.waitFor();
    await Ada.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = window.really;
    });
    await Ada.page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
    await notice.waitFor({ state: 'detached' });
    await control(Ada, 'Turn off camera').waitFor();
  }
});

test('nothing failed silently', () => {
  for (const person of Object.values(people)) assert.deepEqual(person.problems, [], person.name);
});
