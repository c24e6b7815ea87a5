#!/usr/bin/env node
// binaryen's wasm-opt for worker-build (WASM_OPT_BIN), set for the size that is sent: compressed.
// What makes the bare file smaller often makes the compressed one larger; measure with gzip.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const wasmOpt = fileURLToPath(new URL('node_modules/binaryen/bin/wasm-opt', import.meta.url));
const given = process.argv.slice(2).filter((flag) => flag !== '--debuginfo');
const flags = [
  // rustc puts the stack first, so that no value has an address below 1024.
  '--low-memory-unused',
  // Each inlined copy looks a little different from the next: a tenth of the Worker. LLVM has inlined what pays.
  '--skip-pass=inlining-optimizing',
  // It makes new local variables, so that equal code gets different numbers.
  '--skip-pass=local-cse',
  // Copies of one generic function come next to each other, where gzip finds that they are alike.
  '--reorder-functions-by-name',
  // The names of functions are a tenth of the Worker, and workerd shows no Rust backtraces.
  '--strip-debug',
  '--strip-producers',
  '--strip-target-features',
];
const { status } = spawnSync(process.execPath, [wasmOpt, ...given, ...flags], { stdio: 'inherit' });
process.exit(status ?? 1);
