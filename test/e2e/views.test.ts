/** Every view of the page, at three widths, light and dark: as it was reviewed, nothing for axe to find, nothing cut off at the side. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { difference, hasReviewedFonts, pictureOf, reviewedPicture, TOLERANCE } from './pictures.ts';
import { enter, openSite, type Site, waitForScreen } from './server.ts';

/** Where a person finds what the tests saw, in full size. */
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
  /** Looks as it was reviewed; the others look much like one that is. */
  readonly compared?: true;
  readonly go: (page: Page) => Promise<unknown>;
  readonly leave?: (page: Page) => Promise<unknown>;
}[] = [
  { name: 'start', compared: true, go: (page) => page.getByRole('tab', { name: 'Microscope' }).waitFor() },
  {
    name: 'refused',
    compared: true,
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
  { name: 'world', compared: true, go: (page) => tab(page, 'World').then(() => page.locator('.world').getByText('2 processes').waitFor()) },
  {
    name: 'workbench',
    compared: true,
    go: (page) => tab(page, 'Rule workbench').then(() => page.locator('.wb').getByText('EEXIST (17)').waitFor()),
  },
  { name: 'help', compared: true, go: (page) => button(page, 'Help'), leave: close },
  { name: 'share', compared: true, go: (page) => button(page, 'Share'), leave: close },
  { name: 'files', compared: true, go: (page) => button(page, 'Files'), leave: close },
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
    compared: true,
    go: async (page) => {
      await page.getByRole('button', { name: /The mystery of the .pyc/ }).click();
      await button(page, 'Begin');
      await page.locator('.ls .state').getByText('run.pyc has no x bit yet.').waitFor();
      // How many changes the lesson's setup makes of its files depends on time.
      await page.locator('.timeline').evaluate((e) => e.style.setProperty('visibility', 'hidden'));
      await page.mouse.move(0, 0);
    },
  },
];

/** What may be gone from a view, or in another colour, without the comparison noticing: nothing of these. */
async function notNoticed(page: Page, tool: Page, file: string): Promise<string[]> {
  const missed: string[] = [];
  for (const css of [
    '.panels{visibility:hidden}',
    '.reset{visibility:hidden}',
    '.tabs{visibility:hidden}',
    ':host{--chip:#f0f!important}',
  ]) {
    const style = await page.locator('binfmt-lab').evaluateHandle((el, text) => {
      const made = Object.assign(document.createElement('style'), { textContent: text });
      el.shadowRoot?.append(made);
      return made;
    }, css);
    if (process.env['UPDATE_PICTURES'] === undefined && (await difference(tool, file, await pictureOf(page))).blocks <= TOLERANCE)
      missed.push(css);
    await style.evaluate((made) => made.remove());
  }
  return missed;
}

describe.each(SIZES)('at $width pixels', ({ width, height }) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
    mkdirSync(PICTURES, { recursive: true });
  });
  afterAll(() => site.close());

  test.each(['light', 'dark'] as const)('every view is sound in %s', { timeout: 120_000 }, async (colorScheme) => {
    const page = await site.browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce', serviceWorkers: 'block' });
    await page.goto(site.url);
    await waitForScreen(page, /[#$] ?$/);
    const tool = await site.browser.newPage();
    const comparable = await hasReviewedFonts(page);
    if (!comparable) console.log('the views are not compared with their reviewed pictures: this machine has other fonts');
    const missed: string[] = [];
    const faults: Record<string, unknown> = {};
    for (const { name, go, leave, ...view } of VIEWS) {
      await go(page);
      const compared = view.compared && comparable;
      const file = `${width}-${colorScheme}-${name.replaceAll(' ', '-')}`;
      const { picture, differs } = compared
        ? await reviewedPicture(page, tool, file)
        : { picture: await page.screenshot(), differs: { blocks: 0 } };
      writeFileSync(`${PICTURES}/${file}.png`, picture);
      if (name === 'start' && compared && width === 768) missed.push(...(await notNoticed(page, tool, file)));
      const found = await violations(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (found.length > 0 || wide > width || differs.blocks > TOLERANCE) faults[name] = { found, wide, differs };
      await leave?.(page);
    }
    await Promise.all([page.context().close(), tool.context().close()]);
    expect({ missed, faults }).toEqual({ missed: [], faults: {} });
  });
});
