// The sound of large rooms goes past the transports at the region: real browsers hear it, in step with
// pictures, and cannot tell. Two people are a large room here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

/** Milliseconds that the clocks which sound and pictures are reported by may be apart. */
const APART = 100;

let system;
let browser;

before(async () => {
  process.env.MERIDIAN_LARGE_ROOM = '0';
  system = await System.start({ engines: 1 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

/** A counter of the media region. */
async function counter(name) {
  const text = await (await fetch(`http://127.0.0.1:${system.ports.control}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`meridian_${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
}

/** What a browser says of the sound and the picture that it receives, and of the reports on them. */
function received(person) {
  return person.page.evaluate(async () => {
    const connection = window.observed.connections.find((one) => one.connectionState === 'connected');
    const stats = [...(await connection.getStats()).values()];
    const of = (type, kind) => stats.find((stat) => stat.type === type && stat.kind === kind && (stat.packetsReceived ?? stat.packetsSent) > 0);
    // A voice may have moved from one slot to another.
    const sounds = stats.filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
    const sum = (name) => sounds.reduce((all, sound) => all + (sound[name] ?? 0), 0);
    return {
      sound: { packetsReceived: sum('packetsReceived'), packetsLost: sum('packetsLost'), totalAudioEnergy: sum('totalAudioEnergy') },
      reports: ['audio', 'video'].map((kind) => of('remote-outbound-rtp', kind)),
    };
  });
}

test('two people see and hear each other, and their browsers are told what belongs together', async () => {
  const [Ada, Grace] = [await Person.arrive(browser, 'Ada', { rungs: 'udp' }), await Person.arrive(browser, 'Grace', { rungs: 'udp' })];
  await Grace.openLink(await Ada.startMeeting(system.url));
  for (const person of [Ada, Grace]) await person.join();
  await Ada.seesAndHears(['Grace']);
  await Grace.seesAndHears(['Ada']);
  assert.ok((await counter('sound_aside_total')) > 50, 'it goes past the transports');
  for (const person of [Ada, Grace]) {
    const first = await until(`sound and pictures are reported to ${person.name}`, async () => {
      const { sound, reports } = await received(person);
      return reports.every((report) => report?.reportsSent >= 2) && sound;
    });
    let now;
    await until(`${person.name} has heard 200 packets more`, async () => {
      now = await received(person);
      return now.sound.packetsReceived >= first.packetsReceived + 200;
    });
    const { sound, reports } = now;
    // When each was sent by the region's clock, and when it came by the browser's.
    const [ofSound, ofPictures] = reports.map(({ remoteTimestamp, timestamp }) => remoteTimestamp - timestamp);
    const apart = Math.abs(ofSound - ofPictures);
    const lost = sound.packetsLost - first.packetsLost;
    console.log(`${person.name}: ${sound.packetsReceived} packets of sound, ${sound.packetsLost} lost; clocks ${apart.toFixed(1)} ms apart`);
    assert.ok(apart < APART, `one clock for sound and pictures, not two ${apart} ms apart`);
    assert.ok(lost <= 10, `${person.name} lost ${lost} packets`);
    assert.ok(sound.totalAudioEnergy > first.totalAudioEnergy, `${person.name} hears something`);
    assert.deepEqual(person.problems, []);
  }
});
