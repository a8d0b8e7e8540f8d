/** Opens the worker, also for a page of another origin or of none: browsers start workers only from the page's own. */
import workerUrl from '../worker.ts?worker&url';
import type { BootRequest, WorkerEnds } from './host.ts';

export interface OpenedWorker {
  readonly worker: Worker;
  readonly ends: Promise<WorkerEnds>;
}

declare global {
  /** Started by the head of the page at /, before its modules were there. */
  var binfmtLabWorker: (OpenedWorker & { readonly name: string }) | undefined;
}

/**
 * The worker's name says which machine it starts before it can be asked: messages reach it only once this page is idle.
 * What was kept is not known by then: such a worker has no name.
 */
export function openWorker({ kernel, host, resume }: BootRequest): OpenedWorker {
  const name = resume ? '' : JSON.stringify({ kernel, host });
  const early = globalThis.binfmtLabWorker;
  globalThis.binfmtLabWorker = undefined;
  if (early?.name === name) return early;
  early?.worker.terminate();
  const worker = freshWorker(name);
  return { worker, ends: new Promise((resolve) => worker.addEventListener('message', (e) => resolve(e.data), { once: true })) };
}

function freshWorker(name: string): Worker {
  const { href, origin } = new URL(workerUrl, import.meta.url);
  return origin === self.origin ? new Worker(href, { type: 'module', name }) : new Worker(URL.createObjectURL(importing(href)), { name });
}

/**
 * A script of the page's own that does nothing but import the other and hand it what came in the meantime. No module: a
 * page without an origin (a sandboxed frame) cannot start one.
 */
const importing = (href: string): Blob =>
  new Blob(
    [
      `const early = [];
const keep = (e) => early.push(e);
addEventListener('message', keep);
import(${JSON.stringify(href)}).then(() => {
  removeEventListener('message', keep);
  for (const { data, ports } of early) dispatchEvent(new MessageEvent('message', { data, ports }));
}, (e) => setTimeout(() => { throw e; }));`,
    ],
    { type: 'text/javascript' },
  );
