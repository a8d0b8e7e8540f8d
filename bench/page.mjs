/**
 * From navigation to the prompt: our page against the floor (xterm and a worker), each sample a fresh Chromium on a machine that
 * the one before has left. The ratio is the median of the rounds' ratios: both sides of a round met the same moment.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { CHROMIUM_FLAGS, chromium } from '../scripts/chromium.mjs';
import { besideFloor } from './floor.mjs';
import { median } from './median.mjs';
import { quiet } from './quiet.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
/** The line: one delay per request, bandwidth shared by all. */
const LINES = { 'free line': undefined, '10 Mbit/s, 40 ms': { latency: 40, bytesPerMs: 1250 } };
/** When the prompt was on the screen, in milliseconds from navigation, or false: asked of both in the same way, once a frame. */
const SHOWN = () => {
  const root = document.querySelector('binfmt-lab')?.shadowRoot ?? document;
  return /[#$]/.test(root.querySelector('.xterm-rows')?.firstChild?.textContent ?? '') && performance.now();
};

async function sample(url) {
  await quiet();
  const profile = mkdtempSync(join(tmpdir(), 'bench-'));
  const context = await playwright.launchPersistentContext(profile, { executablePath: chromium(), args: CHROMIUM_FLAGS, headless: true });
  try {
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    const seen = await page.waitForFunction(SHOWN, undefined, { polling: 'raf', timeout: 120_000 });
    return await seen.jsonValue();
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
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
