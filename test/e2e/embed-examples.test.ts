/** The examples of docs/embedding.md as their readers meet them, from the pages that the docs tools have built. */
import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layOut } from '../../scripts/examples.mjs';
import { serve } from '../../scripts/serve.mjs';
import type { BinfmtLabElement } from '../../src/ui/element.ts';
import { dist, openSite, type Site } from './server.ts';

describe('the example', { timeout: 240_000 }, () => {
  let site: Site;
  let root: string;
  let [server, url]: [Server | null, string] = [null, ''];
  beforeAll(async () => {
    site = await openSite();
    root = layOut(dist());
    ({ server, url } = await serve(root));
  });
  afterAll(async () => {
    server?.close();
    rmSync(root, { recursive: true });
    await site.close();
  });

  async function read(name: string, run: (page: Page, errors: string[]) => Promise<void>): Promise<void> {
    const page = await site.browser.newPage();
    const errors: string[] = [];
    const origins = new Set<string>();
    page.on('pageerror', (e) => errors.push(e.message));
    page.on('request', (r) => origins.add(new URL(r.url()).origin));
    try {
      await page.goto(`${url}examples/${name}/index.html`);
      await run(page, errors);
      expect(errors).toEqual([]);
      expect([...origins].filter((o) => o !== 'null' && !o.startsWith('data'))).toEqual([new URL(url).origin]);
    } finally {
      await page.close();
    }
  }

  /** Starts the machine, runs the script that its author has put at the prompt, and waits for what it shows. */
  async function startAndEnter(page: Page, at: Page | Frame, script: string, shown: RegExp): Promise<void> {
    const lab = at.locator('binfmt-lab').first();
    const screen = () => lab.evaluate((el) => (el as BinfmtLabElement).screenText());
    await lab.getByRole('button', { name: 'Start' }).click();
    await expect.poll(screen, { timeout: 30_000 }).toContain(script);
    await page.keyboard.press('Enter');
    await expect.poll(screen, { timeout: 30_000 }).toMatch(shown);
  }

  test('plain HTML: an article with two machines', () =>
    read('html', (page) => startAndEnter(page, page, 'file samples/hello-aarch64', /cannot execute binary file: Exec format error/)));

  test('MkDocs', () => read('mkdocs', (page) => startAndEnter(page, page, '/proc/sys/fs/binfmt_misc/register', /register\n[^\n]*[#$] ?$/)));

  test('VitePress', () => read('vitepress', (page) => startAndEnter(page, page, 'cat /proc/sys/fs/binfmt_misc/status', /\nenabled\n/)));

  test('Docusaurus', () => read('docusaurus', (page) => startAndEnter(page, page, 'samples/crlf.sh', /\\r/)));

  test('a frame on a page with a strict policy, which calls it', () =>
    read('frame', async (page) => {
      const frame = page.frames()[1] as Frame;
      await frame.locator('binfmt-lab').waitFor();
      await page.getByRole('button', { name: 'Ask the machine' }).click();
      await expect.poll(() => page.locator('pre').textContent(), { timeout: 30_000 }).toBe('register\nstatus\nenabled\n');
      await expect.poll(() => page.locator('body').getAttribute('data-last-exec')).toMatch(/cat$/);
    }));

  test('a sandboxed frame', () => read('sandbox', (page) => startAndEnter(page, page.frames()[1] as Frame, 'cat samples/crlf.sh', /#!/)));
});
