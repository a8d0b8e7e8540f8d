/** After the first visit the page stands without a network; a newer version waits for the visitor's word. */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { dist, enter, openLab, openSite, type Site, waitForScreen } from './server.ts';

describe('the page without a network', () => {
  let site: Site;
  let [root, url] = ['', ''];
  let server: Server;
  beforeAll(async () => {
    site = await openSite();
    root = mkdtempSync(join(tmpdir(), 'offline-'));
    cpSync(dist(), root, { recursive: true });
    ({ server, url } = await serve(root));
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true });
    await site.close();
  });
  /** Precached, and in charge of this page. */
  const inCharge = (page: Page) =>
    page.waitForFunction(
      async () => (await navigator.serviceWorker.ready).active?.state === 'activated' && navigator.serviceWorker.controller !== null,
      undefined,
      { timeout: 60_000 },
    );

  test('comes up with a prompt, and runs a .pyc if one ran before; nobody else is asked', async () => {
    const page = await openLab({ ...site, url }, '', undefined, 'allow');
    const origins = new Set<string>();
    page.context().on('request', (r) => origins.add(new URL(r.url()).origin));
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
    await inCharge(page);
    await page.keyboard.type('python3 samples/hello.pyc\r');
    await waitForScreen(page, /hello from python\n/, 120_000);
    server.closeAllConnections();
    await new Promise((r) => server.close(r));
    await page.context().setOffline(true);
    await page.reload();
    await waitForScreen(page, /[#$] ?$/);
    expect(await enter(page, 'uname -m; ls samples | sort | tail -1; seq 3 | sed 1d')).toMatch(/x86_64\n[\s\S]*\n2\n3\n/);
    await page.keyboard.type('clear; python3 samples/hello.pyc\r');
    await waitForScreen(page, /hello from python\n/, 120_000);
    expect([...origins].filter((o) => o !== 'null')).toEqual([new URL(url).origin]);
    await page.close();
    ({ server, url } = await serve(root, Number(new URL(url).port)));
  }, 240_000);

  test('offers a newer version, and changes to it only when asked', async () => {
    const page = await openLab({ ...site, url }, '', undefined, 'allow');
    await inCharge(page);
    appendFileSync(join(root, 'sw.js'), '\n// another version');
    await page.reload();
    await page.getByText('There is a newer version of this page.').waitFor({ timeout: 60_000 });
    await page.evaluate(() => Object.assign(window, { before: true }));
    await page.getByRole('button', { name: 'Load it' }).click();
    await page.waitForFunction(() => !('before' in window));
    await waitForScreen(page, /[#$] ?$/);
    await page.close();
  }, 240_000);
});
