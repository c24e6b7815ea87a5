// A network that lets through nothing but HTTPS to the edge and to the region, which here is TCP to their
// two ports: media takes the WebSocket by itself, and leaves it when more is let through.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { Door, MovingNetwork } from './moving-network.mjs';
import { block, ownNetwork } from './own-network.mjs';
import { CHROMIUM, Person, launch } from './people.mjs';
import { System, until } from './system.mjs';
import { hears, listen, sees } from './tracks.mjs';

const address = ownNetwork();
/** Grace's. */
const THERE = '198.51.100.10';
/** From the click on "Join meeting" to the first picture of somebody else, ms, as it is wanted. */
const WANTED = 4_000;
/** The same as it is held on a machine that is busy. */
const HELD = 20_000;

let system;
let network;
let doors;
let near;
let far;
let Ada;
let Grace;
let blocks = [];

before(async () => {
  system = await System.start({ engines: 1, advertise: () => address, advertiseTcp: (port) => `${address}:${port}` });
  network = await MovingNetwork.make(THERE);
  doors = ['web', 'control'].map((name) => new Door(address, system.ports[name]));
  for (const door of doors) await door.open();
  const named = ['localhost', '127.0.0.1'].map((name) => `MAP ${name} ${address}`).join(',');
  [near, far] = await Promise.all([launch(), launch([`--host-resolver-rules=${named}`], await network.running(CHROMIUM))]);
});

after(async () => {
  await Promise.all([near?.close(), far?.close()]);
  for (const door of doors ?? []) await door.close();
  await network?.remove();
  await system?.stop();
});

afterEach(async () => {
  blocks.splice(0).forEach((unblock) => unblock());
  for (const person of [Ada, Grace]) await person?.context.close();
});

/** Nothing comes back to Grace but what edge and region say over TCP. */
function onlyHttps() {
  blocks = [`to ${THERE} ipproto udp`, `to ${THERE} ipproto tcp sport ${system.ports.tcp}`].map(block);
}

async function arrive(browser, name) {
  const person = await Person.arrive(browser, name, { rungs: name === 'Ada' ? 'udp' : null });
  await person.page.addInitScript(listen, { name: name === 'Ada' ? 'Grace' : 'Ada' });
  return person;
}

/** Ada is in a meeting already. */
async function meet() {
  Ada = await arrive(near, 'Ada');
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  Grace = await arrive(far, 'Grace');
  return joins(link);
}

/** How long Grace waited for the first picture, in milliseconds. */
async function joins(link) {
  await Grace.openLink(link);
  await Grace.join();
  const times = await until('a remote frame', () => Grace.page.evaluate(() => window.times.frame && window.times), 30_000);
  await everybodySeesAndHears();
  return times.frame - times.click;
}

const everybodySeesAndHears = () => Promise.all([sees(Ada, 'Grace'), sees(Grace, 'Ada'), hears(Ada), hears(Grace)]);

/** How many of Grace's connections of WebRTC are up. */
const connected = () =>
  Grace.page.evaluate(() => window.observed.connections.filter((one) => one.connectionState === 'connected').length);

test('where only HTTPS comes through media takes the WebSocket, and next time at once', async () => {
  onlyHttps();
  const [took] = await Promise.all([
    meet(),
    until('Grace is told', () => Grace?.page.getByText('Only web connections get through here').isVisible(), 30_000),
  ]);
  console.log(`only HTTPS: ${took.toFixed(0)} ms from the click to the first frame (wanted: ${WANTED})`);
  assert.ok(took <= HELD, `${took} ms`);
  assert.equal(await connected(), 0, 'no WebRTC for Grace');
  await until('messages of Grace', async () => (await system.metric('messages_in_total')) > 100);

  await until('the network is remembered', () => Grace.page.evaluate(() => localStorage.getItem('meridian.networks')));
  const again = await joins(Grace.page.url());
  console.log(`only HTTPS, known by now: ${again.toFixed(0)} ms from the click to the first frame (wanted: ${WANTED})`);
  assert.ok(again <= HELD, `${again} ms`);
  assert.equal(await connected(), 0, 'no WebRTC for Grace');
  assert.deepEqual(Grace.problems, []);
});

test('where more is let through again media leaves the WebSocket', async () => {
  onlyHttps();
  await meet();
  assert.equal(await connected(), 0, 'no WebRTC for Grace');
  await Grace.page.evaluate(() => {
    window.marker = 'no reload';
  });
  blocks.splice(0).forEach((unblock) => unblock());
  await until('WebRTC for Grace', async () => (await connected()) === 1, 60_000);
  await Promise.all([Ada.seesAndHears(['Grace'], 30_000), Grace.seesAndHears(['Ada'], 30_000)]);
  const quiet = await until('no messages for a while', async () => {
    const first = await system.metric('messages_in_total');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return first === (await system.metric('messages_in_total'));
  });
  assert.ok(quiet);
  await until('the network is known to let more through', async () => !(await Grace.page.evaluate(() => localStorage.getItem('meridian.networks'))));
  assert.equal(await Grace.page.evaluate(() => window.marker), 'no reload');
  assert.deepEqual(Grace.problems, []);
});
