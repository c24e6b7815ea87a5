// Two people who talk directly, over a network that loses and takes its time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { direct, see } from './directly.mjs';
import { overhear } from './disobedient.mjs';
import { Person, launch } from './people.mjs';
import { udpRelay } from './relay.mjs';
import { System } from './system.mjs';
import { heard, overWebRtc } from './tracks.mjs';

/** In each direction. */
const BAD = { delay: 40, loss: 0.05 };
/** How much of the sound must be heard. */
const HEARD = 0.97;

let system;
let browser;
const relays = [];

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  for (const relay of relays) relay.close();
  await system?.stop();
});

/** In place of a description's candidates (RFC 8839 §5.1) one with a bad network before it. */
async function throughRelay(sdp) {
  const [, host, port] = /^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host/im.exec(sdp);
  const relay = await udpRelay({ target: () => Number(port), host, up: BAD, down: BAD, seed: 7 + relays.length });
  relays.push(relay);
  const [first, ...others] = sdp.split(/^a=candidate:.*\r\n/m);
  return `${first}a=candidate:1 1 udp 2122260223 127.0.0.1 ${relay.port} typ host generation 0\r\n${others.join('')}`;
}

/** Runs in the page before anything else: its end of a direct connection is reached through relays alone. */
function describeRelayed() {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function say(text) {
    const said = typeof text === 'string' && text.startsWith('{') ? JSON.parse(text) : {};
    if (said.type !== 'describe') return send.call(this, text);
    window.throughRelay(said.sdp).then((sdp) => send.call(this, JSON.stringify({ ...said, sdp })));
  };
}

test('with 5 % loss and 80 ms of round trip voices come through directly', async () => {
  const two = [];
  for (const name of ['Ada', 'Grace']) {
    const person = await Person.arrive(browser, name);
    await person.page.exposeFunction('throughRelay', throughRelay);
    await person.page.addInitScript(overhear);
    await person.page.addInitScript(describeRelayed);
    two.push(person);
  }
  const [Ada, Grace] = two;
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  await see(two);
  await direct(system, two, { between: true });
  const shares = await Promise.all(two.map((person) => heard(overWebRtc(person))));
  console.log(`directly, 80 ms of round trip and 5 % loss: heard ${shares.map((share) => `${(share * 100).toFixed(1)} %`).join(' and ')}`);
  for (const share of shares) assert.ok(share >= HEARD, `${share} heard`);
  const lost = relays.flatMap((relay) => relay.counts()).reduce((sum, count) => sum + count.lost, 0);
  assert.ok(lost > 50, `${lost} datagrams were lost between them`);
});
