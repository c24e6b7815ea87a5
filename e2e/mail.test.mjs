// How mails leave: through Resend's API, as a server in this file speaks it, and through Cloudflare's
// binding, as the local Worker runtime has it. A mail that fails is tried again; who invites sees how
// it goes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import ICAL from 'ical.js';

import { System, until } from './system.mjs';

const PASSWORD = 'correct horse battery staple';
const TOMORROW = Math.ceil(Date.now() / 3_600_000 + 24) * 3_600_000;
/** The first retry comes ten seconds after a failure. */
const RETRIED_MS = 40_000;

let system;

async function ask(method, target, body, token) {
  const response = await fetch(`${system.url}${target}`, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${target}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Somebody new who is signed in; `verification` finds the link that was mailed to them. */
async function signUp(email, verification) {
  await ask('POST', '/api/auth/register', { name: 'Ada', email, password: PASSWORD });
  const link = await until('the verification mail', () => verification(email));
  await ask('POST', '/api/auth/verify', { token: new URL(link).hash.slice('#token='.length) });
  return (await ask('POST', '/api/auth/login', { email, password: PASSWORD })).access_token;
}

const invite = (token, email) =>
  ask('POST', '/api/rooms/create', { title: 'Plan', starts_at: TOMORROW, duration_minutes: 30, kind: 'private', invite: [email] }, token);

async function delivery(token, room) {
  return (await ask('GET', `/api/rooms/${room}`, undefined, token)).invitations[0].delivery;
}

function assertInvites(calendar, email) {
  const event = new ICAL.Component(ICAL.parse(calendar)).getFirstSubcomponent('vevent');
  assert.equal(event.getFirstPropertyValue('dtstart').toJSDate().getTime(), TOMORROW);
  assert.equal(event.getFirstPropertyValue('attendee'), `mailto:${email}`);
}

describe('through Resend', () => {
  const requests = [];
  /** Statuses for the next mails to an address; then 200. */
  const answers = new Map();
  let server;

  before(async () => {
    server = createServer(async (request, response) => {
      const chunks = await request.toArray();
      const mail = JSON.parse(Buffer.concat(chunks).toString());
      requests.push({ method: request.method, url: request.url, headers: request.headers, mail });
      const status = answers.get(mail.to[0])?.shift() ?? 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"id":"49a3999c"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    system = await System.start({
      engines: 1,
      set: { MAIL: 'resend', RESEND_API_KEY: 're_secret', RESEND_URL: `http://127.0.0.1:${server.address().port}`, MAIL_FROM: 'Meet <no-reply@meet.example>' },
    });
  });

  after(async () => {
    await system?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  const to = (email) => requests.filter(({ mail }) => mail.to[0] === email);
  const verification = (email) => to(email)[0]?.mail.text.match(/https?:\S+#token=\S+/)?.[0];

  test('an invitation that the service fails to take is tried again, the same, and then is sent', async () => {
    const ada = await signUp('ada@resend.example', verification);
    const grace = 'grace@resend.example';
    answers.set(grace, [500]);
    const { room } = await invite(ada, grace);
    await until('the first try', () => to(grace).length === 1);
    assert.equal(await delivery(ada, room.id), 'sending');
    await until('the invitation is sent', async () => (await delivery(ada, room.id)) === 'sent', RETRIED_MS);

    const [first, second, ...more] = to(grace);
    assert.deepEqual(more, []);
    assert.deepEqual(second.mail, first.mail);
    assert.equal(second.headers['idempotency-key'], first.headers['idempotency-key']);
    assert.ok(first.headers['idempotency-key']);
    assert.deepEqual([first.method, first.url], ['POST', '/emails']);
    assert.equal(first.headers.authorization, 'Bearer re_secret');
    const { from, reply_to, subject, text, html, attachments } = first.mail;
    assert.deepEqual([from, reply_to, subject], ['Meet <no-reply@meet.example>', 'ada@resend.example', 'Invitation: Plan']);
    assert.ok(text.includes(room.link) && html.includes(room.link));
    assert.equal(attachments.length, 1);
    assert.equal(attachments[0].content_type, 'text/calendar; charset=utf-8; method=REQUEST');
    assertInvites(Buffer.from(attachments[0].content, 'base64').toString(), grace);
  });

  test('an address that the service refuses is not tried again, and who invites sees it', async () => {
    const ada = await signUp('ada2@resend.example', verification);
    const nobody = 'nobody@resend.example';
    answers.set(nobody, [422]);
    const { room } = await invite(ada, nobody);
    await until('the invitation failed', async () => (await delivery(ada, room.id)) === 'failed');
    assert.equal(to(nobody).length, 1);
  });

  test('no address and no link is in the log', () => {
    assert.match(system.output, /mail: resend answered 500/);
    assert.doesNotMatch(system.output, /resend\.example|#token=|re_secret/);
  });
});

describe('through Cloudflare', () => {
  let folder;

  before(async () => {
    // Where the local binding leaves what it was given.
    folder = await mkdtemp(path.join(os.tmpdir(), 'meridian-mail-'));
    const usual = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    try {
      system = await System.start({ engines: 1, set: { MAIL: 'cloudflare' } });
    } finally {
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
    }
  });

  after(async () => {
    await system?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The texts of all parts of a kind that the binding was given. */
  async function parts(kind) {
    const files = await readdir(folder, { recursive: true });
    const fitting = files.filter((file) => file.includes(`/${kind}/`));
    return Promise.all(fitting.map((file) => readFile(path.join(folder, file), 'utf8')));
  }

  test('mails arrive at the binding with text, HTML and calendar file', async () => {
    const ada = await signUp('ada@cloudflare.example', async () =>
      (await parts('email-text')).map((text) => text.match(/https?:\S+#token=\S+/)?.[0]).find(Boolean));
    const grace = 'grace@cloudflare.example';
    const { room } = await invite(ada, grace);
    await until('the invitation is sent', async () => (await delivery(ada, room.id)) === 'sent');
    assert.equal((await parts('email-html')).filter((html) => html.includes(room.link)).length, 1);
    const [calendar] = await parts('email-attachment');
    assertInvites(calendar, grace);
  });
});
