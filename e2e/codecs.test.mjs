// Pictures turn to the best codec that everybody who sees them decodes, and back when somebody cannot.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let link;
let Ada;
let Grace;
let Old;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
  Grace = await Person.arrive(browser, 'Grace', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
  await Ada.page.addInitScript(pretendHardware);
  await Grace.page.addInitScript(watchPictures);
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

/** Runs in the page before anything else: a device with many cores, and hardware that encodes VP9. */
function pretendHardware() {
  Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { configurable: true, get: () => 8 });
  const { encodingInfo } = MediaCapabilities.prototype;
  MediaCapabilities.prototype.encodingInfo = async function ask(asked) {
    const found = await encodingInfo.call(this, asked);
    return { ...asked, supported: found.supported, smooth: true, powerEfficient: asked.video.contentType === 'video/vp9' };
  };
}

/** The same: a browser that has VP8 alone. */
function onlyVp8() {
  for (const kind of [RTCRtpReceiver, RTCRtpSender]) {
    const { getCapabilities } = kind;
    kind.getCapabilities = (media) => {
      const found = getCapabilities.call(kind, media);
      const codecs = found.codecs.filter(({ mimeType }) => media !== 'video' || /\/(VP8|rtx)$/i.test(mimeType));
      return { ...found, codecs };
    };
  }
}

/** The same: notes when pictures are shown, by element. */
function watchPictures() {
  window.pauses = (video) =>
    new Promise((resolve) => {
      const times = [];
      const step = (now) => {
        times.push(now);
        if (!video.watched) return resolve(Math.max(0, ...times.slice(1).map((at, index) => at - times[index])));
        video.requestVideoFrameCallback(step);
      };
      video.watched = true;
      video.requestVideoFrameCallback(step);
    });
}

/** What comes in the tile that bears a name. */
const seen = (person, name) =>
  person.page.evaluate(async (tileName) => {
    const tile = [...document.querySelectorAll('[role=group][data-participant]')].find((one) => one.ariaLabel.startsWith(tileName));
    const track = tile?.querySelector('video')?.srcObject?.getVideoTracks()[0];
    const connection = window.observed.connections.find((one) => one.connectionState === 'connected');
    const stats = await connection.getStats();
    const stat = [...stats.values()].find(({ type, trackIdentifier }) => type === 'inbound-rtp' && trackIdentifier === track?.id);
    const codec = stats.get(stat?.codecId)?.mimeType?.replace('video/', '');
    return { codec, height: stat?.frameHeight ?? 0, frames: stat?.framesDecoded ?? 0 };
  }, name);

async function comesIn(codec, person, name) {
  await until(`${name} comes in ${codec} for ${person.name}`, async () => (await seen(person, name)).codec === codec, 40_000);
  const { frames } = await seen(person, name);
  await until(`${name} moves for ${person.name}`, async () => (await seen(person, name)).frames > frames + 5, 20_000);
}

const control = (person, name) => person.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name });

/** Watches a tile until something happened; the longest time between two pictures, in ms. */
async function longestPause(person, name, happens) {
  const video = person.page.getByRole('group', { name }).locator('video').first();
  const watching = video.evaluate((element) => window.pauses(element));
  await happens();
  await video.evaluate((element) => (element.watched = false));
  return Math.round(await watching);
}

test('a camera turns to a codec that its device has hardware for, in layers', async () => {
  await comesIn('VP9', Grace, 'Ada');
  await comesIn('VP8', Ada, 'Grace');
  await until('the large picture', async () => (await seen(Grace, 'Ada')).height === 720, 30_000);
  await Grace.page.setViewportSize({ width: 390, height: 330 });
  await until('a small picture', async () => (await seen(Grace, 'Ada')).height < 720, 30_000);
  await comesIn('VP9', Grace, 'Ada');
  await Grace.page.setViewportSize({ width: 1440, height: 900 });
  await until('the large picture again', async () => (await seen(Grace, 'Ada')).height === 720, 30_000);
});

test('a screen is shared in the codec made for text', async () => {
  await control(Ada, 'Share screen').click();
  await comesIn('AV1', Grace, 'Screen of Ada');
});

test('who has VP8 alone sees everything, and for the others pictures go on', async () => {
  Old = await Person.arrive(browser, 'Old', { rungs: 'udp', viewport: { width: 1000, height: 700 } });
  await Old.page.addInitScript(onlyVp8);
  const Able = await Person.arrive(browser, 'Able', { rungs: 'udp', viewport: { width: 1000, height: 700 } });
  const usual = await longestPause(Grace, 'Screen of Ada', async () => {
    await Able.openLink(link);
    await Able.join();
    await comesIn('AV1', Able, 'Screen of Ada');
  });
  await Able.page.close();
  const before = await seen(Grace, 'Screen of Ada');
  const pause = await longestPause(Grace, 'Screen of Ada', async () => {
    await Old.openLink(link);
    await Old.join();
    await comesIn('VP8', Old, 'Screen of Ada');
    await comesIn('VP8', Grace, 'Screen of Ada');
  });
  await comesIn('VP8', Old, 'Ada');
  await comesIn('VP8', Grace, 'Ada');
  const after = await seen(Grace, 'Screen of Ada');
  assert.ok(after.frames > before.frames, 'one stream goes on');
  console.log(`the longest pause of the screen: ${pause} ms; ${usual} ms where somebody joins who has all codecs`);
});

test('once they left, the better codecs come back', async () => {
  await Old.page.close();
  await comesIn('AV1', Grace, 'Screen of Ada');
  await comesIn('VP9', Grace, 'Ada');
  for (const person of [Ada, Grace]) assert.deepEqual(person.problems, [], person.name);
  assert.deepEqual([await Ada.descriptions(), await Grace.descriptions()], [[2], [2]], 'no new offer or answer');
});
