// What a host stops is stopped at the region: a browser that is made to go on sending reaches nobody.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { disobey, overhear } from './disobedient.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

/** How long a flow is watched. */
const WATCHED_MS = 2_000;

let system;
let browser;
let Ada;
let Grace;
/** Grace's id in the room. */
let id;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada', { rungs: 'udp' });
  Grace = await Person.arrive(browser, 'Grace', { rungs: 'udp' });
  for (const { page } of [Ada, Grace]) await page.addInitScript(overhear);
  await Grace.page.addInitScript(disobey);
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  await Grace.openLink(link);
  await Grace.join();
  await Ada.seesAndHears(['Grace']);
  await Grace.seesAndHears(['Ada']);
  id = await Ada.tile('Grace').getAttribute('data-participant');
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const say = (person, message) => person.page.evaluate((text) => window.signal.send(text), JSON.stringify(message));

/** Sums over everything that a browser sends or receives. */
const flows = (person) =>
  person.page.evaluate(async () => {
    const sums = { heard: 0, energy: 0, seen: 0, frames: 0, spoken: 0, shown: 0 };
    for (const connection of window.observed.connections) {
      if (connection.connectionState === 'closed') continue;
      for (const stat of (await connection.getStats()).values()) {
        if (stat.type === 'inbound-rtp' && stat.kind === 'audio') {
          sums.heard += stat.bytesReceived;
          sums.energy += stat.totalAudioEnergy ?? 0;
        } else if (stat.type === 'inbound-rtp') {
          sums.seen += stat.bytesReceived;
          sums.frames += stat.framesDecoded ?? 0;
        } else if (stat.type === 'outbound-rtp') {
          sums[stat.kind === 'audio' ? 'spoken' : 'shown'] += stat.bytesSent;
        }
      }
    }
    return sums;
  });

/** What more flowed at Ada (who hears and sees Grace alone) and at Grace while it was watched. */
async function watched() {
  const first = await Promise.all([Ada, Grace].map(flows));
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  const second = await Promise.all([Ada, Grace].map(flows));
  const [ada, grace] = second.map((sums, place) =>
    Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum - first[place][name]])));
  return { ada, grace };
}

/** Resolves when Grace is silent at Ada, while her browser sends her voice all the same. */
async function assertSilent() {
  await until('no more of her voice arrives', async () => (await watched()).ada.heard === 0, 10_000);
  const { ada, grace } = await watched();
  assert.ok(grace.spoken > 4_000, `her browser goes on sending: ${grace.spoken} bytes`);
  assert.equal(ada.heard, 0, 'no byte of it arrives');
  assert.ok(ada.energy < 1e-6, `nothing is heard: ${ada.energy}`);
  assert.ok(ada.frames > 5, 'her picture moves on');
}

const heardBy = (person, type) =>
  person.page.evaluate((wanted) => window.overheard.filter((message) => message.type === wanted), type);

test('before anything is stopped, she is heard', async () => {
  const { ada, grace } = await watched();
  assert.ok(ada.heard > 4_000 && grace.spoken > 4_000, JSON.stringify({ ada, grace }));
  assert.ok(ada.energy > 1e-6);
});

test('a voice that the host stops is silent for the others, although its browser goes on sending', async () => {
  await say(Ada, { type: 'stop', participant: id, source: 'microphone' });
  await until('Grace is told', async () => (await heardBy(Grace, 'stopped'))[0]?.source === 'microphone');
  await Ada.page.getByRole('group', { name: /^Grace.*muted/i }).waitFor();
  await assertSilent();
});

test('she turns it on again herself where that is permitted', async () => {
  await say(Grace, { type: 'update', microphone: true, camera: true });
  await until('she is heard again', async () => (await watched()).ada.energy > 1e-6);
});

test('she does not where it is not permitted', async () => {
  const permissions = { share: true, chat: true, react: true, unmute: false };
  await say(Ada, { type: 'permit', permissions });
  await say(Ada, { type: 'stop', participant: id, source: 'microphone' });
  await assertSilent();
  await say(Grace, { type: 'update', microphone: true, camera: true });
  await until('it is refused', async () => (await heardBy(Grace, 'error')).some((error) => error.code === 'forbidden'));
  await assertSilent();
  await Ada.page.getByRole('group', { name: /^Grace.*muted/i }).waitFor();

  // Not by coming anew either.
  await Grace.page.reload();
  await Grace.join();
  await until('there is one of her', async () => (await Ada.tile('Grace').count()) === 1, 20_000);
  await until('her picture is back', async () => (await watched()).ada.frames > 5, 30_000);
  id = await Ada.tile('Grace').getAttribute('data-participant');
  await assertSilent();

  await say(Ada, { type: 'permit', permissions: { ...permissions, unmute: true } });
  await until('Grace is told', async () =>
    (await heardBy(Grace, 'change')).some(({ change }) => JSON.stringify(change).includes('"unmute":true')));
  await say(Grace, { type: 'update', microphone: true, camera: true });
  await until('she is heard again', async () => (await watched()).ada.energy > 1e-6);
});

test('a picture that the host stops freezes for nobody: it is gone, and comes back whole', async () => {
  await say(Ada, { type: 'stop', participant: id, source: 'camera' });
  await until('no more of her picture arrives', async () => (await watched()).ada.seen === 0, 10_000);
  const { ada, grace } = await watched();
  assert.ok(grace.shown > 10_000, `her browser goes on sending: ${grace.shown} bytes`);
  assert.deepEqual([ada.seen, ada.frames], [0, 0]);
  assert.ok(ada.energy > 1e-6, 'she is heard all the same');
  await say(Grace, { type: 'update', microphone: true, camera: true });
  const started = performance.now();
  const { frames } = await flows(Ada);
  await until('her picture moves again', async () => (await flows(Ada)).frames > frames + 5, 10_000);
  console.log(`her picture moves again ${Math.round(performance.now() - started)} ms after it is permitted`);
});

test('whoever is removed sends nobody anything, although their browser goes on', async () => {
  await say(Ada, { type: 'remove', participant: id });
  await Ada.losesTile('Grace', 5_000);
  await until('nothing of her arrives', async () => {
    const { ada } = await watched();
    return ada.heard === 0 && ada.seen === 0;
  }, 10_000);
});
