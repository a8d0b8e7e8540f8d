/**
 * Answers for the page when there is no network. It holds one version of the page, whole, and what was used of the payloads;
 * a new version waits until the visitor takes it. The build says what the page consists of.
 */
/// <reference lib="webworker" />
import { type Held, heldBy, lateKey, nameOf } from './worker/held.ts';

declare const self: ServiceWorkerGlobalScope;
declare const __HELD__: Held;

const held = __HELD__;
const ROOT = self.registration.scope;
const PREFIX = 'binfmt-lab-';
const CACHE = `${PREFIX}${held.version}`;
/** What is fetched at first use lives longer than a version. */
const LATE = `${PREFIX}late`;

self.addEventListener('install', (e) => e.waitUntil(fill()));
self.addEventListener('activate', (e) => e.waitUntil(clean().then(() => self.clients.claim())));
self.addEventListener('message', (e) => {
  if (e.data === 'take over') void self.skipWaiting();
});
self.addEventListener('fetch', (e) => {
  if (e.request.method !== 'GET') return;
  const name = nameOf(e.request.url, ROOT);
  const how = name === null ? null : heldBy(held, name);
  if (name !== null && how === 'whole') e.respondWith(whole(name, e.request));
  if (name !== null && how === 'late') e.respondWith(late(name, e));
});

/** Files whose name says their content are taken from the version before. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  const todo = [...held.files];
  const next = async (): Promise<void> => {
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      const url = new URL(name, ROOT).href;
      const lasting = name.startsWith('assets/');
      const known = lasting ? await caches.match(url) : undefined;
      const answer = known ?? (await fetch(url, { cache: lasting ? 'default' : 'no-cache' }));
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      await cache.put(url, answer);
    }
  };
  await Promise.all(Array.from({ length: 4 }, next));
}

async function clean(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE && name !== LATE) await caches.delete(name);
  const cache = await caches.open(LATE);
  const current = new Set(Object.entries(held.late).map(([name, hash]) => lateKey(ROOT, name, hash)));
  for (const { url } of await cache.keys()) if (!current.has(url)) await cache.delete(url);
}

async function whole(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(name, ROOT).href)) ?? fetch(request);
}

async function late(name: string, event: FetchEvent): Promise<Response> {
  const cache = await caches.open(LATE);
  const key = lateKey(ROOT, name, held.late[name] ?? '');
  const known = await cache.match(key);
  if (known !== undefined) return known;
  const answer = await fetch(event.request);
  if (answer.status === 200) event.waitUntil(cache.put(key, answer.clone()));
  return answer;
}
