// What stands behind people: chosen before and during the call, made on their device, seen by the
// others, and never left out unawares.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';

import { figure, look } from './figure.mjs';
import { launch, Person } from './people.mjs';
import { System, until } from './system.mjs';

/** Deviation of lightness of the chequered wall: as it is, and when nothing of it is left. */
const SHARP = 30;
const GONE = 12;
/** First use loads and starts a model, on a machine that others use too. */
const FIRST_MS = 60_000;
const ANYTHING = /tflite|wasm|\/worker|engine/;

let system;
let browser;
let Ada;
let Grace;
let link;
const asked = [];

/** Runs in the page before anything else: what was ever given to a sender of video. */
function keepSent() {
  window.sent = [];
  const really = RTCRtpSender.prototype.replaceTrack;
  RTCRtpSender.prototype.replaceTrack = function replaceTrack(track) {
    if (track?.kind === 'video') window.sent.push(track.id);
    return really.call(this, track);
  };
}

async function somebody(name, { script } = {}) {
  const person = await Person.arrive(browser, name, { rungs: 'udp', viewport: { width: 1280, height: 800 } });
  await person.page.addInitScript(figure);
  await person.page.addInitScript(keepSent);
  if (script) await person.page.addInitScript(script);
  return person;
}

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await somebody('Ada');
  Grace = await somebody('Grace');
  Ada.context.on('request', (request) => asked.push(request.url()));
  link = await Ada.startMeeting(system.url);
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const preview = (person) => person.page.getByRole('region', { name: 'Your camera' });
const settings = (person) => person.page.getByRole('complementary', { name: 'Settings' });
const control = (person, name) => person.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name, exact: true });

async function choose(within, name) {
  await within.getByRole('group', { name: 'Background' }).getByRole('radio', { name, exact: true }).check({ force: true });
}

/** Waits until a video looks as it should, and returns how it looks. */
const looks = (what, video, as, most = FIRST_MS) =>
  until(what, async () => {
    const seen = await video.evaluate(look);
    return as(seen) && seen;
  }, most);

const videoOf = (person, name) => person.tile(name).locator('video');
const sharp = (seen) => seen && seen.wall > SHARP;
const blurred = (seen) => seen && seen.wall < GONE;

/** The ids of the tracks that are sent as this person's camera, and of their live cameras. */
const sending = (person) =>
  person.page.evaluate(() => ({
    sent: window.observed.connections
      .filter((one) => one.connectionState !== 'closed')
      .flatMap((one) => one.getSenders())
      .filter(({ track }) => track?.kind === 'video' && track.readyState === 'live')
      .map(({ track }) => track.id),
    cameras: window.cameras.filter((track) => track.readyState === 'live').map((track) => track.id),
  }));

test('with nothing chosen, nothing of it is loaded and the camera itself is sent', async () => {
  await looks('Ada sees herself and her wall', preview(Ada).locator('video'), sharp);
  await preview(Ada).getByRole('button', { name: 'Background' }).click();
  await preview(Ada).getByRole('group', { name: 'Background' }).getByRole('radio', { name: 'None' }).waitFor();
  assert.deepEqual(asked.filter((url) => ANYTHING.test(url)), []);
  const { sent, cameras } = await sending(Ada);
  assert.deepEqual(sent, cameras);
});

test('chosen before the call, the others get the person and nothing of the wall', async () => {
  const plain = await looks('herself', preview(Ada).locator('video'), sharp);
  const begun = performance.now();
  await choose(preview(Ada), 'Strong blur');
  const seen = await looks('the wall is gone, the face is not', preview(Ada).locator('video'), blurred);
  console.log(`first blurred picture ${Math.round(performance.now() - begun)} ms after the choice`);
  assert.ok(seen.face > plain.face * 0.4, `a face of ${seen.face} instead of ${plain.face}`);
  assert.ok(asked.some((url) => /tflite/.test(url)));

  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  const received = await looks('Grace gets it so', videoOf(Grace, 'Ada'), blurred);
  assert.ok(received.face > plain.face * 0.4, `a face of ${received.face} instead of ${plain.face}`);
  await Grace.seesAndHears(['Ada']);
});

test('it changes during the call: the same connection, no description, no moment without a picture', async () => {
  const before = [await Ada.descriptions(), await Grace.descriptions()];
  await Grace.page.evaluate(() => {
    window.gone = [];
    const tile = [...document.querySelectorAll('[role=group][data-participant]')].find((one) => one.getAttribute('aria-label').startsWith('Ada'));
    new MutationObserver(() => {
      const label = tile.getAttribute('aria-label');
      if (label.includes('camera off') || !tile.querySelector('video')) window.gone.push(label);
    }).observe(tile, { attributes: true, childList: true, subtree: true });
  });
  const size = () => videoOf(Grace, 'Ada').evaluate((video) => video.videoWidth / video.videoHeight);
  assert.ok(Math.abs((await size()) - 16 / 9) < 0.02);
  await control(Ada, 'Settings').click();

  await choose(settings(Ada), 'Night');
  await looks('Grace sees the night behind Ada', videoOf(Grace, 'Ada'), (seen) => seen && seen.colour[2] > seen.colour[0] + 15 && seen.wall < SHARP);
  await choose(settings(Ada), 'None');
  await looks('Grace sees the wall', videoOf(Grace, 'Ada'), sharp);
  const { sent, cameras } = await sending(Ada);
  assert.deepEqual(sent, cameras, 'the camera itself again');
  await choose(settings(Ada), 'Slight blur');
  await looks('Grace sees less of the wall', videoOf(Grace, 'Ada'), (seen) => seen && seen.wall < SHARP * 0.7);

  assert.deepEqual([await Ada.descriptions(), await Grace.descriptions()], before);
  assert.deepEqual(await Grace.page.evaluate(() => window.gone), []);
  assert.deepEqual(asked.filter((url) => !url.startsWith(system.url) && !/^(data|blob):/.test(url)), [], 'nothing from other hosts');
});

test('a picture of one’s own is taken from a file, and what is none is refused', async () => {
  const file = settings(Ada).getByLabel('Choose your own picture');
  await file.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
  await settings(Ada).getByText('cannot be read as a picture').waitFor();
  await file.setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: png(64, 36, [200, 30, 30]) });
  await looks('Grace sees red behind Ada', videoOf(Grace, 'Ada'), (seen) => seen && seen.colour[0] > 120 && seen.colour[1] < 80);
  await settings(Ada).getByText('cannot be read as a picture').waitFor({ state: 'detached' });
  assert.ok(await settings(Ada).getByRole('radio', { name: 'Your picture' }).isChecked());
});

test('a camera that is turned off and on comes back with it', async () => {
  await control(Ada, 'Turn off camera').click();
  await until('Grace sees that it is off', async () => (await Grace.tile('Ada').getAttribute('aria-label')).includes('camera off'));
  assert.deepEqual(await sending(Ada), { sent: [], cameras: [] });
  await control(Ada, 'Turn on camera').click();
  await looks('Grace sees red again', videoOf(Grace, 'Ada'), (seen) => seen && seen.colour[0] > 120 && seen.colour[1] < 80);
});

test('the choice is remembered, and the plain picture is never sent meanwhile', async () => {
  await Ada.page.reload();
  await Ada.page.getByRole('button', { name: 'Join meeting' }).waitFor();
  await Ada.join();
  await looks('Grace sees red behind Ada', videoOf(Grace, 'Ada'), (seen) => seen && seen.colour[0] > 120 && seen.colour[1] < 80);
  const [given, cameras] = await Ada.page.evaluate(() => [window.sent, window.cameras.map((track) => track.id)]);
  assert.ok(given.length > 0 && cameras.length > 0);
  assert.deepEqual(given.filter((id) => cameras.includes(id)), []);
});

test('what cannot be loaded is said, and nobody is shown before they decide', async () => {
  const Edsger = await somebody('Edsger');
  await Edsger.context.route(/\.tflite$/, (route) => route.abort());
  await Edsger.openLink(link);
  await Edsger.join();
  await looks('Grace sees Edsger', videoOf(Grace, 'Edsger'), sharp);
  await control(Edsger, 'Settings').click();
  await choose(settings(Edsger), 'Strong blur');
  await Edsger.page.getByRole('main').getByText('could not be loaded, so others do not see you').waitFor({ timeout: FIRST_MS });
  await until('Grace sees nobody', async () => (await Grace.tile('Edsger').getAttribute('aria-label')).includes('camera off'));
  assert.deepEqual((await sending(Edsger)).sent, []);
  // Trying again works once it can be loaded.
  await Edsger.context.unroute(/\.tflite$/);
  await Edsger.page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
  await looks('Grace sees Edsger without his wall', videoOf(Grace, 'Edsger'), blurred);
  await Edsger.context.close();
});

test('who goes on without it is seen as they are', async () => {
  const Barbara = await somebody('Barbara');
  await Barbara.context.route(/\.wasm$/, (route) => route.abort());
  await Barbara.openLink(link);
  await preview(Barbara).getByRole('button', { name: 'Background' }).click();
  await choose(preview(Barbara), 'Slight blur');
  await preview(Barbara).getByText('could not be loaded').waitFor({ timeout: FIRST_MS });
  assert.deepEqual((await sending(Barbara)).sent, []);
  await preview(Barbara).getByRole('button', { name: 'Show me without it' }).click();
  await Barbara.join();
  await looks('Grace sees Barbara and her wall', videoOf(Grace, 'Barbara'), sharp);
  assert.deepEqual(Barbara.problems, []);
  await Barbara.context.close();
});

test('a browser without streams of frames does it by way of a canvas, one without WebGL says so', async () => {
  const Niklaus = await somebody('Niklaus', {
    script: () => {
      delete window.MediaStreamTrackProcessor;
      delete window.MediaStreamTrackGenerator;
    },
  });
  await Niklaus.openLink(link);
  await preview(Niklaus).getByRole('button', { name: 'Background' }).click();
  await choose(preview(Niklaus), 'Strong blur');
  await looks('Niklaus sees himself without his wall', preview(Niklaus).locator('video'), blurred);
  await Niklaus.join();
  await looks('so does Grace', videoOf(Grace, 'Niklaus'), blurred);
  await Niklaus.context.close();

  const Alan = await somebody('Alan', { script: () => delete window.OffscreenCanvas });
  await Alan.openLink(link);
  await preview(Alan).getByRole('button', { name: 'Background' }).click();
  await choose(preview(Alan), 'Strong blur');
  await preview(Alan).getByText('This browser cannot change your background').waitFor();
  assert.equal(await preview(Alan).locator('video').count(), 0);
  await Alan.context.close();
});

test('nothing failed silently', () => {
  for (const person of [Ada, Grace]) assert.deepEqual(person.problems, [], person.name);
});

/** A picture of one colour (PNG, ISO/IEC 15948). */
function png(width, height, colour) {
  const rows = Buffer.concat(Array.from({ length: height }, () => Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()])));
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    let sum = 0xffffffff;
    for (const byte of body) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE((sum ^ 0xffffffff) >>> 0);
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
