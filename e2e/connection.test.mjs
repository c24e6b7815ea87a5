// The own connection, as the panel tells it, is the one that the browser has: the same pair, the
// same pictures. And everybody sees who has none for the moment.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let link;
let Ada;
let Grace;

/** Runs in the page before anything else: counts what the page asks its connections. */
function count() {
  const { getStats } = RTCPeerConnection.prototype;
  window.asked = 0;
  window.quietly = getStats;
  RTCPeerConnection.prototype.getStats = function ask(...parameters) {
    window.asked += 1;
    return getStats.apply(this, parameters);
  };
}

before(async () => {
  system = await System.start({ split: true, engines: 1 });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
  Grace = await Person.arrive(browser, 'Grace', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
  for (const { page } of [Ada, Grace]) {
    page.setDefaultTimeout(45_000);
    await page.addInitScript(count);
  }
  link = await Ada.startMeeting(system.url);
  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  await Ada.seesAndHears(['Grace']);
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const panel = () => Ada.page.getByRole('complementary', { name: 'Connection' });
const verdict = (text) => panel().getByRole('status').getByText(text).first().waitFor();

/** What the panel says in the line of that name. */
const line = (name) => panel().locator('dl > div').filter({ has: Ada.page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd').innerText();
const rows = (list) => panel().getByRole('list', { name: list }).getByRole('listitem');

/** What the browser itself says, without being counted. */
const real = () =>
  Ada.page.evaluate(async () => {
    const connection = window.observed.connections.find((one) => one.connectionState === 'connected');
    const stats = [...(await window.quietly.call(connection)).values()];
    const by = (id) => stats.find((stat) => stat.id === id);
    const pair = by(stats.find(({ type }) => type === 'transport').selectedCandidatePairId);
    const pick = ({ candidateType, protocol, address, port }) => ({ candidateType, protocol, address, port });
    return {
      local: pick(by(pair.localCandidateId)),
      remote: pick(by(pair.remoteCandidateId)),
      sent: stats.filter(({ type, kind, packetsSent, framesEncoded }) => type === 'outbound-rtp' && kind === 'video' && packetsSent > 0 && framesEncoded > 0),
      received: stats.filter(({ type, kind, packetsReceived }) => type === 'inbound-rtp' && kind === 'video' && packetsReceived > 0),
    };
  });

test('closed, it asks the browser nothing', async () => {
  // Settings lead there, and count nothing themselves.
  await Ada.page.getByRole('button', { name: 'Settings' }).click();
  await Ada.page.getByRole('button', { name: 'Show connection details' }).waitFor();
  assert.equal(await Ada.page.evaluate(() => window.asked), await Ada.page.evaluate(() => window.asked));
  const before = await Ada.page.evaluate(() => window.asked);
  await Grace.say('a change of the page');
  await Ada.page.getByRole('status').getByText('Grace: a change of the page').waitFor();
  assert.equal(await Ada.page.evaluate(() => window.asked), before);
});

test('it says in words how good the connection is and which way it takes', async () => {
  await Ada.page.getByRole('button', { name: 'Show connection details' }).click();
  await verdict('Your connection is good');
  const { local, remote } = await real();
  const health = await (await fetch(`${system.url}/api/health`)).json();
  assert.equal(health.regions.length, 1);
  await until('the region has its name', async () => (await line('Path')).includes(health.regions[0].region));
  assert.match(await line('Path'), /^Over UDP to the region “.+”\s+The best way there is/);
  assert.equal(await line('Protocol'), local.protocol.toUpperCase());
  for (const [name, candidate] of [['Your end', local], ['Other end', remote]]) {
    const says = await line(name);
    assert.ok(says.includes(`(${candidate.candidateType})`), says);
    if (candidate.address) assert.ok(says.includes(`${candidate.address}:${candidate.port}`), says);
  }
  assert.equal(remote.port, system.ports.udp, 'which is the region’s port');
  const trip = Number.parseInt(await line('Round trip'), 10);
  assert.ok(trip >= 0 && trip < 1_000, String(trip));
  assert.match(await line('Lost of what you send'), /^[\d.]+ %$/);
  assert.match(await line('Lost of what you receive'), /^[\d.]+ %$/);
  for (const rate of ['Sending', 'Receiving']) assert.match(await line(rate), /^[1-9][\d.]* [kM]bit\/s$/);
});

test('each picture has the size, the rate and the codec that the browser sends and decodes', async () => {
  const sizes = ({ frameWidth, frameHeight }) => `${frameWidth} × ${frameHeight}`;
  await until('what is sent', async () => {
    const text = await rows('What you send').filter({ hasText: 'Your camera' }).innerText();
    const { sent } = await real();
    const layers = sent.map(sizes);
    const shown = layers.some((size) => text.includes(size)) && /, [1-9]\d* a second · VP8 · [1-9]/.test(text);
    return shown || Promise.reject(new Error(`${text} instead of one of ${layers}`));
  });
  await until('what is received', async () => {
    const text = await rows('What you receive').filter({ hasText: 'Grace' }).innerText();
    const { received } = await real();
    return received.some((stat) => text.includes(sizes(stat))) && /, [1-9]\d* a second · VP8 · [1-9]/.test(text);
  });
  await until('the microphone', async () => /opus|red/i.test(await rows('What you send').filter({ hasText: 'Your microphone' }).innerText()));
});

test('it is live: what is turned off goes from the list, what is shared comes to it', async () => {
  await Ada.page.keyboard.press('s');
  await rows('What you send').filter({ hasText: /^Your screen/ }).waitFor();
  await Grace.page.getByRole('button', { name: 'Turn off camera' }).click();
  await rows('What you receive').filter({ hasText: 'Grace' }).waitFor({ state: 'detached' });
  await Ada.page.keyboard.press('s');
  await rows('What you send').filter({ hasText: /^Your screen/ }).waitFor({ state: 'detached' });
  await Grace.page.getByRole('button', { name: 'Turn on camera' }).click();
  await rows('What you receive').filter({ hasText: 'Grace' }).waitFor();
});

test('once closed it asks no more', async () => {
  await Ada.page.getByRole('button', { name: 'Close' }).click();
  await panel().waitFor({ state: 'detached' });
  const before = await Ada.page.evaluate(() => window.asked);
  await Grace.say('still here');
  await Ada.page.getByRole('status').getByText('Grace: still here').waitFor();
  // Longer than the panel's interval.
  await Ada.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
  assert.equal(await Ada.page.evaluate(() => window.asked), before);
});

test('whoever is gone for the moment is marked so for the others, and the own way is told as lost', async () => {
  // Without a goodbye: the page crashes.
  const client = await Grace.context.newCDPSession(Grace.page);
  void client.send('Page.crash').catch(() => {});
  await Ada.page.getByRole('group', { name: /^Grace.*reconnecting/ }).waitFor({ timeout: 30_000 });
  await Ada.page.keyboard.press('i');
  await verdict('Your connection is good');
  await system.killRegion();
  await verdict('There is no connection for sound and video now');
  assert.equal(await panel().locator('dl').count(), 0, 'old figures are not shown');
  await system.startRegion();
  await panel().getByRole('status').getByText('Your connection is').waitFor({ timeout: 60_000 });
  assert.deepEqual(Ada.problems, []);
});
