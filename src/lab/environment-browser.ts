/** The browser worker's side: its timers, and payloads fetched when first run. */
import type { PythonFiles } from '../userland/python/assets.ts';
import type { Environment } from './environment.ts';

/** `base` is the address of the folder that the page stands in. */
export function browserEnvironment(base: string): Environment {
  return {
    clock: {
      now: () => performance.timeOrigin + performance.now(),
      setTimeout: (fn, ms) => setTimeout(fn, ms),
      clearTimeout: (timer) => clearTimeout(timer as number),
      macrotask: macrotasks(),
    },
    loadLua: () => lua(async () => (await import('./payloads-browser.ts')).loadLua()),
    python: {
      load: (onProgress) =>
        python(async () => (await import('./payloads-browser.ts')).loadPython(new URL('python/', base).href, onProgress)),
    },
  };
}

const lua = once<WebAssembly.Module>();
const python = once<PythonFiles>();

/** What is loaded once and for all; after a failure the next one tries again. */
function once<T>(): (load: () => Promise<T>) => Promise<T> {
  let loading: Promise<T> | undefined;
  const failed = (e: unknown): never => {
    loading = undefined;
    throw e;
  };
  return (load) => (loading ??= load().catch(failed));
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
