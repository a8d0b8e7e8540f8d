/**
 * Answers for the page when there is no network. It holds one version of the page, whole; a new version waits until the
 * visitor takes it. Payloads are kept by the machine that loads them (lab/payloads-browser.ts).
 */
/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;
/** The build says what the page consists of. */
declare const __HELD__: { readonly version: string; readonly files: readonly string[] };

const { version, files } = __HELD__;
const ROOT = self.registration.scope;
const PREFIX = 'binfmt-lab-page-';
const CACHE = `${PREFIX}${version}`;

self.addEventListener('install', (e) => e.waitUntil(fill()));
self.addEventListener('activate', (e) => e.waitUntil(clean().then(() => self.clients.claim())));
self.addEventListener('message', (e) => {
  if (e.data === 'take over') void self.skipWaiting();
});
self.addEventListener('fetch', (e) => {
  const name = nameOf(e.request.url);
  if (e.request.method === 'GET' && name !== null && files.includes(name)) e.respondWith(answer(name, e.request));
});

/** The file of the page that an address names: its folder is its index.html; null for what stands elsewhere. */
function nameOf(url: string): string | null {
  const path = url.replace(/[?#].*$/, '');
  if (!path.startsWith(ROOT)) return null;
  return path === ROOT ? 'index.html' : path.slice(ROOT.length);
}

/** Files whose name says their content are taken from the version before. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  const todo = [...files];
  const next = async (): Promise<void> => {
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      const url = new URL(name, ROOT).href;
      const lasting = name.startsWith('assets/');
      const known = lasting ? await caches.match(url) : undefined;
      const file = known ?? (await fetch(url, { cache: lasting ? 'default' : 'no-cache' }));
      if (!file.ok) throw new Error(`${name}: ${file.status}`);
      await cache.put(url, file);
    }
  };
  await Promise.all(Array.from({ length: 4 }, next));
}

async function clean(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
}

async function answer(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(name, ROOT).href)) ?? fetch(request);
}

export {};
