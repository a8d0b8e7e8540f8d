/** What axe-core finds wrong with a page as it stands, shadow roots included. */
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const SCRIPT = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Axe {
  run(context?: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
}

/** One line a violation; empty is what one wants. `part` is the way to a part of the page: an element, then one in its shadow root. */
export async function violations(page: Page, part?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: SCRIPT });
  return page.evaluate(async (fromShadowDom) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations: found } = await (fromShadowDom ? axe.run({ fromShadowDom }) : axe.run());
    return found.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary ?? ''}`).join(' | ')}`);
  }, part);
}
