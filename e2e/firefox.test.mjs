// Firefox and Chromium in one meeting: both see, hear and read each other, whoever comes first.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { see, still } from './directly.mjs';
import { IN_FIREFOX, launchFirefox } from './firefox.mjs';
import { ownNetwork } from './own-network.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

// Firefox sends media to no loopback address, and its setting for that does not reach the process that
// lists the addresses.
const address = ownNetwork();

const VIEWPORT = { viewport: { width: 1280, height: 800 } };

let system;
let chromium;
let firefox;

before(async () => {
  system = await System.start({ engines: 1, advertise: () => address });
  [chromium, firefox] = await Promise.all([launch(), launchFirefox()]);
});

after(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  await system?.stop();
});

const inChromium = (name, rungs = 'udp') => Person.arrive(chromium, name, { ...VIEWPORT, rungs });

async function inFirefox(name) {
  const person = await Person.arrive(firefox, name, { ...VIEWPORT, ...IN_FIREFOX });
  await person.page.addInitScript(drawnScreen);
  return person;
}

/** Firefox without a window has no screen to share: a drawn one stands in for what the person would choose. */
function drawnScreen() {
  // The empty page before the first has none.
  if (!navigator.mediaDevices) return;
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const context = canvas.getContext('2d');
    setInterval(() => {
      context.fillStyle = `hsl(${(performance.now() / 10) % 360} 80% 50%)`;
      context.fillRect(0, 0, 1280, 720);
    }, 100);
    return canvas.captureStream(10);
  };
}

const control = (person, name) => person.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name });

async function meet(first, second) {
  const link = await first.startMeeting(system.url);
  await first.join();
  await second.openLink(link);
  await second.join();
}

async function seeAndHearEachOther(one, other) {
  await Promise.all([one.seesAndHears([other.name], 30_000), other.seesAndHears([one.name], 30_000)]);
}

/** Ada is in Chromium, Grace in Firefox, and Ada came first. */
let Ada;
let Grace;

test('Chromium first, then Firefox: both see and hear the other', async () => {
  [Ada, Grace] = [await inChromium('Ada'), await inFirefox('Grace')];
  await meet(Ada, Grace);
  await seeAndHearEachOther(Ada, Grace);
  assert.match(await Grace.page.evaluate(() => navigator.userAgent), /Firefox/);
});

test('chat goes both ways, and in order', async () => {
  await Ada.say('from Chromium');
  await until('Grace reads it', async () => (await Grace.readsChat()).includes('from Chromium'));
  await Grace.say('from Firefox');
  for (const person of [Ada, Grace]) {
    await until(`${person.name} reads both`, async () => /from Chromium[^]*from Firefox/.test(await person.readsChat()));
  }
});

for (const [who, whom] of [['Grace', 'Ada'], ['Ada', 'Grace']]) {
  test(`${who} mutes: ${whom} sees it and hears nothing, until it is taken back`, async () => {
    const [muted, listener] = who === 'Grace' ? [Grace, Ada] : [Ada, Grace];
    await control(muted, 'Mute microphone').click();
    await listener.page.getByRole('group', { name: new RegExp(`^${who}.*muted`, 'i') }).waitFor();
    const energy = async () => (await listener.received()).filter((row) => row.kind === 'audio').reduce((sum, row) => sum + row.energy, 0);
    await until(`${who} is silent for ${whom}`, async () => {
      const earlier = await energy();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return (await energy()) - earlier < 1e-6;
    });
    await control(muted, 'Unmute microphone').click();
    const silent = await energy();
    await until(`${who} is heard again`, async () => (await energy()) > silent + 1e-4);
  });
}

test('a camera that is turned off is gone, and comes back', async () => {
  for (const [owner, viewer] of [[Grace, Ada], [Ada, Grace]]) {
    await control(owner, 'Turn off camera').click();
    await until(`${viewer.name} sees no picture of ${owner.name}`, async () => (await viewer.tile(owner.name).locator('video:visible').count()) === 0);
    await control(owner, 'Turn on camera').click();
    await viewer.seesAndHears([owner.name], 30_000);
  }
});

for (const [who, whom] of [['Ada', 'Grace'], ['Grace', 'Ada']]) {
  test(`${who} shares a screen and ${whom} sees it move`, async () => {
    const [presenter, viewer] = who === 'Ada' ? [Ada, Grace] : [Grace, Ada];
    await control(presenter, 'Share screen').click();
    await control(presenter, 'Stop sharing').waitFor();
    const frames = async () => (await viewer.framesByTile())[`Screen of ${who}`] ?? 0;
    const first = await until(`${whom} decodes the screen of ${who}`, frames, 20_000);
    await until('it moves', async () => (await frames()) > first + 5, 20_000);
    await viewer.seesAndHears([who]);
    await control(presenter, 'Stop sharing').click();
    await until('its tile is gone', async () => (await viewer.page.getByRole('group', { name: `Screen of ${who}` }).count()) === 0);
  });
}

test('Firefox leaves and rejoins', async () => {
  await Grace.leave();
  await Grace.page.getByText('You left the meeting').waitFor();
  await Ada.losesTile('Grace', 5_000);
  await Grace.page.getByRole('button', { name: 'Rejoin' }).or(Grace.page.getByRole('link', { name: 'Rejoin' })).click();
  const join = Grace.page.getByRole('button', { name: 'Join meeting' });
  const controls = Grace.page.getByRole('toolbar', { name: 'Call controls' });
  await join.or(controls).first().waitFor();
  if (await join.isVisible()) await join.click();
  await controls.waitFor();
  await seeAndHearEachOther(Ada, Grace);
  assert.match(await Grace.readsChat(), /from Chromium[^]*from Firefox/, 'the history is there');
});

test('nothing was described anew, and nothing failed silently', async () => {
  for (const person of [Ada, Grace]) {
    assert.deepEqual(await person.descriptions(), [2], person.name);
    assert.deepEqual(person.problems, [], person.name);
    await person.context.close();
  }
});

test('Firefox first, then Chromium, then another Firefox: everybody sees and hears everybody', async () => {
  const [Barbara, Edsger, Donald] = [await inFirefox('Barbara'), await inChromium('Edsger'), await inFirefox('Donald')];
  await meet(Barbara, Edsger);
  await seeAndHearEachOther(Barbara, Edsger);
  await Donald.openLink(Barbara.page.url());
  await Donald.join();
  await Promise.all([
    Barbara.seesAndHears(['Edsger', 'Donald'], 30_000),
    Edsger.seesAndHears(['Barbara', 'Donald'], 30_000),
    Donald.seesAndHears(['Barbara', 'Edsger'], 30_000),
  ]);
  for (const person of [Barbara, Edsger, Donald]) {
    assert.deepEqual(await person.descriptions(), [2], `${person.name} was described once`);
    assert.deepEqual(person.problems, [], person.name);
    await person.context.close();
  }
});

test('alone they talk directly, and through the region while there is a third', async () => {
  const [Ada, Grace] = [await inChromium('Ada', 'direct,udp'), await inFirefox('Grace')];
  await meet(Ada, Grace);
  const sessions = (count) => until(`${count} sessions at the region`, async () => (await system.metric('sessions')) === count, 60_000);
  await sessions(0);
  await still(system, () => see([Ada, Grace]));
  const Edsger = await inChromium('Edsger');
  await Edsger.openLink(Ada.page.url());
  await Edsger.join();
  await sessions(3);
  await see([Ada, Grace, Edsger]);
  await Edsger.leave();
  await sessions(0);
  await still(system, () => see([Ada, Grace]));
  for (const person of [Ada, Grace, Edsger]) {
    assert.deepEqual(person.problems, [], person.name);
    await person.context.close();
  }
});

test('a panel that the network kept away comes by itself when it is there again', async () => {
  const Barbara = await inFirefox('Barbara');
  const chunk = /\/assets\/chat-[^/]+\.js$/;
  let fails = 0;
  await Barbara.page.route(chunk, (route) => {
    fails += 1;
    return route.abort();
  });
  await Barbara.startMeeting(system.url);
  await Barbara.join();
  await Barbara.openPanel('Chat');
  const panel = Barbara.page.getByRole('complementary', { name: 'Chat' });
  await panel.getByText('Check your network, then try again.').waitFor();
  assert.ok(fails > 1, 'it was tried by itself first');
  await Barbara.page.unroute(chunk);
  await Barbara.say('here again');
  await until('it is there', async () => (await Barbara.readsChat()).includes('here again'));
  await Barbara.context.close();
});
