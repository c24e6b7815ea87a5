// Pictures over a WebSocket in Firefox, which has no streams of frames and no generator of tracks, with
// somebody in Chromium on WebRTC. Of sound Firefox plays and takes none where a machine has no device for it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { IN_FIREFOX, launchFirefox } from './firefox.mjs';
import { ownNetwork } from './own-network.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';
import { listen, sees } from './tracks.mjs';

const address = ownNetwork();

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

test('Firefox on a WebSocket and Chromium on WebRTC see each other', async () => {
  const Ada = await Person.arrive(chromium, 'Ada', { rungs: 'udp' });
  const Grace = await Person.arrive(firefox, 'Grace', { rungs: 'websocket', ...IN_FIREFOX });
  for (const person of [Ada, Grace]) await person.page.addInitScript(listen, {});
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  await Promise.all([sees(Ada, 'Grace'), sees(Grace, 'Ada')]);
  assert.match(await Grace.page.evaluate(() => navigator.userAgent), /Firefox/);
  assert.equal(await Grace.page.evaluate(() => window.observed.connections.length), 0, 'no WebRTC for Grace');
  await until('messages of Grace', async () => (await system.metric('messages_in_total')) > 100);
  await until('the voice of Ada comes', () =>
    Grace.page.evaluate(async () => (await window.socketFigures()).received.some(({ section, packets }) => section === 4 && packets > 50)),
  );
  assert.deepEqual([Ada.problems, Grace.problems], [[], []]);
});
