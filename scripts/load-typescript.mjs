/** Loads a TypeScript module of the project into a plain Node script, through vite's own transform. */
import { resolve } from 'node:path';
import { build } from 'vite';

/** What the module at `path` exports; its imports are bundled in. */
export async function loadTypeScript(path) {
  const out = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: { ssr: resolve(path), write: false, minify: false, target: 'node20' },
  });
  const { code } = out.output[0];
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
