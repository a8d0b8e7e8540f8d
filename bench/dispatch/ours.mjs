/** Our side's two places: a fresh process of Node each time, and a fresh worker in Chromium; both run one bundle, made as the page's worker is. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium as playwright } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM_FLAGS } from '../../scripts/chromium.mjs';
import { memfsProcess, NODE_SHIMS, withoutPathCalls } from '../../scripts/memfs-shims.mjs';
import { serve } from '../../scripts/serve.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

export async function buildMachine(outDir) {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    resolve: { alias: NODE_SHIMS },
    plugins: [memfsProcess(), withoutPathCalls()],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      lib: { entry: path('machine.js'), formats: ['es'], fileName: () => 'machine.js' },
    },
  });
  writeFileSync(join(outDir, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(outDir, 'worker.js'),
    "import { measure } from './machine.js';\nonmessage = async ({ data }) => postMessage(await measure(data));\n",
  );
  writeFileSync(join(outDir, 'index.html'), '<!doctype html><title>dispatch</title>');
}

export function inNode(dir) {
  const module = JSON.stringify(pathToFileURL(join(dir, 'machine.js')).href);
  const measure = (what) => {
    const code = `const { measure } = await import(${module}); console.log(JSON.stringify(await measure(${JSON.stringify(what)}))); process.exit(0);`;
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
  };
  return { measure, end: () => undefined };
}

/** With a clock of 5 µs instead of 100. */
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

export async function inBrowser(dir) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    console.log('dispatch: no Chromium here, so no worker is measured');
    return null;
  }
  const { url, server } = await serve(dir, 0, undefined, ISOLATED);
  const browser = await playwright.launch({ executablePath, args: CHROMIUM_FLAGS });
  const page = await browser.newPage();
  await page.goto(url);
  const measure = (what) =>
    page.evaluate(
      (task) =>
        new Promise((resolve, reject) => {
          const worker = new Worker('worker.js', { type: 'module' });
          worker.onmessage = ({ data }) => {
            worker.terminate();
            resolve(data);
          };
          worker.onerror = (event) => reject(new Error(event.message));
          worker.postMessage(task);
        }),
      what,
    );
  const end = async () => {
    await browser.close();
    server.close();
  };
  return { measure, end };
}
