/** The page: index.html, the worker with the whole kernel, and what is fetched when first used. */
import { copyFileSync, createReadStream, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { docsPages } from './scripts/docs-pages.mjs';
import { memfsProcess, NODE_SHIMS, withoutPathCalls } from './scripts/memfs-shims.mjs';
import { offline } from './scripts/offline.mjs';
import { pageNote } from './scripts/page-note.mjs';
import { preloadHints } from './scripts/preload-hints.mjs';

const require = createRequire(import.meta.url);
const pyodide = dirname(require.resolve('pyodide/package.json'));
const PYTHON_FILES = ['pyodide.asm.wasm', 'python_stdlib.zip'];

/** CPython's files stand beside the page under their own names: they are fetched by URL on first use, never bundled. */
function pythonFiles(): Plugin {
  const under = '/python/';
  return {
    name: 'python-files',
    configureServer(server) {
      server.middlewares.use((req, res, next) => {
        const name = PYTHON_FILES.find((f) => req.url?.split('?')[0] === under + f);
        if (name === undefined) return next();
        res.setHeader('content-type', name.endsWith('.wasm') ? 'application/wasm' : 'application/zip');
        createReadStream(join(pyodide, name)).pipe(res);
      });
    },
    writeBundle(options) {
      const to = join(options.dir ?? 'dist/page', 'python');
      mkdirSync(to, { recursive: true });
      for (const f of PYTHON_FILES) copyFileSync(join(pyodide, f), join(to, f));
    },
  };
}

const memfsShims = () => [memfsProcess(), withoutPathCalls()] as Plugin[];

export default defineConfig({
  base: './',
  resolve: { alias: NODE_SHIMS },
  plugins: [pythonFiles(), docsPages(), memfsShims(), pageNote(), preloadHints(), offline()],
  worker: { format: 'es', plugins: memfsShims },
  build: {
    outDir: 'dist/page',
    target: 'es2022',
    // light-dark() as it stands.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: 'index.html', embed: 'embed.html', 'binfmt-lab': 'src/ui/main.ts' },
      output: { entryFileNames: ({ name }) => (name === 'binfmt-lab' ? '[name].js' : 'assets/[name]-[hash].js') },
      preserveEntrySignatures: 'allow-extension',
    },
  },
  server: { host: '127.0.0.1' },
});
