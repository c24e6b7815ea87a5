// From signing up to a meeting that was planned, in real browsers: who walks in, who asks, who is refused.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import ICAL from 'ical.js';

import { Member, mails } from './members.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let host;
let link;

const tomorrow = () => {
  const date = new Date(Date.now() + 24 * 60 * 60 * 1000);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
};

before(async () => {
  system = await System.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

test('somebody signs up, proves the address by the mailed link and signs in', async () => {
  host = await Member.arrive(browser, 'Ada Lovelace', { timezoneId: 'America/New_York' });
  await host.signUp(system);
  await host.verify(system);
  assert.ok(!host.page.url().includes('token'), 'the token has left the address bar');
  // A page that needs an account leads to sign-in and back.
  await host.page.goto(`${system.url}/profile`);
  await host.page.waitForURL(/\/signin/);
  await host.fillSignIn('not the password');
  await host.page.getByRole('alert').first().waitFor();
  assert.equal(await host.page.getByRole('textbox', { name: 'Email' }).inputValue(), host.email, 'what was typed stays');
  await host.fillSignIn();
  await host.page.waitForURL(/\/profile$/);
});

test('they plan a private meeting for tomorrow and invite somebody, whose calendar file has the right instant', async () => {
  await host.page.goto(`${system.url}/home`);
  await host.schedule({ title: 'Analytical review', date: tomorrow(), time: '09:30', kind: 'Private', invite: ['grace.hopper@team.example'] });
  const [mail] = await mails(system, 'grace.hopper@team.example', (one) => one.attachments?.length);
  assert.match(mail.subject, /Analytical review/);
  link = mail.links.find((one) => /\/m\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/.test(one));
  assert.ok(link, 'the mail leads to the meeting');

  const calendar = new ICAL.Component(ICAL.parse(mail.attachments[0].content));
  assert.equal(calendar.getFirstPropertyValue('method'), 'REQUEST');
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent'));
  assert.equal(event.summary, 'Analytical review');
  // 09:30 on the planner's clock, which is not the clock of this machine.
  const shown = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' }).format(event.startDate.toJSDate());
  assert.match(shown, /09:30$/);
  const day = await host.page.evaluate(() => {
    const date = new Date(Date.now() + 24 * 60 * 60 * 1000);
    return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  });
  assert.ok([day, tomorrow()].some((one) => shown.startsWith(one)), `${shown} is tomorrow`);
});

test('the invited person signs up and walks in, where the host is', async () => {
  await host.walkIn(link);
  const invited = await Member.arrive(browser, 'Grace Hopper');
  await invited.becomeMember(system);
  // The invitation waited for its reader.
  await invited.page.getByRole('list', { name: 'Upcoming meetings' }).getByText('Analytical review').waitFor();
  await invited.walkIn(link);
  await host.seesTile('Grace Hopper');
  await invited.seesAndHears(['Ada Lovelace']);
});

test('an uninvited guest asks, and the host admits them without a reload', async () => {
  const guest = await Person.arrive(browser, 'Edsger');
  await guest.page.goto(link);
  await guest.page.getByRole('textbox', { name: 'Your name' }).fill('Edsger');
  await guest.page.evaluate(() => {
    window.sameDocument = true;
  });
  await guest.page.getByRole('button', { name: 'Ask to join' }).click();
  await guest.page.getByText('Waiting for the host to let you in').first().waitFor();
  assert.equal(await guest.page.getByRole('toolbar', { name: 'Call controls' }).count(), 0);

  await host.openPanel('People');
  const waiting = host.page.getByRole('list', { name: 'Waiting to join' });
  await waiting.getByText('Edsger').first().waitFor();
  await waiting.getByRole('button', { name: 'Admit Edsger' }).click();
  await guest.page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  assert.equal(await guest.page.evaluate(() => window.sameDocument), true);
  await host.seesTile('Edsger');
  await until('nobody waits any more', async () => (await host.page.getByRole('button', { name: 'Admit Edsger' }).count()) === 0);
  await guest.context.close();
});

test('a guest whom the host denies is told so and stays out', async () => {
  const guest = await Person.arrive(browser, 'Mallory');
  await guest.page.goto(link);
  await guest.page.getByRole('textbox', { name: 'Your name' }).fill('Mallory');
  await guest.page.getByRole('button', { name: 'Ask to join' }).click();
  await host.openPanel('People');
  await host.page.getByRole('button', { name: 'Deny Mallory' }).click();
  await guest.page.getByText(/not let you in/).first().waitFor();
  assert.equal(await host.tile('Mallory').count(), 0);
  await guest.context.close();
});

test('a team meeting takes colleagues and refuses strangers', async () => {
  await host.leave();
  await host.page.goto(`${system.url}/home`);
  await host.schedule({ title: 'Team planning', date: tomorrow(), time: '11:00', kind: 'Team' });
  await host.page.goto(`${system.url}/home`);
  const entry = host.page.getByRole('list', { name: 'Upcoming meetings' }).getByRole('listitem').filter({ hasText: 'Team planning' });
  await entry.getByRole('link', { name: /Join/ }).click();
  await host.page.waitForURL(/\/m\//);
  const team = host.page.url();

  const colleague = await Member.arrive(browser, 'Barbara');
  await colleague.becomeMember(system);
  await colleague.walkIn(team);

  const stranger = await Member.arrive(browser, 'Trudy', { domain: 'elsewhere.example' });
  await stranger.becomeMember(system);
  await stranger.page.goto(team);
  await stranger.page.getByText(/only for|not invited/i).first().waitFor();
  assert.equal(await stranger.page.getByRole('button', { name: /Join meeting|Ask to join/ }).count(), 0);

  const guest = await Person.arrive(browser, 'Nobody');
  await guest.page.goto(team);
  await guest.page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor();
  for (const person of [host, colleague, stranger]) assert.deepEqual(person.problems, []);
});
