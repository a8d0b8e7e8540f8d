/** Every view of the page, at three widths, light and dark: nothing for axe to find, nothing cut off at the side. */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { enter, openSite, type Site, waitForScreen } from './server.ts';

/** Where a person finds what the tests saw. */
const PICTURES = 'node_modules/.cache/views';
const SIZES = [
  { width: 320, height: 740 },
  { width: 768, height: 1000 },
  { width: 1440, height: 900 },
] as const;

const button = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();
const close = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};

/** The views in the order they are walked through: how to get there, and back to where the next begins. */
const VIEWS: readonly {
  readonly name: string;
  readonly go: (page: Page) => Promise<unknown>;
  readonly leave?: (page: Page) => Promise<unknown>;
}[] = [
  { name: 'start', go: (page) => page.getByRole('tab', { name: 'Microscope' }).waitFor() },
  {
    name: 'refused',
    go: async (page) => {
      await enter(page, 'chmod +x samples/luac.out; samples/luac.out');
      await page.getByText('ENOEXEC (8)').first().waitFor();
    },
  },
  {
    name: 'runs',
    go: async (page) => {
      await enter(page, "echo ':lua:M::\\x1bLua::/usr/bin/lua:' > /proc/sys/fs/binfmt_misc/register; samples/luac.out");
      await page.getByText('runs /usr/bin/lua').first().waitFor();
    },
  },
  { name: 'world', go: (page) => tab(page, 'World') },
  { name: 'workbench', go: (page) => tab(page, 'Rule workbench') },
  { name: 'help', go: (page) => button(page, 'Help'), leave: close },
  { name: 'share', go: (page) => button(page, 'Share'), leave: close },
  { name: 'files', go: (page) => button(page, 'Files'), leave: close },
  { name: 'reset', go: (page) => button(page, 'Reset'), leave: close },
  {
    name: 'another host',
    go: (page) => page.getByLabel('host').selectOption('aarch64'),
    leave: close,
  },
  { name: 'two terminals', go: (page) => button(page, 'New terminal'), leave: (page) => button(page, 'Close this terminal') },
  { name: 'lessons', go: (page) => button(page, 'Lessons') },
  {
    name: 'a lesson',
    go: async (page) => {
      await page.getByRole('button', { name: /The mystery of the .pyc/ }).click();
      await button(page, 'Begin');
      await page.getByRole('button', { name: 'Hint' }).waitFor();
    },
  },
];

describe.each(SIZES)('at $width pixels', ({ width, height }) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
    mkdirSync(PICTURES, { recursive: true });
  });
  afterAll(() => site.close());

  test.each(['light', 'dark'] as const)('every view is sound in %s', async (colorScheme) => {
    const page = await site.browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce', serviceWorkers: 'block' });
    await page.goto(site.url);
    await waitForScreen(page, /[#$] ?$/);
    const faults: Record<string, unknown> = {};
    for (const { name, go, leave } of VIEWS) {
      await go(page);
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${PICTURES}/${width}-${colorScheme}-${name.replaceAll(' ', '-')}.png` });
      const found = await violations(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (found.length > 0 || wide > width) faults[name] = { found, wide };
      await leave?.(page);
    }
    await page.context().close();
    expect(faults).toEqual({});
  });
});
