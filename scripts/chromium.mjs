/** Where Chromium is; installs Debian's when there is none and this user may. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const INSTALL = 'apt-get update && apt-get install -y --no-install-recommends chromium';

/** The path of a Chromium, or an error that says what to type. */
export function chromium() {
  const found = process.env.CHROMIUM ?? PLACES.find(existsSync);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0) throw new Error(`the browser tests need Chromium; install it as root:\n  ${INSTALL}`);
  console.log(`installing Chromium: ${INSTALL}`);
  execFileSync('sh', ['-c', INSTALL], { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  return PLACES[0];
}

/** Quiet, and without a connection to anybody. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
