// A program of others that publishes by WHIP or watches by WHEP (`stream.py`, on aiortc).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { until } from './system.mjs';

const SCRIPT = path.join(path.dirname(fileURLToPath(import.meta.url)), 'stream.py');

export class Program {
  /** `what` is `publish` or `watch`; `codec` is the only one of pictures that it publishes. */
  constructor(what, { url, token }, codec) {
    this.said = {};
    this.log = '';
    this.process = spawn(process.env.PYTHON ?? 'python3', [SCRIPT, what, url, token, ...(codec ? [codec] : [])], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.exited = once(this.process, 'exit');
    createInterface({ input: this.process.stdout }).on('line', (line) => Object.assign(this.said, JSON.parse(line)));
    this.process.stderr.setEncoding('utf8').on('data', (text) => {
      this.log += text;
    });
  }

  /** Resolves when what it said last fits. */
  says(what, fits, most = 90_000) {
    return until(`the program says ${what}`, () => {
      if (this.process.exitCode !== null) throw new Error(`the program ended: ${JSON.stringify(this.said)}\n${this.log}`);
      return fits(this.said);
    }, most);
  }

  connects() {
    return this.says('that it is connected', ({ state }) => state === 'connected');
  }

  /** Ends its session as programs do. */
  async end() {
    this.process.stdin.end();
    await this.exited;
    return this.said.ended;
  }

  /** Ends it without a word. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}
