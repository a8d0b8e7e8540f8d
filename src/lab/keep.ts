/**
 * A time line kept in the browser across reloads: one record a key in IndexedDB, its chunks of file contents beside it, so that
 * saving again writes only those that are new. Records of another version stand apart and are left alone.
 */
import { checkedTimeline } from './check-timeline.ts';
import { LabError } from './error.ts';
import { pack, unpack } from './keep-pack.ts';
import { TIMELINE_VERSION, type TimelineState } from './timeline.ts';

const DATABASE = 'binfmt-lab';
const DATABASE_VERSION = 1;
const STATES = 'states';
const CHUNKS = 'chunks';
/** When each state was saved. */
const TIMES = 'times';
const STORES = [STATES, CHUNKS, TIMES];
/** So many states are kept, the newest, and none for longer than this. */
const KEPT = 12;
const KEPT_MS = 30 * 24 * 3600 * 1000;
/** Above all versions that there will be. */
const ANY = [Number.MAX_SAFE_INTEGER];

export type SaveResult =
  | { readonly ok: true; readonly written: number }
  /** Why nothing was saved; what was saved before is still there. */
  | { readonly ok: false; readonly why: 'no room' | 'no storage' | 'failed'; readonly message: string };

/** Writes the state. Never throws: storage may be full, or refused to this page. */
export async function save(key: string, state: TimelineState): Promise<SaveResult> {
  try {
    const db = await open();
    try {
      const written = await write(db, key, state);
      await prune(db);
      return { ok: true, written };
    } finally {
      db.close();
    }
  } catch (e) {
    return { ok: false, why: reason(e), message: e instanceof Error ? e.message : String(e) };
  }
}

/** The state saved last; null: none. A LabError for one that cannot be used, which stays where it is. */
export async function load(key: string): Promise<TimelineState | null> {
  const db = await open().catch(() => null);
  if (db === null) return null;
  try {
    return await read(db, key);
  } finally {
    db.close();
  }
}

/** Removes the state, of whatever version. */
export async function forget(key: string): Promise<void> {
  const db = await open().catch(() => null);
  if (db === null) return;
  await remove(db, [key]);
  db.close();
}

function remove(db: IDBDatabase, keys: readonly string[]): Promise<void> {
  const transaction = db.transaction(STORES, 'readwrite');
  for (const key of keys) for (const store of STORES) transaction.objectStore(store).delete(all(key));
  return done(transaction);
}

/** The oldest states go: each belongs to a page that is long closed. */
async function prune(db: IDBDatabase): Promise<void> {
  const store = db.transaction(TIMES).objectStore(TIMES);
  const [keys, times] = await Promise.all([result(store.getAllKeys()), result(store.getAll())]);
  const newest = keys.map((key, i) => ({ key: (key as [string, number])[0], time: times[i] as number })).sort((a, b) => b.time - a.time);
  const old = newest.filter(({ time }, i) => i >= KEPT || time < Date.now() - KEPT_MS);
  if (old.length > 0)
    await remove(
      db,
      old.map(({ key }) => key),
    );
}

async function write(db: IDBDatabase, key: string, state: TimelineState): Promise<number> {
  const packed = pack(state);
  const transaction = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  const ended = done(transaction);
  const chunks = transaction.objectStore(CHUNKS);
  const keys = await result(chunks.getAllKeys(ours(key)));
  const there = new Set(keys.map((k) => (k as [string, number, string])[2]));
  let written = 0;
  for (const [id, chunk] of packed.chunks) {
    if (there.delete(id)) continue;
    chunks.put(chunk, [key, TIMELINE_VERSION, id]);
    written += chunk.byteLength;
  }
  for (const id of there) chunks.delete([key, TIMELINE_VERSION, id]);
  transaction.objectStore(STATES).put(packed.record, [key, TIMELINE_VERSION]);
  transaction.objectStore(TIMES).put(Date.now(), [key, TIMELINE_VERSION]);
  await ended;
  return written;
}

async function read(db: IDBDatabase, key: string): Promise<TimelineState | null> {
  const transaction = db.transaction([STATES, CHUNKS]);
  const states = transaction.objectStore(STATES);
  const record: unknown = await result(states.get([key, TIMELINE_VERSION]));
  if (record === undefined) {
    const others = await result(states.getAllKeys(all(key)));
    if (others.length === 0) return null;
    throw new LabError(`the state kept here is of version ${(others[0] as [string, number])[1]}: this is version ${TIMELINE_VERSION}`);
  }
  const store = transaction.objectStore(CHUNKS);
  const [keys, values] = await Promise.all([result(store.getAllKeys(ours(key))), result(store.getAll(ours(key)))]);
  const chunks = new Map(keys.map((k, i) => [(k as [string, number, string])[2], values[i] as unknown]));
  return checkedTimeline(unpack(record, chunks));
}

const ours = (key: string): IDBKeyRange => IDBKeyRange.bound([key, TIMELINE_VERSION], [key, TIMELINE_VERSION, ANY]);
const all = (key: string): IDBKeyRange => IDBKeyRange.bound([key], [key, ANY]);

/** Pages with an opaque origin have no storage: asking throws there. */
async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, DATABASE_VERSION);
  request.onupgradeneeded = () => {
    for (const store of STORES) request.result.createObjectStore(store);
  };
  return result(request);
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function reason(e: unknown): 'no room' | 'no storage' | 'failed' {
  const name = e instanceof Error ? e.name : '';
  if (name === 'QuotaExceededError') return 'no room';
  return name === 'SecurityError' || name === 'ReferenceError' || name === 'InvalidStateError' ? 'no storage' : 'failed';
}
