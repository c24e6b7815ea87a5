#!/usr/bin/env node
// binaryen's wasm-opt for worker-build (WASM_OPT_BIN), without the flag by which worker-build keeps
// the names of functions: they are a tenth of the Worker, and workerd shows no Rust backtraces.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const wasmOpt = fileURLToPath(new URL('node_modules/binaryen/bin/wasm-opt', import.meta.url));
const flags = process.argv.slice(2).filter((flag) => flag !== '--debuginfo');
const { status } = spawnSync(process.execPath, [wasmOpt, ...flags], { stdio: 'inherit' });
process.exit(status ?? 1);
