// Who somebody is: signing up, in and out over the network, and what those who are not that person can
// learn or do.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { Device, PASSWORD, accessToken, cookieOf, elsewhere, forgeries, freshAddress, hasLink, mails, outbox, tokenIn } from './accounts.mjs';
import { Socket, call, keys, refused, seconds, start, stop, url } from './caller.mjs';
import { until } from './system.mjs';

/** edge-worker/src/padding.rs: what tells nothing takes a multiple of this. */
const PADDING_MS = 300;
const LOCK_AFTER = 10;
const LOCK_SECONDS = 30;
const ACCESS_SECONDS = 600;
const SESSION_SECONDS = 30 * 24 * 60 * 60;

const at = (path, body, headers) => call('POST', `/api/auth/${path}`, { body, headers: { ...elsewhere(), ...headers } });
const login = (email, password, headers) => at('login', { email, password }, headers);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

before(start);
after(stop);

describe('signing up and in', () => {
  test('from the mailed link to signing out', async () => {
    const email = freshAddress();
    const sent = await at('register', { name: '  Ada  ', email: email.toUpperCase(), password: PASSWORD });
    assert.equal(sent.status, 201, sent.text);
    assert.deepEqual(sent.json, { email });
    const [mail] = await mails(email);
    assert.ok(mail.text.includes('Ada') && mail.html.includes('Ada') && mail.subject.length > 0);
    const token = tokenIn(mail, 'verify');
    assert.ok(mail.links.some((link) => link === `${url}/verify#token=${token}`));
    assert.match(token, /^[0-9a-f]{64}\.[A-Za-z0-9_-]{43}$/);

    // Only who knows the password learns that the address is not proven.
    refused(await login(email, PASSWORD), 403, 'email_not_verified');
    refused(await login(email, 'another password'), 401, 'invalid_credentials');
    refused(await at('verify', { token: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` }), 400, 'invalid_token');
    refused(await at('verify', { token: token.split('.')[0] }), 400, 'invalid_token');
    const verified = await at('verify', { token });
    assert.deepEqual([verified.status, verified.json], [200, { email }]);
    refused(await at('verify', { token }), 400, 'invalid_token');

    const answer = await login(email.toUpperCase(), PASSWORD, { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' });
    assert.equal(answer.status, 200, answer.text);
    const { user, expires_in, access_token } = answer.json;
    assert.deepEqual([user.name, user.email, user.has_password, user.providers, expires_in], ['Ada', email, true, [], ACCESS_SECONDS]);
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url'));
    assert.deepEqual([claims.iss, claims.aud, claims.sub, claims.exp - claims.iat], ['meridian-edge', 'api', user.id, ACCESS_SECONDS]);
    const cookie = cookieOf(answer);
    assert.match(cookie.value, /^[0-9a-f]{64}\.[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(cookie.attributes.map((one) => one.toLowerCase()).sort(), ['httponly', `max-age=${SESSION_SECONDS}`, 'path=/api/auth', 'samesite=strict', 'secure']);
    const { json } = await call('GET', '/api/users/sessions', { headers: { authorization: `Bearer ${access_token}` } });
    assert.deepEqual(json.sessions.map(({ device, current }) => [device, current]), [['Firefox on Linux', true]]);
  });

  test('what is wrong with each field is said at once', async () => {
    refused(await at('register', { name: ' ', email: 'ada', password: 'short' }), 400, 'invalid_request', ['name', 'email', 'password']);
    refused(await at('register', {}), 400, 'invalid_request', ['name']);
    refused(await at('login', { email: '', password: '' }), 400, 'invalid_request', ['email', 'password']);
    refused(await at('reset', { token: '?', password: 'x' }), 400, 'invalid_request', ['token', 'password']);
    const ada = await Device.signUp('Ada');
    refused(await ada.ask('PUT', '/api/users/profile', { name: '', color: 'red', picture: 'http://x', locale: '!' }), 400, 'invalid_request', ['name', 'color', 'picture', 'locale']);
    refused(await ada.ask('PUT', '/api/users/password', { current: '', password: 'x' }), 400, 'invalid_request', ['current', 'password']);
    refused(await ada.ask('POST', '/api/users/call', { email: 'x' }), 400, 'invalid_request', ['email']);
  });

  test('two who sign up with one address at once are one account in the end', async () => {
    const email = freshAddress();
    const people = ['First', 'Second'].map((name) => ({ name, email, password: `password of ${name}` }));
    const answers = await Promise.all(people.map((body) => at('register', body)));
    assert.deepEqual(answers.map(({ status, json }) => [status, json]), Array(2).fill([201, { email }]));
    const tokens = (await mails(email, hasLink('verify'), 2)).map((mail) => tokenIn(mail, 'verify'));
    assert.notEqual(tokens[0], tokens[1]);
    const verified = await Promise.all(tokens.map((token) => at('verify', { token })));
    assert.deepEqual(verified.map(({ status }) => status).sort(), [200, 400]);
    const signedIn = await Promise.all(people.map(({ password }) => login(email, password)));
    assert.deepEqual(signedIn.map(({ status }) => status).sort(), [200, 401]);
    const place = signedIn.findIndex(({ status }) => status === 200);
    assert.equal(signedIn[place].json.user.name, people[place].name);
    // Who comes later cannot take it over either.
    assert.equal((await at('register', { name: 'Third', email, password: 'password of Third' })).status, 201);
    await until('the mail that says so', async () => (await outbox(email)).length === 3);
    assert.equal((await outbox(email)).filter(hasLink('verify')).length, 2);
    refused(await login(email, 'password of Third'), 403, 'email_not_verified');
  });
});

describe('refresh tokens', () => {
  test('rotate', async () => {
    const ada = await Device.signUp('Ada');
    const cookies = new Set([ada.cookie]);
    for (let round = 0; round < 3; round += 1) {
      const answer = await ada.refresh();
      assert.equal(answer.status, 200, answer.text);
      cookies.add(ada.cookie);
      assert.equal((await ada.ask('GET', '/api/users/profile')).status, 200);
    }
    assert.equal(cookies.size, 4);
  });

  test('one that is used again revokes its family, and nobody else', async () => {
    const ada = await Device.signUp('Ada');
    const other = await ada.another();
    const stolen = ada.cookie;
    assert.equal((await ada.refresh()).status, 200);
    refused(await call('POST', '/api/auth/refresh', { headers: { ...elsewhere(), cookie: stolen } }), 401, 'unauthorized');
    refused(await ada.refresh(), 401, 'unauthorized');
    refused(await ada.ask('GET', '/api/users/profile'), 401, 'unauthorized');
    assert.equal((await other.refresh()).status, 200);
    assert.equal((await other.ask('GET', '/api/users/profile')).status, 200);
  });

  test('of two at once with the same token one gets the next, and then nobody', async () => {
    const ada = await Device.signUp('Ada');
    const cookie = ada.cookie;
    const answers = await Promise.all([1, 2].map(() => call('POST', '/api/auth/refresh', { headers: { ...elsewhere(), cookie } })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
    const next = cookieOf(answers.find(({ status }) => status === 200)).pair;
    refused(await call('POST', '/api/auth/refresh', { headers: { ...elsewhere(), cookie: next } }), 401, 'unauthorized');
  });

  test('that are none are refused', async () => {
    const ada = await Device.signUp('Ada');
    const [account, session] = ada.cookie.split('=')[1].split('.');
    const secret = randomBytes(32).toString('base64url');
    for (const value of ['', 'x', `${account}.${session}`, `${account}.${randomUUID()}.${secret}`, `${'0'.repeat(64)}.${session}.${secret}`, 'x'.repeat(4_000)]) {
      refused(await call('POST', '/api/auth/refresh', { headers: { ...elsewhere(), cookie: `meridian_refresh=${value}` } }), 401, 'unauthorized');
    }
    refused(await at('refresh'), 401, 'unauthorized');
    assert.equal((await ada.refresh()).status, 200);
  });

  test('end with signing out', async () => {
    const ada = await Device.signUp('Ada');
    const answer = await call('POST', '/api/auth/logout', { headers: { ...elsewhere(), cookie: ada.cookie } });
    assert.deepEqual([answer.status, answer.text], [204, '']);
    assert.ok(cookieOf(answer).attributes.some((one) => /^max-age=0$/i.test(one)));
    refused(await ada.refresh(), 401, 'unauthorized');
    refused(await ada.ask('GET', '/api/users/profile'), 401, 'unauthorized');
    for (const cookie of [ada.cookie, 'meridian_refresh=x', '']) {
      assert.equal((await call('POST', '/api/auth/logout', { headers: { ...elsewhere(), cookie } })).status, 204);
    }
  });
});

test('access tokens that are not ours, not for this, or not for now are refused', async () => {
  const [ada, eve] = await Promise.all([Device.signUp('Ada'), Device.signUp('Eve')]);
  const bad = {
    ...forgeries(ada.claims),
    'the public key as a secret': accessToken(ada.claims, { key: Buffer.from(keys.TICKET_PUBLIC_KEY, 'base64url') }),
    'cut off': ada.token.slice(0, ada.token.lastIndexOf('.')),
  };
  const elsewhereGood = {
    "another account's": accessToken({ ...ada.claims, sub: eve.claims.sub }),
    "another account's session": accessToken({ ...ada.claims, sid: eve.claims.sid }),
    'a session that never was': accessToken({ ...ada.claims, sid: randomUUID() }),
  };
  for (const [what, token] of Object.entries({ ...bad, ...elsewhereGood })) {
    const headers = { ...elsewhere(), authorization: `Bearer ${token}` };
    for (const [method, path] of [['GET', '/api/users/profile'], ['GET', '/api/users/sessions'], ['GET', '/api/rooms'], ['DELETE', '/api/users/profile']]) {
      const answer = await call(method, path, { headers });
      assert.equal(answer.status, 401, `${what}: ${method} ${path}: ${answer.text}`);
      refused(answer, 401, 'unauthorized');
    }
    const [target, protocols] = [`${url.replace('http', 'ws')}/api/users/socket`, ['meridian.v1', `meridian.access.${token}`]];
    if (what in bad) {
      refused(await Socket.refusal(target, protocols), 401, 'unauthorized');
    } else {
      // Signed by us, for a device that is not signed in: closed by the account before it says anything.
      const socket = await new Socket(target, protocols).opened;
      assert.equal((await socket.ended()).code, 4010, what);
      assert.deepEqual(socket.heard, []);
    }
  }
  for (const token of [ada.token, accessToken(ada.claims), accessToken({ ...ada.claims, iat: seconds() + 30 })]) {
    const { status, json } = await call('GET', '/api/users/profile', { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual([status, json.email], [200, ada.email]);
  }
});

describe('whether an address is known', () => {
  const ROUNDS = 16;
  const variable = new Set(['date', 'cf-ray', 'report-to', 'nel']);
  const shape = (answer, email) => JSON.stringify([
    answer.status,
    answer.text.replaceAll(email, 'ADDRESS'),
    [...answer.headers].filter(([name]) => !variable.has(name)),
  ]);

  const signedUp = () => Device.signUp('Known').then(({ email }) => email);
  const waiting = async () => {
    const email = freshAddress();
    assert.equal((await at('register', { name: 'Pending', email, password: PASSWORD })).status, 201);
    return email;
  };
  const kinds = {
    register: [(email) => at('register', { name: 'Ada', email, password: 'another password' }), 201, signedUp],
    forgot: [(email) => at('forgot', { email }), 200, signedUp],
    resend: [(email) => at('resend', { email }), 200, waiting],
    login: [(email) => login(email, 'a wrong password'), 401, signedUp],
  };

  /** Asks for addresses of both sorts in turns; the answers' shapes, and how long each sort took in the middle. */
  async function compared(ask, status, makeKnown) {
    // Few questions for each: neither a lock nor the bound of mails for an hour is reached.
    const known = await Promise.all(Array.from({ length: 4 }, makeKnown));
    const took = { known: [], unknown: [] };
    const shapes = new Set();
    for (let round = 0; round < ROUNDS; round += 1) {
      const pairs = [['known', known[round % 4]], ['unknown', freshAddress()]];
      for (const [which, email] of round % 2 ? pairs : pairs.reverse()) {
        const began = performance.now();
        const answer = await ask(email);
        took[which].push(performance.now() - began);
        assert.equal(answer.status, status, answer.text);
        shapes.add(shape(answer, email));
      }
    }
    return { shapes: [...shapes], medians: [median(took.known), median(took.unknown)] };
  }

  for (const [name, [ask, status, makeKnown]] of Object.entries(kinds)) {
    test(`${name} tells it neither by what it answers nor by how long it takes`, async () => {
      // Where the machine is so busy that answers come just before or after a step of the padding, the
      // medians of one run can fall on both sides; what tells something tells it in every run.
      for (let runs = 0; ; runs += 1) {
        const { shapes, medians: [one, other] } = await compared(ask, status, makeKnown);
        assert.equal(shapes.length, 1, shapes.join('\n'));
        console.log(`${name}: median ${one.toFixed(1)} ms for known addresses, ${other.toFixed(1)} ms for unknown ones`);
        if (Math.abs(one - other) < PADDING_MS / 2) return;
        assert.ok(runs < 2, 'known and unknown addresses differ by a step of the padding in three runs');
      }
    });
  }
});

describe('wrong passwords', () => {
  /** So many tries over connections of their own, all under way at once. */
  const tries = (email, password, count) => Promise.all(Array.from({ length: count }, () => login(email, password)));
  const over = (answer) => new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after')) * 1_000));

  async function lock(email) {
    const answers = await tries(email, 'a wrong password', 30);
    const wrong = answers.filter(({ status }) => status === 401);
    const locked = answers.filter(({ status }) => status === 429);
    assert.deepEqual([wrong.length, locked.length], [LOCK_AFTER, 30 - LOCK_AFTER]);
    for (const answer of wrong) refused(answer, 401, 'invalid_credentials');
    for (const answer of locked) {
      refused(answer, 429, 'rate_limited');
      const wait = Number(answer.headers.get('retry-after'));
      assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= LOCK_SECONDS, String(wait));
    }
    return locked.at(-1);
  }

  test('lock the address for a growing time, whether or not anybody has it', async () => {
    const [ada, eve] = await Promise.all([Device.signUp('Ada'), Device.signUp('Eve')]);
    const unknown = freshAddress();
    const opened = (async () => {
      await lock(ada.email);
      const right = await login(ada.email, PASSWORD);
      refused(right, 429, 'rate_limited');
      // Who is signed in stays so.
      assert.equal((await ada.ask('GET', '/api/users/profile')).status, 200);
      await over(right);
      const began = await until('the lock is over', async () => {
        const answer = await login(ada.email, PASSWORD);
        return answer.status === 200 && answer;
      }, 3_000);
      assert.equal(began.status, 200);
      // The right password takes everything back.
      refused(await login(ada.email, 'a wrong password'), 401, 'invalid_credentials');
      assert.equal((await login(ada.email, PASSWORD)).status, 200);
    })();
    const longer = [eve.email, unknown].map(async (email) => {
      await over(await lock(email));
      const again = await until('the lock is over', async () => {
        const answer = await login(email, 'a wrong password');
        return answer.status === 401 && answer;
      }, 3_000);
      refused(again, 401, 'invalid_credentials');
      const locked = await login(email, email === unknown ? 'a wrong password' : PASSWORD);
      refused(locked, 429, 'rate_limited');
      const wait = Number(locked.headers.get('retry-after'));
      assert.ok(wait > LOCK_SECONDS && wait <= 2 * LOCK_SECONDS, String(wait));
    });
    await Promise.all([opened, ...longer]);
  });

  test('count where somebody signed in changes the password, too', async () => {
    const ada = await Device.signUp('Ada');
    const change = (current) => ada.ask('PUT', '/api/users/password', { current, password: 'a new password' });
    const answers = await Promise.all(Array.from({ length: 15 }, () => change('a wrong password')));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(10).fill(401), ...Array(5).fill(429)]);
    refused(await change(PASSWORD), 429, 'rate_limited');
    // A mailed link proves who asks, and ends the lock.
    await at('forgot', { email: ada.email });
    const [mail] = await mails(ada.email, hasLink('reset'));
    assert.equal((await at('reset', { token: tokenIn(mail, 'reset'), password: 'a new password' })).status, 200);
    assert.equal((await login(ada.email, 'a new password')).status, 200);
  });
});

describe('devices', () => {
  test('a reset signs all of them out', async () => {
    const ada = await Device.signUp('Ada');
    const other = await ada.another();
    await at('forgot', { email: ada.email });
    const token = tokenIn((await mails(ada.email, hasLink('reset')))[0], 'reset');
    const answer = await at('reset', { token, password: 'a new password' });
    assert.deepEqual([answer.status, answer.json], [200, { email: ada.email }]);
    for (const device of [ada, other]) {
      refused(await device.ask('GET', '/api/users/profile'), 401, 'unauthorized');
      refused(await device.refresh(), 401, 'unauthorized');
    }
    refused(await at('reset', { token, password: 'yet another password' }), 400, 'invalid_token');
    refused(await login(ada.email, PASSWORD), 401, 'invalid_credentials');
    assert.equal((await login(ada.email, 'a new password')).status, 200);
  });

  test('are listed, and signed out one by one or all but this', async () => {
    const [ada, eve] = await Promise.all([Device.signUp('Ada'), Device.signUp('Eve')]);
    const [phone, tablet, tv] = [await ada.another(), await ada.another(), await ada.another()];
    const listed = async () => (await ada.ask('GET', '/api/users/sessions')).json.sessions;
    assert.deepEqual(new Set((await listed()).map(({ id }) => id)), new Set([ada, phone, tablet, tv].map(({ claims }) => claims.sid)));
    assert.deepEqual((await listed()).filter(({ current }) => current).map(({ id }) => id), [ada.claims.sid]);

    refused(await eve.ask('DELETE', `/api/users/sessions/${phone.claims.sid}`), 404, 'not_found');
    assert.equal((await phone.ask('GET', '/api/users/profile')).status, 200);
    assert.equal((await ada.ask('DELETE', `/api/users/sessions/${phone.claims.sid}`)).status, 204);
    refused(await phone.ask('GET', '/api/users/profile'), 401, 'unauthorized');
    refused(await phone.refresh(), 401, 'unauthorized');

    assert.equal((await ada.ask('DELETE', '/api/users/sessions')).status, 204);
    for (const device of [tablet, tv]) refused(await device.refresh(), 401, 'unauthorized');
    assert.deepEqual((await listed()).map(({ id }) => id), [ada.claims.sid]);
    assert.equal((await eve.ask('GET', '/api/users/profile')).status, 200);
  });

  test('a new password signs the others out', async () => {
    const ada = await Device.signUp('Ada');
    const other = await ada.another();
    refused(await ada.ask('PUT', '/api/users/password', { current: 'wrong', password: 'a new password' }), 401, 'invalid_credentials');
    refused(await ada.ask('PUT', '/api/users/password', { password: 'a new password' }), 401, 'invalid_credentials');
    assert.equal((await ada.ask('PUT', '/api/users/password', { current: PASSWORD, password: 'a new password' })).status, 204);
    refused(await other.refresh(), 401, 'unauthorized');
    assert.equal((await ada.refresh()).status, 200);
    assert.equal((await login(ada.email, 'a new password')).status, 200);
  });
});

test('a profile changes only where it says so', async () => {
  const ada = await Device.signUp('Ada');
  const picture = 'data:image/png;base64,iVBORw0KGgo=';
  const changed = await ada.ask('PUT', '/api/users/profile', { name: ' Ada L. ', color: '#A0B1C2', picture, locale: 'de' });
  assert.deepEqual([changed.status, changed.json.name, changed.json.color, changed.json.picture, changed.json.locale], [200, 'Ada L.', '#a0b1c2', picture, 'de']);
  assert.deepEqual((await ada.ask('PUT', '/api/users/profile', {})).json, changed.json);
  const { picture: _, ...rest } = changed.json;
  assert.deepEqual((await ada.ask('PUT', '/api/users/profile', { picture: null })).json, rest);
  assert.deepEqual((await ada.ask('GET', '/api/users/profile')).json, rest);
});
