/** The library and the command line for Node: one bundle, so that starting them reads few files. */
import { defineConfig } from 'vite';
import { memfsProcess } from './scripts/memfs-shims.mjs';

export default defineConfig({
  publicDir: false,
  plugins: [memfsProcess()],
  build: {
    ssr: true,
    outDir: process.env.BINFMT_LAB_NODE_OUT ?? 'dist/node',
    target: 'node20',
    minify: true,
    rolldownOptions: {
      input: { index: 'src/lab/index.ts', cli: 'src/cli/main.ts' },
      external: ['memfs', /^pyodide/, /^wasmoon/],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external: ['memfs', 'pyodide', 'wasmoon'] },
});
