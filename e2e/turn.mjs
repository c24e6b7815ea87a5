// A relay for media: coturn.

import { execFileSync, spawn } from 'node:child_process';
import { X509Certificate, createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Apart from everything else here, so that networks can let it through and nothing else. */
export const RELAY = '127.0.0.3';
const SECRET = 'what coturn and the edge share';

/**
 * Starts it at an address, with a port for UDP and TCP and the next one for TLS. `set` are the variables of a Worker
 * that gives out credentials for it; `trusted` is what makes a browser take its certificate.
 */
export async function turn(port, address = RELAY) {
  const tlsPort = port + 1;
  const folder = await mkdtemp(path.join(tmpdir(), 'turn-'));
  const [certificate, key] = ['certificate', 'key'].map((name) => path.join(folder, name));
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=turn', '-addext', `subjectAltName=IP:${address}`, '-keyout', key, '-out', certificate,
  ], { stdio: 'pipe' });
  const { publicKey } = new X509Certificate(await readFile(certificate));
  const digest = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  const flags = [
    ['listening-ip', address], ['relay-ip', address], ['listening-port', port], ['realm', 'meridian'],
    ['tls-listening-port', tlsPort], ['cert', certificate], ['pkey', key],
    ['static-auth-secret', SECRET], ['log-file', 'stdout'], ['pidfile', path.join(folder, 'pid')], ['userdb', path.join(folder, 'users')],
  ].map(([name, value]) => `--${name}=${value}`);
  const switches = ['use-auth-secret', 'allow-loopback-peers', 'no-cli', 'no-dtls'].map((name) => `--${name}`);
  const child = spawn(process.env.TURNSERVER ?? 'turnserver', ['-n', '-v', ...flags, ...switches], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const server = {
    output: '',
    trusted: `--ignore-certificate-errors-spki-list=${digest}`,
    set: {
      TURN_URLS: [
        ...['udp', 'tcp'].map((transport) => `turn:${address}:${port}?transport=${transport}`),
        `turns:${address}:${tlsPort}?transport=tcp`,
      ].join(' '),
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
