// Two people alone talk directly. A third brings the region, and leaving takes it away again; nobody sees
// or hears a gap. What a host stops is silent at once, also where a browser goes on sending it.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { disobey, overhear } from './disobedient.mjs';
import { Person, launch } from './people.mjs';
import { longestStill, METERED, meter, sounds, watchPlayed } from './played.mjs';
import { System, until } from './system.mjs';

/** What is aimed at, and what a machine must hold that does other things meanwhile, in milliseconds. */
const GAPS = { video: { aim: 500, bound: 1_500 }, audio: { aim: 200, bound: 600 } };

let system;
let browser;
let people = [];

before(async () => {
  system = await System.start({ engines: 1 });
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

async function arrive(name, ...scripts) {
  const person = await Person.arrive(browser, name, METERED);
  for (const script of [meter, overhear, ...scripts]) await person.page.addInitScript(script);
  people.push(person);
  return person;
}

/** Ada, who has the meeting, and Grace talk directly. */
async function meet(...scripts) {
  const Ada = await arrive('Ada');
  const link = await Ada.startMeeting(system.url);
  await Ada.join();
  const Grace = await arrive('Grace', ...scripts);
  await Grace.openLink(link);
  await Grace.join();
  await see([Ada, Grace]);
  if (scripts.length === 0) await direct(Ada, Grace);
  // A browser that lets go of nothing sends to the region for a while, which drops it.
  else await until('no session at the region', async () => (await metric('sessions')) === 0, 60_000);
  return { Ada, Grace, link };
}

/** Runs in the page before anything else: it lets go of no connection. */
function clutch() {
  RTCPeerConnection.prototype.close = () => {};
  RTCDataChannel.prototype.close = () => {};
}

/** Everybody sees and hears everybody else. */
function see(those) {
  return Promise.all(those.map((one) => one.seesAndHears(those.filter((other) => other !== one).map(({ name }) => name), 30_000)));
}

/** A figure of the region, summed over engines and labels. */
async function metric(name) {
  // Of an engine that is busy nothing may be told.
  const samples = await until(`the region tells ${name}`, async () => {
    const text = await (await fetch(`http://127.0.0.1:${system.ports.control}/metrics`)).text();
    const found = text.split('\n').filter((line) => line.startsWith(`meridian_${name}{`));
    return found.length > 0 && found;
  });
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** The ports of the selected pair of the only connection that is left. */
function pair({ page }) {
  return page.evaluate(async () => {
    const left = window.observed.connections.filter((one) => one.connectionState === 'connected');
    if (left.length !== 1) return null;
    const stats = await left[0].getStats();
    const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport');
    const { localCandidateId, remoteCandidateId } = stats.get(selectedCandidatePairId);
    return { local: stats.get(localCandidateId).port, remote: stats.get(remoteCandidateId).port };
  });
}

/** Resolves when the two have nothing but a connection between them, and the region carries nobody. */
async function direct(one, other) {
  // Where the machine was too busy for the first try, there is a second.
  await until('no session at the region', async () => (await metric('sessions')) === 0, 60_000);
  await until('one browser sends to the other', async () => {
    const [here, there] = [await pair(one), await pair(other)];
    return here && there && here.local === there.remote && here.remote === there.local;
  });
  const packets = await metric('receive_batch_datagrams_sum');
  await see([one, other]);
  assert.equal(await metric('receive_batch_datagrams_sum'), packets, 'packets at the region');
}

/** For how long somebody saw and heard nothing while `change` happened. */
async function changes(what, those, change) {
  await Promise.all(those.map(watchPlayed));
  await change();
  for (const [one, other] of [those, those.toReversed()]) {
    const longest = await longestStill(one, other.name);
    for (const [kind, { aim, bound }] of Object.entries(GAPS)) {
      console.log(`${what}: ${one.name} without ${kind} of ${other.name} for ${longest[kind]} ms (aim ${aim})`);
      assert.ok(longest[kind] <= bound, `${what}: ${kind} stood still for ${longest[kind]} ms`);
    }
  }
}

test('two talk directly until a third comes, and again when that one left', async () => {
  const { Ada, Grace, link } = await meet();
  await until('the tone is heard', async () => (await sounds(Ada)) && (await sounds(Grace)));
  await changes('direct', [Ada, Grace], () => see([Ada, Grace]));
  const Edsger = await arrive('Edsger');
  await Edsger.openLink(link);
  await changes('a third comes', [Ada, Grace], async () => {
    await Edsger.join();
    await see([Ada, Grace, Edsger]);
    await until('nothing goes directly', async () => (await pair(Ada)) && (await pair(Grace)), 20_000);
    assert.equal(await metric('sessions'), 3);
  });
  await changes('the third leaves', [Ada, Grace], async () => {
    await Edsger.leave();
    await direct(Ada, Grace);
  });
});

test('what a host stops is silent at once, although its browser goes on sending it', async () => {
  const { Ada, Grace } = await meet(disobey, clutch);
  const id = await Ada.tile('Grace').getAttribute('data-participant');
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
  await Ada.page.evaluate((text) => window.signal.send(text), JSON.stringify({ type: 'stop', participant: id, source: 'microphone' }));
  await until('she is silent', async () => !(await sounds(Ada)));
  console.log(`silent ${Math.round(performance.now() - stopped)} ms after the host stopped her`);
  const before = await spoken();
  await until('a region carries both', async () => (await metric('sessions')) === 2, 20_000);
  for (let look = 0; look < 40; look += 1) {
    assert.equal(await sounds(Ada), false, 'she is heard');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok((await spoken()) > before + 4_000, 'her browser goes on sending');
  const frames = async () => Object.entries(await Ada.framesByTile()).find(([name]) => name.startsWith('Grace'))?.[1] ?? 0;
  const seen = await frames();
  await until('her picture moves on', async () => (await frames()) > seen + 5);
});

test('a reload, and a browser that cannot', async () => {
  const { Ada, Grace, link } = await meet();
  await Grace.page.reload();
  await Grace.join();
  await see([Ada, Grace]);
  await direct(Ada, Grace);
  await Grace.leave();
  const Edsger = await Person.arrive(browser, 'Edsger', { rungs: 'udp' });
  people.push(Edsger);
  await Edsger.openLink(link);
  await Edsger.join();
  await see([Ada, Edsger]);
  // As long as a direct connection would have taken to be tried.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  assert.equal(await metric('sessions'), 2);
});
