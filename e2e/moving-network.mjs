// A network of their own for the browsers of a test, whose address can change (Linux only). It is
// joined by a cable to the network that the calling test file has for itself (`own-network.mjs`).

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export function run(command, ...parameters) {
  const { status, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')}: ${stderr}`);
}

/** A network namespace at the other end of the cable of `own-network.mjs`. */
export class MovingNetwork {
  /** Ends with the process that holds it; `end` is the end of the cable. */
  static async make(address, end = 'end') {
    const network = new MovingNetwork();
    network.end = end;
    network.holder = spawn('unshare', ['--net', 'sh', '-c', 'echo made && exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(network.holder.stdout, 'data');
    run('ip', 'link', 'set', end, 'netns', String(network.holder.pid));
    network.inside('ip', 'link', 'set', 'lo', 'up');
    network.inside('ip', 'link', 'set', end, 'up');
    // Deleting the first address of a network takes the others with it otherwise, and the routes.
    network.inside('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/all/promote_secondaries');
    network.add(address);
    network.folder = await mkdtemp(path.join(tmpdir(), 'meridian-'));
    return network;
  }

  inside(...command) {
    run('nsenter', '--net', `--target=${this.holder.pid}`, ...command);
  }

  add(address) {
    this.address = address;
    this.inside('ip', 'address', 'add', `${address}/24`, 'dev', this.end);
  }

  /** The interface has another address from now on, and not the one of before. */
  move(address) {
    const before = this.address;
    this.add(address);
    this.inside('ip', 'address', 'delete', `${before}/24`, 'dev', this.end);
  }

  /** The interface goes down and comes up with another address, as where somebody walks into another network. */
  reconnect(address) {
    this.inside('ip', 'link', 'set', this.end, 'down');
    this.move(address);
    this.inside('ip', 'link', 'set', this.end, 'up');
  }

  /** A program that runs `program` in this network. */
  async running(program) {
    const file = path.join(this.folder, path.basename(program));
    await writeFile(file, `#!/bin/sh\nexec nsenter --net --target=${this.holder.pid} ${program} "$@"\n`);
    await chmod(file, 0o755);
    return file;
  }

  /** Connections in here to this port of loopback go to the same of `address`. Some browsers take no other host for safe. */
  async reach(address, port) {
    const open = `import(${JSON.stringify(import.meta.url)}).then(({ Door }) => new Door('127.0.0.1', ${port}, '${address}').open()).then(() => console.log('open'))`;
    this.door = spawn('nsenter', ['--net', `--target=${this.holder.pid}`, process.execPath, '--eval', open], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(this.door.stdout, 'data');
  }

  /** Everything is sent to `address` that has no other way. */
  routeBy(address) {
    this.inside('ip', 'route', 'add', 'default', 'via', address);
  }

  async remove() {
    this.door?.kill();
    this.holder.stdin.end();
    await once(this.holder, 'exit');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Carries connections that come to `address` on `port` to the same port of another, until told otherwise. */
export class Door {
  #sockets = new Set();
  #server;

  constructor(address, port, far = '127.0.0.1') {
    this.address = address;
    this.port = port;
    this.far = far;
  }

  async open() {
    this.#server = createServer({ noDelay: true }, (near) => {
      const far = connect({ port: this.port, host: this.far, noDelay: true });
      for (const [from, to] of [[near, far], [far, near]]) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
    this.#server.listen(this.port, this.address);
    await once(this.#server, 'listening');
  }

  /** Nothing more comes through, and what was open is cut. */
  async close() {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}
