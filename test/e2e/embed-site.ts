/** Pages of authors who embed the lab: a server of their own, so another origin than the lab's. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import type { BinfmtLabElement } from '../../src/ui/element.ts';

export interface AuthorSite {
  readonly url: string;
  close(): void;
}

/** What stands where; headers go with every page. */
export async function authorSite(
  pages: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<AuthorSite> {
  const server: Server = createServer((req, res) => {
    const body = pages[new URL(req.url ?? '/', 'http://x').pathname];
    if (body === undefined) res.writeHead(404).end();
    else res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** A page around `body`, with the lab's element at hand. */
export const withElement = (lab: string, body: string): string => `<!doctype html><html lang="en"><title>An author's page</title>
<meta name="viewport" content="width=device-width"><script type="module" src="${lab}binfmt-lab.js"></script><body>${body}</body></html>`;

/** Presses Start of the element that `selector` names and waits for its prompt. */
export async function start(page: Page, selector = 'binfmt-lab'): Promise<void> {
  await page.locator(selector).getByRole('button', { name: 'Start' }).click();
  await waitForPrompt(page, selector);
}

export async function waitForPrompt(page: Page, selector = 'binfmt-lab'): Promise<void> {
  await page.waitForFunction((s) => /[#$] ?$/.test(document.querySelector<BinfmtLabElement>(s)?.screenText() ?? ''), selector, {
    timeout: 20_000,
  });
}
