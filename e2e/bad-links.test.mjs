// Networks that fail, in real browsers: a user-space relay stands between the browsers and the region,
// and gives each of them a link of its own.
//
// The bounds are those that the product promises (`docs/scoreboard.md` has the same on simulated
// networks): sound that comes ≥ 98 % (≥ 95 % heard at 10 % loss, with what its redundancy repairs), a
// picture that stands still ≤ 1 s after a drop, back in its best layer ≤ 8 s after the recovery. What this
// machine is too busy for counts as well, so each bound on time is extended by the longest stop of the
// same picture while the network was good. Of a short link 80 % are promised and, on an idle machine,
// used; a busy one delays packets as a full link does, and estimates fall: 60 % are asked for here.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { udpRelay } from './relay.mjs';
import { System, until } from './system.mjs';

/** 40 ms of round trip. */
const DELAY = { delay: 20 };
const GOOD = { ...DELAY, rate: 5_000_000 };
/** Lines of the best layer of Grace's camera. */
const BEST = 720;
const LEAST_USED = 0.6;
/** After a drop the link is left to empty its queue; only then is it to be used, ms. */
const SETTLING = 3_000;
/** More changes to a better layer than one in so many ms are an oscillation; falls are forced by the link. */
const RISES_EVERY = 3_000;

let system;
let browser;
let relay;
let link;
let Ada;
let Grace;

before(async () => {
  relay = await udpRelay({ target: () => system.ports.udp, up: DELAY, down: DELAY });
  system = await System.start({ engines: 1, advertise: () => `127.0.0.1:${relay.port}` });
  browser = await launch();
  Grace = await Person.arrive(browser, 'Grace', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
  await Grace.page.addInitScript(record);
  await Grace.page.addInitScript(pages);
  link = await Grace.startMeeting(system.url);
  await Grace.join();
});

after(async () => {
  await browser?.close();
  await system?.stop();
  relay?.close();
});

afterEach(async () => {
  relay.newcomers.up = relay.newcomers.down = DELAY;
  assert.deepEqual(Ada.problems, []);
  await Ada.context.close();
  await Grace.losesTile('Ada');
});

/** Runs in the page before anything else: keeps ten times a second what has come so far. */
function record() {
  window.record = [];
  setInterval(async () => {
    const connection = window.observed.connections.find((one) => one.connectionState === 'connected');
    if (!connection) return;
    const stats = [...(await connection.getStats()).values()].filter(({ type }) => type === 'inbound-rtp');
    const sum = (member) => stats.reduce((total, one) => total + (one.kind === 'audio' ? (one[member] ?? 0) : 0), 0);
    const picture = stats.find(({ kind, framesDecoded }) => kind === 'video' && framesDecoded > 0);
    window.record.push({
      at: performance.now(),
      frames: picture?.framesDecoded ?? 0,
      height: picture?.frameHeight ?? 0,
      received: sum('packetsReceived'),
      lost: sum('packetsLost'),
      samples: sum('totalSamplesReceived'),
      // What was made up for sound, and not for silence.
      concealed: sum('concealedSamples') - sum('silentConcealedSamples'),
    });
  }, 100);
}

/** Runs in the page before anything else: what is shared are pages full of words, another every three seconds. */
function pages() {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const context = canvas.getContext('2d');
    let drawn = 0;
    const timer = setInterval(() => {
      if (drawn % 30 === 0) {
        context.fillStyle = '#fff';
        context.fillRect(0, 0, 1280, 720);
        context.fillStyle = '#000';
        context.font = '28px sans-serif';
        for (let line = 0; line < 14; line += 1) {
          const words = Array.from({ length: 9 }, () => Math.random().toString(36).slice(2, 9));
          context.fillText(words.join(' '), 80, 46 * line + 60);
        }
      }
      context.fillStyle = `hsl(${(drawn * 30) % 360} 80% 50%)`;
      context.fillRect(1240, 10, 30, 30);
      drawn += 1;
    }, 100);
    const stream = canvas.captureStream(10);
    stream.getTracks()[0].addEventListener('ended', () => clearInterval(timer));
    return stream;
  };
}

/** Ada comes, without a camera of her own unless told. */
async function arrive({ camera = false } = {}) {
  Ada = await Person.arrive(browser, 'Ada', { rungs: 'udp', viewport: { width: 1440, height: 900 } });
  await Ada.page.addInitScript(record);
  await Ada.openLink(link);
  if (!camera) await Ada.page.getByRole('button', { name: 'Turn off camera' }).click();
  await Ada.join();
}

/** The same, and she sees Grace as well as can be. */
async function watch() {
  await arrive();
  await until('the best layer', async () => (await last(Ada))?.height === BEST, 60_000);
}

const last = (person) => person.page.evaluate(() => window.record.at(-1));

/** The link that a person's media takes. */
async function linkOf(person) {
  const port = await person.page.evaluate(async () => {
    const connection = window.observed.connections.find((one) => one.connectionState === 'connected');
    const stats = await connection.getStats();
    const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport');
    return stats.get(stats.get(selectedCandidatePairId).localCandidateId).port;
  });
  return relay.link(port);
}

/** What comes for a person in so many seconds of such a network on the way to them, or until something is so. */
async function during(person, settings, seconds, isOver = () => false) {
  const { down } = await linkOf(person);
  down.set(settings);
  // A connection that looks for another way meanwhile finds the same network.
  relay.newcomers.down = settings;
  const { at: from } = await last(person);
  let settled = null;
  const rows = await until(
    `${seconds} s of ${JSON.stringify(settings)}`,
    async () => {
      const all = await person.page.evaluate((begin) => window.record.filter(({ at }) => at >= begin), from);
      if (all.length > 1 && all.at(-1).at - from >= SETTLING) settled ??= { at: performance.now(), bytes: down.counts.bytes };
      return all.length > 1 && (all.at(-1).at - from >= seconds * 1_000 || isOver(all)) && all;
    },
    seconds * 1_000 + 15_000,
  );
  const rate = settled && ((down.counts.bytes - settled.bytes) * 8_000) / (performance.now() - settled.at);
  return { ...figures(rows), used: rate && settings.rate ? rate / settings.rate : null };
}

/** Of what came: shares of sound, the longest stop in ms, changes to a better layer, and when the best one was there for good. */
function figures(rows) {
  const [first, end] = [rows[0], rows.at(-1)];
  const since = (member) => end[member] - first[member];
  let [still, stopped] = [0, first.at];
  for (const [place, row] of rows.entries()) {
    if (place > 0 && row.frames > rows[place - 1].frames) stopped = row.at;
    still = Math.max(still, row.at - stopped);
  }
  const heights = rows.map(({ height }) => height);
  const worse = heights.findLastIndex((height) => height !== BEST);
  return {
    came: since('received') / (since('received') + since('lost')),
    heard: 1 - since('concealed') / since('samples'),
    still,
    rises: heights.filter((height, place) => place > 0 && height > heights[place - 1]).length,
    heights: heights.filter((height, place) => height !== heights[place - 1]),
    sharp: worse === heights.length - 1 ? null : worse < 0 ? 0 : rows[worse + 1].at - first.at,
    pictures: (since('frames') * 1_000) / (end.at - first.at),
  };
}

const percent = (share) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

function tell(network, { came, heard, still, heights, sharp, used, pictures }) {
  const again = !sharp ? '' : `, ${BEST} lines after ${(sharp / 1_000).toFixed(1)} s`;
  console.log(
    `${network}: sound came ${percent(came)}, heard ${percent(heard)}; still for ${(still / 1_000).toFixed(1)} s, ` +
      `${pictures.toFixed(1)} pictures a second, lines ${heights.join(' ')}${again}; link used ${percent(used)}`,
  );
}

const atMost = (value, bound, what) => assert.ok(value <= bound, `${what}: ${value} > ${bound}`);
const atLeast = (value, bound, what) => assert.ok(value >= bound, `${what}: ${value} < ${bound}`);

const isBest = (rows) => rows.at(-1).height === BEST && rows.at(-1).at - rows[rows.findLastIndex(({ height }) => height !== BEST) + 1].at >= 3_000;

test('5 Mbps, 500 kbps for 15 s, and 5 Mbps again', async () => {
  await watch();
  const good = await during(Ada, GOOD, 5);
  tell('5 Mbps', good);
  const bad = await during(Ada, { ...DELAY, rate: 500_000 }, 15);
  tell('500 kbps', bad);
  const again = await during(Ada, GOOD, 20, isBest);
  tell('5 Mbps again', again);
  atLeast(bad.came, 0.98, 'sound');
  atMost(bad.still, 1_000 + good.still, 'still');
  atLeast(bad.used, LEAST_USED, 'link used');
  atMost(bad.rises, 15_000 / RISES_EVERY, 'changes to a better layer');
  atMost(again.sharp ?? Infinity, 8_000 + good.still, 'sharp again');
  atLeast(again.came, 0.98, 'sound');
});

/** That somebody's network is weak, or no longer, as everyone can see who is there. */
async function isWeak(whose, weak) {
  for (const person of [Ada, Grace]) {
    const named = async () => (await person.tile(whose).getAttribute('aria-label')).match(/(unsteady|weak) network/)?.[0] ?? null;
    await until(`${person.name} sees how the network of ${whose} is`, async () => ((await named()) !== null) === weak, 20_000);
    await person.openPanel('People');
    const row = person.page.getByRole('list', { name: 'Participants' }).getByRole('listitem').filter({ hasText: whose });
    await until('the list says the same', async () => /(unsteady|weak) network/.test(await row.innerText()) === weak, 10_000);
  }
}

test('10 % random loss, which is told to everyone', async () => {
  await watch();
  const good = await during(Ada, GOOD, 5);
  tell('5 Mbps', good);
  const bad = await during(Ada, { ...GOOD, loss: 0.1 }, 20);
  tell('10 % loss', bad);
  await isWeak('Ada', true);
  await Grace.page.keyboard.press('i');
  const panel = Grace.page.getByRole('complementary', { name: 'Connection' });
  await panel.getByRole('list', { name: 'Networks of the others' }).getByRole('listitem').filter({ hasText: 'Ada' }).getByText(/network/).waitFor();
  await Grace.page.keyboard.press('Escape');
  (await linkOf(Ada)).down.set(GOOD);
  await isWeak('Ada', false);
  atLeast(bad.heard, 0.95, 'sound');
  atMost(bad.still, 1_000 + good.still, 'still');
  atMost(bad.rises, 20_000 / RISES_EVERY, 'changes to a better layer');
});

test('200 kbps for 20 s, and 5 Mbps again', async () => {
  await watch();
  const good = await during(Ada, GOOD, 5);
  tell('5 Mbps', good);
  const bad = await during(Ada, { ...DELAY, rate: 200_000 }, 20);
  tell('200 kbps', bad);
  const again = await during(Ada, GOOD, 20, isBest);
  tell('5 Mbps again', again);
  atLeast(bad.came, 0.98, 'sound');
  atLeast(bad.used, LEAST_USED, 'link used');
  atMost(bad.rises, 20_000 / RISES_EVERY, 'changes to a better layer');
  atMost(again.sharp ?? Infinity, 8_000 + good.still, 'sharp again');
});

test('nothing but sound fits: the picture stands still, says why, and comes back', async () => {
  await watch();
  const tile = Ada.tile('Grace');
  const says = async () => (await tile.getAttribute('aria-label')).includes('paused: your network cannot carry it now');
  const bad = await during(Ada, { ...DELAY, rate: 90_000 }, 20);
  tell('90 kbps', bad);
  await until('the tile says that it is paused', says);
  await tile.getByText('paused: your network cannot carry it now').waitFor();
  const again = await during(Ada, GOOD, 20, isBest);
  tell('5 Mbps again', again);
  await until('it no longer says so', async () => !(await says()));
  // The sound fills most of such a link, and the pictures that were under way take their share first.
  atLeast(bad.heard, 0.9, 'sound');
});

test('who sends through 250 kbps is heard and seen from the first second on', async () => {
  relay.newcomers.up = { ...DELAY, rate: 250_000 };
  const { frames } = await last(Grace);
  await arrive({ camera: true });
  await until('Grace sees Ada', async () => (await last(Grace)).frames > frames, 20_000);
  const begin = await during(Grace, DELAY, 6);
  tell('250 kbps up, the first seconds', begin);
  const then = await during(Grace, DELAY, 6);
  tell('250 kbps up, then', then);
  atLeast((begin.came + then.came) / 2, 0.98, 'sound');
  // An uplink that is filled with pictures loses sound; the encoders of a busy machine take seconds to begin.
  atMost(begin.still, 4_000, 'still');
});

test('a shared screen keeps all its lines on 500 kbps, there and on the way to who watches', async () => {
  await watch();
  await Grace.page.getByRole('button', { name: 'Share screen' }).click();
  const screen = Ada.page.getByRole('group', { name: 'Screen of Grace' });
  const seen = () =>
    screen.locator('video').evaluate((one) => ({ height: one.videoHeight, frames: one.getVideoPlaybackQuality().totalVideoFrames }));
  const saysPaused = async () => (await screen.getAttribute('aria-label')).includes('paused');
  await until('the screen', async () => (await seen()).height === 720, 20_000);
  for (const [person, way] of [[Grace, 'up'], [Ada, 'down']]) {
    const narrow = (await linkOf(person))[way];
    narrow.set({ ...DELAY, rate: 500_000 });
    const heights = new Set();
    const { frames } = await seen();
    const began = performance.now();
    await until('fifteen seconds', async () => {
      heights.add((await seen()).height);
      return performance.now() - began > 15_000;
    }, 30_000);
    const more = (await seen()).frames - frames;
    const paused = await saysPaused();
    console.log(`screen, 500 kbps ${way}: ${[...heights].join(' ')} lines, ${(more / 15).toFixed(1)} pictures a second${paused ? ', paused at the end' : ''}`);
    assert.deepEqual([...heights], [720]);
    // Pages of text are more than such a link carries at once; who waits is told so.
    assert.ok(more > 0 || paused, 'it moves or says why not');
    narrow.set(DELAY);
    const { frames: before } = await seen();
    await until('it moves as before', async () => (await seen()).frames > before + 10 && !(await saysPaused()), 30_000);
  }
  await Grace.page.getByRole('button', { name: 'Stop sharing' }).click();
});
