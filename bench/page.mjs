/**
 * From navigation to the prompt: our page against the floor (xterm and a worker), each sample a fresh Chromium on a machine that
 * the one before has left. The ratio is the median of the rounds' ratios: both sides of a round met the same moment.
 */
import { chromium as playwright } from 'playwright-core';
import { CHROMIUM_FLAGS, chromium } from '../scripts/chromium.mjs';
import { besideFloor } from './floor.mjs';
import { median } from './median.mjs';
import { quiet } from './quiet.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
/** The line: one delay per request, bandwidth shared by all. */
const LINES = { 'free line': undefined, '10 Mbit/s, 40 ms': { latency: 40, bytesPerMs: 1250 } };
/** Notes when the prompt was on the screen, in milliseconds from navigation: looked for in both pages in the same way, once a frame. */
const WATCH = () => {
  const look = () => {
    const root = document.querySelector('binfmt-lab')?.shadowRoot ?? document;
    const shown = /[#$]$/.test(root.querySelector('.xterm-rows')?.textContent?.trim() ?? '');
    if (shown) window.promptAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

async function sample(url) {
  await quiet();
  const browser = await playwright.launch({ executablePath: chromium(), args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 640 } });
    await page.addInitScript(WATCH);
    await page.goto(url);
    const seen = await page.waitForFunction(() => window.promptAt, undefined, { timeout: 120_000 });
    return await seen.jsonValue();
  } finally {
    await browser.close();
  }
}

export async function bench() {
  const rows = [];
  await besideFloor(Object.values(LINES), async (page, floor, limits) => {
    const line = Object.keys(LINES).find((name) => LINES[name] === limits);
    const [ours, theirs] = [[], []];
    // The server packs its files at the first request.
    await sample(page);
    await sample(floor);
    for (let i = 0; i < ROUNDS; i++) {
      ours.push(await sample(page));
      theirs.push(await sample(floor));
    }
    const [x, y] = [median(ours), median(theirs)];
    rows.push({
      what: `page to prompt against xterm and a worker, ${line}`,
      ours: x,
      theirs: y,
      unit: 'ms',
      ratio: median(ours.map((ms, i) => ms / theirs[i])),
      limit: 1.25,
    });
  });
  return rows;
}
