// Which way media takes: held to what developers allow, tried before anybody joins, and told in words. What
// it really takes is read from the selected candidate pair.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { block, ownNetwork } from './own-network.mjs';
import { Person, launch } from './people.mjs';
import { System, freePorts, until } from './system.mjs';
import { RELAY, turn } from './turn.mjs';

const address = ownNetwork();

let system;
let browser;
let relay;
let Ada;
let link;
let people = [];
let blocks = [];

/** What networks let nothing through of. */
const UDP = ['ipproto udp'];
const region = () => [`from ${address} to 127.0.0.1 ipproto udp`, `to 127.0.0.1 ipproto tcp dport ${system.ports.tcp}`];
const relays = () => [`to ${RELAY}`];

before(async () => {
  relay = await turn(await freePorts(2));
  system = await System.start({ engines: 1, set: relay.set });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada');
  link = await Ada.startMeeting(system.url);
  await Ada.join();
});

after(async () => {
  await browser?.close();
  await system?.stop();
  await relay?.stop();
});

afterEach(async () => {
  unblock();
  for (const person of people.splice(0)) await person.context.close();
});

function blockAll(rules) {
  blocks.push(...rules.map((rule) => block(rule)));
}

function unblock() {
  blocks.splice(0).forEach((open) => open());
}

async function arrive(name, options) {
  const person = await Person.arrive(browser, name, options);
  people.push(person);
  return person;
}

/** The pair of candidates that a person's media takes. */
function pairOf({ page }) {
  return page.evaluate(async () => {
    const connection = window.observed.connections.find((one) => one.connectionState === 'connected');
    const stats = await connection.getStats();
    const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport');
    const { localCandidateId, remoteCandidateId } = stats.get(selectedCandidatePairId);
    const [local, remote] = [stats.get(localCandidateId), stats.get(remoteCandidateId)];
    return { protocol: local.protocol, relay: local.relayProtocol ?? null, port: remote.port };
  });
}

const check = ({ page }) => page.getByRole('status', { name: 'Connection' });
const again = ({ page }) => page.getByRole('button', { name: 'Check again' });

/** Waits until the check says something of that kind. */
async function says(person, wanted, most = 30_000) {
  const text = () => check(person).innerText();
  return until(`the check says ${wanted}`, async () => {
    const told = await text();
    return wanted.test(told) ? told : Promise.reject(new Error(told));
  }, most);
}

for (const [rungs, expected, words] of [
  ['udp', () => ({ protocol: 'udp', relay: null, port: system.ports.udp }), /^Over UDP to the region/],
  ['tcp', () => ({ protocol: 'tcp', relay: null, port: system.ports.tcp }), /^Over TCP to the region/],
  ['relay', () => ({ protocol: 'udp', relay: 'udp', port: system.ports.udp }), /^Through a relay, over UDP, to the region/],
  ['tcp,relay', () => ({ protocol: 'udp', relay: 'udp', port: system.ports.udp }), /^Through a relay, over UDP, to the region/],
]) {
  test(`where developers allow ${rungs} alone, media takes that and the panel says so`, async () => {
    const Grace = await arrive('Grace', { rungs });
    await Grace.openLink(link);
    await Grace.join();
    await Grace.seesAndHears(['Ada'], 30_000);
    assert.deepEqual(await pairOf(Grace), expected());
    await Grace.page.keyboard.press('i');
    const path = Grace.page.getByRole('complementary', { name: 'Connection' }).locator('dl > div').filter({ has: Grace.page.locator('dt', { hasText: /^Path$/ }) });
    await until('the panel says it', async () => words.test(await path.locator('dd').innerText()));
    assert.deepEqual(Grace.problems, []);
  });
}

test('before joining it is tried how media gets through, and said', async () => {
  const Grace = await arrive('Grace');
  await Grace.openLink(link);
  const told = await says(Grace, /the best way: over UDP to the region “.+”, in \d+ ms\./);
  assert.match(told, /^Ready\./);
  const closed = () => Grace.page.evaluate(() => window.observed.connections.filter(({ connectionState }) => connectionState === 'closed').length);
  await until('nothing of the check is left', async () => (await closed()) === 1);
  assert.deepEqual(Grace.problems, []);
});

test('a probe is for who has a seat in that room, and gives away nothing but how to check', async () => {
  const call = async (path, body, headers = {}) => {
    const answer = await fetch(`${system.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: body && JSON.stringify(body) });
    return { status: answer.status, ...(await answer.json()) };
  };
  const code = new URL(link).pathname.split('/').at(-1);
  const { seat, room } = await call('/api/rooms/join', { code, name: 'Grace' });
  const other = await call('/api/rooms/create', {});
  const probe = (id, token, headers) => call(`/api/rooms/${id}/probe`, undefined, { ...(token && { authorization: `Bearer ${token}` }), ...headers });
  const { status, region: name, answer } = await probe(room.id, seat);
  assert.deepEqual([status, typeof name], [201, 'string']);
  assert.deepEqual(Object.keys(answer).sort(), ['candidates', 'password', 'ufrag']);
  assert.equal(answer.candidates.length, 2);
  for (const bad of [undefined, '', 'x', `${seat}x`, 'x'.repeat(5_000)]) {
    assert.deepEqual([(await probe(room.id, bad)).code, bad], ['unauthorized', bad]);
  }
  assert.equal((await probe(other.room.id, seat)).code, 'unauthorized');
  assert.equal((await probe('x', seat)).code, 'room_not_found');
  assert.equal((await probe(room.id, seat, { origin: 'https://elsewhere.example' })).code, 'origin_not_allowed');
  assert.equal((await call(`/api/rooms/${room.id}/ice`, undefined, { authorization: `Bearer ${seat}` })).status, 200, 'the seat is still good');
});

test('where UDP is blocked it says that TCP is taken, and so it is', async () => {
  blockAll(UDP);
  const Grace = await arrive('Grace');
  await Grace.openLink(link);
  await says(Grace, /^Ready\. Your network blocks UDP, so sound and video go over TCP to the region/);
  await Grace.join();
  await Grace.seesAndHears(['Ada'], 30_000);
  assert.equal((await pairOf(Grace)).protocol, 'tcp');
});

test('where the region cannot be reached it says that a relay is taken', async () => {
  blockAll(region());
  const Grace = await arrive('Grace');
  await Grace.openLink(link);
  await says(Grace, /^Ready\. Your network blocks the direct way, so sound and video go through a relay to the region/);
});

test('where nothing gets through it says so, lets people join, and finds out again when asked', async () => {
  blockAll([...region(), ...relays()]);
  const Grace = await arrive('Grace');
  await Grace.openLink(link);
  assert.equal(await again(Grace).count(), 0, 'not while it checks by itself');
  await says(Grace, /^Sound and video will not get through: your network blocks every way to the region “.+”\. You can join and chat\./);
  unblock();
  await again(Grace).focus();
  await Grace.page.keyboard.press('Enter');
  await says(Grace, /the best way: over UDP/);
  assert.ok(await again(Grace).evaluate((button) => button === document.activeElement), 'the focus stays');
  await Grace.join();
  await Grace.seesAndHears(['Ada'], 30_000);
});

test('joining waits for no check', async () => {
  blockAll([...region(), ...relays()]);
  const Grace = await arrive('Grace');
  await Grace.openLink(link);
  await says(Grace, /^Trying how sound and video get through/);
  await Grace.join();
  assert.equal(await check(Grace).count(), 0);
  assert.deepEqual(Grace.problems, []);
});

test('the way that developers allow is the one that is tried', async () => {
  const Grace = await arrive('Grace', { rungs: 'tcp' });
  await Grace.openLink(link);
  await says(Grace, /over TCP to the region/);
});
