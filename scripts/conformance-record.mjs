/**
 * npm run conformance:record: asks the real kernel, bash and tools of this machine.
 * Each case runs in user, mount, pid and uts namespaces of its own (so it has its own, empty binfmt_misc: Linux 6.7 or
 * later), with tmpfs on /root and /tmp. Nothing outside them is touched. Needs root, util-linux and bash.
 *
 * With -- --kernel 6.1 it asks Debian's kernel of that version under qemu (conformance-machine.mjs). Names of cases, or their
 * beginnings, ask those alone, print what they said and put it into the recording.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { askOtherKernel } from './conformance-machine.mjs';
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

/** Every case's answer, by id, from this machine. */
async function askAll(chosen) {
  const outcomes = new Map();
  for (const one of chosen) outcomes.set(one.id, await ask(one));
  return outcomes;
}

const { values, positionals: only } = parseArgs({ options: { kernel: { type: 'string', default: '6.18' } }, allowPositionals: true });
const chosen = cases.filter((one) => only.length === 0 || only.some((o) => one.id.startsWith(o)));
const twice = cases.find((one, i) => cases.findIndex((other) => other.id === one.id) !== i);
if (twice !== undefined) throw new Error(`two cases are called ${twice.id}`);
const { release: kernel, outcomes } =
  values.kernel === '6.18'
    ? { release: release(), outcomes: await askAll(chosen) }
    : askOtherKernel(values.kernel, chosen, SETUP, ENVIRONMENT);
const recorded = Object.fromEntries(chosen.map(({ id, script }) => [id, { script, outcome: outcomes.get(id) }]));
if (only.length > 0) console.log(JSON.stringify(recorded, null, 2));

const file = `test/conformance/recorded/${values.kernel}.json`;
const kept = only.length > 0 && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : {};
const all = Object.fromEntries(cases.flatMap(({ id }) => ((recorded[id] ?? kept[id]) ? [[id, recorded[id] ?? kept[id]]] : [])));
const machine = { kernel, bash: version('bash', '--version'), coreutils: version('ls', '--version'), file: version('file', '--version') };
mkdirSync('test/conformance/recorded', { recursive: true });
writeFileSync(file, `${JSON.stringify({ machine, cases: all }, null, 1)}\n`);
console.error(`${chosen.length} cases recorded on ${kernel}, ${Object.keys(all).length} in ${file}`);
