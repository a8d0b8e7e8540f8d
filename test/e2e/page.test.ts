/** The page as a person meets it: prompt, keys, ^C, window size, themes, the keyboard's way out, the bytes it took. */
import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterByKeys, openLab, openSite, type Site, waitForScreen } from './server.ts';

/** Everything loaded before the prompt stands, gzip -9. */
const FIRST_SCREEN = 200_000;
/** What is fetched only when the prompt stands: it stands although none of these arrive. */
const LATE = /\/(engine|later|terminal-extras|lit-html|keep)-[^/]*\.js$/;

describe('the page', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  async function withLab(run: (page: Page) => Promise<void>, viewport?: { width: number; height: number }): Promise<void> {
    const page = await openLab(site, '', viewport);
    try {
      await run(page);
    } finally {
      await page.close();
    }
  }

  test('shows a prompt and runs what is typed', () =>
    withLab(async (page) => {
      expect(await enterByKeys(page, 'echo $((6 * 7)) on $(uname -m)')).toContain('42 on x86_64');
    }));

  test('starts one worker, in its head: with a machine, or for the one that comes back after a reload', async () => {
    const page = await site.browser.newPage({ serviceWorkers: 'block' });
    let workers = 0;
    page.on('worker', () => workers++);
    await page.goto(site.url);
    await waitForScreen(page, /#$/);
    await page.waitForFunction(() => sessionStorage.length > 0);
    expect(workers).toBe(1);
    await page.reload();
    await waitForScreen(page, /#$/);
    expect(workers).toBe(2);
    await page.close();
  });

  test('keeps the machine also when its prompt came before the page could ask for that', async () => {
    const page = await site.browser.newPage({ serviceWorkers: 'block' });
    await page.route(/\/embed-start-[^/]*\.js$/, (route) => page.waitForTimeout(2000).then(() => route.continue()));
    await page.goto(site.url);
    await waitForScreen(page, /#$/);
    await page.waitForFunction(() => sessionStorage.length > 0, undefined, { timeout: 10_000 });
    await page.close();
  });

  test('registers a rule at the prompt, and a real .pyc runs', () =>
    withLab(async (page) => {
      await enterByKeys(page, "echo ':python-pyc:E:0:pyc::/usr/bin/python3:' > /proc/sys/fs/binfmt_misc/register");
      await enterByKeys(page, 'chmod +x samples/hello.pyc');
      await page.keyboard.type('samples/hello.pyc\r');
      await waitForScreen(page, /\nhello from python\n/, 60_000);
    }));

  test('is interrupted by ^C while output floods it', () =>
    withLab(async (page) => {
      await page.keyboard.type('yes\r');
      await waitForScreen(page, /\ny\ny\ny/);
      await page.keyboard.press('Control+c');
      await waitForScreen(page, /\^C\n[^\n]*[#$] ?$/);
      expect(await enterByKeys(page, 'echo still here')).toContain('\nstill here');
    }));

  test('is interrupted by ^C in an endless loop of the shell', () =>
    withLab(async (page) => {
      await page.keyboard.type('while :; do :; done\r');
      await page.waitForTimeout(500);
      await page.keyboard.press('Control+c');
      await waitForScreen(page, /\^C\n[^\n]*[#$] ?$/);
    }));

  test('tells programs the size of the window when it changes', () =>
    withLab(async (page) => {
      const before = await enterByKeys(page, 'stty size');
      await page.setViewportSize({ width: 600, height: 400 });
      await page.waitForTimeout(300);
      const after = await enterByKeys(page, 'stty size');
      expect(after.match(/\d+ \d+/g)?.at(-1)).not.toBe(before.match(/\d+ \d+/g)?.at(-1));
    }));

  test('starts a new machine with another host, without its files if asked', () =>
    withLab(async (page) => {
      await enterByKeys(page, 'touch /root/left');
      await page.getByLabel('host').selectOption('aarch64');
      await page.getByLabel(/Carry the files/).uncheck();
      await page.getByRole('button', { name: 'Start it' }).click();
      await page.locator('.chip', { hasText: 'Linux lab on aarch64' }).waitFor();
      expect(await enterByKeys(page, 'uname -m; ls')).toMatch(/\naarch64\nsamples\n/);
    }));

  test('lets the keyboard out with Esc, then Tab', () =>
    withLab(async (page) => {
      const inTerminal = (): Promise<boolean> =>
        page.evaluate(
          () => document.querySelector('binfmt-lab')?.shadowRoot?.activeElement?.classList.contains('xterm-helper-textarea') ?? false,
        );
      expect(await inTerminal()).toBe(true);
      await page.keyboard.press('Tab');
      expect(await inTerminal()).toBe(true);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      expect(await inTerminal()).toBe(false);
    }));

  test('fits 320 pixels without scrolling sideways', () =>
    withLab(
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
        expect(await enterByKeys(page, 'echo narrow')).toContain('\nnarrow');
      },
      { width: 320, height: 560 },
    ));

  test.each([320, 768, 1100, 1440])('keeps the room of its bar, which comes after the prompt, at %d pixels', async (width) => {
    const page = await site.browser.newPage({ viewport: { width, height: 800 }, serviceWorkers: 'block' });
    const bar = page.locator('header');
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/\/later-[^/]*\.js$/, (route) => held.then(() => route.continue()));
    await page.goto(site.url);
    await waitForScreen(page, /[#$] ?$/);
    expect(await bar.getByRole('button').count()).toBe(0);
    const before = await bar.boundingBox();
    release();
    await bar.getByRole('button', { name: 'Help' }).waitFor();
    await bar.getByText('binfmt_misc').waitFor();
    expect(await bar.boundingBox()).toEqual(before);
    await page.close();
  });

  test('keeps its first screen within the budget', async () => {
    const page = await site.browser.newPage({ serviceWorkers: 'block' });
    const bodies: Promise<number>[] = [];
    const count = (r: Response): void => void bodies.push(r.body().then((b) => gzipSync(b, { level: 9 }).length));
    page.on('response', count);
    await page.route(LATE, (route) => route.abort());
    await page.goto(site.url);
    await waitForScreen(page, /[#$] ?$/);
    page.off('response', count);
    const total = (await Promise.all(bodies)).reduce((a, b) => a + b, 0);
    console.log(`first screen: ${total} bytes gzip`);
    expect(total).toBeLessThan(FIRST_SCREEN);
    await page.keyboard.type('echo typed');
    await waitForScreen(page, /[#$] echo typed$/);
    await page.keyboard.press('Enter');
    await waitForScreen(page, /cannot load the rest of the shell[^$#]*[#$] ?$/);
    await page.unroute(LATE);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await waitForScreen(page, /\ntyped\n/);
    await page.close();
  });
});
