// Cameras, microphones and loudspeakers: refused, missing, busy, unplugged and plugged in again, and
// the choices that are remembered. Each has words of its own and a way on.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Person } from './people.mjs';
import { System, until } from './system.mjs';

const FLAGS = ['--no-sandbox', '--disable-quic', '--autoplay-policy=no-user-gesture-required'];
/** Says yes for the person. */
const ALLOWED = '--use-fake-ui-for-media-stream';
const fake = (flags) => `--use-fake-device-for-media-stream=${flags},fps=15`;

let system;
const browsers = [];

async function launch(...flags) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...flags] });
  browsers.push(browser);
  return browser;
}

let two;

before(async () => {
  system = await System.start({ engines: 1 });
  two = await launch(ALLOWED, fake('device-count=2'));
});

after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await system?.stop();
});

/**
 * Runs in the page before anything else: `window.plugs` decides what the page finds. A label in `gone`
 * is not plugged in; `failing` names the error with which a kind cannot be opened.
 */
function plugs() {
  const { mediaDevices } = navigator;
  const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  window.plugs = { gone: [], failing: {}, tracks: [], asked: [] };
  const isThere = ({ label }) => !window.plugs.gone.some((one) => label.includes(one));
  mediaDevices.enumerateDevices = async () => (await enumerate()).filter(isThere);
  mediaDevices.getUserMedia = async (constraints) => {
    window.plugs.asked.push(constraints);
    for (const kind of ['audio', 'video']) {
      const error = window.plugs.failing[kind];
      if (constraints[kind] && error) throw new DOMException('as the test says', error);
    }
    const wanted = { ...constraints };
    for (const [kind, of] of [['audio', 'audioinput'], ['video', 'videoinput']]) {
      if (!constraints[kind]) continue;
      // What is not plugged in cannot be opened, whatever was asked for.
      const there = (await mediaDevices.enumerateDevices()).filter((device) => device.kind === of && device.deviceId !== 'default');
      if (there.length === 0) throw new DOMException('none', 'NotFoundError');
      const { deviceId } = constraints[kind];
      const id = deviceId?.exact ?? deviceId?.ideal;
      if (window.plugs.gone.length > 0 && !there.some((one) => one.deviceId === id)) {
        wanted[kind] = { ...constraints[kind], deviceId: { exact: there[0].deviceId } };
      }
    }
    const stream = await open(wanted);
    window.plugs.tracks.push(...stream.getTracks());
    return stream;
  };
  /** The cable of every device of that label comes out. */
  window.unplug = (label) => {
    window.plugs.gone.push(label);
    for (const track of window.plugs.tracks) {
      if (track.readyState === 'live' && track.label.includes(label)) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    }
    mediaDevices.dispatchEvent(new Event('devicechange'));
  };
  window.plugIn = (label) => {
    window.plugs.gone = window.plugs.gone.filter((one) => one !== label);
    mediaDevices.dispatchEvent(new Event('devicechange'));
  };
}

async function somebody(browser, name, options) {
  const person = await Person.arrive(browser, name, { viewport: { width: 1280, height: 800 }, ...options });
  await person.page.addInitScript(plugs);
  return person;
}

const preview = (person) => person.page.getByRole('region', { name: 'Your camera' });
const settings = (person) => person.page.getByRole('complementary', { name: 'Settings' });
const control = (person, name) => person.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name, exact: true });
const sees = (person, text) => person.page.getByRole('main').getByText(text).waitFor();
const failing = (person, kinds) => person.page.evaluate((value) => (window.plugs.failing = value), kinds);
/** Settings of the live tracks of a kind. */
const live = (person, kind) =>
  person.page.evaluate(
    (of) => window.plugs.tracks.filter((track) => track.kind === of && track.readyState === 'live').map((track) => ({ label: track.label, ...track.getSettings() })),
    kind,
  );

test('a browser that refuses says so, lets people in, and takes a yes afterwards', async () => {
  const browser = await launch(fake('device-count=1'));
  const Ada = await Person.arrive(browser, 'Ada', { permissions: [], viewport: { width: 1280, height: 800 } });
  await Ada.startMeeting(system.url);
  await preview(Ada).getByText('does not let this page use your camera').waitFor();
  await preview(Ada).getByText('does not let this page use your microphone').waitFor();
  await Ada.join();
  await Ada.tile('Ada').and(Ada.page.getByLabel(/muted, camera off/)).waitFor();
  await control(Ada, 'Turn on camera').click();
  await sees(Ada, 'does not let this page use your camera');

  await Ada.context.grantPermissions(['camera', 'microphone']);
  await Ada.page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
  await control(Ada, 'Turn off camera').waitFor();
  await control(Ada, 'Unmute microphone').click();
  await control(Ada, 'Mute microphone').waitFor();
  await until('the tile has a picture', async () => !(await Ada.tile('Ada').getAttribute('aria-label')).includes('off'));
  assert.deepEqual(Ada.problems, []);
});

test('where there is none, that is said, and one that is plugged in is taken by itself', async () => {
  const Ada = await somebody(two, 'Ada');
  await Ada.page.addInitScript(() => window.plugs.gone.push('fake_device', 'Fake'));
  await Ada.startMeeting(system.url);
  await preview(Ada).getByText('No camera found').waitFor();
  await preview(Ada).getByText('No microphone found').waitFor();
  for (const name of ['Camera', 'Microphone']) {
    assert.equal(await preview(Ada).getByRole('combobox', { name }).locator('option:checked').innerText(), 'None found');
  }
  await Ada.page.evaluate(() => window.plugIn('fake_device'));
  await preview(Ada).getByRole('button', { name: 'Turn off camera' }).waitFor();
  await preview(Ada).locator('video').waitFor();
  await Ada.join();
  await Ada.page.evaluate(() => window.plugIn('Fake'));
  await control(Ada, 'Mute microphone').waitFor();
  await until('a voice can be sent', async () => (await live(Ada, 'audio')).length === 1);
  await Ada.context.close();
});

test('a device that another program holds is named, and works once it is let go', async () => {
  const Ada = await somebody(two, 'Ada');
  await Ada.page.addInitScript(() => (window.plugs.failing = { video: 'NotReadableError', audio: 'NotReadableError' }));
  await Ada.startMeeting(system.url);
  await preview(Ada).getByText('Another program is using your camera').waitFor();
  await preview(Ada).getByText('Another program is using your microphone').waitFor();
  await failing(Ada, { audio: 'NotReadableError' });
  await preview(Ada).getByRole('button', { name: 'Turn on camera' }).click();
  await preview(Ada).locator('video').waitFor();
  await Ada.join();
  await control(Ada, 'Unmute microphone').click();
  await sees(Ada, 'Another program is using your microphone');
  await Ada.page.getByRole('main').getByRole('button', { name: 'Go on without' }).click();
  await Ada.page.getByRole('main').getByText('Another program').waitFor({ state: 'detached' });
  await failing(Ada, {});
  await control(Ada, 'Unmute microphone').click();
  await control(Ada, 'Mute microphone').waitFor();
  await Ada.context.close();
});

test('a device that is unplugged gives way to another, before and in the call, and that is said', async () => {
  const Ada = await somebody(two, 'Ada');
  await Ada.startMeeting(system.url);
  const [camera] = await until('a camera', async () => (await live(Ada, 'video')).length === 1 && live(Ada, 'video'));
  await Ada.page.evaluate((label) => window.unplug(label), camera.label);
  await preview(Ada).getByText('Your camera is gone. Using').waitFor();
  const [other] = await until('another camera', async () => (await live(Ada, 'video')).length === 1 && live(Ada, 'video'));
  assert.notEqual(other.label, camera.label);
  assert.ok(await preview(Ada).getByText(other.label).first().isVisible());

  await Ada.join();
  await Ada.page.evaluate((label) => window.plugIn(label), camera.label);
  await Ada.page.evaluate((label) => window.unplug(label), other.label);
  await sees(Ada, `Using “${camera.label}” now`);
  // The last of them: nothing to fall back to.
  await Ada.page.evaluate((label) => window.unplug(label), camera.label);
  await sees(Ada, 'No camera found');
  await Ada.page.evaluate((label) => window.plugIn(label), camera.label);
  await Ada.page.getByRole('main').getByText('No camera found').waitFor({ state: 'detached' });
  await until('it is back', async () => (await live(Ada, 'video')).map(({ label }) => label).join() === camera.label);

  const [microphone] = await live(Ada, 'audio');
  await Ada.page.evaluate((label) => window.unplug(label), microphone.label);
  await sees(Ada, 'Your microphone is gone. Using');
  assert.notEqual((await live(Ada, 'audio'))[0].label, microphone.label);
  await Ada.context.close();
});

test('a loudspeaker that goes away gives way to the system’s, and comes back when it does', async () => {
  const Ada = await somebody(two, 'Ada');
  await Ada.startMeeting(system.url);
  const box = preview(Ada).getByRole('combobox', { name: 'Speaker' });
  const label = await until('a loudspeaker of its own', async () =>
    (await box.locator('option').allInnerTexts()).find((text) => /^Fake Audio Output \d/.test(text)),
  );
  await box.selectOption({ label });
  await Ada.join();
  await Ada.page.evaluate((one) => window.unplug(one), label);
  await sees(Ada, 'Your speaker is gone');
  await Ada.page.evaluate((one) => window.plugIn(one), label);
  await control(Ada, 'Settings').click();
  await until('it is chosen again', async () => (await settings(Ada).getByRole('combobox', { name: 'Speaker' }).locator('option:checked').innerText()) === label);
  await Ada.context.close();
});

test('devices, what is done to sound and the mirror are remembered', async () => {
  const Ada = await somebody(two, 'Ada');
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  await control(Ada, 'Settings').click();
  const chosen = {};
  for (const [name, kind] of [['Camera', 'video'], ['Microphone', 'audio']]) {
    const box = settings(Ada).getByRole('combobox', { name });
    chosen[kind] = await until(`another ${name}`, async () => {
      const [current] = await live(Ada, kind);
      const options = await box.locator('option').evaluateAll((all) => all.map(({ value }) => value));
      return current && options.findLast((id) => id !== '' && id !== current.deviceId);
    });
    await box.selectOption(chosen[kind]);
    await until(`the other ${name}`, async () => (await live(Ada, kind))[0]?.deviceId === chosen[kind]);
  }
  for (const name of ['Noise suppression', 'Echo cancellation', 'Automatic gain', 'Mirror self-view']) {
    await settings(Ada).getByRole('switch', { name }).uncheck();
  }
  const mirrored = () => Ada.page.locator('video').first().evaluate((video) => getComputedStyle(video).transform !== 'none');
  await until('no mirror', async () => !(await mirrored()));

  await Ada.openLink(link);
  for (const [name, kind] of [['Camera', 'video'], ['Microphone', 'audio']]) {
    await until(`the same ${name}`, async () => (await live(Ada, kind))[0]?.deviceId === chosen[kind]);
    assert.equal(await preview(Ada).getByRole('combobox', { name }).inputValue(), chosen[kind]);
  }
  const [sound] = await live(Ada, 'audio');
  assert.deepEqual([sound.noiseSuppression, sound.echoCancellation, sound.autoGainControl], [false, false, false]);
  assert.equal(await mirrored(), false);
  await Ada.join();
  await control(Ada, 'Settings').click();
  for (const name of ['Noise suppression', 'Echo cancellation', 'Automatic gain', 'Mirror self-view']) {
    const box = settings(Ada).getByRole('switch', { name });
    assert.equal(await box.isChecked(), false, name);
    await box.check();
  }
  await until('sound is treated again', async () => {
    const [now] = await live(Ada, 'audio');
    return now?.noiseSuppression && now.echoCancellation && now.autoGainControl;
  });
  assert.deepEqual(Ada.problems, []);
  await Ada.context.close();
});
