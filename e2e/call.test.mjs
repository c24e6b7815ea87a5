// A meeting from the landing page to its end, in real browsers against the real system.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let link;
const people = {};

const everyone = () => Object.values(people);
const others = (person) => everyone().filter((one) => one !== person).map((one) => one.name);

before(async () => {
  system = await System.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

async function enters(name, host = false) {
  const person = await Person.arrive(browser, name, { rungs: 'udp' });
  if (host) link = await person.startMeeting(system.url);
  else await person.openLink(link);
  await person.join();
  people[name] = person;
}

test('three people start a meeting by its link and see and hear each other', async () => {
  await enters('Ada', true);
  await enters('Grace');
  await enters('Edsger');
  for (const person of everyone()) await person.seesAndHears(others(person));

  const sample = () => Promise.all(everyone().map((person) => person.received()));
  const first = await sample();
  const start = performance.now();
  await until('five seconds of call', () => performance.now() - start >= 5_000, 10_000);
  const second = await sample();
  for (const [place, person] of everyone().entries()) {
    const rose = (kind, what) =>
      second[place].filter((row) => {
        const earlier = first[place].find((one) => one.track === row.track);
        return row.kind === kind && row[what] > (earlier?.[what] ?? 0);
      }).length;
    assert.equal(rose('video', 'frames'), 2, `${person.name} decodes two moving pictures`);
    assert.equal(rose('audio', 'energy'), 2, `${person.name} hears two voices`);
  }
});

test('chat reaches everybody in one order', async () => {
  await people.Ada.say('one');
  await until('Grace reads it', async () => (await people.Grace.readsChat()).includes('one'));
  await people.Grace.say('two');
  await until('Edsger reads it', async () => (await people.Edsger.readsChat()).includes('two'));
  await people.Edsger.say('three <b>bold</b>');
  for (const person of everyone()) {
    await until(`${person.name} reads all three in order`, async () => /one[^]*two[^]*three <b>bold<\/b>/.test(await person.readsChat()));
  }
});

test('people coming and going change no description of the others', async () => {
  const before = await Promise.all(everyone().map((person) => person.descriptions()));
  for (const counts of before) assert.deepEqual(counts, [2], 'one offer and one answer each');

  await enters('Barbara');
  const closing = people.Edsger;
  delete people.Edsger;
  await closing.context.close();
  const gone = await Promise.all(everyone().map((person) => person.losesTile('Edsger', 15_000)));
  console.log(`tile of a closed tab gone for the others after ${gone.map(Math.round).join(', ')} ms`);
  await people.Barbara.seesAndHears(['Ada', 'Grace']);
  assert.match(await people.Barbara.readsChat(), /one[^]*two[^]*three/, 'a late joiner sees the history');

  const leaving = people.Barbara;
  delete people.Barbara;
  await leaving.leave();
  const left = await Promise.all(everyone().map((person) => person.losesTile('Barbara', 2_000)));
  console.log(`tile of someone who left gone for the others after ${left.map(Math.round).join(', ')} ms`);
  await leaving.page.getByText('You left the meeting').waitFor();

  const after = await Promise.all(everyone().map((person) => person.descriptions()));
  assert.deepEqual(after, before.slice(0, 2), 'no new offer or answer');
});

test('a muted microphone and a camera turned off are shown and not heard', async () => {
  const { Ada, Grace } = people;
  await Grace.page.getByRole('button', { name: 'Mute microphone' }).click();
  await Ada.page.getByRole('group', { name: /^Grace.*muted/i }).waitFor();
  await until('Grace is silent for Ada', async () => {
    const energy = async () => (await Ada.received()).filter((row) => row.kind === 'audio').reduce((sum, row) => sum + row.energy, 0);
    const earlier = await energy();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return (await energy()) - earlier < 1e-6;
  });
  await Grace.page.getByRole('button', { name: 'Unmute microphone' }).click();
  await Grace.page.getByRole('button', { name: 'Turn off camera' }).click();
  await until('the picture of Grace is gone for Ada', async () => (await Ada.tile('Grace').locator('video:visible').count()) === 0);
  await Grace.page.getByRole('button', { name: 'Turn on camera' }).click();
  await Ada.seesAndHears(['Grace']);
});

test('someone who left can rejoin', async () => {
  await people.Grace.leave();
  await people.Ada.losesTile('Grace', 2_000);
  await people.Grace.page.getByRole('button', { name: 'Rejoin' }).or(people.Grace.page.getByRole('link', { name: 'Rejoin' })).click();
  const join = people.Grace.page.getByRole('button', { name: 'Join meeting' });
  const controls = people.Grace.page.getByRole('toolbar', { name: 'Call controls' });
  await join.or(controls).first().waitFor();
  if (await join.isVisible()) await join.click();
  await controls.waitFor();
  await people.Ada.seesAndHears(['Grace']);
  await people.Grace.seesAndHears(['Ada']);
});

test('only the host can end the meeting, and then its code says so', async () => {
  const { Ada, Grace } = people;
  await Grace.openPanel('People');
  assert.equal(await Grace.page.getByRole('button', { name: 'End meeting for everyone' }).count(), 0);
  await Ada.openPanel('People');
  await Ada.page.getByRole('button', { name: 'End meeting for everyone' }).click();
  const confirm = Ada.page.getByRole('dialog').getByRole('button', { name: /^End meeting/ });
  const ended = Ada.page.getByText('The meeting has ended');
  await confirm.or(ended).first().waitFor();
  if (await confirm.isVisible()) await confirm.click();
  await ended.waitFor();
  await Grace.page.getByText('The meeting has ended').waitFor();
  const answer = await fetch(`${system.url}/api/rooms/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: link, name: 'Late' }),
  });
  assert.equal(answer.status, 410);
  assert.equal((await answer.json()).code, 'room_ended');
});

test('nothing in any page failed silently', () => {
  for (const person of everyone()) assert.deepEqual(person.problems, [], person.name);
});
