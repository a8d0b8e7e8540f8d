#!/usr/bin/env node
import { existsSync } from 'node:fs';

const code = new URL('../dist/node/cli.js', import.meta.url);
if (!existsSync(code)) {
  process.stderr.write('binfmt-lab: not built yet: run "npm run build" first\n');
  process.exit(2);
}
const { main } = await import(code.href);
await main(process.argv.slice(2));
