// `cargo xtask dev` as a developer meets it: ready, stopped, with a crashed part, with a taken port,
// with several regions.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';

import { System, freePorts, xtask } from './system.mjs';

/** Processes that this one started, by the name of their program. */
function children(pid) {
  const rows = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(pid)], { encoding: 'utf8' });
  return new Map(rows.trim().split('\n').map((row) => row.trim().split(/\s+/, 2)).map(([child, name]) => [name, Number(child)]));
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('Ctrl-C stops everything, with success', async () => {
  const system = await System.start();
  const parts = [...children(system.all.process.pid).values()];
  assert.equal(parts.length, 2);
  assert.equal(await system.all.stop('SIGINT'), 0);
  assert.match(system.output, /Stopped\./);
  for (const part of parts) assert.ok(!isAlive(part), 'a part outlived the command');
  await assert.rejects(fetch(`${system.url}/api/health`));
  await system.stop();
});

test('a part that crashes ends everything, and the last word says which', async () => {
  const system = await System.start();
  try {
    const region = children(system.all.process.pid).get('media-region');
    assert.ok(region, 'the region runs');
    process.kill(region, 'SIGKILL');
    assert.equal(await system.all.exited, 1);
    assert.match(system.output, /error: the region ended \(signal: 9 .*\); everything was stopped/);
    await assert.rejects(fetch(`${system.url}/api/health`));
  } finally {
    await system.stop();
  }
});

test('a taken port is named, with the flag that chooses another', async () => {
  const first = await freePorts(8);
  const squatter = createServer().listen(first, '127.0.0.1');
  await once(squatter, 'listening');
  try {
    const command = spawn(xtask, ['dev', '--port', first, '--control-port', first + 1, '--udp-port', first + 4, '--tcp-port', first + 2].map(String));
    let said = '';
    command.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const [code] = await once(command, 'close');
    assert.equal(code, 1);
    assert.match(said, new RegExp(`TCP port ${first} for the web client and the API is taken.*--port`));
  } finally {
    squatter.close();
  }
});

test('three regions report from three parts of the world', async () => {
  const system = await System.start({ regions: 3, engines: 1 });
  try {
    const health = await (await fetch(`${system.url}/api/health`)).json();
    const regions = health.regions.filter((region) => region.reachable).map((region) => region.region);
    assert.deepEqual(regions.sort(), ['local', 'local-iad', 'local-sin']);
  } finally {
    await system.stop();
  }
});
