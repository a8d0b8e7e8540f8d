/** The browser worker's side: fetches beside the page, kept in the Cache API so that a second visit needs no network. */
import luaUrl from 'wasmoon/dist/glue.wasm?url';
import { concat } from '../uapi/bytes.ts';
import type { PythonFiles } from '../userland/python/assets.ts';
import type { Environment } from './environment.ts';

/** Changes with the version of pyodide, so that an old copy is never mixed with a new one. */
const CACHE = 'binfmt-lab-python-0.25.1';
const PYTHON_BYTES = 13_500_000;

let lua: Promise<WebAssembly.Module> | undefined;
let python: Promise<PythonFiles> | undefined;

/** `base` is the address of the folder that the page stands in. */
export function browserEnvironment(base: string): Environment {
  return {
    clock: {
      now: () => performance.timeOrigin + performance.now(),
      setTimeout: (fn, ms) => setTimeout(fn, ms),
      clearTimeout: (timer) => clearTimeout(timer as number),
      macrotask: macrotasks(),
    },
    loadLua: () => (lua ??= retried(() => loadLua())),
    python: {
      load: (onProgress) =>
        (python ??= loadPython(new URL('python/', base).href, onProgress).catch((e: unknown) => {
          python = undefined;
          throw e;
        })),
    },
  };
}

/** A message to ourselves comes after the messages that wait already: keys are seen between two slices. */
function macrotasks(): (fn: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (fn) => {
    waiting.push(fn);
    port2.postMessage(0);
  };
}

async function retried<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (e) {
    lua = undefined;
    throw e;
  }
}

async function loadLua(): Promise<WebAssembly.Module> {
  const response = await cached(luaUrl);
  return WebAssembly.compile(await response.arrayBuffer());
}

async function loadPython(base: string, onProgress: (done: number, total: number) => void): Promise<PythonFiles> {
  let done = 0;
  const get = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await cached(base + name);
    return readAll(response, (n) => onProgress(Math.min((done += n), PYTHON_BYTES), PYTHON_BYTES));
  };
  const [wasm, stdlib] = await Promise.all([get('pyodide.asm.wasm'), get('python_stdlib.zip')]);
  onProgress(PYTHON_BYTES, PYTHON_BYTES);
  return { wasm: await WebAssembly.compile(wasm), stdlib };
}

/** From the cache, else from the network and then into the cache; a browser without one just fetches. */
async function cached(url: string): Promise<Response> {
  const cache = await openCache();
  const hit = await cache?.match(url);
  if (hit !== undefined) return hit;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  await cache?.put(url, response.clone()).catch(() => {});
  return response;
}

/** Frames with an opaque origin have no cache: opening it throws there. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

async function readAll(response: Response, onChunk: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(await response.arrayBuffer());
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(chunks) as Uint8Array<ArrayBuffer>;
    chunks.push(value);
    onChunk(value.length);
  }
}
