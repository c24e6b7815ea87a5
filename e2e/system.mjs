// Starts the real system (Worker under workerd, media region, web client) on free ports through
// `cargo xtask dev`, the command that people use, and ends it.

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** The program behind `cargo xtask`. */
export const xtask = process.env.XTASK ?? path.join(root, 'target/debug/xtask');
/** Where it keeps keys and the state of local systems. */
export const devFolder = process.env.MERIDIAN_DEV ?? path.join(root, 'target/dev');
const READY_MS = 180_000;

async function tcpIsFree(port) {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function udpIsFree(port) {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/** The first of `count` consecutive ports that are free for TCP and UDP on loopback. */
export async function freePorts(count) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const ports = Array.from({ length: count }, (_, place) => first + place);
    const free = await Promise.all(ports.flatMap((port) => [tcpIsFree(port), udpIsFree(port)]));
    if (free.every(Boolean)) return first;
  }
  throw new Error('no free ports');
}

/** One `cargo xtask dev` and what it prints. */
export class Part {
  constructor(flags) {
    this.output = '';
    this.process = spawn(xtask, ['dev', ...flags], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = once(this.process, 'exit').then(([code]) => code);
    // A test file that is ended leaves nothing behind.
    const end = () => this.process.kill();
    process.once('exit', end);
    this.process.once('exit', () => process.off('exit', end));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        this.output += text;
      });
    }
  }

  /** Resolves when the part said "Ready:". */
  async ready() {
    const deadline = AbortSignal.timeout(READY_MS);
    const said = (async () => {
      while (!/^Ready: /m.test(this.output)) await once(this.process.stdout, 'data', { signal: deadline });
    })();
    const ended = this.exited.then((code) => {
      throw new Error(`cargo xtask dev ended with ${code} before it was ready:\n${this.output}`);
    });
    await Promise.race([said, ended]).catch((error) => {
      throw new Error(`${error.message}\n${this.output.slice(-4000)}`);
    });
  }

  async stop(signal = 'SIGINT') {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    return this.exited;
  }
}

/** A running system. */
export class System {
  /**
   * @param {{ split?: boolean, advertise?: (udp: number) => string, advertiseTcp?: (tcp: number) => string, tcp?: boolean, engines?: number, regions?: number, set?: Record<string, string> }} options
   *   `split` runs edge and region as two commands, so that one can be restarted; `set` are variables
   *   of the Worker. Where UDP goes by another address than the region's own, no TCP goes past it unless
   *   `tcp` says so.
   */
  static async start({ split = false, advertise, advertiseTcp, tcp = !advertise || Boolean(advertiseTcp), engines = 2, regions = 1, set = {} } = {}) {
    const system = new System();
    // Each further region takes the same ports, one hundred higher.
    const first = await freePorts(100 * (regions - 1) + 4 + engines);
    system.ports = { web: first, control: first + 1, tcp: first + 2, udp: first + 4 };
    system.url = `http://localhost:${system.ports.web}`;
    system.state = `test-${first}`;
    system.flags = ['--port', first, '--control-port', first + 1, '--udp-port', first + 4, '--tcp-port', tcp ? first + 2 : 0, '--engines', engines, '--regions', regions, '--state', system.state].map(String);
    for (const [name, value] of Object.entries(set)) system.flags.push('--set', `${name}=${value}`);
    if (advertise) system.flags.push('--advertise', advertise(system.ports.udp));
    if (advertiseTcp) system.flags.push('--advertise-tcp', advertiseTcp(system.ports.tcp));
    try {
      if (split) {
        system.edge = new Part([...system.flags, '--only', 'edge']);
        await system.edge.ready();
        system.region = new Part([...system.flags, '--only', 'region']);
        await system.region.ready();
        await system.healthy();
      } else {
        system.all = new Part(system.flags);
        await system.all.ready();
      }
    } catch (error) {
      await system.stop();
      throw error;
    }
    return system;
  }

  /** Resolves when the edge reaches the region. */
  async healthy() {
    await until('the edge reaches the region', async () => {
      const answer = await fetch(`${this.url}/api/health`).catch(() => null);
      return answer?.status === 200;
    }, 60_000);
  }

  /** Ends the Worker without warning. */
  async killEdge() {
    await this.edge.stop('SIGTERM');
  }

  async startEdge() {
    this.edge = new Part([...this.flags, '--only', 'edge']);
    await this.edge.ready();
  }

  /** Ends the media region without warning. */
  async killRegion() {
    await this.region.stop('SIGTERM');
  }

  async startRegion() {
    this.region = new Part([...this.flags, '--only', 'region']);
    await this.region.ready();
  }

  /** A counter of the first region as each of its engines and labels has it. */
  async metrics(name) {
    // Of an engine that is busy nothing may be told.
    const samples = await until(`the region tells ${name}`, async () => {
      const text = await (await fetch(`http://127.0.0.1:${this.ports.control}/metrics`)).text();
      const found = text.split('\n').filter((line) => line.startsWith(`meridian_${name}{`));
      return found.length > 0 && found;
    });
    return samples.map((line) => Number(line.split(' ').at(-1)));
  }

  /** The same, summed. */
  async metric(name) {
    return (await this.metrics(name)).reduce((sum, count) => sum + count, 0);
  }

  get output() {
    return [this.all, this.edge, this.region].map((part) => part?.output ?? '').join('\n');
  }

  async stop() {
    await Promise.all([this.all, this.edge, this.region].map((part) => part?.stop()));
    await System.forget(this.state);
  }

  /** Drops what a system stored. */
  static async forget(state) {
    await rm(path.join(devFolder, state), { recursive: true, force: true });
  }
}

/** A machine that does something else beside gets so many times as long. */
const PATIENCE = 3;

/**
 * Asks again until the answer is truthy, and returns it. The pause only bounds how often it asks.
 */
export async function until(what, ask, most = 15_000) {
  const over = performance.now() + most * PATIENCE;
  let last;
  while (performance.now() < over) {
    try {
      last = await within(over - performance.now(), ask());
      if (last) return last;
    } catch (error) {
      // What an earlier asking came to says more than that this one was too late.
      last = error === LATE && last instanceof Error ? last : error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${most * PATIENCE} ms: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
}

const LATE = new Error('asked, and not answered');

/** A page that is asked something may never answer; a test that waits for it would have no name when it fails. */
function within(ms, answer) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(LATE), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
