/** Files to the machine and from it, as a person moves them: dialog, drop, keyboard. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackTar } from 'modern-tar';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { enter, openLab, openSite, type Site } from './server.ts';

/** With much in it; as it opens, it is seen everywhere in views.test.ts. */
const SIGHTS = [
  [320, 'light'],
  [1440, 'dark'],
] as const;
const HOSTILE = '<img src=x onerror=document.title=1>.txt';

describe('files', () => {
  let site: Site;
  let here: string;
  beforeAll(async () => {
    site = await openSite();
    here = mkdtempSync(join(tmpdir(), 'lab-files-'));
    mkdirSync(join(here, 'folder', 'sub'), { recursive: true });
    writeFileSync(join(here, 'folder', 'run.sh'), '#!/bin/sh\necho it ran\n');
    writeFileSync(join(here, 'folder', 'sub', 'note'), 'a note\n');
    writeFileSync(join(here, HOSTILE), 'hostile');
    writeFileSync(join(here, 'toobig'), Buffer.alloc(64 * 1024 * 1024 + 1));
    writeFileSync(join(here, 'big'), Buffer.alloc(48 * 1024 * 1024, 'abc'));
  });
  afterAll(async () => {
    rmSync(here, { recursive: true });
    await site.close();
  });

  async function withLab(run: (page: Page, dialog: Locator) => Promise<void>, width = 1000): Promise<void> {
    const page = await openLab(site, '', { width, height: 800 });
    try {
      await run(page, page.getByRole('dialog', { name: 'Files' }));
    } finally {
      await page.close();
    }
  }
  const openDialog = async (page: Page, dialog: Locator): Promise<void> => {
    await page.getByRole('button', { name: 'Files', exact: true }).click();
    await dialog.waitFor();
  };
  const choose = async (page: Page, dialog: Locator, button: string, paths: string[] | string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: button }).click();
    await (await chooser).setFiles(paths);
  };
  const close = async (page: Page, dialog: Locator): Promise<void> => {
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.locator('binfmt-lab .xterm-helper-textarea').first().focus();
  };

  test('that are chosen go where the shell is, and a script among them runs', () =>
    withLab(async (page, dialog) => {
      await enter(page, 'mkdir /srv/here; cd /srv/here');
      await openDialog(page, dialog);
      await expect.poll(() => dialog.getByLabel('Into').inputValue()).toBe('/srv/here');
      await choose(page, dialog, 'Choose files…', [join(here, 'folder', 'run.sh'), join(here, HOSTILE)]);
      await dialog.getByText('2 of 2 now in /srv/here').waitFor();
      expect(await dialog.locator('.outcomes').textContent()).toMatch(
        /0755, begins with #![\s\S]*0644, neither #! nor ELF|0644[\s\S]*0755/,
      );
      expect(await dialog.locator('.outcomes').textContent()).toContain(HOSTILE);
      expect(await page.title()).not.toBe('1');
      await close(page, dialog);
      expect(await enter(page, './run.sh; ls')).toMatch(/\nit ran\n[\s\S]*onerror/);
    }));

  test('in a folder go with the folder, to the shell of the terminal in front', () =>
    withLab(async (page, dialog) => {
      await enter(page, 'cd /tmp');
      await page.getByRole('button', { name: 'New terminal', exact: true }).click();
      await enter(page, 'cd /opt');
      await openDialog(page, dialog);
      await choose(page, dialog, 'Choose a folder…', join(here, 'folder'));
      await dialog.getByText('2 of 2 now in /opt').waitFor();
      await dialog.getByText('where the shell in front is').waitFor();
      await close(page, dialog);
      await page.getByRole('tab', { name: 'bash 1' }).click();
      await openDialog(page, dialog);
      await expect.poll(() => dialog.getByLabel('Into').inputValue()).toBe('/tmp');
      await close(page, dialog);
      await page.getByRole('tab', { name: 'bash 2' }).click();
      expect(await enter(page, 'cat folder/sub/note; folder/run.sh')).toMatch(/\na note\nit ran\n/);
    }));

  test('that are dropped on the terminal, with folders, go there too', () =>
    withLab(async (page, dialog) => {
      const cdp = await page.context().newCDPSession(page);
      const data = { items: [], files: [join(here, 'folder'), join(here, HOSTILE)], dragOperationsMask: 1 };
      const drag = (type: 'dragEnter' | 'dragOver' | 'drop' | 'dragCancel') =>
        cdp.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
      await expect
        .poll(async () => {
          await drag('dragEnter');
          await drag('dragOver');
          return page.getByText('Drop files here: they go to /root').count();
        })
        .toBe(1);
      await drag('drop');
      await dialog.getByText('5 of 5 now in /root').waitFor();
      expect(await page.getByText('Drop files here').count()).toBe(0);
      await close(page, dialog);
      expect(await enter(page, 'folder/run.sh; find folder | sort')).toMatch(
        /it ran\nfolder\nfolder\/run.sh\nfolder\/sub\nfolder\/sub\/note\n/,
      );
    }));

  test('over 64 MB are refused by name, a long upload shows how far it is, and Cancel stops it', () =>
    withLab(async (page, dialog) => {
      await openDialog(page, dialog);
      await choose(page, dialog, 'Choose files…', [join(here, 'toobig'), join(here, 'folder', 'sub', 'note')]);
      await dialog.getByText('1 of 2 now in /root, 1 refused').waitFor();
      expect(await dialog.locator('.outcomes .bad').textContent()).toMatch(/toobig: it has 67108865 bytes, over the limit of 64 MB a file/);
      await choose(page, dialog, 'Choose files…', join(here, 'big'));
      await expect
        .poll(() => dialog.getByRole('progressbar').evaluate((p: HTMLProgressElement) => p.position), { interval: 5 })
        .toBeGreaterThan(0);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.getByText('0 of 1 now in /root, the rest was cancelled').waitFor();
      await close(page, dialog);
      expect(await enter(page, 'ls -A')).toMatch(/\n\.bashrc {2}\.profile {2}note {2}samples\n/);
    }));

  test('come back as a file, and a folder as a tar', () =>
    withLab(async (page, dialog) => {
      await enter(page, 'mkdir -p d/e; echo deep > d/e/f; chmod 700 d/e/f');
      await openDialog(page, dialog);
      const get = async (path: string): Promise<Buffer> => {
        const download = page.waitForEvent('download');
        await dialog.getByLabel('File or folder').fill(path);
        await page.keyboard.press('Enter');
        return readFileSync(await (await download).path());
      };
      expect((await get('/root/d/e/f')).toString()).toBe('deep\n');
      const entries = await unpackTar(await get('/root/d'));
      expect(entries.map((e) => e.header.name)).toEqual(['d/', 'd/e/', 'd/e/f']);
      expect(entries[2]?.header.mode).toBe(0o700);
      await dialog.getByLabel('File or folder').fill('/none');
      await page.keyboard.press('Enter');
      await dialog.getByText('/none: No such file or directory').waitFor();
    }));

  test('are completed as their path is typed', () =>
    withLab(async (page, dialog) => {
      await openDialog(page, dialog);
      await dialog.getByLabel('File or folder').fill('/usr/l');
      const options = () => dialog.locator('datalist option').evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value));
      await expect.poll(options).toContain('/usr/lib/');
    }));

  test('can be reached, used and left by keyboard alone', () =>
    withLab(async (page, dialog) => {
      const button = page.getByRole('button', { name: 'Files', exact: true });
      await button.focus();
      await page.keyboard.press('Enter');
      await dialog.waitFor();
      const chooser = page.waitForEvent('filechooser');
      await dialog.getByLabel('Into').focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await (await chooser).setFiles(join(here, 'folder', 'run.sh'));
      await dialog.getByText('1 of 1 now in /root').waitFor();
      await page.keyboard.press('Escape');
      expect(await dialog.count()).toBe(0);
      expect(await button.evaluate((b) => b === (b.getRootNode() as ShadowRoot).activeElement)).toBe(true);
    }));

  test.each(SIGHTS)('have a dialog that fits %d pixels in %s, without an accessibility violation', (width, scheme) =>
    withLab(async (page, dialog) => {
      await page.emulateMedia({ colorScheme: scheme });
      await openDialog(page, dialog);
      await choose(page, dialog, 'Choose files…', [join(here, 'toobig'), join(here, HOSTILE)]);
      await dialog.getByText('1 of 2 now in /root').waitFor();
      const box = await dialog.boundingBox();
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? width + 1) <= width).toBe(true);
      expect(await dialog.evaluate((d) => d.scrollWidth - d.clientWidth)).toBe(0);
      expect(await violations(page, ['binfmt-lab', 'dialog'])).toEqual([]);
    }, width),
  );
});
