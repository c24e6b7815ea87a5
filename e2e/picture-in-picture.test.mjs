// The call in a small window above all others: who leads, the controls, and pictures that go on while
// the tab itself is out of sight.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, Person } from './people.mjs';
import { System, until } from './system.mjs';

/** A page that nobody sees stops wanting pictures after 5 s. */
const STOPS_MS = 30_000;

let system;
let browser;
let Ada;
let Grace;
let link;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada', { rungs: 'udp', viewport: { width: 1280, height: 800 } });
  Grace = await Person.arrive(browser, 'Grace', { rungs: 'udp', viewport: { width: 1280, height: 800 } });
  link = await Ada.startMeeting(system.url);
  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  await Ada.seesAndHears(['Grace']);
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const button = (person, name = 'Open in a small window') => person.page.getByRole('button', { name, exact: true });

async function open(person) {
  const opened = person.context.waitForEvent('page');
  await button(person).click();
  const small = await opened;
  await small.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  return small;
}

const tile = (small, name) => small.getByRole('group', { name: new RegExp(`^${name}`) });

/** Frames that the video of a tile has shown. */
const shown = (small, name) => tile(small, name).locator('video').evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);

async function moves(small, name) {
  const first = await until(`a frame of ${name}`, () => shown(small, name));
  await until(`${name} moves`, async () => (await shown(small, name)) > first + 5);
}

const frames = async (person, name) => Object.entries(await person.framesByTile()).find(([label]) => label.startsWith(name))?.[1] ?? 0;

/** Tells the page that its tab went out of sight or came back: a browser without a screen has no other tab. */
const sight = (person, state) =>
  person.page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

async function stops(person, name) {
  await until(`the picture of ${name} stops`, async () => {
    const before = await frames(person, name);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return (await frames(person, name)) === before;
  }, STOPS_MS);
}

test('the window shows who leads, and mutes and turns off as the call does', async () => {
  const before = await Ada.descriptions();
  const small = await open(Ada);
  await moves(small, 'Grace');
  assert.equal(await tile(small, 'Ada').count(), 0, 'oneself only when nobody else is there');

  const controls = small.getByRole('toolbar', { name: 'Call controls' });
  await controls.getByRole('button', { name: 'Mute microphone' }).click();
  await until('Grace sees that Ada is muted', async () => (await Grace.tile('Ada').getAttribute('aria-label')).includes('muted'));
  await Ada.page.getByRole('button', { name: 'Unmute microphone' }).waitFor();
  await small.keyboard.press('m');
  await until('Grace sees that she is not', async () => !(await Grace.tile('Ada').getAttribute('aria-label')).includes('muted'));
  await controls.getByRole('button', { name: 'Turn off camera' }).click();
  await until('Grace sees no camera', async () => (await Grace.tile('Ada').getAttribute('aria-label')).includes('camera off'));
  await controls.getByRole('button', { name: 'Turn on camera' }).click();
  await until('Grace sees it again', async () => !(await Grace.tile('Ada').getAttribute('aria-label')).includes('camera off'));

  await button(Ada, 'Close the small window').click();
  await until('it is gone', () => small.isClosed());
  await button(Ada).waitFor();
  assert.deepEqual(await Ada.descriptions(), before);
});

test('a tab out of sight gets no pictures, but those of the window', async () => {
  await sight(Ada, 'hidden');
  await stops(Ada, 'Grace');
  const small = await open(Ada);
  await moves(small, 'Grace');
  await small.close();
  await button(Ada).waitFor();
  await stops(Ada, 'Grace');
  await sight(Ada, 'visible');
  await Ada.seesAndHears(['Grace']);
});

test('a screen that is shared leads', async () => {
  const small = await open(Ada);
  await Grace.page.getByRole('button', { name: 'Share screen' }).click();
  await moves(small, 'Screen of Grace');
  await Grace.page.getByRole('button', { name: 'Stop sharing' }).click();
  await until('it is gone', async () => (await tile(small, 'Screen of Grace').count()) === 0);
  await moves(small, 'Grace');
  await small.close();
});

test('who is left alone sees themselves', async () => {
  const Edsger = await Person.arrive(browser, 'Edsger', { rungs: 'udp', viewport: { width: 1280, height: 800 } });
  await Edsger.startMeeting(system.url);
  await Edsger.join();
  const small = await open(Edsger);
  await moves(small, 'Edsger');
  await Edsger.context.close();
});

test('leaving from the window ends the call, and the call’s end closes the window', async () => {
  const small = await open(Ada);
  await small.getByRole('button', { name: 'Leave' }).click();
  await Ada.page.getByText('You left the meeting').first().waitFor();
  await until('it is gone', () => small.isClosed());
  await Grace.losesTile('Ada');
});

test('where only a video can float, the leading picture does; where nothing can, there is no button', async () => {
  const Barbara = await Person.arrive(browser, 'Barbara', { rungs: 'udp', viewport: { width: 1280, height: 800 } });
  await Barbara.page.addInitScript(() => {
    delete window.documentPictureInPicture;
    const really = HTMLVideoElement.prototype.requestPictureInPicture;
    HTMLVideoElement.prototype.requestPictureInPicture = function request() {
      window.floating = this;
      return really.call(this);
    };
  });
  await Barbara.openLink(link);
  await Barbara.join();
  await Barbara.seesAndHears(['Grace']);
  await button(Barbara).click();
  const state = () =>
    Barbara.page.evaluate(() => ({
      floats: document.pictureInPictureElement === window.floating && window.floating !== undefined,
      frames: window.floating?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    }));
  await button(Barbara, 'Close the small window').waitFor();
  const first = await until('a video floats', async () => {
    const { floats, frames } = await state();
    return floats && frames > 0 && frames;
  });
  await until('it moves', async () => (await state()).frames > first + 5);
  await button(Barbara, 'Close the small window').click();
  await button(Barbara).waitFor();
  assert.equal((await state()).floats, false);

  const Alan = await Person.arrive(browser, 'Alan', { rungs: 'udp', viewport: { width: 1280, height: 800 } });
  await Alan.page.addInitScript(() => {
    delete window.documentPictureInPicture;
    delete HTMLVideoElement.prototype.requestPictureInPicture;
  });
  await Alan.openLink(link);
  await Alan.join();
  await Alan.page.getByRole('button', { name: 'Copy meeting link' }).first().waitFor();
  assert.equal(await button(Alan).count(), 0);
  for (const person of [Ada, Grace, Barbara, Alan]) assert.deepEqual(person.problems, [], person.name);
});
