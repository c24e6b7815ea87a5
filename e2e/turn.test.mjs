// Relays for media as the API gives them out, by a provider that works, refuses, is slow or answers
// nonsense. What media makes of them is in `paths.test.mjs`.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';

import { System } from './system.mjs';

const GOOD = {
  iceServers: [
    { urls: ['stun:stun.example:3478', 'stun:stun.example:53'] },
    {
      urls: ['turn:turn.example:3478?transport=udp', 'turn:turn.example:53?transport=udp', 'turns:turn.example:443?transport=tcp'],
      username: 'one',
      credential: 'word',
    },
  ],
};
/** Of it, what a browser takes. */
const TAKEN = [
  { urls: ['stun:stun.example:3478'] },
  { ...GOOD.iceServers[1], urls: ['turn:turn.example:3478?transport=udp', 'turns:turn.example:443?transport=tcp'] },
];
/** What an answer may take where the provider says nothing: its time-out, and a busy machine. */
const PATIENCE = 5_000;

let system;
let provider;
let asked;
let answer;

before(async () => {
  provider = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    asked.push({ method: request.method, url: request.url, token: request.headers.authorization, body });
    answer(response);
  });
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const api = `http://127.0.0.1:${provider.address().port}/v1/turn/keys`;
  system = await System.start({ engines: 1, set: { TURN_API: api, TURN_KEY_ID: 'key', TURN_KEY_TOKEN: 'token' } });
});

after(async () => {
  await system?.stop();
  provider?.closeAllConnections();
  provider?.close();
});

beforeEach(() => {
  asked = [];
  answer = gives(201, GOOD);
});

const gives = (status, body) => (response) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

async function post(path, body, headers = {}) {
  const response = await fetch(`${system.url}${path}`, {
    method: 'POST',
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function join() {
  const created = await post('/api/rooms/create', { title: 'Relays', kind: 'public' });
  const seat = await post('/api/rooms/join', { code: created.body.room.code });
  assert.equal(seat.status, 200, JSON.stringify(seat.body));
  return seat.body;
}

const fresh = (room, seat) => post(`/api/rooms/${room}/ice`, null, seat && { authorization: `Bearer ${seat}` });

test('the seat names relays, with credentials that end', async () => {
  const seat = await join();
  assert.deepEqual(seat.ice_servers, TAKEN);
  assert.equal(seat.ice_seconds, 7_200);
  assert.deepEqual(asked, [
    { method: 'POST', url: '/v1/turn/keys/key/credentials/generate-ice-servers', token: 'Bearer token', body: '{"ttl":14400}' },
  ]);
});

test('whoever has a seat gets others, and nobody else does', async () => {
  const seat = await join();
  answer = gives(201, { iceServers: { urls: 'turn:other.example', username: 'two', credential: 'word' } });
  assert.deepEqual(await fresh(seat.room.id, seat.seat), {
    status: 200,
    body: { ice_servers: [{ urls: ['turn:other.example'], username: 'two', credential: 'word' }], ice_seconds: 7_200 },
  });
  const elsewhere = await join();
  asked = [];
  for (const bad of [undefined, 'nonsense', `${seat.seat}x`, elsewhere.seat]) {
    const refused = await fresh(seat.room.id, bad);
    assert.deepEqual([refused.status, refused.body.code], [401, 'unauthorized'], bad);
  }
  assert.deepEqual(asked, []);
});

test('a provider that fails, or is slow, or answers too much or nonsense keeps nobody out', async () => {
  const ways = {
    refuses: gives(403, { error: 'no' }),
    fails: gives(500, 'oh'),
    'hangs up': (response) => response.destroy(),
    'says nothing': () => {},
    'never ends': (response) => {
      response.writeHead(201);
      const more = setInterval(() => response.write('x'.repeat(60_000)), 50);
      response.on('close', () => clearInterval(more));
    },
    'is nonsense': gives(201, 'so'),
    'is something else': gives(201, [1, 2, 3]),
    'has only what is blocked': gives(201, { iceServers: [{ urls: ['stun:stun.example:53'] }] }),
  };
  for (const [way, does] of Object.entries(ways)) {
    answer = does;
    const began = performance.now();
    const seat = await join();
    const took = performance.now() - began;
    assert.deepEqual([seat.ice_servers, seat.ice_seconds], [[], 15], way);
    assert.ok(took < PATIENCE, `${way}: ${took} ms`);
    assert.equal(asked.length, 1, way);
    asked = [];
  }
});
