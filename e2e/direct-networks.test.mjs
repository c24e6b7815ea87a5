// Two people in networks of their own: direct where these reach each other, over a relay where they do
// not, through the region where nothing else is left; and what happens when any of it goes away.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { Door, run } from './moving-network.mjs';
import { ownNetwork } from './own-network.mjs';
import { CHROMIUM, Person, launch } from './people.mjs';
import { longestStill, METERED, meter, sounds, watchPlayed } from './played.mjs';
import { System, freePorts, until } from './system.mjs';
import { turn } from './turn.mjs';
import { BETWEEN, twoNetworks } from './two-networks.mjs';

const address = ownNetwork();
/** Where the relay is, beside everything else. */
const RELAY = '198.51.100.3';
const SIGNALING_AWAY_MS = 60_000;
/** What is aimed at, and what a machine must hold that does other things meanwhile, in milliseconds. */
const LOST = { aim: 2_000, bound: 8_000 };
/** What goes on is never still for so long. */
const STILL_MS = 1_500;

let system;
let relay;
let door;
let networks;
let browsers;
let people = [];

before(async () => {
  run('ip', 'address', 'add', `${RELAY}/24`, 'dev', 'cable');
  networks = await twoNetworks(address);
  for (const [place, network] of networks.networks.entries()) network.inside('ip', 'route', 'add', `${RELAY}/32`, 'via', `198.51.10${place + 1}.1`);
  const ports = await freePorts(2);
  relay = await turn([ports, ports + 1], RELAY);
  system = await System.start({ engines: 1, advertise: () => address, set: relay.set });
  door = new Door(address, system.ports.web);
  await door.open();
  const start = async (network) => launch([`--host-resolver-rules=MAP localhost ${address}`], await network.running(CHROMIUM));
  browsers = await Promise.all(networks.networks.map(start));
});

after(async () => {
  await Promise.all((browsers ?? []).map((browser) => browser.close()));
  await door?.close();
  await system?.stop();
  await relay?.stop();
  await networks?.remove();
});

afterEach(async () => {
  for (const person of people) assert.deepEqual(person.problems, [], person.name);
  await Promise.all(people.splice(0).map((person) => person.context.close()));
  await door.open().catch(() => {});
  await until('the region is empty', async () => (await sessions()) === 0, 30_000);
});

async function meet() {
  const [Ada, Grace] = await Promise.all(['Ada', 'Grace'].map((name, place) => Person.arrive(browsers[place], name, METERED)));
  people.push(Ada, Grace);
  for (const { page } of people) await page.addInitScript(meter);
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  await see(Ada, Grace);
  return [Ada, Grace];
}

const see = (one, other) => Promise.all([one.seesAndHears([other.name], 30_000), other.seesAndHears([one.name], 30_000)]);

/** What the region counts. */
async function metric(name) {
  // Of an engine that is busy nothing may be told.
  const samples = await until(`the region tells ${name}`, async () => {
    const text = await (await fetch(`http://127.0.0.1:${system.ports.control}/metrics`)).text();
    const found = text.split('\n').filter((line) => line.startsWith(`meridian_${name}{`));
    return found.length > 0 && found;
  });
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
const sessions = () => metric('sessions');

/** The selected pair of the only connection that is left. */
function pair({ page }) {
  return page.evaluate(async () => {
    const left = window.observed.connections.filter((one) => one.connectionState === 'connected');
    if (left.length !== 1) return null;
    const stats = await left[0].getStats();
    const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport');
    const { localCandidateId, remoteCandidateId } = stats.get(selectedCandidatePairId);
    const [local, remote] = [stats.get(localCandidateId), stats.get(remoteCandidateId)];
    return { from: local.address, to: remote.address, types: [local.candidateType, remote.candidateType] };
  });
}

/** Resolves when no packet of the two passes the region. */
async function direct(one, other) {
  await until('no session at the region', async () => (await sessions()) === 0, 60_000);
  const before = await metric('receive_batch_datagrams_sum');
  await see(one, other);
  assert.equal(await metric('receive_batch_datagrams_sum'), before, 'packets at the region');
  return Promise.all([one, other].map((person) => until('one connection is left', () => pair(person))));
}

/** Tells for how long the two saw and heard nothing while `change` happened. */
async function changes(what, [one, other], { aim, bound }, change) {
  await Promise.all([one, other].map(watchPlayed));
  await change();
  for (const [person, whom] of [[one, other], [other, one]]) {
    const { video, audio } = await longestStill(person, whom.name);
    console.log(`${what}: ${person.name} saw nothing for ${video} ms and heard nothing for ${audio} ms (aim ${aim})`);
    assert.ok(video <= bound && audio <= bound, `${what}: ${person.name}, ${video} ms, ${audio} ms`);
  }
}

test('networks that reach each other: media goes between them, without signaling too; when they part, the region carries it', async () => {
  networks.join();
  const two = await meet();
  const pairs = await direct(...two);
  assert.deepEqual(pairs.map(({ from, to }) => [from, to]), [BETWEEN, BETWEEN.toReversed()]);
  await until('both are heard', async () => (await Promise.all(two.map(sounds))).every(Boolean));
  await changes('signaling is away for a minute', two, { aim: STILL_MS, bound: STILL_MS }, async () => {
    await door.close();
    await new Promise((resolve) => setTimeout(resolve, SIGNALING_AWAY_MS));
    await see(...two);
    await door.open();
    await Promise.all(two.map(({ page }) => page.getByText("can't be reached", { exact: false }).waitFor({ state: 'hidden', timeout: 30_000 })));
    await direct(...two);
  });
  await changes('the networks part', two, LOST, async () => {
    networks.part();
    await until('the region carries both', async () => (await sessions()) === 2, 20_000);
    await see(...two);
  });
});

test('what goes away together with signaling comes back with it', async () => {
  networks.join();
  const two = await meet();
  await direct(...two);
  await door.close();
  networks.part();
  await until('nothing sounds', async () => (await Promise.all(two.map(sounds))).every((sound) => !sound), 20_000);
  await door.open();
  const opened = performance.now();
  await until('both are heard', async () => (await Promise.all(two.map(sounds))).every(Boolean), 60_000);
  await see(...two);
  console.log(`without either: back ${Math.round(performance.now() - opened)} ms after signaling`);
});

test('networks that do not reach each other: direct over the relay', async () => {
  networks.part();
  const two = await meet();
  const pairs = await direct(...two);
  for (const { types } of pairs) assert.ok(types.includes('relay'), types.join());
});

test('without a relay the region goes on to carry the call', async () => {
  networks.part();
  await relay.stop();
  relay = undefined;
  const two = await meet();
  await until('both are heard', async () => (await Promise.all(two.map(sounds))).every(Boolean));
  await changes('a direct connection is tried in vain', two, { aim: STILL_MS, bound: STILL_MS }, async () => {
    // Longer than the room waits for it.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    await see(...two);
  });
  assert.equal(await sessions(), 2);
});
