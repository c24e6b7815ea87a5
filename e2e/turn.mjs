// A relay for media: coturn, on loopback.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Apart from everything else here, so that networks can let it through and nothing else. */
export const RELAY = '127.0.0.3';
const SECRET = 'what coturn and the edge share';

/** Starts it at an address; `set` are the variables of a Worker that gives out credentials for it. */
export async function turn(port, address = RELAY) {
  const folder = await mkdtemp(path.join(tmpdir(), 'turn-'));
  const flags = [
    ['listening-ip', address], ['relay-ip', address], ['listening-port', port], ['realm', 'meridian'],
    ['static-auth-secret', SECRET], ['log-file', 'stdout'], ['pidfile', path.join(folder, 'pid')], ['userdb', path.join(folder, 'users')],
  ].map(([name, value]) => `--${name}=${value}`);
  const switches = ['use-auth-secret', 'allow-loopback-peers', 'no-cli', 'no-tls', 'no-dtls'].map((name) => `--${name}`);
  const child = spawn(process.env.TURNSERVER ?? 'turnserver', ['-n', '-v', ...flags, ...switches], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const server = {
    output: '',
    set: {
      TURN_URLS: ['udp', 'tcp'].map((transport) => `turn:${address}:${port}?transport=${transport}`).join(' '),
      TURN_SECRET: SECRET,
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      server.output += text;
    });
  }
  const ended = exited.then(([code]) => {
    throw new Error(`coturn ended with ${code}:\n${server.output.slice(-2000)}`);
  });
  const listens = (async () => {
    const opened = new RegExp(`listener opened on ?: ?${address.replaceAll('.', '\\.')}`, 'i');
    while (!opened.test(server.output)) await once(child.stdout, 'data');
  })();
  await Promise.race([listens, ended]);
  ended.catch(() => {});
  return server;
}
