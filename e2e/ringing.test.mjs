// Calling somebody from the home page: it rings where they are, and says nothing about who is there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Member, mails } from './members.mjs';
import { launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let ada;
let grace;

before(async () => {
  system = await System.start();
  browser = await launch();
  ada = await Member.arrive(browser, 'Ada');
  grace = await Member.arrive(browser, 'Grace');
  await ada.becomeMember(system);
  await grace.becomeMember(system);
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

async function call(email) {
  await ada.page.goto(`${system.url}/home`);
  await ada.page.getByRole('button', { name: 'Call someone' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Call someone' });
  await dialog.getByRole('textbox', { name: 'Email' }).fill(email);
  await dialog.getByRole('button', { name: 'Call', exact: true }).click();
  await ada.page.waitForURL(/\/m\//);
}

test('it rings on the home page, and accepting leads into the call', async () => {
  await call(grace.email);
  await ada.page.getByRole('button', { name: 'Join meeting' }).click();
  await ada.page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  const card = grace.page.getByRole('alertdialog');
  await card.getByText('Ada').first().waitFor();
  await card.getByRole('button', { name: 'Accept' }).click();
  await grace.page.waitForURL(/\/m\//);
  await grace.page.getByRole('button', { name: 'Join meeting' }).click();
  await grace.page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  await grace.seesAndHears(['Ada']);
});

test('home shows that a meeting is live and how many are in, kept current', async () => {
  const watcher = await ada.context.newPage();
  await watcher.goto(`${system.url}/home`);
  const list = watcher.getByRole('list', { name: 'Upcoming meetings' });
  await list.getByText(/2 (people )?in/i).first().waitFor();
  const requests = [];
  watcher.on('request', (request) => requests.push(request.url()));
  await grace.leave();
  await list.getByText(/1 (person )?in/i).first().waitFor();
  assert.deepEqual(requests.filter((url) => url.includes('/api/rooms')), [], 'nothing is asked for again');
  await watcher.close();
  await ada.leave();
});

test('declining ends the ringing and tells the caller nothing', async () => {
  await grace.page.goto(`${system.url}/home`);
  await call(grace.email);
  const card = grace.page.getByRole('alertdialog');
  await card.getByRole('button', { name: 'Decline' }).click();
  await until('the card is gone', async () => (await card.count()) === 0);
  assert.equal(await ada.page.getByText(/declined/i).count(), 0);
});

test('where nobody is present a mail tells of the call, and the caller sees the same', async () => {
  await call('nobody.here@elsewhere.example');
  const [mail] = await mails(system, 'nobody.here@elsewhere.example');
  assert.match(mail.subject, /Ada/);
  assert.ok(mail.links.includes(ada.page.url()), 'the mail leads to where the caller waits');
});
