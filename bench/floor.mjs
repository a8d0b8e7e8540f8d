/** The bare page that ours is measured against, built and served beside it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { serve } from '../scripts/serve.mjs';

async function buildFloor() {
  const outDir = mkdtempSync(join(tmpdir(), 'floor-'));
  await build({
    root: resolve('bench/floor'),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, target: 'es2022', modulePreload: { polyfill: false } },
  });
  return outDir;
}

/** Calls `measure` with the addresses of our page and of the floor, for each of `lines` (undefined: no limits). */
export async function besideFloor(lines, measure) {
  const floor = await buildFloor();
  for (const limits of lines) {
    const a = await serve(resolve(process.env.BINFMT_LAB_PAGE ?? 'dist/page'), 0, limits && { ...limits });
    const b = await serve(floor, 0, limits && { ...limits });
    await measure(a.url, b.url, limits);
    a.server.close();
    b.server.close();
  }
  rmSync(floor, { recursive: true, force: true });
}
