/** Opens the worker, also for a page of another origin: browsers start workers only from the page's own. */
import workerUrl from '../worker.ts?worker&url';

export function openWorker(): Worker {
  const { href, origin } = new URL(workerUrl, import.meta.url);
  return new Worker(origin === self.origin ? href : ownScript(href), { type: 'module' });
}

/** A script of the page's own origin that does nothing but import the other. */
const ownScript = (href: string): string => URL.createObjectURL(new Blob([`import ${JSON.stringify(href)};`], { type: 'text/javascript' }));
