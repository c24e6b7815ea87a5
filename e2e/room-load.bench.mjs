// What a call of twelve costs the page: its own scripting, its work per frame, and its memory over
// ten minutes of chat, reactions and people coming and going. `cargo xtask bench room` runs it.
//
// Ada's page is measured. Grace is in another Chromium; the other ten are real WebRTC clients without
// a browser. Work is counted in time on the processor (thread ticks), so that a machine that does
// other things too changes little.

import assert from 'node:assert/strict';

import { Headless } from './headless.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

/** Seconds for which each kind of call is measured. */
const MEASURED = Number(process.env.MEASURED_SECONDS ?? 60);
/** Minutes of the memory run, after one to warm up. */
const MINUTES = Number(process.env.MINUTES ?? 10);
const HEADLESS = 10;
const FRAME_MS = 1000 / 60;
/** Messages that a room keeps (`limits::CHAT_HISTORY`). */
const HISTORY = 200;
const TRACED = ['disabled-by-default-devtools.timeline'];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Does each of `deeds` over and over, every so many milliseconds, until the returned function is called. */
function busy(deeds) {
  const timers = deeds.map(([every, deed]) => setInterval(deed, every));
  return () => timers.forEach(clearInterval);
}

/** Prints lines as they come, in columns. */
function table(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  for (const row of [head, ...rows]) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  '));
}

// --- The call -----------------------------------------------------------------------------------

class Crowd {
  people = [];
  #named = 0;
  #speaker = null;

  constructor(headless, code) {
    this.headless = headless;
    this.code = code;
  }

  async grow() {
    this.#named += 1;
    this.people.push(await this.headless.join(this.code, `Person ${this.#named}`));
  }

  any() {
    return this.people[Math.floor(Math.random() * this.people.length)];
  }

  /** Somebody else speaks from now on. */
  pass() {
    this.#speaker?.speak(false);
    const others = this.people.filter((one) => one !== this.#speaker);
    this.#speaker = others[Math.floor(Math.random() * others.length)];
    this.#speaker.speak(true);
  }

  said = 0;

  write() {
    this.said += 1;
    this.any().say({ type: 'chat', id: crypto.randomUUID(), text: `Message ${this.said}, with a link to https://example.org/${this.said} and some words.` });
  }

  react() {
    this.any().say({ type: 'react', reaction: ['heart', 'clap', 'party', 'laugh'][this.said % 4] });
  }

  /** Whoever came first leaves, and somebody new comes. */
  async change() {
    this.people.shift().leave();
    await this.grow();
  }
}

async function choose(person, layout) {
  const bar = person.page.getByRole('toolbar', { name: 'Call controls' });
  await bar.getByRole('button', { name: 'Layout', exact: true }).click();
  const popover = person.page.getByRole('dialog', { name: 'Layout' });
  await popover.getByRole('radio', { name: layout, exact: true }).check();
  await person.page.keyboard.press('Escape');
  await popover.waitFor({ state: 'detached' });
}

// --- The page's work ----------------------------------------------------------------------------

async function metrics(devtools) {
  const { metrics: all } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

/** The events of these names in a trace, which may be longer than a string can be; each has a line. */
function* events(trace, names) {
  for (let begin = 0, end; begin < trace.length; begin = end + 1) {
    end = trace.indexOf('\n', begin);
    if (end < 0) end = trace.length;
    const line = trace.toString('utf8', begin, end);
    if (!names.some((name) => line.includes(`"name":"${name}"`))) continue;
    yield JSON.parse(line.replace(/\]?,?$/, ''));
  }
}

/** Milliseconds of work of the page's main thread in each sixtieth of a second. */
function workPerFrame(trace) {
  const traceEvents = [...events(trace, ['thread_name', 'RunTask'])];
  const main = new Set(
    traceEvents.filter((one) => one.name === 'thread_name' && one.args.name === 'CrRendererMain').map((one) => `${one.pid}/${one.tid}`),
  );
  const tasks = new Map();
  for (const event of traceEvents) {
    const thread = `${event.pid}/${event.tid}`;
    if (!main.has(thread)) continue;
    if (event.name !== 'RunTask' || event.ph !== 'X') continue;
    if (!tasks.has(thread)) tasks.set(thread, []);
    tasks.get(thread).push(event);
  }
  // A browser keeps a renderer in reserve: the page's is the one that works.
  const [page = []] = [...tasks.values()].sort((one, other) => other.length - one.length);
  const begun = Math.min(...page.map(({ ts }) => ts));
  const ended = Math.max(...page.map(({ ts }) => ts));
  const work = new Float64Array(Math.ceil((ended - begun) / 1000 / FRAME_MS) + 1);
  for (const { ts, tdur, dur } of page) {
    // The last before the end may have no time on the processor yet.
    work[Math.floor((ts - begun) / 1000 / FRAME_MS)] += (tdur ?? dur) / 1000;
  }
  const sorted = [...work].sort((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: sorted.at(-1), over: sorted.filter((ms) => ms > FRAME_MS).length, windows: sorted.length };
}

async function budget(label, browser, page, deeds) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const stop = busy(deeds);
  await pause(3_000);
  await browser.startTracing(page, { categories: TRACED });
  const before = await metrics(devtools);
  const started = performance.now();
  await pause(MEASURED * 1000);
  const after = await metrics(devtools);
  const seconds = (performance.now() - started) / 1000;
  const work = workPerFrame(await browser.stopTracing());
  stop();
  await devtools.detach();
  const share = (name) => `${(((after[name] - before[name]) / seconds) * 100).toFixed(1)} %`;
  const ms = (value) => `${value.toFixed(1)} ms`;
  return [
    label,
    share('ScriptDuration'),
    share('RecalcStyleDuration'),
    share('LayoutDuration'),
    share('TaskDuration'),
    ms(work.p50),
    ms(work.p95),
    ms(work.p99),
    ms(work.most),
    `${work.over} of ${work.windows}`,
  ];
}

// --- Its memory ---------------------------------------------------------------------------------

async function memory(page, crowd) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  let changing = Promise.resolve();
  let changes = 0;
  const stop = busy([
    [1_000, () => crowd.write()],
    [2_000, () => crowd.react()],
    [2_000, () => crowd.pass()],
    [6_000, () => {
      changing = changing.then(() => crowd.change()).then(() => { changes += 1; });
    }],
  ]);
  const rows = [];
  for (let minute = -1; minute <= MINUTES; minute += 1) {
    if (minute >= 0) {
      // Twice: what the first collection frees may hold more.
      for (let round = 0; round < 2; round += 1) await devtools.send('HeapProfiler.collectGarbage');
      const now = await metrics(devtools);
      const megabytes = now.JSHeapUsedSize / 2 ** 20;
      rows.push({ minute, megabytes, nodes: now.Nodes, listeners: now.JSEventListeners });
      console.log(`minute ${minute}: ${megabytes.toFixed(2)} MB of script objects, ${now.Nodes} nodes, ${now.JSEventListeners} listeners (${crowd.said} messages, ${changes} came and went)`);
    }
    if (minute < MINUTES) await pause(60_000);
  }
  stop();
  await changing;
  return rows;
}

/** Least squares: how much a value grows in a minute. */
function slope(rows, name) {
  const middle = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [middle(rows.map(({ minute }) => minute)), middle(rows.map((row) => row[name]))];
  const over = rows.reduce((sum, row) => sum + (row.minute - x) * (row[name] - y), 0);
  return over / rows.reduce((sum, row) => sum + (row.minute - x) ** 2, 0);
}

// ------------------------------------------------------------------------------------------------

const system = await System.start({ engines: 1 });
const browsers = await Promise.all([launch(), launch()]);
let headless;
try {
  const viewport = { width: 1440, height: 900 };
  const ada = await Person.arrive(browsers[0], 'Ada', { viewport });
  const grace = await Person.arrive(browsers[1], 'Grace', { viewport });
  const link = await ada.startMeeting(system.url);
  await ada.join();
  await grace.page.goto(link);
  headless = await Headless.start(system.url, grace.page);
  const crowd = new Crowd(headless, link);
  for (let place = 0; place < HEADLESS; place += 1) await crowd.grow();
  await grace.openLink(link);
  await grace.join();
  crowd.pass();

  const moving = async (before) => {
    const now = Object.entries(await ada.framesByTile());
    return now.filter(([name, frames]) => frames > (before?.[name] ?? 0)).length === HEADLESS + 1;
  };
  await until('eleven pictures', () => moving(), 120_000);
  const before = await ada.framesByTile();
  await until('all move', () => moving(before), 60_000);
  console.log(`Twelve people: eleven pictures move on Ada's page.`);

  if (MEASURED > 0) {
    const speakers = [2_000, () => crowd.pass()];
    const rows = [await budget('grid, another speaker every 2 s', browsers[0], ada.page, [speakers])];
    await choose(ada, 'Speaker');
    rows.push(await budget('speaker, another speaker every 2 s', browsers[0], ada.page, [speakers]));
    await choose(ada, 'Grid');
    await ada.openPanel('Chat');
    const lively = [speakers, [1_000, () => crowd.write()], [2_000, () => crowd.react()]];
    rows.push(await budget('grid, open chat with a message a second, reactions', browsers[0], ada.page, lively));
    table(['call', 'script', 'style', 'layout', 'all of main', 'p50/frame', 'p95', 'p99', 'most', 'over 16.7 ms'], rows);
  }

  if (MINUTES > 0) {
    await ada.openPanel('Chat');
    // The chat is as long as it gets before memory is looked at.
    while (crowd.said < HISTORY + 20) {
      crowd.write();
      await pause(50);
    }
    await until('the chat is full', async () => (await ada.readsChat()).includes(`Message ${HISTORY}`), 30_000);
    const rows = await memory(ada.page, crowd);
    for (const [name, unit] of [['megabytes', 'MB'], ['nodes', 'nodes'], ['listeners', 'listeners']]) {
      const [first, last] = [rows[0][name], rows.at(-1)[name]];
      console.log(`${unit}: ${first.toFixed(2)} at first, ${last.toFixed(2)} at last, ${slope(rows, name).toFixed(3)} a minute`);
    }
  }
  const pictures = Object.keys(await ada.framesByTile()).length;
  assert.equal(pictures, HEADLESS + 1, 'everybody is still seen');
  assert.deepEqual(ada.problems, []);
} finally {
  await headless?.stop();
  await Promise.all(browsers.map((browser) => browser.close()));
  await system.stop();
}
