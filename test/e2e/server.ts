/** One Chromium and one server of the built page for all browser tests. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { CHROMIUM_FLAGS, chromium } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';

export interface Site {
  readonly url: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Where the built page is. */
export const dist = (): string => resolve(process.env.BINFMT_LAB_PAGE ?? 'dist/page');

export async function openSite(): Promise<Site> {
  if (!existsSync(dist())) throw new Error('the page is not built: npm run build');
  const { server, url } = await serve(dist());
  const browser = await playwright.launch({ executablePath: chromium(), args: CHROMIUM_FLAGS });
  return {
    url,
    browser,
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

/** The page with its prompt standing. */
export async function openLab(
  site: Site,
  path = '',
  viewport = { width: 1000, height: 700 },
  serviceWorkers: 'allow' | 'block' = 'block',
): Promise<Page> {
  const page = await site.browser.newPage({ viewport, serviceWorkers });
  await page.goto(site.url + path);
  await waitForScreen(page, /[#$] ?$/);
  return page;
}

export function screen(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector<HTMLElement & { screenText?(): string }>('binfmt-lab')?.screenText?.() ?? '');
}

export async function waitForScreen(page: Page, pattern: RegExp, timeout = 20_000): Promise<string> {
  const end = Date.now() + timeout;
  for (;;) {
    const text = await screen(page);
    if (pattern.test(text)) return text;
    if (Date.now() > end) throw new Error(`the screen never showed ${pattern}:\n${text}`);
    await page.waitForTimeout(30);
  }
}

/** Types a line at the prompt, key by key, and waits for the next prompt. */
export async function enterByKeys(page: Page, line: string): Promise<string> {
  await page.keyboard.type(line);
  const typed = await screen(page);
  await page.keyboard.press('Enter');
  return nextPrompt(page, typed);
}

/** The same through the element, at once. */
export async function enter(page: Page, line: string): Promise<string> {
  const before = await screen(page);
  await page.evaluate((keys) => document.querySelector<HTMLElement & { type(text: string): void }>('binfmt-lab')?.type(keys), `${line}\r`);
  return nextPrompt(page, before);
}

/** A prompt at the end of a screen that is another than `before`. */
async function nextPrompt(page: Page, before: string): Promise<string> {
  const end = Date.now() + 20_000;
  for (;;) {
    const text = await waitForScreen(page, /[#$] ?$/);
    if (text !== before || Date.now() > end) return text;
    await page.waitForTimeout(20);
  }
}
