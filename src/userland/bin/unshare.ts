/** unshare: runs a program in new namespaces. Follows util-linux 2.38.1. */

import { encode } from '../../uapi/bytes.ts';
import { ENOENT, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { O_WRONLY } from '../../uapi/fcntl.ts';
import * as flags from '../../uapi/mount.ts';
import { WEXITSTATUS, WIFEXITED, WTERMSIG } from '../../uapi/signal.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import { writeAll } from '../lib/stdio.ts';

const PROPAGATION: Readonly<Record<string, number>> = {
  private: flags.MS_REC | flags.MS_PRIVATE,
  shared: flags.MS_REC | flags.MS_SHARED,
  slave: flags.MS_REC | flags.MS_SLAVE,
  unchanged: 0,
};
/** Namespaces that this kernel does not have. */
const MISSING: readonly (readonly [key: string, name: string])[] = [
  ['i', 'ipc'],
  ['n', 'net'],
  ['p', 'pid'],
  ['C', 'cgroup'],
  ['T', 'time'],
];

export const main = command(
  {
    name: 'unshare',
    usage: ['[options] [<program> [<argument>...]]'],
    summary: '\nRun a program with some namespaces unshared from the parent.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    permute: false,
    options: [
      ['-m, --mount', 'unshare mounts namespace'],
      ['-u, --uts', 'unshare UTS namespace (hostname etc)'],
      ['-U, --user', 'unshare user namespace'],
      ['-i, --ipc', 'unshare System V IPC namespace (not in the lab)'],
      ['-n, --net', 'unshare network namespace (not in the lab)'],
      ['-p, --pid', 'unshare pid namespace (not in the lab)'],
      ['-C, --cgroup', 'unshare cgroup namespace (not in the lab)'],
      ['-T, --time', 'unshare time namespace (not in the lab)'],
      ['-f, --fork', 'fork before launching <program>'],
      ['--map-user=UID', 'map current user to uid (implies --user)'],
      ['--map-group=GID', 'map current group to gid (implies --user)'],
      ['-r, --map-root-user', 'map current user to root (implies --user)'],
      ['-c, --map-current-user', 'map current user to itself (implies --user)'],
      ['--mount-proc[=DIR]', 'mount proc filesystem first (implies --mount)'],
      ['--propagation=MODE', 'modify mount propagation in mount namespace'],
      ['--setgroups=WHAT', 'control the setgroups syscall in user namespaces (allow|deny)'],
      ['-R, --root=DIR', 'run the command with root directory set to <dir>'],
      ['-w, --wd=DIR', 'change working directory to <dir>'],
    ],
  },
  async (io, options, operands) => {
    const plan = planOf(io, options);
    const [uid, gid] = [io.sys.geteuid(), io.sys.getegid()];
    ask(io.sys.unshare(plan.clone), 'unshare failed');
    await mapIds(io, plan, uid, gid);
    if (plan.clone & flags.CLONE_NEWNS && plan.propagation)
      ask(io.sys.mount('none', '/', '', plan.propagation), 'cannot change root filesystem propagation');
    changeRoot(io, options);
    mountProc(io, options);
    const argv = operands.length > 0 ? operands : [getenv(io.envp, 'SHELL') ?? '/bin/sh'];
    return options.has('f') ? await forked(io, argv) : await run(io, argv);
  },
);

interface Plan {
  readonly clone: number;
  readonly propagation: number;
  readonly mapUser: 'root' | 'current' | number | null;
  readonly mapGroup: 'root' | 'current' | number | null;
  readonly setgroups: string | null;
}

function planOf(io: Io, options: Options): Plan {
  const missing = MISSING.find(([key]) => options.has(key));
  if (missing) throw new Failure(`unshare failed: the lab's kernel has no ${missing[1]} namespaces`);
  const both = options.has('r') ? 'root' : options.has('c') ? 'current' : null;
  const mapUser = number(options, 'map-user', 'user') ?? both;
  const mapGroup = number(options, 'map-group', 'group') ?? both;
  const user = options.has('U') || mapUser !== null || mapGroup !== null;
  const mount = options.has('m') || options.has('mount-proc');
  const mode = options.value('propagation');
  if (mode !== null && PROPAGATION[mode] === undefined) throw new Failure(`unsupported propagation mode: ${mode}`);
  const setgroups = options.value('setgroups');
  if (setgroups !== null && setgroups !== 'allow' && setgroups !== 'deny')
    throw new UsageError(`unsupported --setgroups argument '${setgroups}'`);
  if (setgroups === 'allow' && mapGroup !== null && io.sys.geteuid() !== 0)
    throw new Failure('options --setgroups=allow and --map-group are mutually exclusive');
  const clone = (user ? flags.CLONE_NEWUSER : 0) | (mount ? flags.CLONE_NEWNS : 0) | (options.has('u') ? flags.CLONE_NEWUTS : 0);
  return { clone, propagation: PROPAGATION[mode ?? 'private'] ?? 0, mapUser, mapGroup, setgroups };
}

function number(options: Options, key: string, what: string): number | null {
  const text = options.value(key);
  if (text === null) return null;
  if (!/^\d+$/.test(text)) throw new Failure(`failed to parse ${what === 'user' ? 'uid' : 'gid'}: '${text}'`);
  return Number(text);
}

function ask(status: Status, what: string): void {
  if (IS_ERR(status)) throw new Failure(`${what}: ${status.message}`);
}

async function mapIds(io: Io, plan: Plan, uid: number, gid: number): Promise<void> {
  const inside = (map: Plan['mapUser'], own: number): number => (map === 'root' ? 0 : map === 'current' ? own : (map ?? own));
  if (plan.mapUser !== null) await writeProc(io, 'uid_map', `${inside(plan.mapUser, uid)} ${uid} 1`);
  if (plan.mapGroup !== null || plan.setgroups) await writeProc(io, 'setgroups', plan.setgroups ?? 'deny');
  if (plan.mapGroup !== null) await writeProc(io, 'gid_map', `${inside(plan.mapGroup, gid)} ${gid} 1`);
}

async function writeProc(io: Io, name: string, text: string): Promise<void> {
  const path = `/proc/self/${name}`;
  const fd = await io.sys.open(path, O_WRONLY);
  if (IS_ERR(fd)) throw new Failure(`cannot open ${path}: ${fd.message}`);
  const error = await writeAll(io.sys, fd, encode(text));
  io.sys.close(fd);
  ask(error, `write failed ${path}`);
}

function changeRoot(io: Io, options: Options): void {
  const root = options.value('R');
  if (root !== null) {
    ask(io.sys.chroot(root), `cannot change root directory to '${root}'`);
    ask(io.sys.chdir('/'), "cannot chdir to '/'");
  }
  const directory = options.value('w');
  if (directory !== null) ask(io.sys.chdir(directory), `cannot chdir to '${directory}'`);
}

function mountProc(io: Io, options: Options): void {
  if (!options.has('mount-proc')) return;
  const target = options.value('mount-proc') ?? '/proc';
  const safe = flags.MS_NOSUID | flags.MS_NOEXEC | flags.MS_NODEV;
  ask(io.sys.mount('proc', target, 'proc', safe), `mount ${target} failed`);
}

async function run(io: Io, argv: readonly string[]): Promise<number> {
  const error: Errno = await execvp(io.sys, argv[0] ?? '', argv, io.envp);
  await io.warn(`failed to execute ${argv[0] ?? ''}`, error);
  return error === ENOENT ? 127 : 126;
}

async function forked(io: Io, argv: readonly string[]): Promise<number> {
  const pid = io.sys.clone(0, async (child) => {
    const error = await execvp(child, argv[0] ?? '', argv, io.envp);
    await writeAll(child, 2, encode(`${io.name}: failed to execute ${argv[0] ?? ''}: ${error.message}\n`));
    return error === ENOENT ? 127 : 126;
  });
  if (IS_ERR(pid)) throw new Failure(`fork failed: ${pid.message}`);
  return await exitLike(io, pid);
}

/** Waits for the child and ends as it ended: with its code, or by its signal. */
async function exitLike(io: Io, pid: number): Promise<number> {
  const result = await io.sys.wait4(pid, 0);
  if (IS_ERR(result)) throw new Failure(`waitpid failed: ${result.message}`);
  if (WIFEXITED(result.status)) return WEXITSTATUS(result.status);
  const sig = WTERMSIG(result.status);
  io.sys.rt_sigaction(sig, { handler: 'SIG_DFL' });
  io.sys.kill(io.sys.getpid(), sig);
  await io.sys.sched_yield();
  return 128 + sig;
}
