// The development outbox: what it shows, to programs and to people, and that production has none.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Part, System, freePorts, until } from './system.mjs';
import { launch } from './people.mjs';

const PAGE = { accept: 'text/html,application/xhtml+xml' };

describe('in development', () => {
  let system;
  const email = 'ada+test@outbox.example';
  const outbox = (query, headers) => fetch(`${system.url}/dev/outbox${query}`, { headers });

  before(async () => {
    system = await System.start({ engines: 1 });
    for (const name of ['Ada <b>', 'Ada again']) {
      const answer = await fetch(`${system.url}/api/auth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, email, password: 'correct horse battery staple' }),
      });
      assert.equal(answer.status, 201);
      await until('the mail', async () => (await (await outbox(`?to=${encodeURIComponent(email)}`)).json())[0]?.text.includes(name));
    }
  });

  after(() => system?.stop());

  test('programs get the mails, newest first', async () => {
    for (const written of [encodeURIComponent(email), email]) {
      const answer = await outbox(`?to=${written}`);
      assert.equal(answer.headers.get('content-type'), 'application/json');
      const mails = await answer.json();
      assert.deepEqual(mails.map(({ to }) => to), [email, email]);
      assert.ok(mails[0].text.startsWith('Hello Ada again,') && mails[1].text.startsWith('Hello Ada <b>,'));
      assert.ok(mails[0].sent_at >= mails[1].sent_at && Math.abs(Date.now() - mails[0].sent_at) < 60_000);
      for (const mail of mails) {
        assert.deepEqual(Object.keys(mail).sort(), ['attachments', 'html', 'links', 'sent_at', 'subject', 'text', 'to']);
        assert.equal(mail.links.length, 1);
        assert.ok(mail.text.includes(mail.links[0]));
      }
    }
    assert.deepEqual(await (await outbox('?to=nobody@outbox.example')).json(), []);
  });

  test('what is no address is refused', async () => {
    const answer = await outbox('?to=ada');
    assert.equal(answer.status, 400);
    assert.deepEqual(Object.keys((await answer.json()).errors), ['to']);
  });

  test('people get a page: a form, then the mails to open, as they look, with their links', async () => {
    const plain = await outbox('', PAGE);
    assert.match(plain.headers.get('content-type'), /^text\/html/);
    assert.match(plain.headers.get('content-security-policy'), /default-src 'none'/);
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const said = [];
      page.on('console', (message) => said.push(message.text()));
      await page.goto(`${system.url}/dev/outbox`);
      await page.getByLabel('Sent to').fill(email);
      await page.getByRole('button', { name: 'Show' }).click();
      const mails = page.getByRole('group');
      assert.equal(await mails.count(), 2);
      await mails.nth(0).getByRole('link').waitFor();
      const mail = mails.nth(0).frameLocator('iframe');
      await mail.getByRole('heading', { name: 'Confirm your email address' }).waitFor();
      assert.match(await mail.getByRole('link', { name: 'Confirm address' }).evaluate((link) => getComputedStyle(link).borderRadius), /8px/);
      await mails.nth(1).locator('summary').press('Enter');
      await mails.nth(1).locator('pre').waitFor();
      await mails.nth(1).frameLocator('iframe').getByText('Hello Ada <b>,').waitFor({ state: 'attached' });
      assert.deepEqual(said, []);
      await mails.nth(0).getByRole('link').press('Enter');
      await page.waitForURL(/\/verify/);
    } finally {
      await browser.close();
    }
  });
});

test('production has no outbox, and its links begin with its own address', async () => {
  const port = await freePorts(1);
  const state = `test-${port}`;
  const set = ['DEVELOPMENT=off', 'PUBLIC_ORIGIN=https://meet.example'].flatMap((variable) => ['--set', variable]);
  const edge = new Part(['--only', 'edge', '--port', String(port), '--state', state, ...set]);
  try {
    await edge.ready();
    const url = `http://localhost:${port}`;
    for (const headers of [{}, PAGE]) {
      const answer = await fetch(`${url}/dev/outbox?to=ada@outbox.example`, { headers });
      assert.equal(answer.status, 404);
      assert.equal((await answer.json()).code, 'not_found');
    }
    const made = await fetch(`${url}/api/rooms/create`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    assert.match((await made.json()).room.link, /^https:\/\/meet\.example\/m\//);
  } finally {
    await edge.stop();
    await System.forget(state);
  }
});
