// A network in between, in user space: carries TCP connections and UDP datagrams to another port of
// this machine, later, and datagrams also no faster than a link would, without a share of them. Loss
// and jitter are drawn from a seeded generator.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** What IPv4 and UDP add to a datagram, in bytes. */
const HEADERS = 28;
const PERFECT = { rate: Infinity, queue: 300, loss: 0, delay: 0, jitter: 0 };

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

/** What one end of a connection sends, in order and each piece `delay` ms later. */
class Pipe {
  #settings;
  #random;
  #to;
  #pieces = [];
  #timer;
  #last = 0;

  constructor(settings, random, to) {
    [this.#settings, this.#random, this.#to] = [settings, random, to];
  }

  carry(piece) {
    const { delay, loss = 0 } = this.#settings;
    // TCP sends a lost piece again a round trip later, and everything behind it waits.
    const again = loss > 0 && this.#random() < loss ? 2 * delay : 0;
    this.#last = Math.max(this.#last, performance.now() + delay + again);
    this.#pieces.push({ at: this.#last, piece });
    this.#arrive();
  }

  #arrive() {
    clearTimeout(this.#timer);
    while (this.#pieces.length > 0 && this.#pieces[0].at <= performance.now()) {
      const { piece } = this.#pieces.shift();
      if (!this.#to.writable) continue;
      if (piece) this.#to.write(piece);
      else this.#to.end();
    }
    if (this.#pieces.length > 0) this.#timer = setTimeout(() => this.#arrive(), this.#pieces[0].at - performance.now());
  }
}

/**
 * Carries connections from a free port to `target()`, each way `delay` ms later; a share `loss` of the
 * pieces a round trip later than that. Both may be set anew in `settings`.
 */
export async function tcpRelay({ target, delay = 0, loss = 0, seed = 1 }) {
  const settings = { delay, loss };
  const random = seeded(seed);
  const sockets = new Set();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target(), host: '127.0.0.1', noDelay: true });
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      const pipe = new Pipe(settings, random, to);
      from.on('data', (piece) => pipe.carry(piece));
      from.on('end', () => pipe.carry(null));
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    settings,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * One direction of a link. What is not set is perfect: `rate` in bps with a queue that holds `queue`
 * ms of it and drops what comes on top, `loss` a share of the datagrams, `delay` in ms and up to
 * `jitter` ms more, in order. All of it may be set anew while datagrams are under way.
 */
class Direction {
  /** Datagrams that were lost by chance, and for want of room in the queue; bytes with headers. */
  counts = { carried: 0, lost: 0, dropped: 0, bytes: 0 };
  #settings = PERFECT;
  #random;
  /** Waiting for the link to be free, their bytes, and the bits that the link could have carried since `#since`. */
  #waiting = [];
  #bytes = 0;
  #credit = 0;
  #since = 0;
  #busy;
  /** On their way, in order. */
  #underWay = [];
  #arrival;

  constructor(settings, random) {
    this.#random = random;
    this.set(settings);
  }

  /** In place of what was set before. */
  set(settings) {
    this.#serve();
    this.#settings = { ...PERFECT, ...settings };
    this.#serve();
  }

  carry(datagram, send) {
    const { rate, queue, loss } = this.#settings;
    const size = datagram.length + HEADERS;
    if (loss > 0 && this.#random() < loss) {
      this.counts.lost += 1;
    } else if (((this.#bytes + size) * 8_000) / rate > queue) {
      this.counts.dropped += 1;
    } else {
      if (this.#waiting.length === 0) [this.#credit, this.#since] = [0, performance.now()];
      this.#waiting.push({ size, send });
      this.#bytes += size;
      this.#serve();
    }
  }

  close() {
    clearTimeout(this.#busy);
    clearTimeout(this.#arrival);
  }

  /** Lets go of what the link has carried by now. */
  #serve() {
    clearTimeout(this.#busy);
    const { rate, delay, jitter } = this.#settings;
    const now = performance.now();
    this.#credit += rate === Infinity ? Infinity : ((now - this.#since) * rate) / 1_000;
    this.#since = now;
    while (this.#waiting.length > 0 && this.#waiting[0].size * 8 <= this.#credit) {
      const { size, send } = this.#waiting.shift();
      this.#credit -= size * 8;
      this.#bytes -= size;
      this.counts.carried += 1;
      this.counts.bytes += size;
      this.#underWay.push({ at: now + delay + (jitter > 0 ? this.#random() * jitter : 0), send });
    }
    if (this.#waiting.length === 0) this.#credit = 0;
    else this.#busy = setTimeout(() => this.#serve(), ((this.#waiting[0].size * 8 - this.#credit) * 1_000) / rate);
    this.#arrive();
  }

  /** Hands over what has arrived; nothing passes what was sent before it. */
  #arrive() {
    clearTimeout(this.#arrival);
    const now = performance.now();
    while (this.#underWay.length > 0 && this.#underWay[0].at <= now) this.#underWay.shift().send();
    if (this.#underWay.length > 0) this.#arrival = setTimeout(() => this.#arrive(), this.#underWay[0].at - now);
  }
}

/**
 * Carries datagrams from a free port to `target()` at `host` and back. Every address that sends to it has a
 * link of its own, which begins with the settings `up` and `down`.
 */
export async function udpRelay({ target, host = '127.0.0.1', up = {}, down = {}, seed = 1 }) {
  const newcomers = { up, down };
  const links = new Map();
  let open = true;
  const near = createSocket('udp4');
  near.on('message', (datagram, from) => {
    let link = links.get(from.port);
    if (!link) {
      const random = seeded(seed + links.size);
      const far = createSocket('udp4');
      link = { far, up: new Direction(newcomers.up, random), down: new Direction(newcomers.down, random) };
      far.on('message', (answer) => link.down.carry(answer, () => open && near.send(answer, from.port, from.address, () => {})));
      links.set(from.port, link);
    }
    link.up.carry(datagram, () => open && link.far.send(datagram, target(), host, () => {}));
  });
  near.bind(0, '127.0.0.1');
  await once(near, 'listening');
  return {
    port: near.address().port,
    /** What links begin with from now on; may be changed. */
    newcomers,
    /** What became of the datagrams of each link, both ways. */
    counts() {
      return [...links.values()].flatMap((link) => [link.up.counts, link.down.counts]);
    },
    /** The link of whoever sends from this port, or is seen with it at the other end. */
    link(port) {
      return links.get(port) ?? [...links.values()].find(({ far }) => far.address().port === port);
    },
    close() {
      open = false;
      near.close();
      for (const link of links.values()) {
        link.far.close();
        link.up.close();
        link.down.close();
      }
    },
  };
}
