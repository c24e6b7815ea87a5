// Meetings of people with accounts: planned, changed, called off; in calendars and lists; who may enter
// them and who may know of them.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import ICAL from 'ical.js';

import { Device, elsewhere, freshAddress, mails, outbox } from './accounts.mjs';
import { Socket, call, refused, start, stop, url } from './caller.mjs';
import { until } from './system.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;
const PRIVATE_PARTS = ['code', 'link', 'relation', 'invitations'];

/** Everybody who can be somebody to a meeting; made once. */
let owner;
let cohost;
let invited;
let colleague;
let stranger;
const guest = { ask: (method, target, body) => call(method, target, { body, headers: elsewhere() }) };

before(async () => {
  await start();
  [owner, cohost, invited, colleague, stranger] = await Promise.all([
    Device.signUp('Owner'),
    Device.signUp('Cohost', { domain: 'partner.example' }),
    Device.signUp('Invited', { domain: 'partner.example' }),
    Device.signUp('Colleague'),
    Device.signUp('Stranger', { domain: 'elsewhere.example' }),
  ]);
});
after(stop);

const ours = (kind, more = {}) => owner.meet({ title: 'Plan', kind, invite: [invited.email], cohosts: [cohost.email], ...more });
const join = (who, code, more = {}) => who.ask('POST', '/api/rooms/join', { code, ...more });
const about = (title) => (mail) => mail.subject.includes(title);

/** Opens the socket of a seat and hears how it lets its holder in. */
async function sit(who, code, more) {
  const answer = await join(who, code, more);
  assert.equal(answer.status, 200, answer.text);
  const socket = await Socket.open(answer.json);
  await socket.next('seated');
  return socket;
}

/** Asks to come in, without waiting for what comes of it. */
const knock = (socket, name) => socket.say({ type: 'join', name, microphone: false, camera: false, offer: { sdp: 'v=0\r\n', tracks: [] } });

async function enter(who, code, name) {
  const socket = await sit(who, code);
  const { you, state } = await socket.join(name);
  return { socket, you, me: state.participants.find(({ id }) => id === you), state };
}

function calendar(text) {
  const whole = new ICAL.Component(ICAL.parse(text));
  const events = whole.getAllSubcomponents('vevent');
  assert.equal(events.length, 1);
  const event = new ICAL.Event(events[0]);
  return {
    method: whole.getFirstPropertyValue('method'),
    uid: event.uid,
    sequence: event.sequence,
    starts: event.startDate.toJSDate().getTime(),
    ends: event.endDate.toJSDate().getTime(),
    summary: event.summary,
    organizer: event.organizer.toLowerCase(),
    attendees: event.attendees.map((one) => one.getFirstValue().toLowerCase()),
    status: events[0].getFirstPropertyValue('status'),
  };
}

const fileOf = (mail) => calendar(mail.attachments.find(({ content_type: type }) => type.startsWith('text/calendar')).content);

// --- Calendars ---------------------------------------------------------------------------------

describe('a planned meeting', () => {
  const year = new Date().getUTCFullYear() + 1;
  // The same wall-clock time before and after the clocks change, in both hemispheres, and half hours.
  const moments = [
    ['Europe/Berlin', `${year}-01-15T10:00:00+01:00`, '10:00'],
    ['Europe/Berlin', `${year}-07-15T10:00:00+02:00`, '10:00'],
    ['America/New_York', `${year}-01-15T09:30:00-05:00`, '09:30'],
    ['America/New_York', `${year}-07-15T09:30:00-04:00`, '09:30'],
    ['Australia/Lord_Howe', `${year}-01-15T08:00:00+11:00`, '08:00'],
    ['Australia/Lord_Howe', `${year}-07-15T08:00:00+10:30`, '08:00'],
    ['Asia/Kolkata', `${year}-07-15T18:15:00+05:30`, '18:15'],
    [undefined, `${year}-07-15T23:59:00Z`, '23:59'],
  ];
  for (const [zone, text, wall] of moments) {
    test(`at ${text} is at that moment in everybody's calendar (${zone ?? 'no zone'})`, async () => {
      const email = freshAddress();
      const room = await owner.meet({ title: 'Clock', kind: 'private', starts_at: text, time_zone: zone, duration_minutes: 45, invite: [email] });
      assert.deepEqual([room.starts_at, room.duration_minutes, room.time_zone], [Date.parse(text), 45, zone]);
      const [mail] = await mails(email);
      const file = fileOf(mail);
      assert.deepEqual([file.starts, file.ends], [Date.parse(text), Date.parse(text) + 45 * 60_000]);
      assert.ok(mail.text.includes(wall) && mail.html.includes(wall), mail.text);
      const download = await owner.ask('GET', `/api/rooms/${room.id}/calendar.ics`);
      assert.equal(download.status, 200, download.text);
      assert.match(download.headers.get('content-type'), /^text\/calendar/);
      assert.equal(calendar(download.text).starts, Date.parse(text));
    });
  }

  test('keeps its place in the calendar through changes until it is called off', async () => {
    const [email, later] = [freshAddress(), freshAddress()];
    // Calendars know whole seconds.
    const starts_at = Math.ceil(Date.now() / 1000) * 1000 + 2 * DAY_MS;
    const title = 'Étude; in "C", Op. 10\\3 — and a title that is so long that no line of a calendar file holds all of it';
    const room = await owner.meet({ title, kind: 'private', starts_at, invite: [email] });
    const seen = [fileOf((await mails(email))[0])];
    const change = async (body) => {
      const answer = await owner.ask('PATCH', `/api/rooms/${room.id}`, body);
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    };
    assert.equal((await change({ starts_at: starts_at + DAY_MS, duration_minutes: 90 })).starts_at, starts_at + DAY_MS);
    seen.unshift(fileOf((await mails(email, () => true, 2))[0]));
    await change({ title: 'Shorter', invite: [later] });
    seen.unshift(fileOf((await mails(email, () => true, 3))[0]));
    const joined = fileOf((await mails(later))[0]);
    // Who is let in is no news for a calendar.
    await change({ kind: 'public' });
    assert.equal((await owner.ask('DELETE', `/api/rooms/${room.id}`)).status, 204);
    const off = (await mails(email, () => true, 4))[0];
    seen.unshift(fileOf(off));

    assert.deepEqual(new Set([...seen, joined].map(({ uid }) => uid)).size, 1);
    assert.deepEqual(seen.map(({ method }) => method), ['CANCEL', 'REQUEST', 'REQUEST', 'REQUEST']);
    for (const [place, file] of seen.slice(1).entries()) assert.ok(file.sequence < seen[place].sequence, JSON.stringify(seen));
    assert.deepEqual(seen.map(({ summary }) => summary), ['Shorter', 'Shorter', title, title]);
    assert.deepEqual(seen.map(({ starts }) => starts - starts_at), [DAY_MS, DAY_MS, DAY_MS, 0]);
    assert.deepEqual(seen.map(({ ends, starts }) => (ends - starts) / 60_000), [90, 90, 90, 60]);
    assert.deepEqual(new Set(seen.map(({ organizer }) => organizer)), new Set([`mailto:${owner.email}`]));
    assert.deepEqual(seen.map(({ attendees }) => attendees), Array(4).fill([`mailto:${email}`]));
    assert.deepEqual(seen.map(({ status }) => status), ['CANCELLED', 'CONFIRMED', 'CONFIRMED', 'CONFIRMED']);
    assert.ok(off.attachments[0].content_type.includes('method=CANCEL'));
    assert.equal((await mails(later, () => true, 2)).length, 2);
    assert.equal((await outbox(email)).length, 4);
  });

  test('tells who is taken off the list, and nobody else', async () => {
    const [one, other] = [freshAddress(), freshAddress()];
    const room = await owner.meet({ title: 'List', kind: 'private', starts_at: Date.now() + DAY_MS, invite: [one, other, owner.email] });
    await Promise.all([one, other].map((email) => mails(email)));
    const { json } = await owner.ask('PATCH', `/api/rooms/${room.id}`, { uninvite: [one] });
    assert.deepEqual(json.invitations.map(({ email }) => email), [other]);
    assert.equal(fileOf((await mails(one, () => true, 2))[0]).method, 'CANCEL');
    assert.equal((await outbox(other)).length, 1);
    assert.equal((await outbox(owner.email)).filter(about('List')).length, 0);
    await until('the host sees that the mail went out', async () => {
      const { invitations } = (await owner.ask('GET', `/api/rooms/${room.id}`)).json;
      return invitations[0].delivery === 'sent';
    });
  });

  test('that is not planned has no calendar file', async () => {
    const room = await owner.meet({ title: 'Now', kind: 'private', invite: [invited.email] });
    refused(await owner.ask('GET', `/api/rooms/${room.id}/calendar.ics`), 404, 'not_found');
    const [mail] = await mails(invited.email, about('Now'));
    assert.deepEqual([mail.attachments, mail.links], [[], [room.link]]);
  });

  test('cannot be in the past, years ahead or in no zone', async () => {
    const wrong = [
      [{ starts_at: Date.now() - DAY_MS }, ['starts_at']],
      [{ starts_at: Date.now() + 800 * DAY_MS }, ['starts_at']],
      [{ starts_at: Date.now() + DAY_MS, duration_minutes: 1_441, time_zone: 'Mars/Base' }, ['duration_minutes', 'time_zone']],
      [{ duration_minutes: 60 }, ['duration_minutes']],
      [{ invite: Array.from({ length: 101 }, () => freshAddress()) }, ['invite']],
    ];
    for (const [wanted, fields] of wrong) refused(await owner.ask('POST', '/api/rooms/create', wanted), 400, 'invalid_request', fields);
    const someone = await Device.signUp('Someone', { email: `${randomUUID()}@gmail.com` });
    refused(await someone.ask('POST', '/api/rooms/create', { kind: 'team' }), 400, 'invalid_request', ['kind']);
    const room = await someone.meet({ kind: 'private' });
    const changed = await someone.ask('PATCH', `/api/rooms/${room.id}`, { kind: 'team' });
    assert.deepEqual([changed.status, changed.json.code], [400, 'invalid_request']);
  });
});

// --- Lists -------------------------------------------------------------------------------------

test('lists show a meeting to those whom it concerns, before and after', async () => {
  const lists = async (who) => {
    const { status, json, text } = await who.ask('GET', '/api/rooms');
    assert.equal(status, 200, text);
    return Object.fromEntries(Object.entries(json).map(([name, list]) => [name, list.filter(({ title }) => title === 'Listed')]));
  };
  const room = await ours('private', { title: 'Listed', starts_at: Date.now() + DAY_MS });
  const { upcoming: [own] } = await lists(owner);
  assert.deepEqual([own.id, own.relation, own.code, own.link, own.phase], [room.id, 'owner', room.code, room.link, 'created']);
  for (const [who, relation] of [[cohost, 'cohost'], [invited, 'invited']]) {
    const found = await until(`${relation} sees it`, async () => (await lists(who)).upcoming[0]);
    assert.deepEqual([found.id, found.relation, found.link, found.host_name, found.invitations], [room.id, relation, room.link, 'Owner', undefined]);
  }
  for (const who of [colleague, stranger]) assert.deepEqual(await lists(who), { upcoming: [], past: [] });
  // Who was invited before they had an account finds the meeting there.
  const email = freshAddress();
  assert.equal((await owner.ask('PATCH', `/api/rooms/${room.id}`, { invite: [email], title: 'Listed' })).status, 200);
  const newcomer = await Device.signUp('New', { email });
  await until('the newcomer sees it', async () => (await lists(newcomer)).upcoming[0]?.relation === 'invited');

  assert.equal((await owner.ask('PATCH', `/api/rooms/${room.id}`, { end: true })).json.phase, 'destroyed');
  for (const who of [owner, cohost, invited]) {
    const past = await until('it is past', async () => (await lists(who)).past[0]);
    assert.ok(past.ended_at >= past.created_at);
    assert.deepEqual((await lists(who)).upcoming, []);
  }
  assert.equal((await owner.ask('DELETE', `/api/rooms/${room.id}`)).status, 204);
  for (const who of [owner, cohost, invited]) await until('it is gone', async () => (await lists(who)).past.length === 0);
});

// --- Doors -------------------------------------------------------------------------------------

describe('who comes in', () => {
  const people = () => ({ owner, cohost, invited, colleague, stranger, guest });
  const doors = {
    public: { owner: 'walk', cohost: 'walk', invited: 'walk', colleague: 'walk', stranger: 'walk', guest: 'walk' },
    private: { owner: 'walk', cohost: 'walk', invited: 'walk', colleague: 'ask', stranger: 'ask', guest: 'ask' },
    team: { owner: 'walk', cohost: 'walk', invited: 'walk', colleague: 'walk', stranger: 'no', guest: 'no' },
  };
  for (const [kind, expected] of Object.entries(doors)) {
    test(`to a ${kind} meeting is decided by who they are`, async () => {
      const room = await ours(kind);
      for (const [name, who] of Object.entries(people())) {
        // A guest's word for an address is worth nothing.
        const answer = await join(who, room.code, who === guest ? { name: 'Guest', email: invited.email } : {});
        if (expected[name] === 'no') refused(answer, 403, 'not_invited');
        else assert.deepEqual([answer.status, answer.json.admission], [200, expected[name]], `${name}: ${answer.text}`);
      }
    });
  }

  test('comes as what they are, under their own name', async () => {
    const room = await ours('private');
    for (const [who, name, role] of [[invited, 'Invited', 'participant'], [cohost, 'Cohost', 'cohost'], [owner, 'Owner', 'host']]) {
      const { me, socket } = await enter(who, room.code, 'Somebody else');
      assert.deepEqual([me.name, me.role], [name, role]);
      await socket.close();
    }
  });

  test('and who must ask is let in by a host, or not', async () => {
    const room = await ours('private');
    const host = await enter(owner, room.code);
    assert.deepEqual((await host.socket.next('lobby')).waiting, []);
    const [walker, outsider] = [await sit(guest, room.code, { name: 'Gus', email: 'gus@guests.example' }), await sit(stranger, room.code)];
    knock(walker, 'Gus');
    assert.equal((await walker.next('waiting')).host_present, true);
    const { waiting: [first] } = await host.socket.next('lobby', ({ waiting }) => waiting.length === 1);
    assert.deepEqual([first.name, first.email, first.verified], ['Gus', 'gus@guests.example', false]);
    knock(outsider, 'Owner');
    const { waiting } = await host.socket.next('lobby', ({ waiting }) => waiting.length === 2);
    assert.deepEqual([waiting[1].name, waiting[1].email, waiting[1].verified], ['Stranger', stranger.email, true]);
    // Who waits leads nobody in, and hears nothing of the meeting.
    walker.say({ type: 'admit', participant: first.id });
    assert.ok(['host_only', 'not_joined'].includes((await walker.next('error')).code));
    walker.say({ type: 'sync' });
    assert.equal((await walker.next('error')).code, 'not_joined');

    host.socket.say({ type: 'admit', participant: first.id });
    await walker.next('admitted');
    assert.ok((await walker.join('Gus')).state.participants.some(({ name }) => name === 'Gus'));
    host.socket.say({ type: 'deny', participant: waiting[1].id });
    await outsider.next('denied');
    assert.equal((await outsider.ended()).code, 4005);
    await host.socket.next('lobby', ({ waiting: left }) => left.length === 0);
    await Promise.all([host.socket.close(), walker.close()]);
  });

  test('no longer once it is over', async () => {
    const room = await ours('public');
    const inside = await enter(stranger, room.code);
    refused(await stranger.ask('PATCH', `/api/rooms/${room.id}`, { end: true }), 403, 'forbidden');
    refused(await invited.ask('PATCH', `/api/rooms/${room.id}`, { end: true }), 403, 'forbidden');
    assert.equal((await cohost.ask('PATCH', `/api/rooms/${room.id}`, { end: true })).status, 200);
    assert.equal((await inside.socket.next('ended')).reason, 'ended_by_host');
    assert.equal((await inside.socket.ended()).code, 4002);
    for (const who of [owner, invited, guest]) refused(await join(who, room.code), 410, 'room_ended');
    refused(await owner.ask('PATCH', `/api/rooms/${room.id}`, { title: 'Again' }), 410, 'room_ended');
  });

  test('without an account makes only a public meeting for now', async () => {
    for (const wanted of [{ kind: 'private' }, { kind: 'team' }, { starts_at: Date.now() + DAY_MS }, { invite: ['a@b.example'] }, { cohosts: ['a@b.example'] }]) {
      refused(await guest.ask('POST', '/api/rooms/create', wanted), 401, 'unauthorized');
    }
    const made = await owner.ask('POST', '/api/rooms/create', {});
    assert.deepEqual([made.status, made.json.host_secret], [201, undefined]);
  });
});

// --- Who may know and change --------------------------------------------------------------------

describe('what others', () => {
  test('see of a meeting depends on what they are to it', async () => {
    for (const kind of ['public', 'private', 'team']) {
      const room = await ours(kind, { starts_at: Date.now() + DAY_MS });
      const path = `/api/rooms/${room.id}`;
      const shown = { owner: ['owner', true], cohost: ['cohost', true], invited: ['invited', false] };
      for (const [who, [relation, list]] of [[owner, shown.owner], [cohost, shown.cohost], [invited, shown.invited]]) {
        const { status, json, text } = await who.ask('GET', path);
        assert.equal(status, 200, text);
        assert.deepEqual([json.relation, json.code, json.link], [relation, room.code, `${url}/m/${room.code}`]);
        const people = json.invitations?.map(({ email, cohost: leads }) => [email, leads]).sort();
        assert.deepEqual(people, list ? [[invited.email, false], [cohost.email, true]].sort() : undefined);
      }
      for (const who of [colleague, stranger, guest]) {
        const answer = await who.ask('GET', path);
        if (kind !== 'public') refused(answer, 404, 'room_not_found');
        else assert.deepEqual(PRIVATE_PARTS.filter((part) => part in answer.json), []);
      }
    }
  });

  test('may do with it, too, on every path', async () => {
    const room = await ours('private', { starts_at: Date.now() + DAY_MS });
    const path = `/api/rooms/${room.id}`;
    const asks = (who) => [who.ask('PATCH', path, { title: 'Taken' }), who.ask('PATCH', path, { end: true }), who.ask('DELETE', path), who.ask('GET', `${path}/calendar.ics`)];
    for (const who of [stranger, colleague]) {
      for (const answer of await Promise.all(asks(who))) refused(answer, 404, 'room_not_found');
    }
    for (const answer of await Promise.all(asks(guest))) refused(answer, 401, 'unauthorized');
    const [change, end, remove, file] = await Promise.all(asks(invited));
    for (const answer of [change, end, remove]) refused(answer, 403, 'forbidden');
    assert.deepEqual([file.status, calendar(file.text).uid], [200, calendar((await owner.ask('GET', `${path}/calendar.ics`)).text).uid]);
    refused(await cohost.ask('DELETE', path), 403, 'forbidden');
    assert.equal((await cohost.ask('PATCH', path, { title: 'Ours' })).json.title, 'Ours');
    // A stranger learns as little as of a meeting that never was.
    const never = await stranger.ask('PATCH', `/api/rooms/${'0'.repeat(64)}`, { title: 'Taken' });
    assert.equal(never.text, (await stranger.ask('PATCH', path, { title: 'Taken' })).text);

    assert.equal((await owner.ask('DELETE', path)).status, 204);
    for (const who of [cohost, invited, stranger]) refused(await who.ask('GET', path), 404, 'room_not_found');
  });

  test('no longer lead or walk in once they are taken off', async () => {
    const room = await ours('private');
    const path = `/api/rooms/${room.id}`;
    assert.equal((await owner.ask('PATCH', path, { uninvite: [invited.email, cohost.email], cohosts: [] })).status, 200);
    for (const who of [invited, cohost]) {
      refused(await who.ask('PATCH', path, { title: 'Taken' }), 404, 'room_not_found');
      assert.equal((await join(who, room.code)).json.admission, 'ask');
    }
  });

  test('change no longer once their device is signed out', async () => {
    const phone = await owner.another();
    const room = await phone.meet({ title: 'Kept', kind: 'private' });
    const path = `/api/rooms/${room.id}`;
    assert.equal((await phone.ask('PATCH', path, { title: 'Kept on' })).status, 200);
    assert.equal((await owner.ask('DELETE', `/api/users/sessions/${phone.claims.sid}`)).status, 204);
    for (const [method, target, body] of [['PATCH', path, { title: 'Taken' }], ['PATCH', path, { end: true }], ['DELETE', path], ['POST', '/api/rooms/create', {}], ['GET', '/api/rooms']]) {
      refused(await phone.ask(method, target, body), 401, 'unauthorized');
    }
    assert.deepEqual([(await owner.ask('GET', path)).json.title, (await owner.ask('GET', path)).json.phase], ['Kept on', 'created']);
  });
});

test('many who invite one address fill its mailbox no further than one who does', async () => {
  const [email, other] = [freshAddress(), freshAddress()];
  const deliveries = async (who, { id }) => Object.fromEntries((await who.ask('GET', `/api/rooms/${id}`)).json.invitations.map((one) => [one.email, one.delivery]));
  const hosts = await Promise.all(['Ann', 'Ben', 'Cem'].map((name) => Device.signUp(name)));
  for (const host of hosts) {
    const rooms = [];
    for (let count = 0; count < 20; count += 1) rooms.push(await host.meet({ kind: 'private', invite: [email] }));
    for (const room of rooms) await until('the letter is sent', async () => (await deliveries(host, room))[email] === 'sent');
  }
  // Letters of one meeting go out one after the other.
  const room = await stranger.meet({ kind: 'private', invite: [email, other] });
  await until('the letter after it is sent', async () => (await deliveries(stranger, room))[other] === 'sent');
  assert.equal((await deliveries(stranger, room))[email], 'sending', 'the sixty-first of an hour waits');
});
