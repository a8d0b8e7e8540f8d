/**
 * Asks the real sudo and su: runs the rows of user-rows.txt that recorded/users.json does not have (all with --all), each in mount and UTS
 * namespaces of its own, in which /etc's accounts, /home, /root, /tmp and /run/sudo are copies. For Debian 12 with sudo, as root:
 *   node scripts/record-users.mjs
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { loadTypeScript } from './load-typescript.mjs';
import { recordRows } from './record-rows.mjs';

const here = new URL('../test/unit/userland/', import.meta.url).pathname;
const { ADDED, ENVIRONMENT, rowsOf, SETUP } = await loadTypeScript(`${here}user-rows.ts`);
const { buildRoot } = await loadTypeScript(new URL('../src/userland/rootfs/index.ts', import.meta.url).pathname);
const WORK = fs.mkdtempSync('/run/record-users-');
const FILES = ['passwd', 'group', 'shadow', 'gshadow', 'sudoers', 'hosts', 'hostname'].map((name) => `/etc/${name}`);

/** The lab's own files, in a folder that the namespaces bind over the real ones. */
function build() {
  fs.chmodSync(WORK, 0o755);
  for (const { kind, path, data, mode, uid = 0, gid = 0 } of buildRoot('x86_64')) {
    const at = WORK + path;
    const wanted = FILES.includes(path) || /^\/(etc$|etc\/sudoers\.d|home|root$)/.test(path);
    if (!wanted || kind === 'symlink') continue;
    if (kind === 'dir') fs.mkdirSync(at, { recursive: true });
    else fs.writeFileSync(at, Buffer.concat([data, Buffer.from(ADDED[path] ?? '')]));
    fs.chownSync(at, uid, gid);
    fs.chmodSync(at, mode);
  }
}

/** A bash whose standard input is a socket, as Node makes it, would think that it is started by a remote shell. */
const PROLOGUE = `exec < /dev/null
for f in ${FILES.join(' ')}; do mount --bind ${WORK}$f $f; done
for d in /etc/sudoers.d /home /root; do mount --bind ${WORK}$d $d; done
mount -t tmpfs -o mode=1777 none /tmp; mount -t tmpfs none /run/sudo
hostname lab; cd /root; unset OLDPWD; ${SETUP}
exec setsid -w bash --norc -c "exec 2>&1; $0"`;

function ask(row) {
  fs.rmSync(WORK, { recursive: true, force: true });
  fs.mkdirSync(WORK);
  build();
  const options = { env: ENVIRONMENT, input: '', timeout: 30_000, encoding: 'utf8' };
  const r = spawnSync('unshare', ['-mu', '--propagation', 'private', 'bash', '--norc', '-c', PROLOGUE, row], options);
  if (r.error) throw r.error;
  return r.stdout + r.stderr;
}

fs.mkdirSync('/run/sudo', { recursive: true });
const rows = rowsOf(fs.readFileSync(`${here}user-rows.txt`, 'utf8'));
recordRows(`${here}recorded/users.json`, rows, ask);
fs.rmSync(WORK, { recursive: true, force: true });
