/** Node's side: files of node_modules, timers, turns of libuv's loop. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PythonFiles } from '../userland/python/assets.ts';
import type { Environment } from './environment.ts';

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
  loadLua: () => (lua ??= compile(require.resolve('wasmoon/dist/glue.wasm'))),
  python: {
    load: (onProgress) => (python ??= loadPython(onProgress)),
  },
};

async function compile(file: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(file));
}

async function loadPython(onProgress: (done: number, total: number) => void): Promise<PythonFiles> {
  const dir = dirname(require.resolve('pyodide/package.json'));
  onProgress(0, 2);
  const stdlib = new Uint8Array(await readFile(join(dir, 'python_stdlib.zip')));
  const wasm = await compile(join(dir, 'pyodide.asm.wasm'));
  onProgress(1, 2);
  await import(pathToFileURL(join(dir, 'pyodide.asm.js')).href);
  onProgress(2, 2);
  return { createModule: takeCreateModule(), wasm, stdlib };
}

/** pyodide.asm.js leaves its factory in a global; it is taken from there once. */
function takeCreateModule(): PythonFiles['createModule'] {
  const holder = globalThis as { _createPyodideModule?: PythonFiles['createModule'] };
  const create = holder._createPyodideModule;
  if (create === undefined) throw new Error('pyodide.asm.js did not define its module');
  delete holder._createPyodideModule;
  return create;
}
