/** The world panel as a person meets it: live beside the terminal, by pointer and by keyboard, on every width. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { enter, openLab, openSite, type Site } from './server.ts';

const MISC = '/proc/sys/fs/binfmt_misc';
/** The widest and the narrowest with much to show; all others are in views.test.ts. */
const SIGHTS = [
  [320, 'dark'],
  [1440, 'light'],
] as const;

describe('the world panel', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  /** The page with the panel in front and the keyboard in the terminal. */
  async function withWorld(run: (page: Page, world: Locator) => Promise<void>, width = 1440): Promise<void> {
    const page = await openLab(site, '', { width, height: 900 });
    try {
      await page.getByRole('tab', { name: 'World' }).click();
      const world = page.locator('.world');
      await world.getByRole('heading', { name: 'Rules' }).waitFor();
      await page.locator('binfmt-lab .xterm-helper-textarea').first().focus();
      await run(page, world);
    } finally {
      await page.close();
    }
  }
  const rule = (world: Locator, name: string): Locator => world.getByRole('table').first().getByRole('row', { name });

  test('shows a rule as soon as it is registered, in the order of matching', () =>
    withWorld(async (page, world) => {
      await world.getByText('No rule is registered.').waitFor();
      await enter(page, `echo ':first:E::pyc::/usr/bin/python3:' > ${MISC}/register`);
      await rule(world, 'first').waitFor();
      await enter(page, `echo ':second:M::\\x1bLua::/usr/bin/lua:PF' > ${MISC}/register`);
      await rule(world, 'second').waitFor();
      const names = await world.getByRole('table').first().locator('tbody .name').allTextContents();
      expect(names).toEqual(['second', 'first']);
      expect(await rule(world, 'second').textContent()).toMatch(/\/usr\/bin\/lua[\s\S]*P[\s\S]*F[\s\S]*bytes at 0/);
    }));

  test('switches a rule off by pointer and removes it by keyboard, through the kernel, which answers', () =>
    withWorld(async (page, world) => {
      await enter(page, `echo ':r:E::pyc::/usr/bin/python3:' > ${MISC}/register`);
      await world.getByRole('button', { name: 'Disable rule r' }).click();
      await world.getByText(`echo 0 > ${MISC}/r: done`).waitFor();
      await rule(world, 'disabled').waitFor();
      await page.locator('binfmt-lab .xterm-helper-textarea').first().focus();
      expect(await enter(page, `head -1 ${MISC}/r`)).toMatch(/\ndisabled\n/);
      await world.getByRole('button', { name: 'Remove rule r' }).focus();
      await page.keyboard.press('Enter');
      await world.getByText('No rule is registered.').waitFor();
      await page.locator('binfmt-lab .xterm-helper-textarea').first().focus();
      expect(await enter(page, `ls ${MISC}`)).toMatch(/\nregister {2}status\n/);
    }));

  test('says what the kernel says when it refuses', () =>
    withWorld(async (page, world) => {
      await enter(page, `echo ':r:E::pyc::/usr/bin/python3:' > ${MISC}/register`);
      await enter(page, `mount -o remount,bind,ro ${MISC}`);
      await world.getByRole('button', { name: 'Disable rule r' }).click();
      await world.getByText(`echo 0 > ${MISC}/r: ${MISC}/r: Read-only file system`).waitFor();
    }));

  test('puts namespaces side by side, each with its own answer', () =>
    withWorld(async (page, world) => {
      await enter(page, `cp /usr/bin/lua /opt/i; echo ':r:E::x::/opt/i:' > ${MISC}/register`);
      await enter(page, "unshare -m sh -c 'mount -t tmpfs none /opt; exec sleep 600' &");
      await world.getByRole('columnheader', { name: /^namespace \d+$/ }).waitFor();
      const row = world.getByRole('table').nth(1).getByRole('row', { name: /^r / });
      await expect.poll(() => row.textContent()).toMatch(/found[\s\S]*missing/);
      expect(await world.locator('.tree').textContent()).toContain('sleep 600');
    }));

  test('shows a user namespace that has a table of its own as a table of its own', () =>
    withWorld(async (page, world) => {
      await enter(page, `unshare -Urm sh -c 'mount -t binfmt_misc none ${MISC}; exec sleep 600' &`);
      await world.getByRole('heading', { name: /^Rules of user namespace \d+/ }).waitFor();
    }));

  test('does not look while another panel is in front, and is true when it comes back', () =>
    withWorld(async (page, world) => {
      await page.getByRole('tab', { name: 'Microscope' }).click();
      await page.locator('binfmt-lab .xterm-helper-textarea').first().focus();
      await enter(page, `echo ':late:E::pyc::/usr/bin/python3:' > ${MISC}/register`);
      await page.waitForTimeout(600);
      expect(await world.getByText('late').count()).toBe(0);
      await page.getByRole('tab', { name: 'World' }).click();
      await rule(world, 'late').waitFor();
    }));

  const filled = async (page: Page, world: Locator): Promise<void> => {
    await page.evaluate((misc) => {
      const lab = document.querySelector('binfmt-lab') as HTMLElement & { run(s: string): Promise<unknown> };
      const qemu =
        "':qemu-aarch64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00:\\xff\\xff\\xff\\xff\\xff\\xfe\\x00\\x00\\x00:/usr/bin/qemu-aarch64-static:POCF'";
      return lab.run(`echo ${qemu} > ${misc}/register; echo ':off:E::pyc::/none:' > ${misc}/register; echo 0 > ${misc}/off
        unshare -Urm sh -c 'mount -t tmpfs none /opt; mount -t binfmt_misc none ${misc}; echo :inner:E::x::/bin/sh: > ${misc}/register; exec sleep 600' & sleep 0.2`);
    }, MISC);
    await world.getByRole('heading', { name: /^Rules of user namespace/ }).waitFor();
  };

  test.each(SIGHTS)('fits %d pixels in %s, and has no accessibility violation', (width, scheme) =>
    withWorld(async (page, world) => {
      await page.emulateMedia({ colorScheme: scheme });
      await filled(page, world);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await violations(page)).toEqual([]);
    }, width),
  );
});
