// The address of the network changes under Firefox. Its DTLS gives up with the address, so that no restart of
// ICE helps: another session takes the place of the first, without a reload.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { IN_FIREFOX, launchFirefox } from './firefox.mjs';
import { flows, haveMoved, watchGaps } from './gaps.mjs';
import { Door, MovingNetwork } from './moving-network.mjs';
import { ownNetwork } from './own-network.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

const address = ownNetwork();

let system;
let network;
let door;
let still;
let moving;
/** Ada moves, Barbara sees her. */
let Ada;
let Barbara;

before(async () => {
  system = await System.start({ engines: 1, advertise: () => address });
  network = await MovingNetwork.make('198.51.100.10');
  // Without one Firefox looks for no address.
  network.routeBy(address);
  door = new Door(address, system.ports.web);
  await door.open();
  await network.reach(address, system.ports.web);
  [still, moving] = await Promise.all([launch(), launchFirefox({ network: network.holder.pid })]);
  [Ada, Barbara] = await Promise.all([
    Person.arrive(moving, 'Ada', { rungs: 'udp', ...IN_FIREFOX }),
    Person.arrive(still, 'Barbara', { rungs: 'udp' }),
  ]);
  const link = await Barbara.startMeeting(system.url);
  await Barbara.join();
  await Ada.openLink(link);
  await Ada.join();
  await Promise.all([Ada.seesAndHears(['Barbara'], 30_000), Barbara.seesAndHears(['Ada'], 30_000)]);
  await Ada.page.evaluate(() => {
    window.marker = 'no reload';
  });
});

after(async () => {
  await Promise.all([still?.close(), moving?.close()]);
  await door?.close();
  await network?.remove();
  await system?.stop();
});

const up = () => Ada.page.evaluate(() => window.observed.connections.findLastIndex((one) => one.connectionState === 'connected'));

for (const [round, there] of [['another', '198.51.100.11'], ['yet another', '198.51.100.12'], ['the first', '198.51.100.10']]) {
  test(`the interface has ${round} address: media is back without a reload`, async () => {
    const earlier = await up();
    await Promise.all([watchGaps(Ada), watchGaps(Barbara)]);
    network.move(there);
    await until('another connection is up', async () => (await up()) > earlier, 30_000);
    await Promise.all([flows(Ada, 'Barbara'), flows(Barbara, 'Ada')]);
    await haveMoved(there, [Ada, Barbara]);
    await until('the room counts each once', async () => (await Barbara.page.getByRole('group', { name: /^Ada/ }).count()) === 1);
    assert.equal(await Ada.page.evaluate(() => window.marker), 'no reload');
  });
}

test('what is written arrives, and the other was not described anew', async () => {
  await until('Ada writes and Barbara reads', async () => {
    await Ada.say('I moved');
    return (await Barbara.readsChat()).includes('I moved');
  }, 30_000);
  assert.deepEqual(await Barbara.descriptions(), [2]);
  assert.deepEqual(Barbara.problems, []);
});
