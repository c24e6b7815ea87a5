// Two people alone, and whether their media really goes directly: by the selected pair and by what the
// region counts, not by what the page says.

import assert from 'node:assert/strict';

import { Person } from './people.mjs';
import { longestStill, MEASURED, METERED, meter, sounds, watchPlayed } from './played.mjs';
import { until } from './system.mjs';

/** Somebody whose page notes what it plays. */
export async function arriveMetered(browser, name, { voice = MEASURED, scripts = [], ...options } = {}) {
  const person = await Person.arrive(browser, name, { ...METERED, ...options });
  await person.page.addInitScript(meter, { voice, measured: MEASURED });
  for (const script of scripts) await person.page.addInitScript(script);
  return person;
}

/** Everybody sees and hears everybody else. */
export function see(those) {
  return Promise.all(those.map((one) => one.seesAndHears(those.filter((other) => other !== one).map(({ name }) => name), 30_000)));
}

/** The measured voices sound where these are. */
export function hear(those) {
  return until('both are heard', async () => (await Promise.all(those.map(sounds))).every(Boolean), 30_000);
}

/** The selected pair of the only connection that is left; null while there are more. */
export function pair({ page }) {
  return page.evaluate(async () => {
    const left = window.observed.connections.filter((one) => one.connectionState === 'connected');
    if (left.length !== 1) return null;
    const stats = await left[0].getStats();
    const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport');
    const { localCandidateId, remoteCandidateId } = stats.get(selectedCandidatePairId);
    const end = (id) => (({ address, port, candidateType: type }) => ({ address, port, type }))(stats.get(id));
    return { local: end(localCandidateId), remote: end(remoteCandidateId) };
  });
}

/**
 * Resolves with the pairs when the two have nothing but a connection between them, and no packet passes the
 * region. Where there is something `between` them the one does not name the other's own port.
 */
export async function direct(system, those, { between = false } = {}) {
  // Where the machine was too busy for the first try, there is a second.
  await until('no session at the region', async () => (await system.metric('sessions')) === 0, 60_000);
  const pairs = await until('one browser sends to the other', async () => {
    const found = await Promise.all(those.map(pair));
    const [here, there] = found;
    if (!here || !there) return null;
    const isRelayed = found.some(({ local, remote }) => [local.type, remote.type].includes('relay'));
    return (isRelayed || between || (here.local.port === there.remote.port && here.remote.port === there.local.port)) && found;
  });
  for (const { remote } of pairs) assert.notEqual(remote.port, system.ports.udp, 'the region');
  await still(system, () => see(those));
  return pairs;
}

/** What is done sends nothing to the region, once that has got what was on its way. */
export async function still(system, act) {
  const count = () => system.metric('receive_batch_datagrams_sum');
  const datagrams = await until('nothing comes to the region', async () => {
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return before === (await count()) && before;
  });
  await act();
  assert.equal(await count(), datagrams, 'packets at the region');
}

/**
 * Tells for how long two saw and heard nothing of each other while `change` happened: `wanted` is what is
 * aimed at, `held` what a machine must hold that does other things meanwhile, in milliseconds.
 */
export async function changes(what, those, { wanted, held }, change) {
  await hear(those);
  await Promise.all(those.map(watchPlayed));
  await change();
  for (const [one, other] of [those, those.toReversed()]) {
    const { video, audio } = await longestStill(one, other.name);
    console.log(
      `${what}: ${one.name} saw no picture of ${other.name} for ${video} ms (wanted: ${wanted.video}) ` +
        `and heard nothing for ${audio} ms (wanted: ${wanted.audio})`,
    );
    assert.ok(video <= held.video && audio <= held.audio, `${what}: ${one.name}, ${video} ms, ${audio} ms`);
  }
}
