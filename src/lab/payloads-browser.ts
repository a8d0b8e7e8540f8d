/** What the payloads are made of: fetched beside the page, kept in the Cache API so that a second visit needs no network. */
import luaUrl from 'wasmoon/dist/glue.wasm?url';
import { concat } from '../uapi/bytes.ts';
import type { PythonFiles } from '../userland/python/assets.ts';

/** Changes with the version of pyodide, so that an old copy is never mixed with a new one. */
const CACHE = 'binfmt-lab-python-0.25.1';
const PYTHON_BYTES = 13_500_000;

export async function loadLua(): Promise<WebAssembly.Module> {
  const response = await cached(luaUrl);
  return compile(await response.arrayBuffer());
}

export async function loadPython(base: string, onProgress: (done: number, total: number) => void): Promise<PythonFiles> {
  let done = 0;
  const get = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await cached(base + name);
    return readAll(response, (n) => onProgress(Math.min((done += n), PYTHON_BYTES), PYTHON_BYTES));
  };
  const [wasm, stdlib] = await Promise.all([get('pyodide.asm.wasm'), get('python_stdlib.zip')]);
  onProgress(PYTHON_BYTES, PYTHON_BYTES);
  return { wasm: await compile(wasm), stdlib };
}

async function compile(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (e) {
    // Chromium writes the name out, Firefox says "blocked by CSP".
    throw /Content.Security.Policy|\bCSP\b/i.test(String(e)) ? forbidden() : e;
  }
}

/** Without a trace of our own code: there is nothing to be seen in it. */
function forbidden(): Error {
  const message = "this page's Content-Security-Policy forbids WebAssembly: its script-src needs 'wasm-unsafe-eval'";
  return Object.assign(new Error(message), { stack: message });
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
