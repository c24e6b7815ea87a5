// A program on the network: what it asks of the API, and a room's socket that keeps what it hears.
//
// It calls MERIDIAN_URL where that is set (with MERIDIAN_EDGE_ENV naming the file of its keys), else a
// system of its own.

import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import WebSocket from 'ws';

import { System, devFolder, until } from './system.mjs';

export let system;
export let url;
export let keys;

/** Finds the system to call, or starts one. */
export async function start() {
  if (process.env.MERIDIAN_URL) {
    url = process.env.MERIDIAN_URL.replace(/\/$/, '');
  } else {
    system = await System.start({ split: true, engines: 1 });
    url = system.url;
  }
  const file = process.env.MERIDIAN_EDGE_ENV ?? path.join(devFolder, system?.state ?? 'state', 'edge.env');
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  keys = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).replace(/^'(.*)'$/, '$1')]));
}

/** Ends the system that was started. */
export async function stop() {
  await system?.stop();
}

// --- What a caller does -----------------------------------------------------------------------

/** One request; `body` is sent as JSON unless it is a string or bytes already. */
export async function call(method, target, { body, headers = {} } = {}) {
  const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`${url}${target}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: raw ? body : JSON.stringify(body),
    redirect: 'manual',
  });
  const text = await response.text();
  const isJson = text && !response.headers.get('content-type')?.startsWith('text/');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
}

export const post = (target, body, headers) => call('POST', target, { body, headers });

/** Fails unless the answer is this problem, in the form of RFC 9457. */
export function refused(answer, status, code, fields = []) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal(answer.json.type, 'about:blank');
  assert.equal(answer.json.status, status);
  assert.equal(answer.json.code, code);
  assert.ok(answer.json.title.length > 0);
  assert.deepEqual(Object.keys(answer.json.errors ?? {}).sort(), [...fields].sort());
}

export async function makeRoom(title = 'Stand-up') {
  const answer = await post('/api/rooms/create', { title });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

export async function takeSeat(code, more = {}) {
  const answer = await post('/api/rooms/join', { code, ...more });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/** A room's socket that keeps what it hears. */
export class Socket {
  constructor(target, protocols, options) {
    this.heard = [];
    this.waiting = [];
    this.websocket = new WebSocket(target, protocols, options);
    this.websocket.on('message', (data) => this.#hear(String(data)));
    this.closed = new Promise((resolve) => {
      this.websocket.on('close', (code, reason) => {
        this.waiting.splice(0).forEach((wake) => wake());
        resolve({ code, reason: String(reason) });
      });
    });
    this.opened = new Promise((resolve, reject) => {
      this.websocket.on('open', () => resolve(this));
      this.websocket.on('error', reject);
    });
  }

  static open(seat, options) {
    return new Socket(seat.signal_url, ['meridian.v1', `meridian.seat.${seat.seat}`], options).opened;
  }

  /** The problem with which the edge answers instead of opening a socket. */
  static refusal(target, protocols, options) {
    return new Promise((resolve, reject) => {
      const websocket = new WebSocket(target, protocols, options);
      websocket.on('open', () => {
        websocket.terminate();
        reject(new Error('the socket opened'));
      });
      websocket.on('error', () => {});
      websocket.on('unexpected-response', async (_, response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        resolve({ status: response.statusCode, headers, text, json: JSON.parse(text) });
      });
    });
  }

  #hear(text) {
    this.heard.push(text === 'pong' ? { type: 'pong' } : JSON.parse(text));
    this.waiting.splice(0).forEach((wake) => wake());
  }

  say(message) {
    this.websocket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message));
  }

  /** Takes the next message that fits, with everything before it. */
  async next(type, fits = () => true) {
    for (;;) {
      const place = this.heard.findIndex((message) => message.type === type && fits(message));
      if (place >= 0) return this.heard.splice(0, place + 1).at(-1);
      if (this.websocket.readyState >= WebSocket.CLOSING) throw new Error(`closed without "${type}": ${JSON.stringify(this.heard)}`);
      await new Promise((resolve) => this.waiting.push(resolve));
    }
  }

  /** Walks in, with an offer that no region would take: nothing here is about media. */
  async join(name) {
    this.say({ type: 'join', name, microphone: true, camera: false, offer: { sdp: 'v=0\r\n', tracks: [] } });
    return this.next('welcome');
  }

  close() {
    this.websocket.close(1000);
    return this.closed;
  }

  /** How the edge closes it, without waiting for the connection below to end. */
  async ended() {
    await until('the edge closes the socket', () => this.websocket.readyState >= WebSocket.CLOSING);
    this.websocket.terminate();
    return this.closed;
  }
}

/** Somebody in a room. */
export async function arrive(code, name, more) {
  const seat = await takeSeat(code, more);
  const socket = await Socket.open(seat);
  await socket.next('seated');
  const welcome = await socket.join(name);
  return { seat, socket, id: welcome.you, welcome };
}

export const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function seatToken(claims, { algorithm = 'HS256', key = Buffer.from(keys.SEAT_KEY, 'base64') } = {}) {
  const head = `${encoded({ alg: algorithm, typ: 'JWT' })}.${encoded(claims)}`;
  const hash = { HS256: 'sha256', HS512: 'sha512' }[algorithm];
  return `${head}.${hash ? createHmac(hash, key).update(head).digest('base64url') : ''}`;
}

export function credential(claims, privateKey) {
  const key = privateKey ?? createPrivateKey({ key: Buffer.from(keys.TICKET_KEY, 'base64'), format: 'der', type: 'pkcs8' });
  const head = `${encoded({ alg: 'EdDSA', typ: 'JWT' })}.${encoded(claims)}`;
  return `Bearer ${head}.${sign(null, Buffer.from(head), key).toString('base64url')}`;
}

export const seconds = () => Math.floor(Date.now() / 1000);
