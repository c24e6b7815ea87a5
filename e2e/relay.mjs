// A network in between, in user space: carries TCP connections and UDP datagrams to another port of
// this machine, later, and without a share of the datagrams. Loss is drawn from a seeded generator.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A generator of numbers in [0, 1) (mulberry32), so that a run can be repeated. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Carries connections from a free port to `target()`, each way `delay` ms later. */
export async function tcpRelay({ target, delay }) {
  const sockets = new Set();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target(), host: '127.0.0.1', noDelay: true });
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), delay));
      from.on('end', () => setTimeout(() => to.end(), delay));
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Carries datagrams from a free port to `target()` and back, each way `delay` ms later. */
export async function udpRelay({ target, delay, loss = 0, seed = 1 }) {
  const random = seeded(seed);
  const counts = { up: 0, down: 0, lost: 0 };
  const upstreams = new Map();
  const near = createSocket('udp4');
  const carry = (direction, send) => {
    counts[direction] += 1;
    if (random() < loss) counts.lost += 1;
    else setTimeout(send, delay);
  };
  near.on('message', (datagram, from) => {
    const key = `${from.address}:${from.port}`;
    let far = upstreams.get(key);
    if (!far) {
      far = createSocket('udp4');
      far.on('message', (answer) => carry('down', () => near.send(answer, from.port, from.address, () => {})));
      upstreams.set(key, far);
    }
    carry('up', () => far.send(datagram, target(), '127.0.0.1', () => {}));
  });
  near.bind(0, '127.0.0.1');
  await once(near, 'listening');
  return {
    port: near.address().port,
    counts,
    close() {
      near.close();
      for (const far of upstreams.values()) far.close();
    },
  };
}
