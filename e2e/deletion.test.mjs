// What is left of an account that is deleted: nothing, in nobody's answers and in no object's database.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { Device, PASSWORD, elsewhere, freshAddress, hasLink, mails, outbox, tokenIn } from './accounts.mjs';
import { Socket, call, refused, start, stop, system, url } from './caller.mjs';
import { devFolder, until, xtask } from './system.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;

before(start);
after(stop);

/** Every row that any object of this system stores. The outbox is other people's mailboxes. */
async function rows() {
  const program = path.join(path.dirname(xtask), 'examples/rows');
  const folder = path.join(devFolder, system.state);
  const { stdout } = await promisify(execFile)(program, [folder], { maxBuffer: 64 * 1024 * 1024 });
  const all = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return all.map(({ file, table, row }) => ({ file, table, text: JSON.stringify(row) })).filter(({ file }) => !file.includes('-Outbox/'));
}

async function enter(who, room, name) {
  const answer = await who.ask('POST', '/api/rooms/join', { code: room.code, name });
  assert.equal(answer.status, 200, answer.text);
  const socket = await Socket.open(answer.json);
  await socket.next('seated');
  return { socket, ...(await socket.join(name)) };
}

test('nothing is left of a deleted account', { skip: process.env.MERIDIAN_URL ? 'needs a system of its own' : false }, async () => {
  const [name, title, planned, word] = ['Zebulon Quagga', 'Xylophone recital', 'Wombat parade', 'persimmon'];
  const zeb = await Device.signUp(name, { email: `zeb.${randomUUID().slice(0, 8)}@quagga.example` });
  const phone = await zeb.another();
  const eve = await Device.signUp('Eve');
  const picture = `data:image/png;base64,${Buffer.from('a portrait of a quagga').toString('base64')}`;
  assert.equal((await zeb.ask('PUT', '/api/users/profile', { picture })).status, 200);

  // Their own meetings: one that runs, one to come; and another's, to which they are invited and lead it.
  const own = await zeb.meet({ title, kind: 'private', invite: [eve.email] });
  const later = await zeb.meet({ title: planned, kind: 'public', starts_at: Date.now() + DAY_MS, invite: [eve.email] });
  const hers = await eve.meet({ title: 'Evening', kind: 'private', invite: [zeb.email], cohosts: [zeb.email] });
  const forgotten = await eve.meet({ title: 'Unattended', kind: 'team', starts_at: Date.now() + DAY_MS, invite: [zeb.email] });
  // A call, a guest's word, and mails that were asked for.
  assert.equal((await zeb.ask('POST', '/api/users/call', { email: freshAddress() })).status, 201);
  assert.equal((await eve.ask('POST', '/api/users/call', { email: zeb.email })).status, 201);
  await call('POST', '/api/auth/forgot', { body: { email: zeb.email }, headers: elsewhere() });
  await mails(eve.email, ({ subject }) => subject.includes(planned));

  const guestHere = await enter(eve, own);
  const hostHere = await enter(zeb, own);
  const there = await enter(zeb, hers);
  const host = await enter(eve, hers);
  there.socket.say({ type: 'chat', id: randomUUID(), text: `It is a ${word}` });
  await host.socket.next('change', ({ change }) => change.kind === 'said');
  await until('the meetings are in the lists', async () => (await zeb.ask('GET', '/api/rooms')).json.upcoming.length >= 5);
  const home = await new Socket(`${url.replace('http', 'ws')}/api/users/socket`, ['meridian.v1', `meridian.access.${zeb.token}`]).opened;
  await home.next('meetings');

  // Before, all of it can be found: else the search below would find nothing for the wrong reason.
  const personal = { name, email: zeb.email, title, planned, picture: JSON.stringify(picture).slice(1, -1) };
  const before = await rows();
  for (const [what, part] of Object.entries(personal)) assert.ok(before.some(({ text }) => text.includes(part)), `${what} is not stored at all`);
  // Objects of addresses stay known by their id, which tells nothing, and count wrong passwords for whatever address.
  const inRooms = ({ file, text }) => !file.includes('-Account/') && text.includes(zeb.user.id);
  assert.ok(before.some(inRooms));

  const answer = await zeb.ask('DELETE', '/api/users/profile');
  assert.deepEqual([answer.status, answer.text], [204, '']);
  assert.match(answer.headers.getSetCookie().join(), /^meridian_refresh=;.*Max-Age=0/i);

  // At once: signed out everywhere, and unknown.
  for (const device of [zeb, phone]) {
    refused(await device.refresh(), 401, 'unauthorized');
    for (const [method, target, body] of [['GET', '/api/users/profile'], ['GET', '/api/rooms'], ['POST', '/api/rooms/create', {}], ['DELETE', '/api/users/profile']]) {
      refused(await device.ask(method, target, body), 401, 'unauthorized');
    }
  }
  assert.equal((await home.ended()).code, 4010);
  refused(await call('POST', '/api/auth/login', { body: { email: zeb.email, password: PASSWORD }, headers: elsewhere() }), 401, 'invalid_credentials');
  const mailsBefore = (await outbox(zeb.email)).length;

  // Soon: own meetings are over, for those inside too, and others' know them no more.
  assert.equal((await guestHere.socket.next('ended')).reason, 'ended_by_host');
  await hostHere.socket.closed;
  for (const { code } of [own, later]) {
    await until('the meeting is over', async () => (await call('POST', '/api/rooms/join', { body: { code, name: 'Gus' } })).status === 410);
    refused(await call('POST', '/api/rooms/join', { body: { code, name: 'Gus' } }), 410, 'room_ended');
  }
  await mails(eve.email, ({ subject }) => subject.startsWith('Cancelled'));
  for (const room of [hers, forgotten]) {
    await until('the invitation is gone', async () => (await eve.ask('GET', `/api/rooms/${room.id}`)).json.invitations.length === 0);
  }
  await until("they are out of another's meeting", () => there.socket.websocket.readyState > 1);
  host.socket.say({ type: 'sync' });
  const { state } = await host.socket.next('welcome');
  assert.deepEqual(state.participants.map((one) => one.name), ['Eve']);
  assert.ok(!state.chat.some((message) => message.author_name.includes(name)), JSON.stringify(state.chat));
  await until("own meetings left others' lists", async () => {
    const { upcoming, past } = (await eve.ask('GET', '/api/rooms')).json;
    return ![...upcoming, ...past].some((room) => [own.id, later.id].includes(room.id));
  });

  // In the databases: the mails that call things off are gone once they were sent.
  let left;
  await until('nothing is left in any database', async () => {
    left = (await rows()).filter((row) => inRooms(row) || Object.values(personal).some((part) => row.text.includes(part)));
    return left.length === 0;
  }).catch((error) => assert.fail(`${error.message}\n${left.map((row) => JSON.stringify(row).slice(0, 1_500)).join('\n')}`));
  assert.ok((await rows()).some(({ text }) => text.includes('Eve')), 'the search reads what is stored');

  // Nobody writes to them any more, and whoever comes next begins anew.
  assert.equal((await eve.ask('PATCH', `/api/rooms/${hers.id}`, { title: 'Night' })).status, 200);
  assert.equal((await outbox(zeb.email)).length, mailsBefore);
  const next = await Device.signUp('Next', { email: zeb.email });
  assert.deepEqual((await next.ask('GET', '/api/rooms')).json, { upcoming: [], past: [] });
  assert.equal(next.user.picture, undefined);
  refused(await zeb.ask('GET', '/api/users/profile'), 401, 'unauthorized');
  await Promise.all([host.socket.close(), guestHere.socket.closed]);
});

test('an account is deleted once', async () => {
  const ada = await Device.signUp('Ada');
  const answers = await Promise.all([1, 2, 3].map(() => ada.ask('DELETE', '/api/users/profile')));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 401, 401]);
});

test('what a device holds that is signed out opens no meeting', async () => {
  const eve = await Device.signUp('Eve');
  const room = await eve.meet({ title: 'Evening', kind: 'public' });
  const ways = {
    deletion: (ada) => ada.ask('DELETE', '/api/users/profile'),
    reset: async (ada) => {
      await call('POST', '/api/auth/forgot', { body: { email: ada.email }, headers: elsewhere() });
      const [mail] = await mails(ada.email, hasLink('reset'));
      return call('POST', '/api/auth/reset', { body: { token: tokenIn(mail, 'reset'), password: 'a new password' }, headers: elsewhere() });
    },
    'sign-out': (ada) => call('POST', '/api/auth/logout', { headers: { ...elsewhere(), cookie: ada.cookie } }),
  };
  for (const [what, leave] of Object.entries(ways)) {
    const ada = await Device.signUp('Ada');
    const { json: seat } = await ada.ask('POST', '/api/rooms/join', { code: room.code });
    const protocols = ['meridian.v1', `meridian.seat.${seat.seat}`];
    await (await Socket.open(seat)).close();
    assert.ok((await leave(ada)).status < 300, what);
    refused(await ada.ask('POST', '/api/rooms/join', { code: room.code }), 401, 'unauthorized');
    refused(await Socket.refusal(seat.signal_url, protocols), 401, 'unauthorized');
  }
});

test('people come in under the name that they have now', async () => {
  const ada = await Device.signUp('Ada');
  const room = await ada.meet({ kind: 'private' });
  assert.equal((await ada.ask('PUT', '/api/users/profile', { name: 'Ada Lovelace' })).status, 200);
  const { socket, state } = await enter(ada, room, 'Somebody');
  assert.deepEqual(state.participants.map((one) => one.name), ['Ada Lovelace']);
  await socket.close();
});

test('no meeting stays that was made while its owner was deleted', async () => {
  const zeb = await Device.signUp('Zeb');
  const make = () => zeb.ask('POST', '/api/rooms/create', { title: 'Late', kind: 'private' });
  const before = [make(), make(), make(), make()];
  const gone = zeb.ask('DELETE', '/api/users/profile');
  const answers = await Promise.all([...before, make(), make(), make(), make()]);
  assert.equal((await gone).status, 204);
  for (const answer of answers) {
    if (answer.status !== 201) {
      refused(answer, 401, 'unauthorized');
      continue;
    }
    const code = answer.json.room.code;
    await until('the meeting is over', async () => (await call('POST', '/api/rooms/join', { body: { code, name: 'Gus' } })).status === 410);
  }
});
