/** The microscope on the built page: real programs, real keys, every width, both themes. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { enter, openLab, openSite, type Site, screen, waitForScreen } from './server.ts';

const WIDE = { width: 1440, height: 900 };

describe('the microscope', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  async function withLab(run: (page: Page) => Promise<void>, viewport = WIDE): Promise<void> {
    const page = await openLab(site, '', viewport);
    try {
      await page.locator('.microscope').waitFor();
      await run(page);
    } finally {
      await page.close();
    }
  }

  const verdict = (page: Page): Locator => page.locator('.microscope h2');
  const current = (page: Page): Locator => page.locator('.microscope [aria-current=step] h4 .title');
  const status = (page: Page): Locator => page.locator('binfmt-lab footer [role=status]');

  /** Waits for the execve of `path`. */
  async function shows(page: Page, path: string, came: string): Promise<void> {
    await verdict(page)
      .filter({ hasText: `execve("${path}")` })
      .filter({ hasText: came })
      .waitFor();
  }

  /** As if so many executions had come too fast for the worker's next message. */
  const loses = (page: Page, lost: number): Promise<void> =>
    page.evaluate((lost) => {
      const whole = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get;
      const data = function (this: MessageEvent): unknown {
        const message = whole?.call(this);
        return message?.t === 'exec' ? { ...message, lost } : message;
      };
      Object.defineProperty(MessageEvent.prototype, 'data', { get: data });
    }, lost);

  /** Esc, then Tab, leaves the terminal; the story takes the keyboard. */
  async function toStory(page: Page): Promise<void> {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await page.locator('.microscope .story').focus();
  }

  test('shows the newest execve: verdict, bytes, formats, how it is heard of', () =>
    withLab(async (page) => {
      await enter(page, 'cd samples; chmod +x luac.out; ./luac.out');
      await shows(page, './luac.out', 'ENOEXEC (8) Exec format error');
      expect(await page.locator('.microscope .st h4 .title').allTextContents()).toEqual([
        'Path and permissions',
        'The first 256 bytes',
        'ELF',
        '#!',
        'binfmt_misc',
        'ENOEXEC (8) Exec format error',
      ]);
      const heard = (await page.locator('.microscope .heard code').first().textContent()) ?? '?';
      expect(await screen(page)).toContain(heard);
      expect(await page.locator('.microscope .hex .differs').count()).toBeGreaterThan(0);
    }));

  test('says what to do, types it, and shows that it helped', () =>
    withLab(async (page) => {
      await enter(page, 'cd samples; chmod +x luac.out; ./luac.out');
      await shows(page, './luac.out', 'ENOEXEC');
      await page.getByRole('button', { name: 'Type it in the terminal' }).click();
      await waitForScreen(page, /register$/);
      await page.keyboard.press('Enter');
      await enter(page, './luac.out');
      await shows(page, './luac.out', 'runs /usr/bin/lua');
      expect(await page.locator('.microscope .hex .match').first().textContent()).toBe('1b');
      expect(await page.locator('.microscope .argv .new').allTextContents()).toEqual([expect.stringContaining('/usr/bin/lua')]);
      expect(await page.locator('.microscope .level h3').allTextContents()).toEqual(['Level 0 ./luac.out', 'Level 1 /usr/bin/lua']);
    }));

  test('opens the rule that it proposes in the workbench', () =>
    withLab(async (page) => {
      await enter(page, 'samples/hello-aarch64');
      await shows(page, 'samples/hello-aarch64', 'ENOEXEC');
      await page.getByRole('button', { name: 'Open in the rule workbench' }).click();
      await page.getByRole('tab', { name: 'Rule workbench', selected: true }).waitFor();
    }));

  test('steps with keys, names each step aloud, and links its rule', () =>
    withLab(async (page) => {
      await enter(page, 'samples/hello-aarch64');
      await shows(page, 'samples/hello-aarch64', 'ENOEXEC');
      await toStory(page);
      await page.keyboard.press('j');
      expect(await current(page).textContent()).toBe('Path and permissions');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('j');
      expect(await current(page).textContent()).toBe('ELF');
      expect(await status(page).textContent()).toMatch(/^Step 3 of 7: ELF\. next\. bytes 18–19, e_machine, are b7 00/);
      await page.keyboard.press('ArrowLeft');
      expect(await current(page).textContent()).toBe('The first 256 bytes');
      await page.keyboard.press('End');
      expect(await current(page).textContent()).toBe('ENOEXEC (8) Exec format error');
      expect(await page.locator('.microscope .st.errno .next, .microscope .st.errno .do').isVisible()).toBe(true);
      await page.keyboard.press('k');
      await page.keyboard.press('Home');
      expect(await current(page).textContent()).toBe('Path and permissions');
      const rule = page.locator('.microscope [aria-current=step] small a').first();
      expect(await rule.getAttribute('href')).toMatch(/#x1$/);
    }));

  test('keeps the chosen execve while others run, and follows the newest again', () =>
    withLab(async (page) => {
      await enter(page, 'samples/hello-x86_64');
      await shows(page, 'samples/hello-x86_64', 'runs');
      await page.locator('.microscope [role=listbox]').focus();
      await page.keyboard.press('Home');
      await shows(page, '/usr/bin/bash', 'runs');
      await page.keyboard.press('ArrowDown');
      await shows(page, 'samples/hello-x86_64', 'runs');
      await page.locator('binfmt-lab .xterm-helper-textarea').first().focus();
      await enter(page, 'uname');
      await page.waitForTimeout(300);
      await shows(page, 'samples/hello-x86_64', 'runs');
      await page.getByRole('button', { name: 'follow the newest' }).click();
      await shows(page, '/usr/bin/uname', 'runs');
    }));

  test('lists only failures when asked to', () =>
    withLab(async (page) => {
      await enter(page, './nothing; samples/hello-x86_64; samples/hello.py');
      await page.getByLabel('failures only').check();
      expect(await page.locator('.microscope [role=option] .came').allTextContents()).toEqual(['ENOENT', 'EACCES']);
      await page.locator('.microscope [role=option]').first().click();
      await shows(page, './nothing', 'ENOENT (2) No such file or directory');
    }));

  test('lists hundreds with a handful of rows', () =>
    withLab(async (page) => {
      await page.keyboard.type('for i in {1..400}; do /bin/true; done\r');
      await page.locator('.microscope .bar h3', { hasText: '401 executions' }).waitFor({ timeout: 60_000 });
      const rows = page.locator('.microscope [role=option]');
      expect(await rows.count()).toBeLessThan(30);
      expect(await rows.last().getAttribute('aria-setsize')).toBe('401');
      await page.locator('.microscope [role=listbox]').focus();
      await page.keyboard.press('Home');
      await shows(page, '/usr/bin/bash', 'runs');
      await page.locator('.microscope [role=option][aria-posinset="1"]').waitFor();
      await loses(page, 1234);
      await enter(page, '/bin/true');
      await page.locator('.microscope .list').getByText('1,234 executions were not kept: more at once than could be told.').waitFor();
    }));

  test('lays a rule over the bytes, masked bytes hatched, and shows all 256', () =>
    withLab(async (page) => {
      await enter(page, '/usr/sbin/qemu-binfmt-conf.sh --qemu-path /usr/bin --qemu-suffix -static >/dev/null; samples/hello-aarch64');
      await shows(page, 'samples/hello-aarch64', 'runs /usr/bin/qemu-aarch64-static');
      const first = page.locator('.microscope .level').first();
      expect(await first.locator('.hex .masked').count()).toBeGreaterThan(0);
      await first.locator('.lay button', { hasText: /^#!$/ }).click();
      expect(await first.locator('.hex .wants .differs').allTextContents()).toEqual(['23', '21']);
      await first.getByRole('button', { name: 'all 256 bytes' }).click();
      expect(await first.locator('.hex .row:not(.wants)').count()).toBeGreaterThanOrEqual(16);
      await first.getByRole('button', { name: /more that do not match/ }).click();
      expect(await first.locator('.rules li').count()).toBeGreaterThan(5);
    }));

  test('is copied as text, and printed without its buttons', () =>
    withLab(async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await enter(page, 'samples/hello.py');
      await shows(page, 'samples/hello.py', 'EACCES');
      await page.getByRole('button', { name: 'Copy as text' }).click();
      await status(page).filter({ hasText: 'on the clipboard' }).waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      expect(text).toContain('execve("samples/hello.py", ["samples/hello.py"])');
      expect(text).toContain('What to do: Set an x bit: root needs one, too.');
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.microscope .list').isVisible()).toBe(false);
      expect(await page.locator('.microscope .st.errno').isVisible()).toBe(true);
    }));

  for (const [width, height] of [
    [320, 700],
    [1440, 900],
  ] as const) {
    test(`has no accessibility violation and no sideways scrolling at ${width} px, light and dark`, () =>
      withLab(
        async (page) => {
          await enter(page, 'samples/crlf.sh');
          await shows(page, 'samples/crlf.sh', 'ENOENT');
          await page.locator('.microscope .story').focus();
          await page.keyboard.press('End');
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            expect(await violations(page), colorScheme).toEqual([]);
          }
          const boxes = page.locator('.microscope .story, .microscope .hex, .microscope .head, .microscope .bar');
          expect(await boxes.evaluateAll((all) => all.filter((b) => b.scrollWidth > b.clientWidth + 1).map((b) => b.className))).toEqual(
            [],
          );
        },
        { width, height },
      ));
  }
});
