/** embed.html in frames: strict pages, sandboxes, sub-paths, files, and the messages between page and frame. */

import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import type { BinfmtLabElement } from '../../src/ui/element.ts';
import type { FromFrame } from '../../src/ui/embed-messages.ts';
import { violations } from './axe.ts';
import { type AuthorSite, authorSite } from './embed-site.ts';
import { dist, openSite, type Site, waitForScreen } from './server.ts';

/** A page's side of the messages, small. */
const TALK = `<script>
const frame = document.querySelector('iframe');
var heard = [];
let last = 0;
addEventListener('message', (e) => e.source === frame.contentWindow && heard.push({ origin: e.origin, ...e.data }));
async function ask(message, to = '*') {
  const id = ++last;
  frame.contentWindow.postMessage({ binfmtLab: 1, id, ...message }, to);
  for (;;) {
    const answer = heard.find((m) => m.id === id);
    if (answer) return answer;
    await new Promise((r) => setTimeout(r, 20));
  }
}
</script>`;
type Talk = {
  ask(message: object): Promise<FromFrame & { value?: unknown; error?: { name: string } }>;
  heard: (FromFrame & { event?: string; origin: string })[];
};

/** Payloads load. */
const LONG = 240_000;

describe('embed.html in a frame', { timeout: LONG }, () => {
  let site: Site;
  const authors: AuthorSite[] = [];
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(async () => {
    for (const a of authors) a.close();
    await site.close();
  });

  async function framed(query: string, run: (page: Page, frame: Frame) => Promise<void>, attributes = '', csp?: string): Promise<void> {
    const body = `<!doctype html><html lang="en"><title>x</title><iframe title="lab" width="700" height="400" src="${site.url}embed.html${query}" ${attributes}></iframe>${csp === undefined ? TALK : ''}</html>`;
    const author = await authorSite({ '/': body }, csp === undefined ? {} : { 'content-security-policy': csp });
    authors.push(author);
    const page = await site.browser.newPage();
    try {
      await page.goto(author.url);
      const frame = page.frames().find((f) => f !== page.mainFrame());
      if (frame === undefined) throw new Error('the page has no frame');
      await run(page, frame);
    } finally {
      await page.close();
    }
  }
  const run = (frame: Frame, script: string) =>
    frame.locator('binfmt-lab').evaluate((el, s) => (el as BinfmtLabElement).run(s).then((r) => r.stdout + r.stderr), script);
  const shows = (frame: Frame, text: RegExp, timeout = 30_000) =>
    expect.poll(() => frame.locator('binfmt-lab').evaluate((el) => (el as BinfmtLabElement).screenText()), { timeout }).toMatch(text);
  const start = (frame: Frame) => frame.getByRole('button', { name: 'Start' }).click();

  test('starts at the click, on a page whose policy allows nothing but frames', () =>
    framed(
      '?host=riscv64&theme=dark',
      async (_, frame) => {
        await start(frame);
        await shows(frame, /[#$] ?$/);
        expect(await run(frame, 'uname -m; lua samples/luac.out; python3 samples/hello.pyc')).toMatch(
          /^riscv64\n[\s\S]*hello from python\n$/,
        );
      },
      '',
      `default-src 'none'; frame-src ${new URL(site.url).origin}`,
    ));

  test('works in a sandbox without an origin', () =>
    framed(
      '?script=echo%20hi',
      async (_, frame) => {
        await start(frame);
        await shows(frame, /echo hi$/);
        expect(await frame.evaluate(() => self.origin)).toBe('null');
        expect(await run(frame, 'uname -m; lua samples/luac.out; python3 samples/hello.pyc')).toMatch(
          /^x86_64\n[\s\S]*hello from python\n$/,
        );
      },
      'sandbox="allow-scripts"',
    ));

  test('takes ^C in a sandbox, from a payload that never yields', () =>
    framed(
      '',
      async (page, frame) => {
        await start(frame);
        await shows(frame, /[#$] ?$/);
        await page.keyboard.type(`python3 -c 'exec("print(40 + 2, flush=True)\\nwhile True: pass")'\r`);
        await shows(frame, /\n42$/, 120_000);
        await page.keyboard.press('Control+c');
        await shows(frame, /KeyboardInterrupt\n[\s\S]*[#$] ?$/);
      },
      'sandbox="allow-scripts"',
    ));

  test('runs what its author marked, takes neither keyboard nor scroll from the page, and copies without being granted the clipboard', () =>
    framed('?autorun&script=echo%20%24((6*7))%3B%20/bin/true&panels=microscope', async (page, frame) => {
      await shows(frame, /\n42\n/);
      expect(await page.evaluate(() => [document.activeElement?.localName, scrollY])).toEqual(['body', 0]);
      await frame.getByRole('button', { name: 'Copy as text' }).click();
      await frame.locator('.status').getByText('The story is on the clipboard.').waitFor();
      await page.evaluate(() => {
        document.body.append(document.createElement('textarea'));
        document.querySelector('textarea')?.focus();
      });
      await page.keyboard.press('Control+v');
      expect(await page.locator('textarea').inputValue()).toContain('execve("/bin/true"');
    }));

  test('runs nothing by itself when a link opens it, and says what a start would fetch', async () => {
    const page = await site.browser.newPage();
    const requests: string[] = [];
    page.on('request', (r) => requests.push(r.url()));
    const files = encodeURIComponent('{"/root/x":{"url":"https://elsewhere.example/x"}}');
    await page.goto(`${site.url}embed.html?autorun&script=touch%20x&files=${files}`);
    await page.getByText('Start also fetches files from https://elsewhere.example.').waitFor();
    await page.waitForTimeout(500);
    expect(requests.filter((url) => /assets\/worker|^https:/.test(url))).toEqual([]);
    await page.close();
  });

  test('answers calls, tells events, and names what is wrong', () =>
    framed('?host=armv7l&lesson=pyc', async (page, frame) => {
      const ask = (message: object) => page.evaluate((m) => (window as unknown as Talk).ask(m), message);
      expect(await ask({ call: 'run', args: ['uname -m'] })).toMatchObject({ value: { stdout: 'armv7l\n', stderr: '', status: 0 } });
      expect(await ask({ call: 'ready' })).toMatchObject({ value: null });
      expect(await ask({ call: 'type', args: ['echo typed\r'] })).toMatchObject({ value: null });
      await expect.poll(async () => (await ask({ call: 'screenText' })).value, { timeout: 10_000 }).toMatch(/\ntyped\n/);
      expect(await ask({ call: 'snapshot' })).toMatchObject({ value: { host: 'armv7l', kernel: 'lab' } });
      await frame.getByRole('button', { name: 'Begin' }).click();
      await frame.locator('.ls .state').getByText('run.pyc has no x bit yet.').waitFor();
      await ask({ call: 'type', args: ['chmod +x /srv/app/run.pyc\r'] });
      await frame.locator('.ls .state').getByText('Done.').waitFor();
      expect(await ask({ call: 'reset' })).toMatchObject({ value: null });
      expect(await ask({ call: 'run', args: ['ls'] })).toMatchObject({ value: { stdout: 'samples\n', stderr: '', status: 0 } });
      expect(await ask({ call: 'eval', args: ['1'] })).toMatchObject({ error: { name: 'UnknownCall' } });
      expect(await ask({ call: 'run', args: [{}] })).toMatchObject({ error: { name: 'BadArguments' } });
      const heard = await page.evaluate(() => (window as unknown as Talk).heard.filter((m) => m.event !== undefined));
      expect(heard[0]).toMatchObject({ event: 'hello' });
      expect(heard).toContainEqual(expect.objectContaining({ event: 'exec', detail: expect.objectContaining({ runs: '/usr/bin/uname' }) }));
      expect(heard).toContainEqual(expect.objectContaining({ event: 'step', detail: { lesson: 'pyc', step: 1, steps: 5 } }));
      expect(new Set(heard.map((m) => m.origin))).toEqual(new Set([new URL(site.url).origin]));
    }));

  test('hears no window but the one that frames it', () =>
    framed('', async (page, frame) => {
      await start(frame);
      await shows(frame, /[#$] ?$/);
      await frame.evaluate(() => {
        window.postMessage({ binfmtLab: 1, id: 1, call: 'type', args: ['touch forged\r'] }, '*');
      });
      await page.evaluate(() => {
        const forger = `<script>parent.frames[0].postMessage({ binfmtLab: 1, id: 2, call: 'run', args: ['touch /root/forged'] }, '*')</script>`;
        document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: forger, title: 'forger' }));
      });
      await page.waitForTimeout(500);
      expect(await run(frame, 'ls')).toBe('samples\n');
    }));

  test('keeps its neighbours’ machines apart on one page', () =>
    framed('', async (page, frame) => {
      await page.evaluate(
        (src) => document.body.append(Object.assign(document.createElement('iframe'), { src, title: 'two' })),
        `${site.url}embed.html?host=i686`,
      );
      await expect.poll(() => page.frames().length).toBe(3);
      const two = page.frames()[2] as Frame;
      await two.waitForSelector('binfmt-lab');
      expect(await run(frame, 'touch one; uname -m')).toBe('x86_64\n');
      expect(await run(two, 'ls; uname -m')).toBe('samples\ni686\n');
    }));

  test.each(['light', 'dark'] as const)(
    'has no accessibility violation before the start and after it, in %s, at 320 pixels',
    async (colorScheme) => {
      const page = await site.browser.newPage({ colorScheme, viewport: { width: 320, height: 480 } });
      await page.goto(`${site.url}embed.html?host=aarch64&lesson=&script=ls`);
      await page.getByRole('button', { name: 'Start' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Start' }).press('Enter');
      await waitForScreen(page, /ls$/);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      await page.close();
    },
  );

  test('works from a sub-path', async () => {
    const root = mkdtempSync(join(tmpdir(), 'sub-'));
    cpSync(join(dist(), 'index.html'), join(root, 'index.html'));
    symlinkSync(dist(), join(root, 'assets'));
    const { server, url } = await serve(root);
    const page = await site.browser.newPage();
    const missing: string[] = [];
    page.on('response', (r) => r.status() === 404 && missing.push(r.url()));
    await page.goto(`${url}assets/embed.html`);
    await page.getByRole('button', { name: 'Start' }).click();
    await waitForScreen(page, /[#$] ?$/);
    const answer = await page
      .locator('binfmt-lab')
      .evaluate((el) => (el as BinfmtLabElement).run('lua samples/luac.out; python3 samples/hello.pyc'));
    expect(answer).toMatchObject({ stderr: '', status: 0 });
    expect(missing).toEqual([]);
    await page.close();
    server.close();
    rmSync(root, { recursive: true });
  });

  test.each(['embed.html', 'index.html'])('%s says why it cannot start as a file', async (name) => {
    const page = await site.browser.newPage();
    await page.goto(pathToFileURL(join(dist(), name)).href);
    await page.getByText('the page was opened as a file').waitFor();
    await page.close();
  });

  test.each(['embed.html', 'index.html'])('%s says why it cannot start where its modules are forbidden', async (name) => {
    const { server, url } = await serve(dist(), 0, undefined, { 'content-security-policy': "script-src 'none'" });
    const page = await site.browser.newPage();
    await page.goto(url + name);
    await page.getByText('forbids its own scripts').waitFor();
    await page.close();
    server.close();
  });

  test.each([
    [" 'wasm-unsafe-eval'", /^hello from lua\nhello from python\n$/],
    ['', /forbids WebAssembly: its script-src needs 'wasm-unsafe-eval'/],
  ])('runs under the policy that the docs name for its server, with%s WebAssembly or saying so', async (wasm, answer) => {
    const policy = `default-src 'none'; script-src 'self'${wasm}; worker-src 'self' blob:; connect-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; manifest-src 'self'`;
    const { server, url } = await serve(dist(), 0, undefined, { 'content-security-policy': policy });
    const page = await site.browser.newPage();
    const complaints: string[] = [];
    page.on('console', (m) => complaints.push(m.text()));
    await page.goto(`${url}embed.html`);
    await page.getByRole('button', { name: 'Start' }).click();
    const { stdout, stderr } = await page
      .locator('binfmt-lab')
      .evaluate((el) => (el as BinfmtLabElement).run('lua samples/luac.out; python3 samples/hello.pyc'));
    expect(stdout + stderr).toMatch(answer);
    expect(complaints.filter((c) => !c.includes('WebAssembly'))).toEqual([]);
    await page.close();
    server.close();
  });

  test.each(['embed.html', 'index.html'])('%s says that it needs JavaScript', async (name) => {
    const page = await site.browser.newPage({ javaScriptEnabled: false });
    await page.goto(site.url + name);
    await page.locator('noscript strong').waitFor();
    await page.close();
  });
});
