#!/usr/bin/env node
// Firefox as Playwright finds it: starts FIREFOX with the arguments given and passes WebDriver BiDi on.
//
// Playwright sends commands that the extended-support release does not have yet, and gives up at the
// first that is refused. A command about emulation that Firefox does not know sets nothing that these
// tests ask for, so it counts as carried out; every other refusal is passed on.
//
// FIREFOX_NETWORK is the id of a process: Firefox then runs in the network of that.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Duplex } from 'node:stream';

import { WebSocket, WebSocketServer } from 'ws';

const LISTENING = /WebDriver BiDi listening on (ws:\/\/\S+)/;

/** Carries standard input and output to a port of loopback. */
const CABLE = "const far = require('net').connect(process.argv[1], '127.0.0.1'); process.stdin.pipe(far); far.pipe(process.stdout);";

const { FIREFOX, FIREFOX_NETWORK } = process.env;
const inside = (...command) => (FIREFOX_NETWORK ? ['nsenter', '--net', `--target=${FIREFOX_NETWORK}`, ...command] : command);

const [program, ...parameters] = inside(FIREFOX, ...process.argv.slice(2));
const firefox = spawn(program, parameters, { stdio: ['ignore', 'inherit', 'pipe'] });
firefox.on('exit', (code) => process.exit(code ?? 1));
firefox.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => firefox.kill(signal));

for await (const line of createInterface({ input: firefox.stderr })) {
  const [, endpoint] = LISTENING.exec(line) ?? [];
  if (endpoint) listen(endpoint);
  else console.error(line);
}

function listen(endpoint) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (driver) => relay(driver, open(`${endpoint}/session`)));
  server.on('listening', () => console.error(`WebDriver BiDi listening on ws://127.0.0.1:${server.address().port}`));
}

function open(url) {
  if (!FIREFOX_NETWORK) return new WebSocket(url);
  const [command, ...rest] = inside(process.execPath, '-e', CABLE, new URL(url).port);
  const { stdin, stdout } = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  return new WebSocket(url, { createConnection: () => Duplex.from({ readable: stdout, writable: stdin }) });
}

function relay(driver, browser) {
  const early = [];
  const emulations = new Set();
  driver.on('message', (data) => {
    const text = String(data);
    const { id, method } = JSON.parse(text);
    if (method?.startsWith('emulation.')) emulations.add(id);
    if (browser.readyState === WebSocket.OPEN) browser.send(text);
    else early.push(text);
  });
  browser.on('open', () => early.splice(0).forEach((text) => browser.send(text)));
  browser.on('message', (data) => {
    const text = String(data);
    const message = JSON.parse(text);
    const unknown = message.type === 'error' && message.error === 'unknown command' && emulations.has(message.id);
    emulations.delete(message.id);
    driver.send(unknown ? JSON.stringify({ type: 'success', id: message.id, result: {} }) : text);
  });
  driver.on('close', () => browser.close());
  browser.on('close', () => driver.close());
  browser.on('error', () => driver.close());
}
