// People with accounts as programs: what they ask of the API, the cookie and token they hold, and the
// mails they read.

import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';

import { call, encoded, keys, seconds } from './caller.mjs';
import { until } from './system.mjs';

export const PASSWORD = 'correct horse battery staple';

/**
 * Headers of a network address that nobody else has, so that tests do not share its rate limits: the
 * local Worker runtime believes the header that Cloudflare sets.
 */
export function elsewhere() {
  const [a, b, c] = randomBytes(3);
  return { 'cf-connecting-ip': `10.${a}.${b}.${c}` };
}

export const freshAddress = (domain = 'team.example') => `p-${randomUUID().slice(0, 13)}@${domain}`;

/** The mails to an address, newest first, once at least `count` of them fit. */
export async function mails(address, fits = () => true, count = 1) {
  return until(`${count} mails to ${address}`, async () => {
    const found = (await outbox(address)).filter(fits);
    return found.length >= count && found;
  });
}

/** The mails to an address up to now, newest first. */
export async function outbox(address) {
  const answer = await call('GET', `/dev/outbox?to=${encodeURIComponent(address)}`, { headers: { accept: 'application/json' } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/** The token in a mail's link to `page`. */
export function tokenIn(mail, page) {
  const link = mail.links.find((one) => one.includes(`/${page}#token=`));
  assert.ok(link, `no link to /${page} in ${JSON.stringify(mail.links)}`);
  return link.slice(link.indexOf('#token=') + '#token='.length);
}

export const hasLink = (page) => (mail) => mail.links.some((link) => link.includes(`/${page}#token=`));

/** `name=value` and the attributes of the refresh cookie that an answer sets. */
export function cookieOf(answer) {
  const [cookie, ...others] = answer.headers.getSetCookie();
  assert.ok(cookie?.startsWith('meridian_refresh='), `no refresh cookie: ${cookie}`);
  assert.deepEqual(others, []);
  const [pair, ...attributes] = cookie.split(';').map((part) => part.trim());
  return { pair, value: pair.slice('meridian_refresh='.length), attributes };
}

/** One device of one person: keeps access token and cookie as a browser would. */
export class Device {
  constructor({ name, email, password = PASSWORD }) {
    Object.assign(this, { name, email, password, place: elsewhere() });
  }

  /** A new person whose address is proven, signed in. */
  static async signUp(name, { domain, email = freshAddress(domain) } = {}) {
    const device = new Device({ name, email });
    const answer = await device.ask('POST', '/api/auth/register', { name, email, password: PASSWORD });
    assert.equal(answer.status, 201, answer.text);
    const [mail] = await mails(email, hasLink('verify'));
    const verified = await device.ask('POST', '/api/auth/verify', { token: tokenIn(mail, 'verify') });
    assert.equal(verified.status, 200, verified.text);
    return device.signIn();
  }

  /** One request with what the device holds. */
  ask(method, target, body, headers = {}) {
    const token = this.token ? { authorization: `Bearer ${this.token}` } : {};
    return call(method, target, { body, headers: { ...this.place, ...token, ...headers } });
  }

  async signIn() {
    const answer = await call('POST', '/api/auth/login', { body: { email: this.email, password: this.password }, headers: this.place });
    assert.equal(answer.status, 200, answer.text);
    this.#keep(answer);
    return this;
  }

  /** The answer to asking for the next access token; a good one is kept. */
  async refresh() {
    const answer = await call('POST', '/api/auth/refresh', { headers: { ...this.place, cookie: this.cookie } });
    if (answer.status === 200) this.#keep(answer);
    return answer;
  }

  /** Another device of the same person. */
  another() {
    return new Device(this).signIn();
  }

  #keep(answer) {
    this.token = answer.json.access_token;
    this.user = answer.json.user;
    this.cookie = cookieOf(answer).pair;
  }

  /** What the access token says. */
  get claims() {
    return JSON.parse(Buffer.from(this.token.split('.')[1], 'base64url'));
  }

  async meet(wanted) {
    const answer = await this.ask('POST', '/api/rooms/create', wanted);
    assert.equal(answer.status, 201, answer.text);
    return answer.json.room;
  }
}

/** An access token with these claims, signed like the edge does unless told otherwise. */
export function accessToken(claims, { algorithm = 'HS256', key = Buffer.from(keys.ACCESS_KEY, 'base64') } = {}) {
  const head = `${encoded({ alg: algorithm, typ: 'JWT' })}.${encoded(claims)}`;
  const hash = { HS256: 'sha256', HS512: 'sha512' }[algorithm];
  return `${head}.${hash ? createHmac(hash, key).update(head).digest('base64url') : ''}`;
}

/** Access tokens that must not be believed, by what is wrong with them, made from a good one's claims. */
export function forgeries(claims) {
  const now = seconds();
  return {
    'no token': 'nonsense',
    unsigned: accessToken(claims, { algorithm: 'none' }),
    'another key': accessToken(claims, { key: randomBytes(32) }),
    'the key of seats': accessToken(claims, { key: Buffer.from(keys.SEAT_KEY, 'base64') }),
    'another algorithm': accessToken(claims, { algorithm: 'HS512' }),
    'another audience': accessToken({ ...claims, aud: 'room' }),
    'no audience': accessToken({ ...claims, aud: undefined }),
    'another issuer': accessToken({ ...claims, iss: 'somebody' }),
    expired: accessToken({ ...claims, iat: now - 700, exp: now - 100 }),
    'from the future': accessToken({ ...claims, iat: now + 3_600, exp: now + 4_200 }),
    'without an end': accessToken({ ...claims, exp: undefined }),
  };
}
