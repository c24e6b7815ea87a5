// The API and the room's socket as any program on the network may use and misuse them.

import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';

import { Socket, arrive, call, credential, encoded, keys, makeRoom, post, refused, seatToken, seconds, start, stop, system, takeSeat, url } from './caller.mjs';
import { until } from './system.mjs';

const SOCKET_MESSAGE_BYTES = 128 * 1024;
const REST_BODY_BYTES = 16 * 1024;

before(start);
after(stop);

// --- REST --------------------------------------------------------------------------------------

describe('making a meeting', () => {
  test('a guest gets a room, a link and a host secret', async () => {
    const answer = await post('/api/rooms/create', { title: '  Stand-up  ' });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    const { room, host_secret: secret } = answer.json;
    assert.match(room.id, /^[0-9a-f]{64}$/);
    assert.match(room.code, /^[a-hjkmnprstwxyz]{3}-[a-hjkmnprstwxyz]{4}-[a-hjkmnprstwxyz]{3}$/);
    assert.equal(room.link, `${url}/m/${room.code}`);
    assert.deepEqual([room.title, room.kind, room.phase, room.participants], ['Stand-up', 'public', 'created', 0]);
    assert.ok(Math.abs(Date.now() - room.created_at) < 60_000);
    assert.equal(Buffer.from(secret, 'base64url').length, 32);
  });

  test('an empty body is a public meeting called "Meeting"', async () => {
    const { json } = await post('/api/rooms/create', {});
    assert.deepEqual([json.room.title, json.room.kind], ['Meeting', 'public']);
  });

  test('private and team meetings need an account', async () => {
    for (const kind of ['private', 'team']) refused(await post('/api/rooms/create', { kind }), 401, 'unauthorized');
  });

  test('every wrong field is named', async () => {
    refused(await post('/api/rooms/create', { title: 'x'.repeat(121), kind: 'secret' }), 400, 'invalid_request', ['title', 'kind']);
    refused(await post('/api/rooms/create', { title: ' ' }), 400, 'invalid_request', ['title']);
    refused(await post('/api/rooms/create', { title: 'a\u202eb' }), 400, 'invalid_request', ['title']);
    refused(await post('/api/rooms/create', { title: 7 }), 400, 'invalid_request', ['title']);
  });

  test('what is no JSON object is refused', async () => {
    for (const body of ['', '{', '[]', 'null', '7', '\0', '['.repeat(5_000), new Uint8Array([0xff, 0xfe])]) {
      refused(await post('/api/rooms/create', body), 400, 'invalid_request');
    }
  });

  test('a form of another page is refused by its type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', '']) {
      refused(await post('/api/rooms/create', '{}', { 'content-type': type }), 400, 'invalid_request');
    }
    const { status } = await post('/api/rooms/create', '{}', { 'content-type': 'Application/JSON; charset=utf-8' });
    assert.equal(status, 201);
  });

  test('too much is refused', async () => {
    for (const bytes of [REST_BODY_BYTES, 300_000, 2_000_000]) {
      refused(await post('/api/rooms/create', { title: 'x'.repeat(bytes) }), 413, 'too_large');
    }
  });

  test('another origin is refused, our own and none are not', async () => {
    for (const origin of ['https://evil.example', 'null', `${url}0`]) {
      refused(await post('/api/rooms/create', {}, { origin }), 403, 'origin_not_allowed');
    }
    assert.equal((await post('/api/rooms/create', {}, { origin: url })).status, 201);
  });

  test('an address that asks too often is told when to come back', async () => {
    // Loopback has more than one address; this one is nobody else's.
    const { hostname, port } = new URL(url);
    const ask = () =>
      new Promise((resolve, reject) => {
        const host = hostname === 'localhost' ? '127.0.0.1' : hostname;
        const options = { host, port, localAddress: '127.77.0.1', method: 'POST', path: '/api/rooms/create', agent: false };
        const request = http.request({ ...options, headers: { 'content-type': 'text/plain' } }, async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
          resolve({ status: response.statusCode, headers, text, json: JSON.parse(text) });
        });
        request.on('error', reject);
        request.end('{}');
      });
    // 60 a minute are allowed; a minute may end in between.
    for (let count = 0; count < 130; count += 1) {
      const answer = await ask();
      if (answer.status === 429) {
        refused(answer, 429, 'rate_limited');
        assert.ok(Number(answer.headers.get('retry-after')) > 0);
        return;
      }
      refused(answer, 400, 'invalid_request');
    }
    assert.fail('130 requests within two minutes were allowed');
  });
});

describe('taking a seat', () => {
  test('a code in any form gives a seat that is not yet a place', async () => {
    const { room } = await makeRoom();
    for (const code of [room.code, room.code.toUpperCase().replaceAll('-', ''), ` ${room.link}?x=1#y `]) {
      const seat = await takeSeat(code);
      assert.equal(seat.room.id, room.id);
      assert.equal(seat.room.code, room.code);
      assert.equal(seat.room.participants, 0);
      assert.equal(seat.signal_url, `${url.replace('http', 'ws')}/api/rooms/${room.id}/signal`);
      assert.deepEqual(seat.ice_servers, []);
      assert.equal(seat.seat.split('.').length, 3);
    }
  });

  test('a seat says what it is for and for how long', async () => {
    const { room, host_secret } = await makeRoom();
    for (const [more, host] of [[{}, false], [{ host_secret }, true]]) {
      const { seat } = await takeSeat(room.code, more);
      const claims = JSON.parse(Buffer.from(seat.split('.')[1], 'base64url'));
      assert.deepEqual([claims.room, claims.host, claims.aud, claims.iss], [room.id, host, 'room', 'meridian-edge']);
      assert.equal(claims.exp - claims.iat, 24 * 60 * 60);
      assert.ok(claims.exp > seconds());
    }
  });

  test('unknown codes, wrong fields and wrong secrets are refused', async () => {
    const { room } = await makeRoom();
    refused(await post('/api/rooms/join', { code: 'aaa-aaaa-aaa' }), 404, 'room_not_found');
    refused(await post('/api/rooms/join', { code: 'hello' }), 400, 'invalid_request', ['code']);
    refused(await post('/api/rooms/join', {}), 400, 'invalid_request', ['code']);
    refused(await post('/api/rooms/join', { code: room.code, name: ' ', email: 'ada' }), 400, 'invalid_request', ['name', 'email']);
    refused(await post('/api/rooms/join', { code: room.code, host_secret: 'abc' }), 400, 'invalid_request', ['host_secret']);
    const other = randomBytes(32).toString('base64url');
    refused(await post('/api/rooms/join', { code: room.code, host_secret: other }), 403, 'forbidden');
  });
});

describe('looking at a meeting', () => {
  test('its id shows neither code nor link', async () => {
    const { room } = await makeRoom();
    const { status, json } = await call('GET', `/api/rooms/${room.id}`);
    assert.equal(status, 200);
    assert.deepEqual([json.id, json.title, json.code, json.link], [room.id, 'Stand-up', undefined, undefined]);
  });

  test('what is no id of a room is not found', async () => {
    for (const id of ['x', '0'.repeat(64), 'f'.repeat(64), 'F'.repeat(64), '%00', 'a'.repeat(5_000)]) {
      refused(await call('GET', `/api/rooms/${id}`), 404, 'room_not_found');
    }
  });
});

describe('every answer', () => {
  test('unknown paths and methods are problems', async () => {
    for (const target of ['/api/', '/api/nothing', '/api/rooms/create/', '/api//health', '/dev/nothing']) {
      const answer = await call('GET', target);
      refused(answer, 404, 'not_found');
    }
    refused(await call('GET', '/api/rooms/create'), 405, 'method_not_allowed');
    refused(await call('DELETE', '/api/rooms/create'), 405, 'method_not_allowed');
    refused(await call('PUT', '/api/rooms/join', { body: {} }), 405, 'method_not_allowed');
    refused(await call('POST', '/api/health', { body: {} }), 405, 'method_not_allowed');
    refused(await call('OPTIONS', '/api/rooms/join', { headers: { origin: 'https://evil.example' } }), 405, 'method_not_allowed');
  });

  test('carries the security headers, and none that opens it to other origins', async () => {
    for (const [method, target] of [['GET', '/api/health'], ['GET', '/api/nothing'], ['POST', '/api/rooms/create']]) {
      const { headers } = await call(method, target, { headers: { origin: 'https://evil.example' } });
      assert.match(headers.get('content-security-policy'), /default-src 'none'/);
      assert.match(headers.get('content-security-policy'), /frame-ancestors 'none'/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.match(headers.get('strict-transport-security'), /max-age=\d{8}/);
      assert.equal(headers.get('access-control-allow-origin'), null);
    }
  });

  test('survives headers that are not ASCII', async () => {
    const { status } = await call('GET', '/api/rooms/x', { headers: { 'x-name': 'Zo\u00eb' } });
    assert.equal(status, 404);
  });
});

// --- The room's socket -------------------------------------------------------------------------

describe('a seat opens a socket', () => {
  test('first the door, then the room, and everybody hears of it', async () => {
    const { room, host_secret } = await makeRoom();
    const seat = await takeSeat(room.code, { host_secret });
    const socket = await Socket.open(seat);
    assert.equal(socket.websocket.protocol, 'meridian.v1');
    const seated = await socket.next('seated');
    assert.deepEqual([seated.names, seated.participants, seated.room.title], [[], 0, 'Stand-up']);
    const welcome = await socket.join('Ada');
    const [me] = welcome.state.participants;
    assert.deepEqual([me.id, me.name, me.role, me.presence], [welcome.you, 'Ada', 'host', 'connected']);

    const grace = await arrive(room.code, 'Grace');
    assert.deepEqual(grace.welcome.state.participants.map(({ name, role }) => [name, role]), [['Ada', 'host'], ['Grace', 'participant']]);
    const joined = await socket.next('change', ({ change }) => change.kind === 'joined');
    assert.equal(joined.change.participant.name, 'Grace');
    assert.equal((await call('GET', `/api/rooms/${room.id}`)).json.participants, 2);

    grace.socket.say({ type: 'chat', id: randomUUID(), text: 'Hello' });
    for (const one of [socket, grace.socket]) {
      const said = await one.next('change', ({ change }) => change.kind === 'said');
      assert.deepEqual([said.change.message.text, said.change.message.author_name, said.change.message.sequence], ['Hello', 'Grace', 1]);
    }
    const late = await arrive(room.code, 'Late');
    assert.deepEqual(late.welcome.state.chat.map(({ text }) => text), ['Hello']);

    grace.socket.say({ type: 'leave' });
    assert.equal((await grace.socket.ended()).code, 4004);
    const left = await socket.next('change', ({ change }) => change.kind === 'left');
    assert.equal(left.change.participant, grace.id);
    await Promise.all([socket.close(), late.socket.close()]);
  });

  test('a lost socket is resumed by the same seat, and a newer one closes the older', async () => {
    const { room } = await makeRoom();
    const ada = await arrive(room.code, 'Ada');
    await ada.socket.close();
    const back = await Socket.open(ada.seat);
    const welcome = await back.next('welcome');
    assert.equal(welcome.you, ada.id);
    const newer = await Socket.open(ada.seat);
    await newer.next('welcome');
    assert.equal((await back.ended()).code, 4001);
    await newer.close();
  });

  test('ping is answered', async () => {
    const { room } = await makeRoom();
    const socket = await Socket.open(await takeSeat(room.code));
    socket.say('ping');
    await socket.next('pong');
    await socket.close();
  });

  test('a host ends the meeting for everyone, for good', async () => {
    const { room, host_secret } = await makeRoom();
    const host = await arrive(room.code, 'Ada', { host_secret });
    const guest = await arrive(room.code, 'Grace');
    guest.socket.say({ type: 'end' });
    assert.equal((await guest.socket.next('error', ({ about }) => about === 'end')).code, 'host_only');
    host.socket.say({ type: 'end' });
    for (const { socket } of [host, guest]) {
      assert.equal((await socket.next('ended')).reason, 'ended_by_host');
      assert.equal((await socket.ended()).code, 4002);
    }
    refused(await post('/api/rooms/join', { code: room.code }), 410, 'room_ended');
    refused(await Socket.refusal(guest.seat.signal_url, ['meridian.v1', `meridian.seat.${guest.seat.seat}`]), 410, 'room_ended');
    const { json } = await call('GET', `/api/rooms/${room.id}`);
    assert.deepEqual([json.phase, json.participants], ['destroyed', 0]);
  });
});

describe('what opens no socket', () => {
  let room;
  let seat;
  let target;
  before(async () => {
    room = (await makeRoom()).room;
    seat = await takeSeat(room.code);
    target = seat.signal_url;
  });
  const offered = (token) => ['meridian.v1', `meridian.seat.${token}`];

  test('no seat, or one outside of the subprotocols', async () => {
    refused(await Socket.refusal(target, []), 401, 'unauthorized');
    refused(await Socket.refusal(target, ['meridian.v1']), 401, 'unauthorized');
    refused(await Socket.refusal(target, [`meridian.seat.${seat.seat}`]), 401, 'unauthorized');
    refused(await Socket.refusal(target, ['meridian.v2', `meridian.seat.${seat.seat}`]), 401, 'unauthorized');
    refused(await Socket.refusal(`${target}?seat=${seat.seat}`, ['meridian.v1']), 401, 'unauthorized');
    refused(await Socket.refusal(target, ['meridian.v1'], { headers: { authorization: `Bearer ${seat.seat}` } }), 401, 'unauthorized');
  });

  test('forged, unsigned, expired and foreign seats', async () => {
    const claims = JSON.parse(Buffer.from(seat.seat.split('.')[1], 'base64url'));
    // The claims themselves are good: signed with the key of this edge they open a socket.
    const socket = await Socket.open({ ...seat, seat: seatToken(claims) });
    await socket.next('seated');
    await socket.close();

    const other = (await makeRoom()).room;
    const foreign = await takeSeat(other.code);
    const [head, body, signature] = seat.seat.split('.');
    const bad = {
      'another key': seatToken(claims, { key: randomBytes(32) }),
      'no algorithm': seatToken(claims, { algorithm: 'none' }),
      'another algorithm': seatToken(claims, { algorithm: 'HS512' }),
      'claims changed after signing': `${head}.${encoded({ ...claims, host: true })}.${signature}`,
      'no signature': `${head}.${body}.`,
      expired: seatToken({ ...claims, exp: seconds() - 1 }),
      'without an end': seatToken({ ...claims, exp: undefined }),
      'another audience': seatToken({ ...claims, aud: 'meridian-edge' }),
      'another issuer': seatToken({ ...claims, iss: 'somebody' }),
      'another room': foreign.seat,
      'a person that is no uuid': seatToken({ ...claims, sub: 'ada' }),
      'a ticket for a region': credential({ ...claims }).slice('Bearer '.length),
      'not a token': 'abc',
    };
    for (const [what, token] of Object.entries(bad)) {
      const answer = await Socket.refusal(target, offered(token)).catch((error) => assert.fail(`${what}: ${error.message}`));
      refused(answer, 401, 'unauthorized');
    }
  });

  test('a page of another origin', async () => {
    for (const origin of ['https://evil.example', 'null', `${url}.evil.example`]) {
      refused(await Socket.refusal(target, offered(seat.seat), { origin }), 403, 'origin_not_allowed');
    }
    const socket = await Socket.open(seat, { origin: url });
    await socket.next('seated');
    await socket.close();
  });

  test('a room that is not there, and a request that is no upgrade', async () => {
    const nowhere = target.replace(room.id, '0'.repeat(64));
    refused(await Socket.refusal(nowhere, offered(seat.seat)), 404, 'room_not_found');
    refused(await call('GET', `/api/rooms/${room.id}/signal`), 400, 'invalid_request');
    refused(await post(`/api/rooms/${room.id}/signal`, {}), 405, 'method_not_allowed');
  });

  test('headers that only the edge sets', async () => {
    const person = JSON.stringify({ participant: randomUUID(), host: true, location: null });
    refused(await Socket.refusal(target, ['meridian.v1'], { headers: { 'x-meridian-person': person } }), 401, 'unauthorized');
    const socket = await Socket.open(seat, { headers: { 'x-meridian-person': person } });
    await socket.next('seated');
    const welcome = await socket.join('Eve');
    assert.equal(welcome.state.participants.find(({ id }) => id === welcome.you).role, 'participant');
    socket.say({ type: 'leave' });
    await socket.closed;
  });
});

describe('what a socket may not say', () => {
  let room;
  let witness;
  before(async () => {
    room = (await makeRoom()).room;
    witness = await arrive(room.code, 'Witness');
  });
  after(() => witness.socket.close());

  /** The state as the witness sees it now. */
  async function state() {
    witness.socket.say({ type: 'sync' });
    return (await witness.socket.next('welcome')).state;
  }

  test('before joining nothing has an effect', async () => {
    const before = await state();
    const socket = await Socket.open(await takeSeat(room.code));
    await socket.next('seated');
    const early = [
      { type: 'chat', id: randomUUID(), text: 'too early' },
      { type: 'update', microphone: true, camera: true },
      { type: 'media', offer: { sdp: 'v=0\r\n', tracks: [] } },
      { type: 'sync' },
      { type: 'end' },
    ];
    for (const message of early) {
      socket.say(message);
      const error = await socket.next('error');
      assert.deepEqual([error.code, error.about], ['not_joined', message.type]);
    }
    assert.deepEqual(await state(), before);
    await socket.close();
  });

  test('malformed, binary and oversized messages are errors without effect', async () => {
    const { socket } = await arrive(room.code, 'Mallory');
    const before = await state();
    const bad = [
      ['', 'invalid_request'],
      ['{', 'invalid_request'],
      ['null', 'invalid_request'],
      ['{"type":"dance"}', 'invalid_request'],
      ['\u0000', 'invalid_request'],
      ['['.repeat(SOCKET_MESSAGE_BYTES), 'invalid_request'],
      [new Uint8Array([1, 2, 3]), 'invalid_request'],
      [new Uint8Array(SOCKET_MESSAGE_BYTES + 1), 'invalid_request'],
      [JSON.stringify({ type: 'chat', id: randomUUID(), text: 'x'.repeat(SOCKET_MESSAGE_BYTES) }), 'too_large'],
    ];
    for (const [message, code] of bad) {
      socket.say(message);
      // The refused offer of joining may come in between.
      const error = await socket.next('error', ({ about }) => about !== 'join');
      assert.equal(error.code, code, String(message).slice(0, 40));
    }
    const wrong = [
      { type: 'chat', id: randomUUID(), text: 'x'.repeat(2_001) },
      { type: 'chat', id: 'not a uuid', text: 'x' },
      { type: 'join', name: 'x'.repeat(65), microphone: true, camera: true, offer: { sdp: 'v=0\r\n', tracks: [] } },
      { type: 'media', offer: { sdp: `v=0\r\n${'m=video 9 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(1_000)}`, tracks: [] } },
    ];
    for (const message of wrong) {
      socket.say({ type: 'here' }); // A good message between bad ones keeps the socket open.
      socket.say(message);
      const error = await socket.next('error', ({ about }) => about === message.type);
      assert.equal(error.code, 'invalid_request');
    }
    assert.deepEqual(await state(), before);
    socket.say({ type: 'leave' });
    await socket.closed;
  });

  test('who says nothing but nonsense is turned out', async () => {
    const socket = await Socket.open(await takeSeat(room.code));
    await socket.next('seated');
    for (let count = 0; count < 10; count += 1) socket.say('nonsense');
    assert.equal((await socket.ended()).code, 4000);
  });

  test('who says too much is slowed down, then turned out', async () => {
    const before = await state();
    const socket = await Socket.open(await takeSeat(room.code));
    await socket.next('seated');
    for (let count = 0; count < 1_000; count += 1) socket.say({ type: 'here' });
    assert.equal((await socket.ended()).code, 4003);
    assert.ok(socket.heard.some(({ type, code }) => type === 'error' && code === 'rate_limited'));
    assert.deepEqual(await state(), before);
  });

  test('joining twice changes nothing', async () => {
    const { socket } = await arrive(room.code, 'Twice');
    const before = await state();
    socket.say({ type: 'join', name: 'Other', microphone: false, camera: false, offer: { sdp: 'v=0\r\n', tracks: [] } });
    // The region may still refuse the offer of the first.
    await socket.next('error', ({ about, code }) => about === 'join' && code === 'already_joined');
    assert.deepEqual((await state()).participants, before.participants);
    socket.say({ type: 'leave' });
    await socket.closed;
  });
});

// --- Regions -----------------------------------------------------------------------------------

describe('regions', () => {
  const region = `test-${randomUUID().slice(0, 8)}`;
  const claims = (more = {}) => ({ iss: 'meridian-edge', aud: 'meridian-edge', sub: region, exp: seconds() + 60, ...more });
  const authorization = (more) => ({ authorization: credential(claims(more)) });
  const report = (more = {}) => ({
    instance: `${region}-1`,
    region,
    latitude: 50.1,
    longitude: 8.7,
    // Nothing listens there: it must not take a call away from a region that works.
    control_url: 'http://127.0.0.1:9',
    build: 'test',
    participants: 0,
    capacity: 10,
    draining: true,
    ...more,
  });

  test('without a good credential nobody is a region', async () => {
    const seat = await takeSeat((await makeRoom()).room.code);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const [, head, body] = credential(claims()).match(/^Bearer ([^.]+)\.([^.]+)\./);
    const bad = {
      none: {},
      empty: { authorization: '' },
      'another scheme': { authorization: credential(claims()).replace('Bearer', 'Basic') },
      'a seat': { authorization: `Bearer ${seat.seat}` },
      'another key': { authorization: credential(claims(), stranger) },
      unsigned: { authorization: `Bearer ${encoded({ alg: 'none' })}.${body}.` },
      'signed with the public key as a secret': {
        authorization: `Bearer ${seatToken(claims(), { key: Buffer.from(keys.TICKET_PUBLIC_KEY, 'base64url') })}`,
      },
      'cut off': { authorization: `Bearer ${head}.${body}` },
      expired: authorization({ exp: seconds() - 1 }),
      'another audience': authorization({ aud: 'room' }),
      'another issuer': authorization({ iss: 'somebody' }),
      'a region that is no name': authorization({ sub: 'No Name' }),
    };
    for (const [what, headers] of Object.entries(bad)) {
      for (const [target, content] of [['report', report({ instance: `${region}-0` })], ['events', { instance: `${region}-1`, events: [] }]]) {
        const answer = await post(`/api/regions/${target}`, content, headers);
        assert.equal(answer.status, 401, `${target}: ${what}`);
        refused(answer, 401, 'unauthorized');
      }
    }
  });

  test('a report is checked, and then shows in the health of the edge', async () => {
    refused(await post('/api/regions/report', report({ region: 'other' }), authorization()), 403, 'forbidden');
    const wrong = report({ latitude: 91, longitude: -181, control_url: 'http://10.0.0.1', build: 'x'.repeat(65) });
    refused(await post('/api/regions/report', wrong, authorization()), 400, 'invalid_request', ['latitude', 'longitude', 'control_url', 'build']);
    refused(await post('/api/regions/report', {}, authorization()), 400, 'invalid_request', ['instance']);
    refused(await post('/api/regions/report', 'x'.repeat(300_000), authorization()), 413, 'too_large');

    const good = await post('/api/regions/report', report(), authorization());
    assert.deepEqual([good.status, good.text], [204, '']);
    // An answer is given for a second.
    const regions = await until('the report shows', async () => {
      const { json } = await call('GET', '/api/health');
      return json.regions.some(({ instance }) => instance === `${region}-1`) && json.regions;
    });
    const [shown, ...others] = regions.filter(({ instance }) => instance.startsWith(region));
    assert.deepEqual(others, [], 'what came without a good credential');
    assert.deepEqual([shown.region, shown.draining, shown.reachable], [region, true, false]);
    assert.ok(shown.report_age_ms < 12_000);

    // Another region cannot take over the instance.
    const thief = { authorization: credential(claims({ sub: 'thief' })) };
    refused(await post('/api/regions/report', report({ region: 'thief' }), thief), 403, 'forbidden');
  });

  test('events are taken only from the instance that reported, and only about what it carries', async () => {
    const { room } = await makeRoom();
    const ada = await arrive(room.code, 'Ada');
    const event = { room: room.id, participant: ada.id, epoch: 1, kind: 'closed' };
    const says = (instance, events) => ({ instance, events });

    refused(await post('/api/regions/events', says('nobody-1', [event]), authorization()), 403, 'forbidden');
    assert.equal((await post('/api/regions/report', report(), authorization())).status, 204);
    const thief = { authorization: credential(claims({ sub: 'thief' })) };
    refused(await post('/api/regions/events', says(`${region}-1`, [event]), thief), 403, 'forbidden');
    refused(await post('/api/regions/events', says(`${region}-1`, Array(501).fill(event)), authorization()), 413, 'too_large');
    refused(await post('/api/regions/events', says(`${region}-1`, [{ ...event, kind: 'dance' }]), authorization()), 400, 'invalid_request', ['events[0].kind']);

    // It may speak, but it carries nobody here: Ada hears nothing of it, and stays.
    const nowhere = { ...event, room: '0'.repeat(64) };
    const answer = await post('/api/regions/events', says(`${region}-1`, [event, nowhere]), authorization());
    assert.equal(answer.status, 204, answer.text);
    ada.socket.say({ type: 'sync' });
    const { state } = await ada.socket.next('welcome');
    assert.deepEqual(state.participants.map(({ name, presence }) => [name, presence]), [['Ada', 'connected']]);
    assert.ok(!ada.socket.heard.some(({ type }) => type === 'check'));
    await ada.socket.close();
  });
});

// --- Restart -----------------------------------------------------------------------------------

test('a room that lost its memory has everything that was said', { skip: process.env.MERIDIAN_URL ? 'needs a system of its own' : false }, async () => {
  const { room, host_secret } = await makeRoom('Archive');
  const ada = await arrive(room.code, 'Ada', { host_secret });
  const grace = await arrive(room.code, 'Grace');
  for (const text of ['one', 'two', 'three']) {
    ada.socket.say({ type: 'chat', id: randomUUID(), text });
    await grace.socket.next('change', ({ change }) => change.kind === 'said' && change.message.text === text);
  }
  ada.socket.say({ type: 'sync' });
  const before = (await ada.socket.next('welcome')).state;
  await system.killEdge();
  await Promise.all([ada.socket.closed, grace.socket.closed]);
  await system.startEdge();

  const back = await until('Ada is back', () => Socket.open(ada.seat));
  const { you, state } = await back.next('welcome');
  assert.equal(you, ada.id);
  assert.deepEqual(state.chat, before.chat);
  assert.deepEqual(state.participants.map(({ id, name, role }) => [id, name, role]), before.participants.map(({ id, name, role }) => [id, name, role]));
  assert.ok(state.version >= before.version);
  await back.close();
});
