/** Opens the worker, also for a page of another origin or of none: browsers start workers only from the page's own. */
import workerUrl from '../worker.ts?worker&url';

declare global {
  /** Started by the head of the page at /, before its modules were there. */
  var binfmtLabWorker: Worker | undefined;
}

export function openWorker(): Worker {
  const early = globalThis.binfmtLabWorker;
  globalThis.binfmtLabWorker = undefined;
  return early ?? freshWorker();
}

function freshWorker(): Worker {
  const { href, origin } = new URL(workerUrl, import.meta.url);
  return origin === self.origin ? new Worker(href, { type: 'module' }) : new Worker(URL.createObjectURL(importing(href)));
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
