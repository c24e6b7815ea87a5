// From the click on "Join meeting" to the first remote frame on screen: on one machine, and in round
// trips with a delay between browser and everything else. `cargo xtask bench join` runs it.

import { clock } from './first-frame.mjs';
import { Person, launch } from './people.mjs';
import { tcpRelay, udpRelay } from './relay.mjs';
import { System, until } from './system.mjs';

const JOINS = Number(process.env.JOINS ?? 15);

const middle = (sorted) => sorted[Math.floor(sorted.length / 2)];

async function measure(browser, origin, link) {
  const durations = [];
  for (let round = 0; round < JOINS; round += 1) {
    const person = await Person.arrive(browser, `Guest ${round}`);
    await person.page.addInitScript(clock);
    await person.openLink(link.replace(/^https?:\/\/[^/]+/, origin));
    await person.page.getByRole('textbox', { name: 'Your name' }).fill(person.name);
    // People look at their own picture before they join; what is made ahead is made by then.
    await until('the offer is made ahead', () =>
      person.page.evaluate(() => window.observed.connections.some((one) => one.localDescription)),
    );
    await person.page.getByRole('button', { name: 'Join meeting' }).click();
    const times = await until('a remote frame', () => person.page.evaluate(() => window.times.frame && window.times), 20_000);
    durations.push(times.frame - times.click);
    await person.leave();
    await person.context.close();
  }
  durations.sort((one, two) => one - two);
  return { median: middle(durations), best: durations[0], worst: durations.at(-1), joins: durations.length };
}

async function run({ delay }) {
  const browser = await launch();
  let system;
  const relays = [];
  try {
    if (delay === 0) {
      system = await System.start();
    } else {
      const udp = await udpRelay({ target: () => system.ports.udp, up: { delay }, down: { delay } });
      relays.push(udp);
      system = await System.start({ engines: 1, advertise: () => `127.0.0.1:${udp.port}` });
    }
    const ada = await Person.arrive(browser, 'Ada');
    const link = await ada.startMeeting(system.url);
    await ada.join();
    let origin = system.url;
    if (delay > 0) {
      const tcp = await tcpRelay({ target: () => system.ports.web, delay });
      relays.push(tcp);
      origin = `http://localhost:${tcp.port}`;
    }
    return await measure(browser, origin, link);
  } finally {
    await browser.close();
    await system?.stop();
    for (const relay of relays) await relay.close();
  }
}

const near = await run({ delay: 0 });
console.log(`join on one machine: median ${near.median.toFixed(0)} ms, best ${near.best.toFixed(0)}, worst ${near.worst.toFixed(0)} (${near.joins} joins)`);
const far = await run({ delay: 100 });
console.log(
  `join with 100 ms each way: median ${far.median.toFixed(0)} ms = ${(far.median / 200).toFixed(1)} round trips, ` +
    `best ${(far.best / 200).toFixed(1)}, worst ${(far.worst / 200).toFixed(1)} (${far.joins} joins)`,
);
