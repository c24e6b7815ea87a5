// A program whose processes can be frozen and go on, as those of a machine that sleeps.

import { readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export class FreezableProgram {
  /** To be started once, as `file`, as the first of a group of processes. */
  static async make(program) {
    const freezable = new FreezableProgram();
    freezable.folder = await mkdtemp(path.join(tmpdir(), 'meridian-'));
    freezable.file = path.join(freezable.folder, path.basename(program));
    freezable.id = path.join(freezable.folder, 'id');
    writeFileSync(freezable.file, `#!/bin/sh\necho $$ > ${freezable.id}\nexec ${program} "$@"\n`);
    chmodSync(freezable.file, 0o755);
    return freezable;
  }

  freeze() {
    this.#signal('SIGSTOP');
    this.isFrozen = true;
  }

  resume() {
    if (this.isFrozen) this.#signal('SIGCONT');
    this.isFrozen = false;
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** To the whole group. */
  #signal(name) {
    process.kill(-Number(readFileSync(this.id, 'utf8')), name);
  }
}
