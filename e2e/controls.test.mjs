// What people see and press to moderate a meeting: the names on the controls, and what others notice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let link;
let Ada;
let Grace;

before(async () => {
  system = await System.start();
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada');
  link = await Ada.startMeeting(system.url);
  await Ada.join();
  Grace = await Person.arrive(browser, 'Grace');
  await Grace.openLink(link);
  await Grace.join();
  await Ada.seesTile('Grace');
  await Ada.openPanel('People');
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const button = (person, name) => person.page.getByRole('button', { name, exact: true });
const told = (person, text) => person.page.getByRole('status').getByText(text).first().waitFor({ timeout: 5_000 });
const turn = (name) => Ada.page.getByRole('switch', { name }).click();

async function choose(person, about, item) {
  await person.openPanel('People');
  await button(person, `Options for ${about}`).click();
  await person.page.getByRole('menuitem', { name: item }).click();
}

test('a microphone that a host mutes is off where it is, and on again only as long as that is allowed', async () => {
  await choose(Ada, 'Grace', 'Mute');
  await told(Grace, 'A host muted your microphone');
  await button(Grace, 'Unmute microphone').click();
  await Grace.page.getByRole('button', { name: 'Mute microphone', exact: true }).waitFor();
  await turn('Let people unmute themselves');
  await button(Ada, 'Mute everyone').click();
  await button(Grace, 'Unmute microphone').waitFor();
  await Grace.page.keyboard.press('m');
  await told(Grace, 'The host does not let people unmute themselves');
  await Ada.page.getByRole('group', { name: /^Grace.*muted/ }).waitFor();
  await turn('Let people unmute themselves');
  await until('the button works again', async () => (await button(Grace, 'Unmute microphone').getAttribute('aria-disabled')) === null);
  await button(Grace, 'Unmute microphone').click();
  await Ada.page.getByRole('group', { name: /^Grace(?!.*muted)/ }).waitFor();
});

test('hands are seen by everybody, in order, and hosts take them down', async () => {
  await button(Grace, 'Raise hand').click();
  await told(Ada, 'Grace raised their hand');
  await Ada.page.getByRole('group', { name: /^Grace.*hand raised/ }).waitFor();
  await button(Ada, 'Raise hand').click();
  const hands = Ada.page.getByRole('list', { name: 'Raised hands' });
  await until('both hands are listed', async () => (await hands.getByRole('listitem').count()) === 2);
  assert.deepEqual(await hands.getByRole('listitem').allTextContents(), ['Grace', 'Ada']);
  await choose(Ada, 'Grace', 'Lower hand');
  await button(Grace, 'Raise hand').waitFor();
  await button(Ada, 'Lower hand').click();
  await hands.waitFor({ state: 'detached' });
});

test('reactions rise over their tile and are read out to the others', async () => {
  await button(Grace, 'React').click();
  await Grace.page.keyboard.press('ArrowRight');
  await Grace.page.keyboard.press('Enter');
  await Ada.page.getByRole('status').getByText('Grace reacts: Clap').waitFor({ state: 'attached', timeout: 5_000 });
  assert.equal(await Ada.page.locator('.reaction').count(), 1);
  // Their own too; strict: there is one of it.
  await Grace.page.locator('.reaction').waitFor();
  await Ada.page.locator('.reaction').waitFor({ state: 'detached' });
  await Grace.page.keyboard.press('Escape');
  await turn('Let people react');
  await until('the button says so', async () => (await button(Grace, 'React').getAttribute('aria-disabled')) === 'true');
  await turn('Let people react');
});

test('words to one person are for that person, and what is taken back is gone for everybody', async () => {
  await choose(Ada, 'Grace', 'Message Grace');
  await Ada.page.getByRole('textbox', { name: 'Message' }).fill('between us');
  await Ada.page.keyboard.press('Enter');
  await told(Grace, 'Ada, to you alone: between us');
  assert.match(await Grace.readsChat(), /To you alone\s+between us/);
  await Ada.page.getByRole('combobox', { name: 'To' }).selectOption({ label: 'Everyone' });
  await Grace.say('look at https://example.org/x');
  const address = Ada.page.getByRole('link', { name: 'https://example.org/x' });
  assert.match(await address.getAttribute('rel'), /noopener/);
  await Ada.page.getByText('look at').hover();
  await Ada.page.getByRole('button', { name: 'Delete message' }).last().click();
  for (const person of [Ada, Grace]) await person.page.getByText('look at').waitFor({ state: 'detached' });
  assert.match(await Grace.readsChat(), /between us/);
});

test('everyone\'s cameras are off at one press, and on again for who turns theirs on', async () => {
  await Ada.openPanel('People');
  await button(Ada, 'Turn off all cameras').click();
  await told(Grace, 'A host turned off your camera');
  await button(Grace, 'Turn on camera').click();
  await button(Grace, 'Turn off camera').waitFor();
  await button(Ada, 'Turn off camera').waitFor();
  assert.equal(await button(Ada, 'Stop all sharing').count(), 0, 'nobody shares');
});

test('an emoji goes where one was writing', async () => {
  await Ada.openPanel('Chat');
  const field = Ada.page.getByRole('textbox', { name: 'Message' });
  await field.fill('well done');
  await Ada.page.keyboard.press('Home');
  await button(Ada, 'Emoji').click();
  await Ada.page.keyboard.press('ArrowDown');
  await Ada.page.keyboard.press('ArrowRight');
  await Ada.page.keyboard.press('Enter');
  await until('it is in front', async () => (await field.inputValue()) === '🤔well done');
  await Ada.page.keyboard.type(' ');
  await Ada.page.keyboard.press('Enter');
  await Ada.page.getByText('🤔 well done').waitFor();
  await button(Ada, 'Emoji').click();
  await Ada.page.keyboard.press('Escape');
  assert.equal(await field.evaluate((element) => element === document.activeElement), true);
});

test('without permission only hosts can be written to', async () => {
  await Ada.openPanel('People');
  await turn('Let people chat');
  await Grace.page.getByText('The host does not let people write to everyone').waitFor();
  await Grace.page.getByRole('textbox', { name: 'Message' }).fill('may I speak?');
  await Grace.page.keyboard.press('Enter');
  await told(Ada, 'Grace, to you alone: may I speak?');
  await turn('Let people chat');
});

test('a co-host gets the controls and loses them again', async () => {
  await choose(Ada, 'Grace', 'Make co-host');
  await told(Grace, 'You are a co-host now');
  await Grace.openPanel('People');
  await button(Grace, 'Lock meeting').click();
  await Ada.page.getByRole('button', { name: 'Unlock meeting' }).waitFor();
  await choose(Ada, 'Grace', 'Remove as co-host');
  await button(Grace, 'Unlock meeting').waitFor({ state: 'detached' });
});

test('a locked meeting says so to who comes late', async () => {
  const late = await Person.arrive(browser, 'Late');
  await late.page.goto(link);
  await late.page.getByRole('heading', { name: 'The meeting is locked' }).waitFor();
  await button(Ada, 'Unlock meeting').click();
  await button(Ada, 'Lock meeting').waitFor();
  await late.page.getByRole('button', { name: 'Try again' }).click();
  await late.page.getByRole('button', { name: 'Join meeting' }).waitFor();
  await late.context.close();
});

test('who is put out is told so, and does not come back', async () => {
  await choose(Ada, 'Grace', 'Remove from meeting');
  await Ada.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await Grace.page.getByRole('heading', { name: 'A host removed you from the meeting' }).waitFor();
  await Ada.losesTile('Grace', 2_000);
  assert.deepEqual([...Ada.problems, ...Grace.problems], []);
});
