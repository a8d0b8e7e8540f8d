/** The rule workbench as a person uses it: typing, pasting, examples, files, the three other forms, registering. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { enter, openLab, openSite, type Site, screen, waitForScreen } from './server.ts';

const LUA = ':lua:M::\\x1bLua::/usr/bin/lua:';
const REGISTER = '/proc/sys/fs/binfmt_misc/register';

const SIGHTS = [
  ['light', 320],
  ['dark', 768],
  ['light', 1440],
  ['dark', 1440],
] as const;

describe('the rule workbench', { timeout: 120_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  async function withWorkbench(
    run: (page: Page, wb: Locator, line: Locator) => Promise<void>,
    viewport = { width: 1280, height: 900 },
  ): Promise<void> {
    const page = await openLab(site, '', viewport);
    try {
      await page.getByRole('tab', { name: 'Rule workbench' }).click();
      const wb = page.locator('.wb');
      await wb.locator('.outcome').waitFor();
      await run(page, wb, page.getByLabel('A line for register'));
    } finally {
      await page.close();
    }
  }

  const until = async (locator: Locator, text: string): Promise<void> => {
    await locator.filter({ hasText: text }).first().waitFor({ timeout: 5000 });
  };
  /** Replaces the line by keys. */
  async function write(page: Page, line: Locator, text: string): Promise<void> {
    await line.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
  }
  async function paste(page: Page, into: Locator, text: string): Promise<void> {
    await into.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
    // insertText is no paste to the page: the event says so.
    await into.evaluate((e, value) => {
      (e as HTMLTextAreaElement).value = value;
      e.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
    }, text);
  }

  test('takes a typed line apart, key by key, and foretells the kernel’s answer', () =>
    withWorkbench(async (page, wb, line) => {
      await write(page, line, ':m:M:4:ab\\x00:\\xff\\xff:/bin/sh:');
      const names = await wb.locator('.pieces button .name').allTextContents();
      expect(names).toEqual(['name', 'type', 'offset', 'magic', 'mask', 'interpreter', 'flags']);
      await until(wb.locator('.verdict'), 'EINVAL (22) Invalid argument');
      await until(wb.locator('.verdict'), 'the magic has 3 bytes, the mask 2 bytes');
      expect(await wb.locator('.pieces .bad .name').allTextContents()).toEqual(['mask']);
      expect(await wb.locator('.verdict .rule').getAttribute('href')).toMatch(/#R8$/i);
      await wb.getByRole('button', { name: /mask$/ }).click();
      await page.keyboard.type('\\xff\\x00\\xff');
      await until(wb.locator('.verdict'), 'takes all');
      expect(await line.inputValue()).toBe(':m:M:4:ab\\x00:\\xff\\x00\\xff:/bin/sh:');
    }));

  test('registers through the kernel, shows its answer, and the rule works; removed, it is gone', () =>
    withWorkbench(async (page, wb) => {
      await wb.getByRole('button', { name: 'Register it' }).focus();
      await page.keyboard.press('Enter');
      await until(wb.locator('.answer'), `write(register, ${LUA.length} bytes) = ${LUA.length}`);
      await until(wb.locator('.answer pre'), 'magic 1b4c7561');
      await until(wb.locator('.verdict'), 'EEXIST');
      await page.locator('.xterm-helper-textarea').first().focus();
      await page.keyboard.type('chmod +x samples/luac.out; samples/luac.out\r');
      await waitForScreen(page, /\nhello from lua\n/, 60_000);
      await wb.getByRole('button', { name: 'Register it' }).click();
      await until(wb.locator('.answer'), 'File exists');
      await page.locator('.xterm-helper-textarea').first().focus();
      await enter(page, 'echo -1 > /proc/sys/fs/binfmt_misc/lua');
      await until(wb.locator('.verdict'), 'takes all');
      await wb.getByRole('button', { name: 'Register it' }).click();
      await wb.getByRole('button', { name: 'Remove it again' }).click();
      await until(wb.locator('.answer'), 'removed');
      await page.locator('.xterm-helper-textarea').first().focus();
      expect(await enter(page, 'ls /proc/sys/fs/binfmt_misc')).toMatch(/\nregister +status\n[^\n]*[#$] ?$/);
    }));

  test('puts the command behind the prompt without running it', () =>
    withWorkbench(async (page, wb) => {
      await wb.getByRole('button', { name: 'Type it in the terminal' }).click();
      const typed = (text: string): boolean => text.replaceAll('\n', '').includes(`echo '${LUA}' > ${REGISTER}`);
      for (let i = 0; i < 100 && !typed(await screen(page)); i++) await page.waitForTimeout(30);
      expect(typed(await screen(page))).toBe(true);
      await page.keyboard.press('Enter');
      await waitForScreen(page, /register\n[^\n]*[#$] ?$/);
      expect(await enter(page, 'cat /proc/sys/fs/binfmt_misc/lua')).toContain('magic 1b4c7561');
    }));

  test('reads pasted shell commands, and shows what the shell did to them', () =>
    withWorkbench(async (page, wb, line) => {
      await paste(page, line, `echo -e ':w:M::\\x00asm::/bin/w:' | sudo tee ${REGISTER}`);
      await until(wb.locator('#wb-read'), 'Read as a shell command');
      expect(await wb.locator('.piece .raw').allTextContents()).toEqual(['00']);
      await until(wb.locator('.warnings .danger'), 'raw zero byte');
      await paste(page, line, 'update-binfmts --install lua /usr/bin/lua --magic \\\\x1bLua');
      await until(wb.locator('#wb-read'), 'Read as an update-binfmts command');
      expect(await line.inputValue()).toBe(LUA);
      await paste(page, line, `cat rules > ${REGISTER} # echo`);
      await until(wb.locator('.verdict'), 'EINVAL');
    }));

  test('changes with each of the three other forms, and they with it', () =>
    withWorkbench(async (page, wb, line) => {
      const shell = wb.getByLabel('Shell command', { exact: true });
      await write(page, shell, `echo ':pyc:E::pyc::/usr/bin/python3:P' > ${REGISTER}`);
      expect(await line.inputValue()).toBe(':pyc:E::pyc::/usr/bin/python3:P');
      expect(await wb.getByLabel('/etc/binfmt.d/pyc.conf', { exact: true }).inputValue()).toBe(':pyc:E::pyc::/usr/bin/python3:P');
      const update = wb.getByLabel('update-binfmts', { exact: true });
      expect(await update.inputValue()).toBe('update-binfmts --install pyc /usr/bin/python3 --extension pyc --preserve yes');
      await write(page, update, 'update-binfmts --install pyc /usr/bin/python3 --extension');
      await until(wb.locator('.form .problem'), '--extension needs a value');
      expect(await update.getAttribute('aria-invalid')).toBe('true');
      await page.keyboard.type(' pyo');
      expect(await line.inputValue()).toBe(':pyc:E::pyo::/usr/bin/python3:');
      await write(page, line, ':pyc:E::pyc::/usr/bin/python3:O');
      await until(wb.locator('.form'), 'no option for flag O alone');
    }));

  test('lays the rule over a file of the machine, a chosen one and a dropped one', () =>
    withWorkbench(async (page, wb) => {
      const path = wb.getByLabel('A file of the machine');
      await path.fill('/root/samples/hello-aarch64');
      await page.keyboard.press('Enter');
      await until(wb.locator('.outcome'), 'Byte 0 decides against it');
      expect(await wb.locator('td.differs').count()).toBe(4);
      await path.fill('/root/none');
      await page.keyboard.press('Enter');
      await until(wb.locator('#wb-path-problem'), 'No such file or directory');
      await wb.locator('input[type=file]').setInputFiles({ name: 'mine.out', mimeType: '', buffer: Buffer.from('\x1bLuT') });
      await until(wb.locator('.outcome'), 'Byte 3 decides against it');
      const transfer = await page.evaluateHandle(() => {
        const data = new DataTransfer();
        data.items.add(new File(['\x1bLua'], 'dropped'));
        return data;
      });
      await wb.dispatchEvent('drop', { dataTransfer: transfer });
      await until(wb.locator('.outcome'), 'Every byte that is compared matches');
      expect(await path.inputValue()).toBe('dropped');
      await until(wb.locator('.taken'), 'binfmt_misc (rule lua)');
    }));

  test('warns of a rule for the machine’s own programs, for this kernel and for current Linux', () =>
    withWorkbench(async (_page, wb) => {
      const menu = wb.getByLabel('Examples');
      await menu.focus();
      await menu.selectOption('native');
      await until(wb.locator('.warnings .danger'), 'ELOOP');
      expect(await wb.locator('.warnings .danger .only').first().textContent()).toBe('Linux 6.18');
      await until(wb.locator('.warnings .careful'), 'asks ELF first');
      await until(wb.locator('.taken'), 'Kernel lab ELF takes it.');
      await until(wb.locator('.taken'), 'Linux 6.18 binfmt_misc (rule qemu-x86_64) takes it.');
      for (const id of ['pyc', 'aarch64', 'broken', 'nul', 'lua']) await menu.selectOption(id);
      await until(wb.locator('.verdict'), 'takes all');
    }));

  test('sees the interpreter through the machine', () =>
    withWorkbench(async (page, wb, line) => {
      await write(page, line, ':x:E::x::/opt/none:');
      await until(wb.locator('.warnings .danger'), 'answers ENOENT');
      await write(page, line, ':x:E::x::/opt/none:F');
      await until(wb.locator('.verdict'), 'ENOENT (2) No such file or directory');
      await write(page, line, ':x:E::x::/etc/passwd:F');
      await until(wb.locator('.verdict'), 'EACCES (13) Permission denied');
      await write(page, line, ':x:E::x::/bin/python3:F');
      await until(wb.locator('.warnings .careful'), 'linked dynamically');
    }));

  test('has no accessibility violations and fits, in light and dark, at 320, 768 and 1440 px', () =>
    withWorkbench(async (page, wb) => {
      for (const [colorScheme, width] of SIGHTS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        for (const id of ['nul', 'native', 'aarch64']) {
          await wb.getByLabel('Examples').selectOption(id);
          await page.waitForTimeout(300);
          expect([width, id, await violations(page, ['binfmt-lab', '#panel-workbench'])]).toEqual([width, id, []]);
          const overflow = await wb.evaluate((e) => e.scrollWidth - e.clientWidth);
          expect([width, id, overflow]).toEqual([width, id, 0]);
        }
      }
    }));

  test('can be walked through with the keyboard alone', () =>
    withWorkbench(async (page, _wb, line) => {
      await line.focus();
      const seen: string[] = [];
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const e = document.querySelector('binfmt-lab')?.shadowRoot?.activeElement;
          return e?.closest('.wb') ? (e.getAttribute('aria-label') ?? e.textContent?.trim() ?? '') || e.id || e.tagName : '';
        });
        if (at === '') break;
        seen.push(at);
      }
      expect(seen.join(' / ')).toMatch(/lua\s+name.*Register it.*Type it in the terminal.*Copy Shell command.*Copy update-binfmts/s);
    }));
});
