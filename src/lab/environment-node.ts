/** Node's side: files of node_modules, timers, turns of libuv's loop. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as notation from '../kernel/kernel/trace_syscalls.ts';
import type { PythonFiles } from '../userland/python/assets.ts';
import { checkedSnapshot } from './check-snapshot.ts';
import type { Environment } from './environment.ts';
import { memfsOver } from './memfs.ts';

const require = createRequire(import.meta.url);

let lua: Promise<WebAssembly.Module> | undefined;
let python: Promise<PythonFiles> | undefined;

/** The process is kept alive only by timers that a machine really waits for. */
export const nodeEnvironment: Environment = {
  clock: {
    now: () => performance.timeOrigin + performance.now(),
    setTimeout: (fn, ms) => setTimeout(fn, ms),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    macrotask: (fn) => void setImmediate(fn),
  },
  notation,
  checkedSnapshot,
  loadLua: () => (lua ??= compile(require.resolve('wasmoon/dist/glue.wasm'))),
  python: {
    load: () => (python ??= loadPython()),
  },
  memfs: (store) => memfsOver(require, store),
};

async function compile(file: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(file));
}

async function loadPython(): Promise<PythonFiles> {
  const dir = dirname(require.resolve('pyodide/package.json'));
  const [wasm, stdlib] = await Promise.all([compile(join(dir, 'pyodide.asm.wasm')), readFile(join(dir, 'python_stdlib.zip'))]);
  return { wasm, stdlib: new Uint8Array(stdlib) };
}
