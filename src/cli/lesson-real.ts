/**
 * This machine's own Linux, as the proof of a lesson needs it. Every script runs in new user, mount, pid and uts namespaces, so that it
 * has its own, empty binfmt_misc (Linux 6.7 or later); / is read-only there, and /root, /tmp, /srv, /opt and /mnt are fresh. A copy of a
 * machine is made by doing everything again.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { constants, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot } from '../lab/index.ts';
import type { ProofMachine } from '../lessons/prove.ts';
import type { ScriptResult } from '../lessons/runner.ts';
import { copyOut } from './copy.ts';

const TIMEOUT = 20_000;

/** $1 is the folder with the samples; then come the scripts, of which the last one is heard. */
const INSIDE = `
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=700 tmpfs /root
cp -a "$1" /root/samples; shift
for dir in /srv /opt /mnt; do mount -t tmpfs tmpfs $dir; done
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t proc proc /proc
mount -t binfmt_misc -o nosuid,nodev,noexec binfmt_misc /proc/sys/fs/binfmt_misc
mount -o remount,bind,ro /
hostname lab; umask 022; cd /root
set +e
while [ $# -gt 1 ]; do bash --norc -c "$1" bash < /dev/null > /dev/null 2>&1; shift; done
exec bash --norc -c "$1" bash
`;
const ENVIRONMENT = { HOME: '/root', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };
const NAMESPACES = ['--user', '--map-root-user', '--mount', '--uts', '--pid', '--fork', '--kill-child'];

export class Linux {
  readonly release = release();
  private readonly samples: string;

  private constructor(samples: string) {
    this.samples = samples;
  }

  /** Or why this machine cannot be asked. */
  static async find(): Promise<Linux | string> {
    const [major = 0, minor = 0] = release().split('.').map(Number);
    if (process.platform !== 'linux' || major < 6 || (major === 6 && minor < 7)) return '--real wants Linux 6.7 or later';
    if (process.getuid?.() !== 0) return '--real wants root';
    try {
      execFileSync('unshare', ['--user', '--map-root-user', '--mount', 'true'], { stdio: 'ignore' });
    } catch {
      return '--real wants user namespaces and util-linux';
    }
    return new Linux(await samplesFolder());
  }

  /** A machine where nothing was done yet. */
  boot(): ProofMachine {
    return this.machine([]);
  }

  dispose(): void {
    rmSync(this.samples, { recursive: true, force: true });
  }

  private machine(before: readonly string[]): ProofMachine {
    const history = [...before];
    return {
      run: async (script) => {
        const result = await this.ask([...history, script]);
        history.push(script);
        return result;
      },
      check: (script) => this.ask([...history, script]),
      fork: async () => this.machine(history),
      dispose: () => {},
    };
  }

  private async ask(scripts: readonly string[]): Promise<ScriptResult> {
    const child = spawn('unshare', [...NAMESPACES, 'bash', '--norc', '-c', INSIDE, 'bash', join(this.samples, 'samples'), ...scripts], {
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT,
      killSignal: 'SIGKILL',
    });
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    const output = [child.stdout, child.stderr].map(async (s) => Buffer.concat((await s.toArray()) as Buffer[]).toString('utf8'));
    const [stdout = '', stderr = ''] = await Promise.all(output);
    const [code, signal] = await ended;
    return { stdout, stderr, status: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) };
  }
}

/** The lab's /root/samples, on this machine. */
async function samplesFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'binfmt-lab-'));
  const lab = await boot();
  await copyOut(lab, '/root/samples', join(dir, 'samples'));
  lab.dispose();
  return dir;
}
