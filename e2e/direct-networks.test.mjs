// Two people in networks of their own: direct where these reach each other, over a relay where they do
// not, through the region where nothing else is left; and what happens when any of it goes away.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { arriveMetered, changes, direct, hear, pair, see } from './directly.mjs';
import { Door, run } from './moving-network.mjs';
import { ownNetwork } from './own-network.mjs';
import { CHROMIUM, launch } from './people.mjs';
import { ANOTHER, sounds } from './played.mjs';
import { System, freePorts, until } from './system.mjs';
import { turn } from './turn.mjs';
import { BETWEEN, twoNetworks } from './two-networks.mjs';

const address = ownNetwork();
/** Where the relay is, beside everything else. */
const RELAY = '198.51.100.3';
const SIGNALING_AWAY_MS = 60_000;
/** Milliseconds without a picture and without a voice, where a way is lost and where one goes on. */
const LOST = { wanted: { video: 2_000, audio: 2_000 }, held: { video: 8_000, audio: 8_000 } };
const KEPT = { wanted: { video: 500, audio: 200 }, held: { video: 1_500, audio: 1_500 } };

let system;
let relay;
let door;
let networks;
let browsers;
/** A browser beside the system. */
let here;
let people = [];

before(async () => {
  run('ip', 'address', 'add', `${RELAY}/24`, 'dev', 'cable');
  networks = await twoNetworks([address, RELAY]);
  relay = await turn(await freePorts(2), RELAY);
  system = await System.start({ engines: 1, advertise: () => address, set: relay.set });
  door = new Door(address, system.ports.web);
  await door.open();
  const start = async (network) => launch([`--host-resolver-rules=MAP localhost ${address}`], await network.running(CHROMIUM));
  [here, ...browsers] = await Promise.all([launch(), ...networks.networks.map(start)]);
});

after(async () => {
  await Promise.all([here, ...(browsers ?? [])].map((browser) => browser?.close()));
  await door?.close();
  await system?.stop();
  await relay?.stop();
  await networks?.remove();
});

afterEach(async () => {
  for (const person of people) assert.deepEqual(person.problems, [], person.name);
  await Promise.all(people.splice(0).map((person) => person.context.close()));
  await until('the region is empty', async () => (await sessions()) === 0, 30_000);
});

const sessions = () => system.metric('sessions');

async function meet() {
  const [Ada, Grace] = await Promise.all(['Ada', 'Grace'].map((name, place) => arriveMetered(browsers[place], name)));
  people.push(Ada, Grace);
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  await see([Ada, Grace]);
  return [Ada, Grace];
}

test('networks that reach each other: media goes between them, without signaling too; when they part, the region carries it', async () => {
  networks.join();
  const two = await meet();
  const pairs = await direct(system, two);
  assert.deepEqual(pairs.map(({ local, remote }) => [local.address, remote.address]), [BETWEEN, BETWEEN.toReversed()]);
  await changes('signaling is away for a minute', two, KEPT, async () => {
    await door.close();
    await new Promise((resolve) => setTimeout(resolve, SIGNALING_AWAY_MS));
    await see(two);
    await door.open();
    await Promise.all(two.map(({ page }) => page.getByText("can't be reached", { exact: false }).waitFor({ state: 'hidden', timeout: 30_000 })));
    await direct(system, two);
  });
  await changes('the networks part', two, LOST, async () => {
    networks.part();
    await until('the region carries both', async () => (await sessions()) === 2, 20_000);
    await see(two);
  });
});

test('a third comes and brings the region, and takes it away again', async () => {
  networks.join();
  const two = await meet();
  await direct(system, two);
  const Edsger = await arriveMetered(here, 'Edsger', { voice: ANOTHER });
  people.push(Edsger);
  await Edsger.openLink(two[0].page.url());
  await changes('a third comes', two, KEPT, async () => {
    await Edsger.join();
    await see([...two, Edsger]);
    const throughRegion = async () => (await Promise.all(two.map(pair))).every((one) => one?.remote.port === system.ports.udp);
    await until('nothing goes directly', throughRegion, 20_000);
    assert.equal(await sessions(), 3);
  });
  await changes('the third leaves', two, KEPT, async () => {
    await Edsger.leave();
    await direct(system, two);
  });
});

test('what goes away together with signaling comes back with it', async () => {
  networks.join();
  const two = await meet();
  await direct(system, two);
  await door.close();
  networks.part();
  await until('nothing sounds', async () => (await Promise.all(two.map(sounds))).every((sound) => !sound), 20_000);
  await door.open();
  const opened = performance.now();
  await hear(two);
  await see(two);
  console.log(`without either: back ${Math.round(performance.now() - opened)} ms after signaling`);
});

test('networks that do not reach each other: direct over the relay', async () => {
  networks.part();
  const two = await meet();
  const pairs = await direct(system, two);
  for (const { local, remote } of pairs) assert.ok([local.type, remote.type].includes('relay'), JSON.stringify(pairs));
});

test('without a relay the region goes on to carry the call', async () => {
  networks.part();
  await relay.stop();
  relay = undefined;
  const two = await meet();
  await changes('a direct connection is tried in vain', two, KEPT, async () => {
    // Longer than the room waits for it.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    await see(two);
  });
  assert.equal(await sessions(), 2);
  const pairs = await Promise.all(two.map(pair));
  assert.deepEqual(pairs.map((one) => one?.remote), two.map(() => ({ address, port: system.ports.udp, type: 'host' })));
});
