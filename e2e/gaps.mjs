// For how long nothing came, and until when it comes again.

import assert from 'node:assert/strict';

import { until } from './system.mjs';

/** After a change of address: what is aimed at, and what a machine must hold that does other things meanwhile, in milliseconds. */
export const MOVED = { aim: 2_000, bound: 6_000 };

export const seconds = (ms) => `${(ms / 1_000).toFixed(2)} s`;

/** What took so long, in milliseconds, beside such limits. */
export const told = (what, took, { aim, bound }) => console.log(`${what}: ${seconds(took)} (aim ${seconds(aim)}, bound ${seconds(bound)})`);

/** From now on the page notes for how long at most no picture and no sound of others came. */
export async function watchGaps({ page }) {
  await page.evaluate(() => {
    if (window.gaps) window.gaps.stop = true;
    const gaps = { video: { longest: 0 }, audio: { longest: 0 }, stop: false };
    window.gaps = gaps;
    (async () => {
      while (!gaps.stop) {
        const rows = await window.observed.received();
        for (const kind of ['video', 'audio']) {
          const gap = gaps[kind];
          const came = rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + (kind === 'video' ? row.frames : row.packets), 0);
          // A connection that is closed takes what it counted with it.
          if (!(came <= gap.came)) gap.at = performance.now();
          gap.came = came;
          gap.longest = Math.max(gap.longest, performance.now() - gap.at);
        }
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    })();
  });
}

/** The longest of both, in milliseconds. Where the page could look no more, nothing came since. */
export const gaps = ({ page }) =>
  page.evaluate(() => {
    const longest = ({ longest, at }) => Math.round(Math.max(longest, performance.now() - at));
    return { video: longest(window.gaps.video), audio: longest(window.gaps.audio) };
  });

/** Tells for how long these saw and heard nothing after they moved to an address, or somebody else did, and holds it against the bound. */
export async function haveMoved(there, people) {
  for (const person of people) {
    const { video, audio } = await gaps(person);
    told(`${there}: ${person.name} sees nothing for`, video, MOVED);
    told(`${there}: ${person.name} hears nothing for`, audio, MOVED);
    assert.ok(video < MOVED.bound && audio < MOVED.bound, `${person.name}: ${video} ms, ${audio} ms`);
  }
}

/** Resolves when pictures move and sound comes, from the moment that is asked on. */
export async function flows(person, from) {
  const amounts = async () => {
    const rows = await person.received();
    const sum = (kind, of) => rows.filter((row) => row.kind === kind).reduce((total, row) => total + row[of], 0);
    return { frames: (await person.framesByTile())[Object.keys(await person.framesByTile()).find((name) => name.startsWith(from))] ?? 0, packets: sum('audio', 'packets') };
  };
  const before = await amounts();
  await until(`${person.name} sees and hears ${from}`, async () => {
    const now = await amounts();
    return now.frames !== before.frames && now.frames > 0 && now.packets !== before.packets;
  }, 60_000);
}
