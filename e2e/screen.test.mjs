// Somebody shares a screen: the others see it move, in a call that is never described anew.

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
  Ada = await Person.arrive(browser, 'Ada', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
  Grace = await Person.arrive(browser, 'Grace', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
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

const control = (person, name) => person.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name });
const screenOf = (person, name) => person.page.getByRole('group', { name: `Screen of ${name}` });

/** Frames that `person` decoded of somebody's screen so far. */
async function frames(person, name) {
  return (await person.framesByTile())[`Screen of ${name}`] ?? 0;
}

async function seesScreen(person, name) {
  const first = await until(`${person.name} decodes the screen of ${name}`, () => frames(person, name), 20_000);
  await until(`the screen of ${name} moves for ${person.name}`, async () => (await frames(person, name)) > first + 5, 20_000);
}

async function share(person) {
  await control(person, 'Share screen').click();
  await control(person, 'Stop sharing').waitFor();
}

test('a shared screen reaches the other, large, and nothing is described anew', async () => {
  const before = [await Ada.descriptions(), await Grace.descriptions()];
  assert.deepEqual(before, [[2], [2]], 'one offer and one answer each');

  await share(Ada);
  const begun = performance.now();
  await until('Grace decodes the screen of Ada', () => frames(Grace, 'Ada'), 20_000);
  console.log(`first frame of a shared screen after ${Math.round(performance.now() - begun)} ms`);
  await seesScreen(Grace, 'Ada');
  const tile = screenOf(Grace, 'Ada');
  const owner = await Grace.tile('Ada').getAttribute('data-participant');
  assert.equal(await tile.getAttribute('data-participant'), owner, 'the tile is of who shares');
  const box = await tile.boundingBox();
  const face = await Grace.tile('Ada').boundingBox();
  assert.ok(box.width * box.height > 4 * face.width * face.height, 'the screen is larger than the faces');
  assert.ok(box.x + box.width <= face.x + 1 || box.y + box.height <= face.y + 1, 'and beside them');
  assert.equal(await screenOf(Ada, 'Ada').count(), 0, 'who shares does not see themselves share');
  await Ada.page.getByText('Everyone sees your screen').waitFor();
  await Grace.seesAndHears(['Ada']);

  assert.deepEqual([await Ada.descriptions(), await Grace.descriptions()], before, 'no new offer or answer');
});

test('the picture is sent whole: text stays sharp', async () => {
  const size = () =>
    screenOf(Grace, 'Ada').locator('video').evaluate((video) => [video.videoWidth, video.videoHeight]);
  const shared = await Ada.page.evaluate(async () => {
    for (const connection of window.observed.connections) {
      for (const sender of connection.getSenders()) {
        const settings = sender.track?.getSettings();
        if (settings?.displaySurface) {
          const [{ maxBitrate, maxFramerate }] = sender.getParameters().encodings;
          return { width: settings.width, height: settings.height, hint: sender.track.contentHint, maxBitrate, maxFramerate };
        }
      }
    }
    return null;
  });
  assert.equal(shared.hint, 'detail');
  assert.ok(shared.maxBitrate > 0 && shared.maxFramerate > 0);
  await until('as many pixels arrive as are shared', async () => {
    const [width, height] = await size();
    return width === shared.width && height === shared.height;
  });
});

test('stopping takes the tile away, and sharing can begin again', async () => {
  await control(Ada, 'Stop sharing').click();
  await until('the tile is gone for Grace', async () => (await screenOf(Grace, 'Ada').count()) === 0, 3_000);
  await control(Ada, 'Share screen').waitFor();
  await share(Ada);
  await seesScreen(Grace, 'Ada');
});

test('what the browser itself ends, ends here', async () => {
  await Ada.page.evaluate(() => {
    for (const connection of window.observed.connections) {
      for (const { track } of connection.getSenders()) {
        if (!track?.getSettings().displaySurface) continue;
        // The browser's own bar stops the track and says so; a script can only do both itself.
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    }
  });
  await control(Ada, 'Share screen').waitFor();
  await until('the tile is gone for Grace', async () => (await screenOf(Grace, 'Ada').count()) === 0, 3_000);
});

test('two may share at once, and each is seen by the other', async () => {
  await share(Ada);
  await share(Grace);
  await seesScreen(Ada, 'Grace');
  await seesScreen(Grace, 'Ada');
  await control(Grace, 'Stop sharing').click();
  await until('the tile is gone for Ada', async () => (await screenOf(Ada, 'Grace').count()) === 0, 3_000);
  await seesScreen(Grace, 'Ada');
});

test('who comes later sees the screen that is shared', async () => {
  const late = await Person.arrive(browser, 'Edsger', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
  await late.openLink(Ada.page.url());
  await late.join();
  await seesScreen(late, 'Ada');
  assert.deepEqual(await late.descriptions(), [2]);
  await late.context.close();
});

test('a host stops the screen of somebody else', async () => {
  await control(Ada, 'Stop sharing').click();
  await share(Grace);
  await seesScreen(Ada, 'Grace');
  await Ada.openPanel('People');
  await Ada.page.getByRole('button', { name: 'Options for Grace' }).click();
  await Ada.page.getByRole('menuitem', { name: 'Stop sharing' }).click();
  await control(Grace, 'Share screen').waitFor();
  await until('the tile is gone for Ada', async () => (await screenOf(Ada, 'Grace').count()) === 0, 3_000);
});

test('nothing was described anew, and nothing failed silently', async () => {
  assert.deepEqual([await Ada.descriptions(), await Grace.descriptions()], [[2], [2]]);
  for (const person of [Ada, Grace]) assert.deepEqual(person.problems, [], person.name);
});
