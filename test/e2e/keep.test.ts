/** States kept in the browser: the library's own code in Chromium, over its IndexedDB. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM_FLAGS, chromium } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';
import type * as Keep from '../../src/lab/keep.ts';
import { TIMELINE_VERSION, type TimelineState } from '../../src/lab/timeline.ts';

interface Scope {
  keep: typeof Keep;
  stateOf(contents: readonly string[], version?: number): TimelineState;
}

let folder: string;
let site: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;

/** In the page: a time line with one entry for each of `contents`, the text of its only file. */
const HELPERS = `window.stateOf = (contents, version = ${TIMELINE_VERSION}) => {
  const node = { ino: 1, mode: 0o40755, uid: 0, gid: 0, nlink: 2, rdev: 0, atime: 0, mtime: 0, ctime: 0, hole_end: 0, chunks: null, symlink: null };
  const shared = new Map();
  const chunkOf = (text) => shared.get(text) ?? shared.set(text, new TextEncoder().encode(text)).get(text);
  const superOf = (text) => ({ type: 'rootfs', s_flags: 0, options: { mode: 0o755, size: null, uid: 0, gid: 0 }, last_ino: 2,
    nodes: [{ ...node, names: [['f', 2]] }, { ...node, ino: 2, mode: 0o100644, nlink: 1, chunks: [chunkOf(text)], names: [] }] });
  const snapshotOf = (text) => ({ kernel: 'lab', host: 'x86_64', machine: { hostname: 'lab', supers: [superOf(text)],
    mounts: [{ super: 0, root: [], on: null, flags: 0, locked: 0, source: 'rootfs' }], root: { mount: 0, at: [] },
    binfmt_misc: { enabled: true, entries: [] } } });
  const shell = { name: 'bash', cwd: '/', umask: 18, status: 0, lastArgument: '', commandNumber: 1, seconds: 0, pipeStatus: [0], positional: [],
    directoryStack: [], options: [], variables: [], functions: [], aliases: [], traps: [], disabledBuiltins: [], completions: [], limits: [], modes: null,
    history: { entries: [], base: 1, fresh: 0, times: [] } };
  const entries = contents.map((text, i) => ({ id: i + 1, kind: 'command', line: text, status: 0, time: 0, cwd: '/', kernel: 'lab', host: 'x86_64',
    cost: 0, note: '', snapshot: snapshotOf(text), shell }));
  return { version, here: contents.length, entries };
};`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keep-'));
  const lib = { entry: 'src/lab/keep.ts', formats: ['es' as const], fileName: () => 'keep.js' };
  await build({
    configFile: false,
    mode: 'production',
    logLevel: 'error',
    publicDir: false,
    build: { lib, outDir: folder, emptyOutDir: true, target: 'es2022' },
  });
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><script type="module">${HELPERS} window.keep = await import('./keep.js');</script>`,
  );
  site = await serve(folder);
  browser = await playwright.launch({ executablePath: chromium(), args: CHROMIUM_FLAGS });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  site?.server.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  await open();
});

async function open(): Promise<void> {
  await page.goto(site.url);
  await page.waitForFunction(() => 'keep' in window);
}

describe('a state kept in the browser', () => {
  it('comes back after a reload, and only what is new is written at the next save', async () => {
    const written = await page.evaluate(async () => {
      const { keep, stateOf } = window as unknown as Scope;
      const first = stateOf(['one', 'three']);
      const later = { ...first, entries: [...first.entries, ...stateOf(['', '', 'fifteen']).entries.slice(2)], here: 3 };
      return [await keep.save('page', first), await keep.save('page', later)];
    });
    expect(written).toEqual([
      { ok: true, written: 8 },
      { ok: true, written: 7 },
    ]);
    await open();
    const back = await page.evaluate(async () => {
      const { keep } = window as unknown as Scope;
      const state = await keep.load('page');
      const texts = state?.entries.map(({ snapshot }) => new TextDecoder().decode(snapshot.machine.supers[0]?.nodes?.[1]?.chunks?.[0]));
      return { texts, here: state?.here, other: await keep.load('other'), again: state && (await keep.save('page', state)) };
    });
    expect(back).toEqual({ texts: ['one', 'three', 'fifteen'], here: 3, other: null, again: { ok: true, written: 0 } });
  });

  it('is gone when it is forgotten', async () => {
    const left = await page.evaluate(async () => {
      const { keep, stateOf } = window as unknown as Scope;
      await keep.save('page', stateOf(['one']));
      await keep.forget('page');
      return keep.load('page');
    });
    expect(left).toBe(null);
  });

  it('of another version, or damaged, is refused by name and stays where it is', async () => {
    const refused = await page.evaluate(async (version) => {
      const { keep, stateOf } = window as unknown as Scope;
      await keep.save('page', stateOf(['one']));
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('binfmt-lab');
        request.onsuccess = () => resolve(request.result);
      });
      const states = db.transaction('states', 'readwrite').objectStore('states');
      states.put({ future: true }, ['newer', version + 1]);
      states.put({ version, here: 1, entries: [{ id: 1 }] }, ['broken', version]);
      const why = (key: string): Promise<string> => keep.load(key).then(String, (e: Error) => `${e.name}: ${e.message}`);
      const first = [await why('newer'), await why('broken')];
      await keep.save('newer', stateOf(['mine']));
      return [
        ...first,
        await why('newer'),
        await new Promise((resolve) => {
          const request = db
            .transaction('states')
            .objectStore('states')
            .get(['newer', version + 1]);
          request.onsuccess = () => resolve(request.result);
        }),
      ];
    }, TIMELINE_VERSION);
    expect(refused).toEqual([
      `LabError: the state kept here is of version ${TIMELINE_VERSION + 1}: this is version ${TIMELINE_VERSION}`,
      'LabError: this is no time line: .entries[0].kind is no boot or command or change',
      '[object Object]',
      { future: true },
    ]);
  });

  it('of two pages under one key is the last one, whole', async () => {
    const other = await page.context().newPage();
    await other.goto(site.url);
    await other.waitForFunction(() => 'keep' in window);
    for (const text of ['a', 'b', 'c'])
      for (const tab of [page, other])
        await tab.evaluate(async (t) => {
          const { keep, stateOf } = window as unknown as Scope;
          const scope = window as unknown as { mine?: TimelineState };
          scope.mine ??= stateOf([t, `${t}${t}`]);
          await keep.save('page', scope.mine);
        }, text);
    const texts = await page.evaluate(async () => (await (window as unknown as Scope).keep.load('page'))?.entries.map((e) => e.line));
    expect(texts).toEqual(['a', 'aa']);
  });

  it('goes when there are many newer ones', async () => {
    const left = await page.evaluate(async () => {
      const { keep, stateOf } = window as unknown as Scope;
      for (let i = 0; i < 15; i++) await keep.save(`page${i}`, stateOf([`${i}`]));
      return [await keep.load('page0'), (await keep.load('page14'))?.entries.length];
    });
    expect(left).toEqual([null, 1]);
  });

  it('that cannot be written is told, not thrown', async () => {
    const told = await page.evaluate(async () => {
      const { keep, stateOf } = window as unknown as Scope;
      await keep.save('page', stateOf(['kept']));
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('no room left', 'QuotaExceededError');
      };
      return [await keep.save('page', stateOf(['lost'])), (await keep.load('page'))?.entries[0]?.line];
    });
    expect(told).toEqual([{ ok: false, why: 'no room', message: 'no room left' }, 'kept']);
  });

  it('is not there for a page without storage, which is told so', async () => {
    const told = await page.evaluate(async () => {
      const { keep, stateOf } = window as unknown as Scope;
      Object.defineProperty(IDBFactory.prototype, 'open', {
        value: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      });
      return [await keep.save('page', stateOf(['x'])), await keep.load('page'), await keep.forget('page')];
    });
    expect(told).toEqual([{ ok: false, why: 'no storage', message: 'denied' }, null, undefined]);
  });
});
