/** npm start: builds the page and serves it. PORT chooses the port (default 8080, or the next free one). */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { serve } from './serve.mjs';

execFileSync('npx', ['vite', 'build', '--logLevel', 'warn'], { stdio: 'inherit' });

async function listen() {
  const first = Number(process.env.PORT ?? 8080);
  for (let port = first; port < first + 20; port++) {
    try {
      return await serve(resolve('dist/page'), port);
    } catch (e) {
      if (e.code !== 'EADDRINUSE') throw e;
    }
  }
  return serve(resolve('dist/page'));
}

const { url } = await listen();
console.log(`binfmt-lab is at ${url} (Ctrl-C ends it)`);
