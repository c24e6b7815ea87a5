// Two people alone talk directly. A third brings the region, and leaving takes it away again; nobody sees
// or hears a gap. Whatever a call can do works, and whatever goes away meanwhile comes back.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { arriveMetered, changes, direct, pair, see, still } from './directly.mjs';
import { disobey, overhear } from './disobedient.mjs';
import { Person, launch } from './people.mjs';
import { ANOTHER, sounds } from './played.mjs';
import { System, until } from './system.mjs';

/** Milliseconds without a picture and without a voice. */
const GAPS = { wanted: { video: 500, audio: 200 }, held: { video: 1_500, audio: 600 } };
const EDGE_AWAY_MS = 15_000;

let system;
let browser;
let people = [];

before(async () => {
  system = await System.start({ engines: 1, split: true });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

afterEach(async () => {
  for (const person of people) assert.deepEqual(person.problems, [], person.name);
  await Promise.all(people.splice(0).map((person) => person.context.close()));
});

async function arrive(name, options) {
  const person = await arriveMetered(browser, name, options);
  people.push(person);
  return person;
}

/** Ada, who has the meeting, and Grace see and hear each other; in Grace's page `scripts` run. */
async function meet(...scripts) {
  const Ada = await arrive('Ada', { scripts: [overhear] });
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  const Grace = await arrive('Grace', { scripts: [overhear, ...scripts] });
  await Grace.openLink(link);
  await Grace.join();
  await see([Ada, Grace]);
  return { Ada, Grace, two: [Ada, Grace], link };
}

async function meetDirectly() {
  const met = await meet();
  await direct(system, met.two);
  return met;
}

const control = (person, name) => person.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name, exact: true });
const sessions = () => system.metric('sessions');
const identity = (person, name) => person.tile(name).getAttribute('data-participant');
const say = ({ page }, message) => page.evaluate((text) => window.signal.send(text), JSON.stringify(message));

async function frames(person, label) {
  return Object.entries(await person.framesByTile()).find(([name]) => name.startsWith(label))?.[1] ?? 0;
}

async function moves(person, label) {
  let before = await until(`${person.name} decodes ${label}`, () => frames(person, label), 20_000);
  await until(`${label} moves for ${person.name}`, async () => {
    const now = await frames(person, label);
    before = Math.min(before, now);
    return now > before + 5;
  }, 20_000);
}

test('two talk directly until a third comes, and again when that one left', async () => {
  const { Ada, two, link } = await meetDirectly();
  await changes('direct', two, GAPS, () => see(two));
  await Ada.page.keyboard.press('i');
  await Ada.page.getByRole('complementary', { name: 'Connection' }).getByText('Directly to the other person').waitFor();
  await Ada.page.keyboard.press('i');
  const Edsger = await arrive('Edsger', { voice: ANOTHER });
  await Edsger.openLink(link);
  await changes('a third comes', two, GAPS, async () => {
    await Edsger.join();
    await see([...two, Edsger]);
    await until('nothing goes directly', async () => (await Promise.all(two.map(pair))).every((one) => one?.remote.port === system.ports.udp), 20_000);
    assert.equal(await sessions(), 3);
  });
  await changes('the third leaves', two, GAPS, async () => {
    await Edsger.leave();
    await direct(system, two);
  });
});

test('voice, picture, screen and chat go on as in any call, and nothing of them passes the region', async () => {
  const { Ada, Grace, two } = await meetDirectly();
  const before = await Promise.all(two.map((person) => person.descriptions()));
  await still(system, async () => {
    for (const [one, other] of [two, two.toReversed()]) {
      await control(one, 'Mute microphone').click();
      await until(`${one.name} is silent`, async () => !(await sounds(other)));
      await other.page.getByRole('group', { name: new RegExp(`^${one.name}.*muted`) }).waitFor();
      await control(one, 'Unmute microphone').click();
      await until(`${one.name} is heard again`, () => sounds(other));
      await control(one, 'Turn off camera').click();
      await until(`${one.name} is not seen`, async () => (await other.tile(one.name).locator('video').count()) === 0);
      await control(one, 'Turn on camera').click();
      await moves(other, one.name);
      await control(one, 'Share screen').click();
      await moves(other, `Screen of ${one.name}`);
      await control(one, 'Stop sharing').click();
      await other.page.getByRole('group', { name: `Screen of ${one.name}` }).waitFor({ state: 'detached' });
      await one.say(`${one.name} was here`);
      await until('it is read', async () => (await other.readsChat()).includes(`${one.name} was here`));
    }
    await see(two);
  });
  assert.equal(await sessions(), 0);
  assert.deepEqual([await Ada.descriptions(), await Grace.descriptions()], before, 'no new offer or answer');
});

test('whom a host mutes is heard no more, and directly again when she turns it on', async () => {
  const { Ada, Grace, two } = await meetDirectly();
  await Ada.openPanel('People');
  await Ada.page.getByRole('button', { name: 'Options for Grace' }).click();
  await Ada.page.getByRole('menuitem', { name: 'Mute' }).click();
  await until('Grace is silent', async () => !(await sounds(Ada)));
  await until('the region carries both', async () => (await sessions()) === 2, 20_000);
  await moves(Ada, 'Grace');
  await control(Grace, 'Unmute microphone').click();
  await until('Grace is heard', () => sounds(Ada), 20_000);
  await direct(system, two);
});

/** Runs in the page before anything else: it lets go of no connection. */
function clutch() {
  RTCPeerConnection.prototype.close = () => {};
  RTCDataChannel.prototype.close = () => {};
}

test('what a host stops is silent at once, although its browser goes on sending it', async () => {
  const { Ada, Grace } = await meet(disobey, clutch);
  // A browser that lets go of nothing sends to the region for a while, which drops it.
  await until('no session at the region', async () => (await sessions()) === 0, 60_000);
  await until('Grace is heard', () => sounds(Ada));
  const spoken = () =>
    Grace.page.evaluate(async () => {
      let bytes = 0;
      for (const connection of window.observed.connections) {
        for (const stat of (await connection.getStats()).values()) if (stat.type === 'outbound-rtp' && stat.kind === 'audio') bytes += stat.bytesSent;
      }
      return bytes;
    });
  const stopped = performance.now();
  await say(Ada, { type: 'stop', participant: await identity(Ada, 'Grace'), source: 'microphone' });
  await until('she is silent', async () => !(await sounds(Ada)));
  console.log(`silent ${Math.round(performance.now() - stopped)} ms after the host stopped her`);
  const before = await spoken();
  await until('a region carries both', async () => (await sessions()) === 2, 20_000);
  for (let look = 0; look < 40; look += 1) {
    assert.equal(await sounds(Ada), false, 'she is heard');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok((await spoken()) > before + 4_000, 'her browser goes on sending');
  await moves(Ada, 'Grace');
});

test('who reloads, whose tab is closed and whose page crashes is back, and directly', async () => {
  const { Ada, Grace, two, link } = await meetDirectly();
  await Grace.page.reload();
  await Grace.join();
  await see(two);
  await direct(system, two);

  await Grace.page.close();
  await Ada.losesTile('Grace', 20_000);
  const Barbara = await arrive('Barbara', { scripts: [overhear] });
  await Barbara.openLink(link);
  await Barbara.join();
  await see([Ada, Barbara]);
  await direct(system, [Ada, Barbara]);

  const devtools = await Barbara.context.newCDPSession(Barbara.page);
  void devtools.send('Page.crash').catch(() => {});
  const took = await Ada.losesTile('Barbara', 30_000);
  console.log(`out ${Math.round(took)} ms after a crash`);
  const Dorothy = await arrive('Dorothy', { scripts: [overhear] });
  await Dorothy.openLink(link);
  await Dorothy.join();
  await see([Ada, Dorothy]);
  await direct(system, [Ada, Dorothy]);

  await Dorothy.leave();
  await Ada.losesTile('Dorothy');
  const Edsger = await Person.arrive(browser, 'Edsger', { rungs: 'udp' });
  people.push(Edsger);
  await Edsger.openLink(link);
  await Edsger.join();
  await see([Ada, Edsger]);
  // As long as a direct connection would have taken to be tried.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  assert.equal(await sessions(), 2, 'a browser that does not talk directly');
});

test('neither the edge nor the region is missed by two who talk directly', async () => {
  const { Ada, Grace, two, link } = await meetDirectly();
  const made = () => Promise.all(two.map(({ page }) => page.evaluate(() => window.observed.connections.length)));
  const before = await made();
  await changes('without edge and region', two, GAPS, async () => {
    await Promise.all([system.killEdge(), system.killRegion()]);
    await Ada.say('while the edge is away');
    await new Promise((resolve) => setTimeout(resolve, EDGE_AWAY_MS));
    await see(two);
    await Promise.all([system.startEdge(), system.startRegion()]);
    await until('the message arrives', async () => (await Grace.readsChat()).includes('while the edge is away'), 60_000);
    await see(two);
  });
  assert.deepEqual(await made(), before, 'the same connection');
  assert.equal(await system.metric('sessions'), 0);
  await system.healthy();
  const Edsger = await arrive('Edsger', { voice: ANOTHER });
  await Edsger.openLink(link);
  await Edsger.join();
  await see([...two, Edsger]);
});

/** Runs in the page before anything else: its end of a direct connection is described so that it costs others much. */
function misdescribe() {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function say(text) {
    const said = typeof text === 'string' && text.startsWith('{') ? JSON.parse(text) : {};
    if (said.type !== 'describe') return send.call(this, text);
    window.described = true;
    const sections = Array.from({ length: 60 }, (_, mid) => `m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:${mid}\r\na=rtpmap:96 VP8/90000\r\n`);
    return send.call(this, JSON.stringify({ ...said, sdp: `v=0\r\n${sections.join('')}` }));
  };
}

test('what another browser says harms nothing: the region goes on, or comes back', async () => {
  const first = await meet(misdescribe);
  await until('she described it', () => first.Grace.page.evaluate(() => window.described), 30_000);
  await until('it is given up', () => first.Ada.page.evaluate(() => window.overheard.some(({ type, plan, path }) => type === 'plan' && plan === 2 && path === 'region')), 30_000);
  await see(first.two);
  assert.equal(await sessions(), 2);
  const sections = await first.Ada.page.evaluate(() => window.observed.connections.map((one) => one.getTransceivers().length));
  assert.ok(Math.max(...sections) < 60, `sections: ${sections}`);
  for (const person of people.splice(0)) await person.context.close();
  await until('the region is empty', async () => (await sessions()) === 0, 30_000);

  const { Ada, Grace, two } = await meetDirectly();
  await Grace.page.evaluate(() => {
    const { control } = window.observed.connections.find((one) => one.connectionState === 'connected');
    for (const text of ['{}', '{"type":"sends","sources":["face"]}', '[]', '{"type":"wishes","tiles":[null]}']) RTCDataChannel.prototype.send.call(control, text);
  });
  await still(system, () => see(two));
  await Grace.page.evaluate(() => {
    const { control } = window.observed.connections.find((one) => one.connectionState === 'connected');
    for (let times = 0; times < 5_000; times += 1) RTCDataChannel.prototype.send.call(control, '{"type":"hears","speaks":true}');
  });
  await until('the region carries both', async () => (await sessions()) === 2, 30_000);
  await see(two);
  assert.deepEqual(Ada.problems, []);
});
