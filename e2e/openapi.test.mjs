// The document of the API held against the running system: for every operation the documented example,
// made-up bodies that fit and that do not, strangers, bad tokens and wrong methods; every answer must be
// one that the document announces. A seed makes the same requests again: SEED=… node --test …

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import fc from 'fast-check';

import { Device, PASSWORD, elsewhere, forgeries, freshAddress, hasLink, mails, tokenIn } from './accounts.mjs';
import { Socket, call, makeRoom, refused, start, stop, takeSeat, url } from './caller.mjs';
import { Document, some } from './schema.mjs';

const GOOD_BODIES = 10;
const AT_ONCE = 6;
const REST_BODY_BYTES = 16 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

let api;
/** Owns `room` and is signed in on `session`; the bodies are sent in this name. */
let owner;
let stranger;
let room;
/** Which statuses each operation answered, over all tests. */
const seen = new Map();

before(async () => {
  console.log(`seed ${seed}`);
  await start();
  const answer = await call('GET', '/api/openapi.json');
  assert.equal(answer.status, 200, answer.text);
  api = new Document(answer.json);
  [owner, stranger] = await Promise.all([Device.signUp('Owner'), Device.signUp('Stranger', { domain: 'elsewhere.example' })]);
  room = await owner.meet({ title: 'Plan', kind: 'private', starts_at: Date.now() + DAY_MS, invite: [freshAddress()] });
});
after(stop);

// --- Sending -----------------------------------------------------------------------------------

/** What programs of others do with a token of their own, from any page; the rest of it is in whip.test.mjs. */
const isForPrograms = (operation) => operation.security.some((one) => 'stream' in one);
const isSocket = (operation) => '101' in operation.responses;
const withBody = () => api.operations.filter((operation) => api.bodyOf(operation));
const needsToken = (operation) => operation.security.length > 0 && operation.security.every((one) => 'bearer' in one);
const takesToken = (operation) => operation.security.some((one) => 'bearer' in one);
/** Those that change something; a page of another origin must not reach them. */
const changes = (operation) => operation.method !== 'GET' && !isForPrograms(operation);

/** The operation's path with these values, the owner's where none are given. */
function target(operation, values = {}) {
  const known = { id: operation.path.includes('sessions') ? owner.claims.sid : room.id, provider: 'google', ...values };
  return operation.path.replace(/\{(\w+)\}/g, (_, name) => known[name]);
}

/** Sends one request and holds the answer against the document. */
async function send(operation, { body, headers = {}, device = owner, path, what } = {}) {
  const token = device && takesToken(operation) ? { authorization: `Bearer ${device.token}` } : {};
  const answer = await call(operation.method, path ?? target(operation), { body, headers: { ...elsewhere(), ...token, ...headers } });
  api.judge(operation, answer, what ?? '');
  if (!seen.has(operation.operationId)) seen.set(operation.operationId, new Set());
  seen.get(operation.operationId).add(answer.status);
  return answer;
}

/** Runs all, a few at once. */
async function each(list, run) {
  const rest = [...list];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (rest.length > 0) await run(rest.shift());
  }));
}

/** What only this system knows to be good. */
const moments = fc.integer({ min: Date.now() + DAY_MS, max: Date.now() + 700 * DAY_MS });
const known = () => ({
  Moment: fc.oneof(moments, moments.map((at) => new Date(at).toISOString())),
  'TakeSeat.code': fc.constantFrom(room.code, room.code.toUpperCase(), room.link, 'aaa-aaaa-aaa'),
  // The meeting goes on, and stays one that strangers know nothing of.
  'ChangeRoom.end': fc.constant(false),
  'ChangeRoom.kind': fc.constant('private'),
});

// --- The document itself -----------------------------------------------------------------------

describe('the document', () => {
  test('is a file beside the pages, with headers like the rest of the API', async () => {
    const { headers, json } = await call('GET', '/api/openapi.json');
    assert.match(headers.get('content-type'), /^application\/json/);
    assert.match(headers.get('content-security-policy'), /^default-src 'none'/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(json.openapi, '3.1.0');
  });

  test('names each operation once, and its examples fit their schemas', () => {
    const ids = api.operations.map(({ operationId }) => operationId);
    assert.deepEqual([...new Set(ids)], ids);
    assert.ok(ids.length >= 30);
    const contents = (operation) => [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) => Object.values(api.resolve(part)?.content ?? {}));
    let examples = 0;
    for (const operation of api.operations) {
      for (const { schema, example, examples: several } of contents(operation)) {
        for (const value of several ? Object.values(several).map((one) => one.value) : [example]) {
          if (value === undefined) continue;
          assert.equal(api.faults(schema, value), null, `${operation.operationId}: ${JSON.stringify(value)}`);
          examples += 1;
        }
      }
    }
    assert.ok(examples > 30);
  });
});

// --- Bodies ------------------------------------------------------------------------------------

describe('bodies', () => {
  test('the documented examples are understood', async () => {
    for (const operation of withBody()) {
      for (const body of api.examples(operation)) {
        const answer = await send(operation, { body, what: 'example' });
        assert.notEqual(answer.json?.code, 'invalid_request', `${operation.operationId}: ${answer.text}`);
      }
    }
  });

  test('whatever fits is understood', async () => {
    for (const operation of withBody()) {
      const bodies = some(api.good(api.bodyOf(operation).schema, known()), GOOD_BODIES, seed);
      await each(bodies, async (body) => {
        const answer = await send(operation, { body, what: JSON.stringify(body) });
        assert.notEqual(answer.json?.code, 'invalid_request', `${operation.operationId}: ${JSON.stringify(body)}: ${answer.text}`);
      });
    }
  });

  test('whatever does not fit is refused, and the field is named', async () => {
    let sent = 0;
    for (const operation of withBody()) {
      const { schema } = api.bodyOf(operation);
      const [good] = some(api.good(schema, known()), 1, seed);
      await each(api.bad(schema, good), async ([what, body, field]) => {
        const answer = await send(operation, { body, what });
        // A picture can be larger than any body.
        if (answer.status === 413) return assert.ok(JSON.stringify(body).length > REST_BODY_BYTES, what);
        const about = `${operation.operationId} ${what}: ${answer.text}`;
        assert.deepEqual([answer.status, answer.json.code], [400, 'invalid_request'], about);
        const named = Object.keys(answer.json.errors ?? {}).map((path) => path.split(/[.[]/)[0]);
        assert.deepEqual([...new Set(named)], [field], about);
        sent += 1;
      });
    }
    console.log(`${sent} bodies that do not fit were refused`);
    assert.ok(sent > 400);
  });

  test('what is no JSON object, too large or of another type is refused', async () => {
    for (const operation of withBody()) {
      const [good] = some(api.good(api.bodyOf(operation).schema, known()), 1, seed);
      const wrong = [
        ...['', '{', '[]', 'null', '7', '"x"', '\0', '['.repeat(5_000)].map((body) => ({ body })),
        { body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) },
        ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''].map((type) => ({ body: JSON.stringify(good), headers: { 'content-type': type } })),
      ];
      await each(wrong, async (request) => refused(await send(operation, request), 400, 'invalid_request'));
      for (const bytes of [REST_BODY_BYTES, 300_000]) {
        refused(await send(operation, { body: JSON.stringify({ ...good, more: 'x'.repeat(bytes) }) }), 413, 'too_large');
      }
    }
  });

  test('fields that are not described are ignored', async () => {
    for (const [id, body] of [['create_room', { title: 'More', host: true, id: room.id }], ['change_profile', { name: 'Owner', email: 'x@y.example', id: '0' }]]) {
      const answer = await send(api.operation(id), { body });
      assert.ok(answer.status < 300, answer.text);
      assert.notEqual(answer.json.email, 'x@y.example');
    }
  });
});

// --- Who may -----------------------------------------------------------------------------------

describe('tokens', () => {
  test('where one is needed nothing happens without', async () => {
    const guarded = api.operations.filter(needsToken);
    assert.ok(guarded.length >= 12);
    await each(guarded, async (operation) => {
      refused(await send(operation, { device: null, body: api.examples(operation)[0] }), 401, 'unauthorized');
    });
  });

  test('one that is not good is never taken for none', async () => {
    for (const [what, token] of Object.entries(forgeries(owner.claims))) {
      await each(api.operations.filter(takesToken), async (operation) => {
        const request = { device: null, body: api.examples(operation)[0], headers: { authorization: `Bearer ${token}` }, what };
        refused(await send(operation, request), 401, 'unauthorized');
      });
    }
  });

  test('another scheme is refused', async () => {
    for (const authorization of [owner.token, `Basic ${owner.token}`, 'Bearer', `Bearer  `]) {
      refused(await send(api.operation('profile'), { device: null, headers: { authorization } }), 401, 'unauthorized');
    }
  });
});

test("a stranger's id in any path leads nowhere", async () => {
  // Relays and probes are for whoever has a seat; tested in turn.test.mjs and ladder.test.mjs.
  const others = api.operations.filter((operation) => operation.path.includes('{id}') && !isSocket(operation) && !isForPrograms(operation) && !['ice_servers', 'probe'].includes(operation.operationId));
  assert.ok(others.length >= 5);
  for (const operation of others) {
    const body = operation.method === 'PATCH' ? { title: 'Mine' } : api.examples(operation)[0];
    // The owner's meeting or device, asked for by somebody else.
    const answer = await send(operation, { device: stranger, body });
    assert.ok([403, 404].includes(answer.status), `${operation.operationId}: ${answer.status} ${answer.text}`);
    const ids = ['x', '0'.repeat(64), 'f'.repeat(64), '%00', 'a'.repeat(5_000), randomUUID(), stranger.claims.sub, '..%2fprofile'];
    await each(ids, async (id) => {
      const unknown = await send(operation, { body, path: target(operation, { id }), what: id.slice(0, 70) });
      assert.equal(unknown.status, 404, `${operation.operationId} ${id.slice(0, 70)}: ${unknown.text}`);
    });
  }
});

test('a page of another origin changes nothing', async () => {
  const changing = api.operations.filter(changes);
  for (const operation of changing) {
    for (const origin of ['https://evil.example', 'null', `${url}0`]) {
      refused(await send(operation, { body: api.examples(operation)[0], headers: { origin } }), 403, 'origin_not_allowed');
    }
  }
});

test('odd headers and queries break nothing', async () => {
  const odd = [
    { authorization: 'Bearer \u00e9\u00ff' },
    { authorization: `Bearer ${'x'.repeat(8_000)}` },
    { authorization: 'Bearer a.b.c', cookie: 'meridian_refresh=\u00ff; ;;;=;meridian_refresh' },
    { cookie: `meridian_refresh=${'0'.repeat(64)}.${randomUUID()}.${'-'.repeat(43)}; meridian_oauth=a.b.c` },
    { accept: 'nonsense', 'accept-language': ';;q=x', 'user-agent': '\u00ff'.repeat(2_000), 'x-dev-location': '999,nonsense' },
    { 'if-none-match': '*', range: 'bytes=5-1', 'content-encoding': 'gzip', expires: '\t' },
  ];
  const pairs = api.operations.filter((operation) => !isSocket(operation)).flatMap((operation) => odd.map((headers) => [operation, headers]));
  await each(pairs, async ([operation, headers]) => {
    const path = `${target(operation)}?code=%ff&state=%00&return_to=//evil.example&=&&%`;
    const answer = await send(operation, { device: null, headers, path, body: api.examples(operation)[0], what: JSON.stringify(headers).slice(0, 80) });
    if (needsToken(operation)) assert.equal(answer.status, 401);
  });
});

test('a method that is not described does not exist', async () => {
  const paths = new Map(api.operations.map(({ path }) => [path, []]));
  for (const { path, method } of api.operations) paths.get(path).push(method);
  for (const [path, methods] of paths) {
    // The assets answer for this one.
    if (path === '/api/openapi.json') continue;
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !methods.includes(one))) {
      const answer = await call(method, target({ path }), { headers: elsewhere(), body: method === 'GET' ? undefined : {} });
      refused(answer, 405, 'method_not_allowed');
    }
  }
});

describe('sockets', () => {
  const target = (path) => `${url.replace('http', 'ws')}${path}`;

  test('are opened with the right subprotocols, and with no others', async () => {
    const seat = await takeSeat((await makeRoom()).room.code);
    const kinds = [
      [api.operation('home_socket'), '/api/users/socket', `meridian.access.${owner.token}`],
      [api.operation('room_socket'), new URL(seat.signal_url).pathname, `meridian.seat.${seat.seat}`],
    ];
    for (const [operation, path, token] of kinds) {
      const socket = await new Socket(target(path), ['meridian.v1', token]).opened;
      assert.equal(socket.websocket.protocol, 'meridian.v1');
      await socket.close();
      api.judge(operation, await call('GET', path), 'without an upgrade');
      for (const protocols of [[], ['meridian.v1'], ['meridian.v1', `${token}x`], ['meridian.v1', 'meridian.access.nonsense'], [token]]) {
        const refusal = await Socket.refusal(target(path), protocols);
        api.judge(operation, refusal, protocols.join());
        assert.ok([400, 401].includes(refusal.status), `${protocols}: ${refusal.text}`);
      }
      const foreign = await Socket.refusal(target(path), ['meridian.v1', token], { origin: 'https://evil.example' });
      api.judge(operation, foreign, 'another origin');
      assert.equal(foreign.status, 403);
    }
  });
});

test('an address that asks too often is told when to come back, by every operation that says so', async () => {
  const place = elsewhere();
  let waiting = api.operations.filter((operation) => '429' in operation.responses && !isSocket(operation));
  assert.ok(waiting.length >= 25);
  // The largest limit is 600 a minute for what many operations share; a minute may end in between.
  for (let round = 0; round < 650 && waiting.length > 0; round += 1) {
    const answers = await Promise.all(waiting.map((operation) => send(operation, { device: null, headers: place, body: api.bodyOf(operation) && '{}' })));
    for (const answer of answers.filter(({ status }) => status === 429)) refused(answer, 429, 'rate_limited');
    waiting = waiting.filter((_, at) => answers[at].status !== 429);
  }
  assert.deepEqual(waiting.map(({ operationId }) => operationId), []);
});

// --- What goes well ----------------------------------------------------------------------------

test('every operation succeeds as it is described', async () => {
  const email = freshAddress();
  const run = async (id, status, request) => {
    const answer = await send(api.operation(id), { device: null, what: 'in the walk', ...request });
    assert.equal(answer.status, status, `${id}: ${answer.text}`);
    return answer;
  };
  const token = async (page) => tokenIn((await mails(email, hasLink(page)))[0], page);
  await run('register', 201, { body: { name: 'Ada', email, password: PASSWORD } });
  await mails(email, hasLink('verify'));
  await run('resend', 200, { body: { email } });
  await mails(email, hasLink('verify'), 2);
  await run('verify', 200, { body: { token: await token('verify') } });
  const device = new Device({ name: 'Ada', email });
  await run('login', 200, { body: { email, password: PASSWORD } });
  await device.signIn();
  await run('refresh', 200, { headers: { cookie: device.cookie } });
  await run('forgot', 200, { body: { email } });
  device.password = `${PASSWORD}!`;
  await run('reset', 200, { body: { token: await token('reset'), password: device.password } });
  await device.signIn();
  await run('providers', 200, {});
  await run('profile', 200, { device });
  await run('change_profile', 200, { device, body: { picture: 'data:image/png;base64,iVBORw0KGgo=', color: '#A0B1C2', locale: 'de' } });
  await run('change_password', 204, { device, body: { current: device.password, password: PASSWORD } });
  device.password = PASSWORD;
  const other = await device.another();
  await run('sessions', 200, { device });
  await run('revoke', 204, { device, path: `/api/users/sessions/${other.claims.sid}` });
  await run('revoke_others', 204, { device });
  await run('call', 201, { device, body: { email: freshAddress() } });
  const starts_at = new Date(Date.now() + DAY_MS).toISOString();
  const made = await run('create_room', 201, { device, body: { title: 'Walk', starts_at, duration_minutes: 30, time_zone: 'Europe/Berlin' } });
  const path = `/api/rooms/${made.json.room.id}`;
  const taken = await run('take_seat', 200, { body: { code: made.json.room.code, name: 'Guest' } });
  await run('probe', 201, { path: `${path}/probe`, headers: { authorization: `Bearer ${taken.json.seat}` } });
  await run('meetings', 200, { device });
  await run('room', 200, { device, path });
  await run('room', 200, { path });
  await run('change_room', 200, { device, path, body: { title: 'Run' } });
  const stream = await run('make_stream', 201, { device, path: `${path}/streams`, body: { kind: 'watch', name: 'Recorder' } });
  await run('streams', 200, { device, path: `${path}/streams` });
  await run('drop_stream', 204, { device, path: `${path}/streams/${stream.json.stream.id}` });
  await run('calendar', 200, { device, path: `${path}/calendar.ics` });
  await run('delete_room', 204, { device, path });
  await run('logout', 204, { headers: { cookie: device.cookie } });
  await device.signIn();
  await run('delete_account', 204, { device });
  await run('health', 200, {});
  await run('document', 200, {});
});

test('each operation was seen to succeed and to refuse', () => {
  // Tested against providers in oauth.test.mjs and turn.test.mjs; sockets above.
  const elsewhereTested = ['oauth_begin', 'oauth_callback', 'oauth_link', 'ice_servers', 'home_socket', 'room_socket'];
  const missing = api.operations
    .filter((operation) => !elsewhereTested.includes(operation.operationId) && !isForPrograms(operation))
    .filter(({ operationId, responses }) => ![...(seen.get(operationId) ?? [])].some((status) => status < 300 && status in responses));
  assert.deepEqual(missing.map(({ operationId }) => operationId), []);
  for (const [id, statuses] of [...seen].sort()) console.log(`${id}: ${[...statuses].sort().join(' ')}`);
});
