/** The terminal in use: a flood, frames and ^C during it, keys, a long list, memory; ours against the bare page in the same run. */
import { readdirSync, readFileSync } from 'node:fs';
import { chromium as playwright } from 'playwright-core';
import { CHROMIUM_FLAGS, chromium } from '../scripts/chromium.mjs';
import { besideFloor } from './floor.mjs';
import { median } from './median.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const FLOOD = 10 << 20;
const KEYS = 40;
const EXECUTIONS = 10_000;
/** Milliseconds after the prompt until a page has loaded what the prompt did not wait for; the floor is given the same. */
const SETTLE = 1500;

/** What every measurement in a page has at hand. */
const TOOLS = `
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (good) => { while (!good()) await frame(); };
/** Milliseconds that work takes, and the 95th percentile of the gaps between frames meanwhile. */
const timed = async (work) => {
  const gaps = []; let last = performance.now(); let going = true;
  const tick = (now) => { gaps.push(now - last); last = now; if (going) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  const began = performance.now();
  await work();
  const time = performance.now() - began;
  going = false;
  return { time, gap: gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)] ?? 0 };
};
const root = document.querySelector('binfmt-lab')?.shadowRoot ?? document;
const rows = () => root.querySelector('.xterm-rows').textContent;
const chips = () => root.querySelectorAll('.chip').length;
const lab = document.querySelector('binfmt-lab');
const floor = window.floor;
const type = (text) => (lab ?? floor).type(text);
/** Types a line at our prompt; settles when the next prompt stands. */
const command = async (line) => { const n = chips(); lab.type(line + '\\r'); await until(() => chips() > n); };
`;
const inPage = (page, body) => page.evaluate(`(async () => {${TOOLS}${body}})()`);

/** From key to the frame that shows it. */
const KEY = `const times = [];
for (let i = 0; i < ${KEYS}; i++) {
  await pause(Math.random() * 30);
  const key = String.fromCharCode(97 + (i % 26));
  const n = rows().split(key).length;
  const began = performance.now();
  type(key);
  await until(() => rows().split(key).length > n);
  times.push(performance.now() - began);
}
times.sort((a, b) => a - b);
return times[times.length >> 1];`;

/** Down a long list, a screenful every frame. */
const scrolling = (scroller, step) => `const box = root.querySelector('${scroller}');
box.scrollTop = 0;
return (await timed(async () => { for (let i = 0; i < 150; i++) { box.scrollTop += ${step}; await frame(); } })).gap;`;

async function openOurs(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  await page.goto(url);
  await inPage(page, `await until(() => lab?.screenText?.().endsWith('#')); await until(() => chips() > 0);`);
  await page.waitForTimeout(SETTLE);
  return page;
}

async function openFloor(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  await page.goto(url);
  await page.waitForFunction(() => window.promptShown?.());
  await page.waitForTimeout(SETTLE);
  return page;
}

/** Bytes that the processes of a browser with this page hold, shared ones divided among those who share them. */
async function memory(open, url) {
  const browser = await playwright.launch({ executablePath: chromium(), args: CHROMIUM_FLAGS });
  await open(browser, url);
  const renderers = readdirSync('/proc').filter((pid) => isRendererOf(pid, process.pid));
  const sizes = renderers.map((pid) => Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024);
  await browser.close();
  return Math.max(...sizes);
}

function isRendererOf(pid, ancestor) {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) return false;
    for (let at = Number(pid); at > 1; at = parentOf(at)) if (at === ancestor) return true;
    return false;
  } catch {
    return false; // not a process, or one that has just gone
  }
}

const parentOf = (pid) => Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? 0);

export async function bench() {
  const seen = { flood: [[], []], gap: [[], []], key: [[], []], list: [[], []], memory: [[], []], interrupt: [], echo: [] };
  await besideFloor([undefined], async (oursUrl, floorUrl) => {
    const browser = await playwright.launch({ executablePath: chromium(), args: CHROMIUM_FLAGS });
    const [ours, theirs] = [await openOurs(browser, oursUrl), await openFloor(browser, floorUrl)];
    await inPage(ours, `await command("yes 'the quick brown fox jumps over the lazy dog 0123456789' | head -c ${FLOOD} > /tmp/flood");`);
    for (let i = 0; i < ROUNDS; i++) {
      const a = await inPage(ours, `return timed(() => command('cat /tmp/flood'));`);
      const b = await inPage(theirs, `return timed(() => floor.flood(${FLOOD}));`);
      for (const [side, { time, gap }] of [a, b].entries()) {
        seen.flood[side].push(time);
        seen.gap[side].push(gap);
      }
      await inPage(ours, `await command('clear');`);
      seen.key[0].push(await inPage(ours, KEY));
      await inPage(ours, `lab.type('\\x15'); await pause(50);`);
      seen.key[1].push(await inPage(theirs, KEY));
      seen.echo.push(await inPage(ours, `return (await timed(() => command('echo hi'))).time;`));
      seen.interrupt.push(
        await inPage(
          ours,
          `const n = chips(); lab.type('yes\\r'); await pause(700);
        return (await timed(async () => { lab.type('\\x03'); await until(() => chips() > n); })).time;`,
        ),
      );
    }
    await inPage(ours, `await command('for ((i = 0; i < ${EXECUTIONS}; i++)); do /bin/true; done'); await pause(500);`);
    for (let i = 0; i < ROUNDS; i++) {
      seen.list[0].push(await inPage(ours, scrolling('.microscope .rows', 300)));
      seen.list[1].push(await inPage(theirs, scrolling('.xterm-viewport, .xterm-scrollable-element', 300)));
    }
    await browser.close();
    for (let i = 0; i < 3; i++) {
      seen.memory[0].push(await memory(openOurs, oursUrl));
      seen.memory[1].push(await memory(openFloor, floorUrl));
    }
  });
  return [
    row('cat of 10 MB against the same bytes from a worker', seen.flood, 'ms', 1.34),
    row('95th percentile of the gaps between frames meanwhile', seen.gap, 'ms', 1.5),
    row('from a key to the frame that shows it', seen.key, 'ms', 1.1),
    row('frame gap while a list of 10,000 executions scrolls, against a terminal', seen.list, 'ms', 1.5),
    row('memory of the tab, a moment after the prompt', seen.memory, 'MB', 1.3),
    { what: '^C under yes to the next prompt', ours: median(seen.interrupt), unit: 'ms' },
    { what: 'echo hi to the next prompt on the time line', ours: median(seen.echo), unit: 'ms' },
  ];
}

function row(what, [ours, theirs], unit, limit) {
  const [x, y] = [median(ours), median(theirs)];
  return { what, ours: x, theirs: y, unit, ratio: x / y, limit };
}
