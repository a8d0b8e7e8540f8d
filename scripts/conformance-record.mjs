/**
 * npm run conformance:record: asks the real kernel, bash and tools of this machine.
 * Each case runs in user, mount, pid and uts namespaces of its own (so it has its own, empty binfmt_misc: Linux 6.7 or
 * later), with tmpfs on /root and /tmp. Nothing outside them is touched. Needs root, util-linux and bash.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { loadTypeScript } from './load-typescript.mjs';

const { cases } = await loadTypeScript('test/conformance/cases/index.ts');
const { ENVIRONMENT } = await loadTypeScript('test/conformance/case.ts');

const SETUP = `
mount --make-rprivate /
mount -t tmpfs -o mode=700 tmpfs /root && mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t proc proc /proc && mount -t binfmt_misc -o nosuid,nodev,noexec binfmt_misc /proc/sys/fs/binfmt_misc
hostname lab; umask 022; cd /root
`;

function release() {
  const r = execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim();
  const [major, minor] = r.split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 7)) throw new Error(`Linux ${r} has one binfmt_misc for all: cases would disturb each other`);
  return r;
}

/** A shell in new namespaces, whose ids map to themselves (0..65535) so that other users exist; it waits on descriptor 3 for that. */
async function ask(one) {
  const env = Object.entries(ENVIRONMENT).map(([k, v]) => `${k}=${v}`);
  const inside = `${SETUP} exec env -i "$@" bash --norc -c "$SCRIPT"`;
  const gate = 'read -r _ <&3; exec 3<&-; exec unshare --mount --uts --pid --fork --kill-child sh -c "$INSIDE" sh "$@"';
  const child = spawn('unshare', ['--user', 'sh', '-c', gate, 'sh', ...env], {
    env: { PATH: process.env.PATH, SCRIPT: one.script, INSIDE: inside },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  const output = [child.stdout, child.stderr].map(async (s) => Buffer.concat(await s.toArray()).toString('latin1'));
  const ended = once(child, 'close');
  await mapIds(child.pid);
  child.stdin.on('error', () => {}).end(one.stdin ?? '');
  child.stdio[3].end('go\n');
  const [stdout, stderr] = await Promise.all(output);
  const [code, signal] = await ended;
  if (signal === 'SIGKILL') throw new Error(`${one.id}: no end after 20 seconds`);
  return { stdout, stderr, status: signal === null ? code : 128 + constants.signals[signal] };
}

/** The maps can be written once the child is in its own user namespace. */
async function mapIds(pid) {
  const mine = readlinkSync('/proc/self/ns/user');
  while (readlinkSync(`/proc/${pid}/ns/user`) === mine) await new Promise((r) => setTimeout(r, 2));
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${map}`, '0 0 65536\n');
}

function version(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0];
}

const only = process.argv.slice(2);
const recorded = {};
for (const one of cases) {
  if (recorded[one.id]) throw new Error(`two cases are called ${one.id}`);
  if (only.length > 0 && !only.some((o) => one.id.startsWith(o))) continue;
  recorded[one.id] = { script: one.script, outcome: await ask(one) };
}
if (only.length > 0) {
  console.log(JSON.stringify(recorded, null, 2));
} else {
  const machine = {
    kernel: release(),
    bash: version('bash', '--version'),
    coreutils: version('ls', '--version'),
    file: version('file', '--version'),
  };
  mkdirSync('test/conformance/recorded', { recursive: true });
  writeFileSync('test/conformance/recorded/6.18.json', `${JSON.stringify({ machine, cases: recorded }, null, 1)}\n`);
  console.log(`${Object.keys(recorded).length} cases recorded on ${machine.kernel}`);
}
