// Sign-in with another service's account: Google's part is played by a real OpenID provider
// (`oidc-provider`), GitHub's by a server in this file that holds what its documents say.

import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';

import Provider from 'oidc-provider';

import { System, until } from './system.mjs';

const PASSWORD = 'correct horse battery staple';
const CLIENT = { id: 'meridian', secret: 'a secret with = & + in it' };

let system;
let google;
let github;

/** People at the providers, by their id there. */
const people = new Map();

function somebody(changes = {}) {
  const subject = String(1_000_000 + people.size);
  const email = `o-${randomUUID().slice(0, 13)}@team.example`;
  const person = { subject, email, name: 'Ada Lovelace', verified: true, ...changes };
  people.set(subject, person);
  return person;
}

async function listen(handler) {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const originOf = (server) => `http://127.0.0.1:${server.address().port}`;

/** One browser: its cookies, and one step at a time through redirects. */
class Browser {
  cookies = new Map();
  place = { 'cf-connecting-ip': `10.${[...randomBytes(3)].join('.')}` };

  async ask(method, address, { body, headers = {} } = {}) {
    const url = new URL(address, system.url);
    const held = [...this.cookies.values()].filter((cookie) => cookie.origin === url.origin && url.pathname.startsWith(cookie.path));
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...this.place,
        ...(held.length > 0 && { cookie: held.map(({ name, value }) => `${name}=${value}`).join('; ') }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    for (const set of response.headers.getSetCookie()) this.keep(set, url);
    const text = await response.text();
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null,
      location: location && new URL(location, url),
    };
  }

  keep(set, url) {
    const [pair, ...attributes] = set.split(';').map((part) => part.trim());
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const has = (key) => attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
    const over = has('max-age') === '0' || (has('expires') && Date.parse(has('expires')) < Date.now());
    const key = `${url.origin} ${has('path')} ${name}`;
    if (over) this.cookies.delete(key);
    else this.cookies.set(key, { name, value, origin: url.origin, path: has('path') ?? '/', attributes });
  }

  cookie(name) {
    return [...this.cookies.values()].find((cookie) => cookie.name === name);
  }

  /** From our redirect through the provider's pages to the address that leads back to us. */
  async throughProvider(address, person) {
    let next = address;
    for (let step = 0; step < 10 && next.origin !== new URL(system.url).origin; step += 1) {
      if (next.pathname.startsWith('/interaction/') || next.pathname === '/login/oauth/authorize') {
        next.searchParams.set('person', person?.subject ?? 'nobody');
      }
      const answer = await this.ask('GET', next);
      assert.ok(answer.location, `${next}: ${answer.status} ${answer.text}`);
      next = answer.location;
    }
    return next;
  }

  /** Up to the address that leads back to us, which the browser has not opened yet. */
  async begin(provider, person, query = '') {
    const answer = await this.ask('GET', `/api/auth/oauth/${provider}${query}`);
    assert.equal(answer.status, 303, answer.text);
    return this.throughProvider(answer.location, person);
  }

  /** The whole way. `person` is who they are at the provider; without one they say no. */
  async signIn(provider, person, query) {
    return this.ask('GET', await this.begin(provider, person, query));
  }

  /** Who the refresh cookie says is signed in. */
  async user() {
    const answer = await this.ask('POST', '/api/auth/refresh');
    assert.equal(answer.status, 200, answer.text);
    this.token = answer.json.access_token;
    return answer.json.user;
  }

  bearer() {
    return { authorization: `Bearer ${this.token}` };
  }
}

/** An account with a password. */
async function signUp(email) {
  const browser = new Browser();
  await browser.ask('POST', '/api/auth/register', { body: { name: 'Ada', email, password: PASSWORD } });
  const link = await until('the verification mail', async () => {
    const mails = await browser.ask('GET', `/dev/outbox?to=${encodeURIComponent(email)}`, { headers: { accept: 'application/json' } });
    return mails.json.flatMap((mail) => mail.links).find((one) => one.includes('/verify#'));
  });
  const token = new URL(link).hash.slice('#token='.length);
  assert.equal((await browser.ask('POST', '/api/auth/verify', { body: { token } })).status, 200);
  await login(browser, email);
  return browser;
}

async function login(browser, email) {
  const answer = await browser.ask('POST', '/api/auth/login', { body: { email, password: PASSWORD } });
  assert.equal(answer.status, 200, answer.text);
  browser.token = answer.json.access_token;
  return answer.json.user;
}

const failed = (answer, code) => {
  assert.equal(answer.status, 303, answer.text);
  assert.equal(`${answer.location.pathname}${answer.location.hash}`, `/signin#error=${code}`);
  assert.ok(!answer.headers.getSetCookie().some((cookie) => cookie.startsWith('meridian_refresh=')));
};

const arrived = (answer, at = '/signin#done') => {
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.location.href, new URL(at, system.url).href);
};

const linkToken = (answer) => {
  assert.match(answer.location.hash, /^#link=[A-Za-z0-9_.-]{1,512}$/);
  assert.equal(answer.location.pathname, '/signin');
  return answer.location.hash.slice('#link='.length);
};

// --- The providers ------------------------------------------------------------------------------

/** The OpenID provider, once the address that it leads back to is known. */
function openIdProvider(issuer, redirectUri) {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    // As Google does: what the scopes name is in the id token.
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, subject) => {
      const { email, name, verified } = people.get(subject);
      return { accountId: subject, claims: () => ({ sub: subject, email, name, email_verified: verified }) };
    },
    async loadExistingGrant(context) {
      const { client, session } = context.oidc;
      const grant = new context.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  return async (request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith('/interaction/')) return provider.callback()(request, response);
    const accountId = url.searchParams.get('person');
    const result = people.has(accountId) ? { login: { accountId } } : { error: 'access_denied', error_description: 'The person said no' };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
}

/** GitHub's three endpoints and its page, as its documents describe them. */
class GitHub {
  codes = new Map();
  tokens = new Map();
  /** Answers everything with this status while it is set. */
  broken = null;

  handle = async (request, response) => {
    const url = new URL(request.url, 'http://github');
    const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const answer = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (this.broken && url.pathname !== '/login/oauth/authorize') return answer(this.broken, { message: 'Server Error' });
    if (url.pathname.startsWith('/user') && !request.headers['user-agent']) return answer(403, { message: 'Request forbidden' });
    const person = this.tokens.get(request.headers.authorization?.replace(/^Bearer /, ''));
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /login/oauth/authorize':
        return this.authorize(url.searchParams, response);
      case 'POST /login/oauth/access_token':
        return answer(200, this.redeem(body));
      case 'GET /user':
        return person ? answer(200, { id: Number(person.subject), login: 'ada', name: person.name }) : answer(401, { message: 'Bad credentials' });
      case 'GET /user/emails':
        if (!person) return answer(401, { message: 'Bad credentials' });
        return answer(200, [
          { email: 'other@elsewhere.example', primary: false, verified: true, visibility: null },
          { email: person.email, primary: true, verified: person.verified, visibility: 'private' },
        ]);
      default:
        return answer(404, { message: 'Not Found' });
    }
  };

  authorize(asked, response) {
    const back = new URL(asked.get('redirect_uri'));
    assert.equal(asked.get('client_id'), CLIENT.id);
    assert.equal(asked.get('code_challenge_method'), 'S256');
    back.searchParams.set('state', asked.get('state'));
    if (people.has(asked.get('person'))) {
      const code = randomBytes(10).toString('hex');
      this.codes.set(code, { person: people.get(asked.get('person')), challenge: asked.get('code_challenge'), redirect: asked.get('redirect_uri') });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'access_denied');
    }
    response.writeHead(302, { location: back.href }).end();
  }

  redeem(body) {
    const code = this.codes.get(body.get('code'));
    this.codes.delete(body.get('code'));
    const challenge = createHash('sha256').update(body.get('code_verifier') ?? '').digest('base64url');
    if (body.get('client_id') !== CLIENT.id || body.get('client_secret') !== CLIENT.secret) return { error: 'incorrect_client_credentials' };
    if (body.get('redirect_uri') !== code?.redirect || challenge !== code.challenge) return { error: 'bad_verification_code' };
    const token = `gho_${randomBytes(16).toString('hex')}`;
    this.tokens.set(token, code.person);
    return { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' };
  }
}

before(async () => {
  let handleGoogle;
  google = await listen((request, response) => handleGoogle(request, response));
  const hub = new GitHub();
  github = await listen(hub.handle);
  github.hub = hub;
  system = await System.start({
    split: true,
    engines: 1,
    set: {
      GOOGLE_CLIENT_ID: CLIENT.id,
      GOOGLE_CLIENT_SECRET: CLIENT.secret,
      GOOGLE_ISSUER: originOf(google),
      GITHUB_CLIENT_ID: CLIENT.id,
      GITHUB_CLIENT_SECRET: CLIENT.secret,
      GITHUB_ORIGIN: originOf(github),
      GITHUB_API: originOf(github),
    },
  });
  handleGoogle = openIdProvider(originOf(google), `${system.url}/api/auth/oauth/google/callback`);
});

after(async () => {
  await system?.stop();
  for (const server of [google, github]) {
    server?.closeAllConnections();
    server?.close();
  }
});

test('what is configured is offered, and nothing else', async () => {
  const browser = new Browser();
  const offered = await browser.ask('GET', '/api/auth/oauth');
  assert.deepEqual(offered.json, { providers: ['google', 'github'] });
  for (const path of ['/api/auth/oauth/gitlab', '/api/auth/oauth/gitlab/callback?state=x&code=y']) {
    const answer = await browser.ask('GET', path);
    assert.deepEqual([answer.status, answer.json.code], [404, 'not_found'], path);
  }
});

for (const provider of ['google', 'github']) {
  describe(provider, () => {
    test('somebody new has an account, and the same one the next time', async () => {
      const person = somebody();
      const browser = new Browser();
      const back = await browser.begin(provider, person);
      const bound = browser.cookie('meridian_oauth');
      assert.deepEqual(bound.attributes, ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/api/auth/oauth', 'Max-Age=600']);
      arrived(await browser.ask('GET', back));
      assert.equal(browser.cookie('meridian_oauth'), undefined);
      const { attributes } = browser.cookie('meridian_refresh');
      assert.deepEqual(attributes, ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/api/auth', 'Max-Age=2592000']);

      const user = await browser.user();
      assert.deepEqual([user.email, user.name, user.has_password, user.providers], [person.email, person.name, false, [provider]]);
      const other = new Browser();
      arrived(await other.signIn(provider, person));
      assert.equal((await other.user()).id, user.id);
      const sessions = await other.ask('GET', '/api/users/sessions', { headers: other.bearer() });
      assert.equal(sessions.json.sessions.length, 2);
    });

    test('the way back leads to a page of ours and nowhere else', async () => {
      const person = somebody();
      arrived(await new Browser().signIn(provider, person, '?return_to=%2Fm%2Fabc-defg-hjk%3Fx%3D1'), '/m/abc-defg-hjk?x=1');
      for (const evil of ['https://evil.example/', '//evil.example/', '/\\evil.example', '/%09/evil.example', 'javascript:alert(1)', '%ff']) {
        arrived(await new Browser().signIn(provider, person, `?return_to=${evil.includes('%') ? evil : encodeURIComponent(evil)}`));
      }
    });

    test('what another browser began is refused, and so is what none began', async () => {
      const [mine, theirs] = [new Browser(), new Browser()];
      const back = await mine.begin(provider, somebody());
      await theirs.begin(provider, somebody());
      failed(await theirs.ask('GET', back), 'state');
      failed(await new Browser().ask('GET', back), 'state');
      // Where it was begun it still counts, though not with another state.
      const changed = new URL(back);
      changed.searchParams.set('state', 'x'.repeat(43));
      const cookie = mine.cookie('meridian_oauth');
      failed(await mine.ask('GET', changed), 'state');
      mine.cookies.set('again', cookie);
      arrived(await mine.ask('GET', back));
    });

    test('a code counts once', async () => {
      const browser = new Browser();
      const back = await browser.begin(provider, somebody());
      const cookie = browser.cookie('meridian_oauth');
      arrived(await browser.ask('GET', back));
      failed(await browser.ask('GET', back), 'state');
      // Even for whoever kept the cookie: the provider refuses it.
      browser.cookies.set('again', cookie);
      failed(await browser.ask('GET', back), 'unavailable');
    });

    test('an answer for one provider does not count for the other', async () => {
      const browser = new Browser();
      const back = await browser.begin(provider, somebody());
      back.pathname = `/api/auth/oauth/${provider === 'google' ? 'github' : 'google'}/callback`;
      failed(await browser.ask('GET', back), 'state');
    });

    test('an address that the provider does not vouch for signs nobody in', async () => {
      failed(await new Browser().signIn(provider, somebody({ verified: false })), 'unverified');
    });

    test('who says no is back at the sign-in page', async () => {
      failed(await new Browser().signIn(provider, null), 'cancelled');
    });

    test('a stolen code is worth nothing without its verifier', async () => {
      const [one, other] = [new Browser(), new Browser()];
      const back = await one.begin(provider, somebody());
      const theirs = await other.begin(provider, somebody());
      // Their code behind our state: the provider refuses our verifier.
      back.searchParams.set('code', theirs.searchParams.get('code'));
      failed(await one.ask('GET', back), 'unavailable');
    });

    test('an account with a password is connected only after proof', async () => {
      const person = somebody();
      const owner = await signUp(person.email);
      const browser = new Browser();
      const answer = await browser.signIn(provider, person);
      const token = linkToken(answer);
      assert.equal(browser.cookie('meridian_refresh'), undefined);
      assert.ok(!Buffer.from(token.split('.')[1], 'base64url').toString().includes(person.email));

      // Not without signing in, not by somebody else, not changed.
      const link = (by, sent) => by.ask('POST', '/api/auth/oauth/link', { body: { token: sent }, headers: by.token ? by.bearer() : {} });
      assert.equal((await link(browser, token)).status, 401);
      const stranger = await signUp(somebody().email);
      for (const [by, sent] of [[stranger, token], [owner, `${token}x`], [owner, owner.token], [owner, 'x']]) {
        const refused = await link(by, sent);
        assert.deepEqual([refused.status, refused.json.code], [400, 'invalid_token']);
      }
      const profile = await owner.ask('GET', '/api/users/profile', { headers: owner.bearer() });
      assert.deepEqual(profile.json.providers, []);

      const user = await login(browser, person.email);
      const linked = await link(browser, token);
      assert.deepEqual([linked.status, linked.json.providers, linked.json.has_password], [200, [provider], true]);
      const next = new Browser();
      arrived(await next.signIn(provider, person));
      assert.equal((await next.user()).id, user.id);
      // Somebody else at the provider with the same address is not that person.
      linkToken(await new Browser().signIn(provider, somebody({ email: person.email })));
    });
  });
}

test('a provider with a fault leads back to the sign-in page', async () => {
  const browser = new Browser();
  const back = await browser.begin('github', somebody());
  github.hub.broken = 503;
  try {
    failed(await browser.ask('GET', back), 'unavailable');
  } finally {
    github.hub.broken = null;
  }
});

test('a link token opens nothing else', async () => {
  const person = somebody();
  await signUp(person.email);
  const browser = new Browser();
  browser.token = linkToken(await browser.signIn('google', person));
  const answer = await browser.ask('GET', '/api/users/profile', { headers: browser.bearer() });
  assert.equal(answer.status, 401);
});
