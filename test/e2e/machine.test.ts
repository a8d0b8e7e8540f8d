/** The machine in the page over time: undo, reload, another host, links, several terminals, and what happens when it dies. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enter, openLab, openSite, type Site, screen, waitForScreen } from './server.ts';

const status = async (page: Page): Promise<string> => (await page.locator('.status').textContent()) ?? '';
const chips = (page: Page): Promise<string[]> => page.locator('.chip .line').allInnerTexts();
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

async function waitFor<T>(look: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs a line and waits until the time line has it. */
async function command(page: Page, line: string): Promise<string> {
  const text = await enter(page, line);
  await waitFor(
    () => chips(page),
    (all) => all.at(-1) === line,
  );
  return text;
}

/** Presses Undo or Redo and waits for the machine of that moment. */
async function travel(page: Page, name: 'Undo' | 'Redo', now: string): Promise<void> {
  await press(page, name);
  await waitFor(
    () => page.locator('[aria-current] .line').textContent(),
    (line) => line === now,
  );
  await page.locator('.xterm-helper-textarea:visible').first().focus();
}

describe('the machine in the page', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  async function withLab(run: (page: Page) => Promise<void>, path = ''): Promise<void> {
    const page = await openLab(site, path);
    try {
      await waitFor(
        () => chips(page),
        (all) => all.length > 0,
      );
      await run(page);
    } finally {
      await page.context().close();
    }
  }

  test('goes back to before a command and forward again: files, rules and the shell', () =>
    withLab(async (page) => {
      await command(page, 'cd /tmp; x=5');
      await command(page, "echo ':t:E::t::/bin/cat:' > /proc/sys/fs/binfmt_misc/register; x=6; rm -r /root/samples");
      await travel(page, 'Undo', 'cd /tmp; x=5');
      expect(await enter(page, 'echo $x $PWD; ls /root /proc/sys/fs/binfmt_misc')).toContain(
        '5 /tmp\n/proc/sys/fs/binfmt_misc:\nregister  status\n\n/root:\nsamples',
      );
      await travel(page, 'Undo', 'cd /tmp; x=5');
      await travel(page, 'Undo', 'start');
      await travel(page, 'Redo', 'cd /tmp; x=5');
      expect(await status(page)).toContain('as it was after “cd /tmp; x=5”');
      expect(await enter(page, 'echo again $x')).toContain('\nagain 5\n');
    }));

  test('ends what runs when it goes back, and says so', () =>
    withLab(async (page) => {
      await command(page, 'echo here');
      await page.keyboard.type('sleep 1000\r');
      await page.waitForTimeout(300);
      await press(page, 'Undo');
      await waitFor(
        () => status(page),
        (text) => text.includes('Ended: sleep'),
      );
      await page.locator('.xterm-helper-textarea').focus();
      expect(await enter(page, 'ps -e | grep -c slee[p]')).toMatch(/\n0\n/);
    }));

  test('brings a reset machine back', () =>
    withLab(async (page) => {
      await command(page, 'echo mine > /root/mine');
      await press(page, 'Reset');
      await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
      await waitFor(
        () => chips(page),
        (all) => all.at(-1) === 'reset',
      );
      await page.locator('.xterm-helper-textarea').focus();
      expect(await enter(page, 'ls')).toMatch(/ls\nsamples\n/);
      await travel(page, 'Undo', 'reset');
      await travel(page, 'Undo', 'echo mine > /root/mine');
      expect(await enter(page, 'cat mine')).toContain('\nmine\n');
    }));

  test('survives a reload', () =>
    withLab(async (page) => {
      await command(page, 'cd /tmp; echo kept > file; f() { echo from f; }');
      await page.waitForFunction(() => sessionStorage.length > 0);
      await page.waitForTimeout(700);
      await page.reload();
      await waitForScreen(page, /tmp# $|tmp#$/);
      expect(await status(page)).toContain('from before is back');
      expect(await enter(page, 'cat file; f')).toContain('\nkept\nfrom f\n');
    }));

  test('changes its host after asking, and carries the files over', () =>
    withLab(async (page) => {
      await command(page, 'echo carried > note; chmod 600 note; ln -s note link');
      await page.getByLabel('host').selectOption('aarch64');
      await page.getByRole('button', { name: 'Stay here' }).click();
      expect(await page.getByLabel('host').inputValue()).toBe('x86_64');
      await page.getByLabel('host').selectOption('aarch64');
      await page.getByRole('button', { name: 'Start it' }).click();
      await waitFor(
        () => chips(page),
        (all) => all.length === 3,
      );
      expect(await enter(page, 'uname -m; cat link; stat -c %a note')).toContain('\naarch64\ncarried\n600\n');
    }));

  test('makes a link, which opens nothing before the visitor agrees', () =>
    withLab(async (page) => {
      await command(page, 'echo from the link > /tmp/out');
      await press(page, 'Share');
      await page.getByLabel('Files to carry along').fill('/root/samples/crlf.sh');
      await page.keyboard.press('Tab');
      const link = page.getByLabel('Link', { exact: true });
      await waitFor(
        () => link.inputValue(),
        (text) => text.length > 300,
      );
      await press(page, 'Copy the link');
      await page.getByRole('dialog').getByText('The link is on the clipboard.').waitFor();
      const visitor = await site.browser.newPage({ serviceWorkers: 'block' });
      await visitor.goto(await link.inputValue());
      const dialog = visitor.getByRole('dialog');
      await dialog.getByText('/root/samples/crlf.sh').waitFor();
      expect(await dialog.locator('pre').textContent()).toBe('echo from the link > /tmp/out');
      expect(await screen(visitor)).not.toContain('echo');
      await dialog.getByRole('button', { name: 'Open it' }).click();
      await waitForScreen(visitor, /echo from the link > \/tmp\/out\n.*# ?$/s);
      expect(await enter(visitor, 'cat /tmp/out')).toContain('\nfrom the link\n');
      await visitor.context().close();
    }));

  test('makes a link that shows the step that was being looked at', () =>
    withLab(async (page) => {
      await command(page, 'chmod +x samples/luac.out; samples/luac.out; true');
      await page.locator('.chip', { hasText: 'luac.out' }).click();
      await page.locator('.microscope .story').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('j');
      const place = (of: Page): Promise<string | null> => of.locator('.microscope .head').textContent();
      expect(await place(page)).toContain('ENOEXEC');
      await press(page, 'Share');
      const link = page.getByLabel('Link', { exact: true });
      await link.waitFor();
      const visitor = await site.browser.newPage({ serviceWorkers: 'block' });
      await visitor.goto(await link.inputValue());
      await visitor.getByRole('button', { name: 'Open it' }).click();
      const wanted = await place(page);
      await waitFor(
        () => place(visitor),
        (text) => text === wanted,
      );
      await visitor.context().close();
    }));

  test('refuses a damaged link by a sentence', () =>
    withLab(async (page) => {
      await page.getByRole('dialog').getByText('The link is of version 3').waitFor();
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      expect(await enter(page, 'echo fine')).toContain('\nfine\n');
    }, '#state=AwAA'));

  test('has several terminals, each with a tty and a session of its own', () =>
    withLab(async (page) => {
      await page.keyboard.type('sleep 1000\r');
      await press(page, 'New terminal');
      await waitForScreen(page, /# ?$/);
      expect(await enter(page, 'tty; ps -e | grep -c slee[p]')).toMatch(/\n\/dev\/pts\/1\n1\n/);
      await page.getByRole('tab', { name: 'bash 1' }).click();
      await page.keyboard.press('Control+c');
      await waitForScreen(page, /sleep 1000\n\^C\n.*# ?$/s);
      await page.getByRole('tab', { name: 'bash 1' }).focus();
      await page.keyboard.press('ArrowRight');
      expect(await screen(page)).toContain('/dev/pts/1');
      await press(page, 'Close this terminal');
      expect(await page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab').count()).toBe(1);
    }));

  test('searches what the terminal shows', () =>
    withLab(async (page) => {
      await command(page, 'seq 300');
      await page.keyboard.press('Control+Shift+F');
      await page.keyboard.type('\n');
      await page.keyboard.type('17');
      await page.keyboard.press('Enter');
      await page.keyboard.type('zzz');
      await page.keyboard.press('Enter');
      await waitFor(
        () => status(page),
        (text) => text.includes('does not show “17zzz”'),
      );
      await page.keyboard.press('Escape');
      expect(await enter(page, 'echo back')).toContain('\nback\n');
    }));

  test('shows the keys that a phone lacks', async () => {
    const context = await site.browser.newContext({
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
      serviceWorkers: 'block',
    });
    const page = await context.newPage();
    await page.goto(site.url);
    await waitForScreen(page, /# ?$/);
    const key = (name: string): Promise<void> =>
      page.getByRole('toolbar', { name: 'Keys' }).getByRole('button', { name, exact: true }).tap();
    await page.keyboard.type('cat');
    await page.keyboard.press('Enter');
    await key('Control');
    await page.keyboard.type('c');
    await waitForScreen(page, /\^C\n.*# ?$/s);
    await page.keyboard.type('ls /roo');
    await key('Tab');
    await waitForScreen(page, /ls \/root\/$/);
    await key('Up');
    await waitForScreen(page, /# cat$/);
    await context.close();
  });

  test('says that it has died, and goes back to the last state', () =>
    withLab(async (page) => {
      await command(page, 'echo precious > /root/precious');
      await page.waitForFunction(() => sessionStorage.length > 0);
      await page.waitForTimeout(700);
      await page.workers()[0]?.evaluate(
        () =>
          void setTimeout(
            () =>
              void Promise.reject(new Error('no more memory')).catch((e) =>
                setTimeout(() => {
                  throw e;
                }),
              ),
          ),
      );
      await page.getByRole('alert').getByText('The machine has stopped').waitFor();
      await press(page, 'Go back to the last state');
      await waitForScreen(page, /# ?$/);
      expect(await enter(page, 'cat precious')).toContain('\nprecious\n');
    }));

  test('offers to end a machine that does not answer', () =>
    withLab(async (page) => {
      await command(page, 'echo still here > /root/still');
      await page.waitForFunction(() => sessionStorage.length > 0);
      await page.waitForTimeout(700);
      void page
        .workers()[0]
        ?.evaluate('for(;;);')
        .catch(() => {});
      await page.getByRole('alert').getByText('has not answered').waitFor({ timeout: 30_000 });
      await press(page, 'Go back to the last state');
      await waitForScreen(page, /# ?$/);
      expect(await enter(page, 'cat still')).toContain('\nstill here\n');
    }));
});
