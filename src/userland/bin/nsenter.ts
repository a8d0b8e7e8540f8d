/** nsenter: runs a program in the namespaces of another process. Follows util-linux 2.38.1. */
import { ENOENT, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWUTS } from '../../uapi/mount.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';

/** In the order of entering. */
const NAMESPACES: readonly (readonly [key: string, name: string, flag: number])[] = [
  ['U', 'user', CLONE_NEWUSER],
  ['u', 'uts', CLONE_NEWUTS],
  ['m', 'mnt', CLONE_NEWNS],
];
const MISSING: readonly (readonly [key: string, name: string])[] = [
  ['i', 'ipc'],
  ['n', 'net'],
  ['p', 'pid'],
  ['C', 'cgroup'],
  ['T', 'time'],
];

export const main = command(
  {
    name: 'nsenter',
    usage: ['[options] [<program> [<argument>...]]'],
    summary: '\nRun a program with namespaces of other processes.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    permute: false,
    options: [
      ['-a, --all', 'enter all namespaces'],
      ['-t, --target=PID', 'target process to get namespaces from'],
      ['-m, --mount[=FILE]', 'enter mount namespace'],
      ['-u, --uts[=FILE]', 'enter UTS namespace (hostname etc)'],
      ['-U, --user[=FILE]', 'enter user namespace'],
      ['-i, --ipc[=FILE]', 'enter System V IPC namespace (not in the lab)'],
      ['-n, --net[=FILE]', 'enter network namespace (not in the lab)'],
      ['-p, --pid[=FILE]', 'enter pid namespace (not in the lab)'],
      ['-C, --cgroup[=FILE]', 'enter cgroup namespace (not in the lab)'],
      ['-T, --time[=FILE]', 'enter time namespace (not in the lab)'],
      ['-S, --setuid=UID', 'set uid in entered namespace'],
      ['-G, --setgid=GID', 'set gid in entered namespace'],
      ['--preserve-credentials', 'do not touch uids or gids'],
      ['-r, --root[=DIR]', 'set the root directory'],
      ['-w, --wd[=DIR]', 'set the working directory'],
      ['-F, --no-fork', 'do not fork before exec-ing <program>'],
    ],
  },
  async (io, options, operands) => {
    const target = targetOf(options);
    const missing = MISSING.find(([key]) => options.has(key));
    if (missing) throw new Failure(`the lab's kernel has no ${missing[1]} namespaces`);
    const open = await openAll(io, options, target);
    const root = await openDirectory(io, options, target, 'r', 'root');
    const cwd = await openDirectory(io, options, target, 'w', 'cwd');
    for (const [fd, name, flag] of open) enter(io, fd, name, flag);
    changeDirectories(io, root, cwd);
    setIds(
      io,
      options,
      open.some(([, name]) => name === 'user'),
    );
    const argv = operands.length > 0 ? operands : [getenv(io.envp, 'SHELL') ?? '/bin/sh'];
    const error = await execvp(io.sys, argv[0] ?? '', argv, io.envp);
    await io.warn(`failed to execute ${argv[0] ?? ''}`, error);
    return error === ENOENT ? 127 : 126;
  },
);

function targetOf(options: Options): string | null {
  const text = options.value('t');
  if (text !== null && !/^[1-9]\d*$/.test(text)) throw new Failure(`failed to parse pid: '${text}'`);
  return text;
}

async function openAll(io: Io, options: Options, target: string | null): Promise<[Fd, string, number][]> {
  const out: [Fd, string, number][] = [];
  for (const [key, name, flag] of NAMESPACES) {
    if (!options.has(key) && !options.has('a')) continue;
    const file = options.value(key);
    if (file === null && target === null) throw new Failure(`neither filename nor target pid supplied for ns/${name}`);
    const path = file ?? `/proc/${target}/ns/${name}`;
    if (options.has('a') && !options.has(key) && isMine(io, path, name)) continue;
    const fd = await io.sys.open(path, O_RDONLY);
    if (IS_ERR(fd)) throw new Failure(`cannot open ${path}: ${fd.message}`);
    out.push([fd, name, flag]);
  }
  return out;
}

/** With -a a namespace that is the same already is left out. */
function isMine(io: Io, path: string, name: string): boolean {
  return io.sys.readlink(path) === io.sys.readlink(`/proc/self/ns/${name}`);
}

async function openDirectory(io: Io, options: Options, target: string | null, key: string, link: string): Promise<Fd | null> {
  if (!options.has(key)) return null;
  const given = options.value(key);
  if (given === null && target === null) throw new Failure(`neither filename nor target pid supplied for ${link}`);
  const path = given ?? `/proc/${target}/${link}`;
  const fd = await io.sys.open(path, O_RDONLY);
  if (IS_ERR(fd)) throw new Failure(`cannot open ${path}: ${fd.message}`);
  return fd;
}

function enter(io: Io, fd: Fd, name: string, flag: number): void {
  const error = io.sys.setns(fd, flag);
  io.sys.close(fd);
  if (IS_ERR(error)) throw new Failure(`reassociate to namespace 'ns/${name}' failed: ${error.message}`);
}

function changeDirectories(io: Io, root: Fd | null, cwd: Fd | null): void {
  for (const [fd, isRoot] of [
    [root, true],
    [cwd, false],
  ] as const) {
    if (fd === null) continue;
    const moved = io.sys.fchdir(fd);
    const error = !IS_ERR(moved) && isRoot ? io.sys.chroot('.') : moved;
    if (IS_ERR(error))
      throw new Failure(`${isRoot ? 'chroot' : 'change directory by working directory file descriptor'} failed: ${error.message}`);
    io.sys.close(fd);
  }
}

/** In another user namespace one is its root, unless told otherwise. */
function setIds(io: Io, options: Options, entered: boolean): void {
  const gid = options.value('G') ?? (entered ? '0' : null);
  const uid = options.value('S') ?? (entered ? '0' : null);
  if (options.has('preserve-credentials')) return;
  if (gid !== null) {
    io.sys.setgroups([]);
    const error = io.sys.setgid(Number(gid));
    if (IS_ERR(error)) throw new Failure(`setgid failed: ${error.message}`);
  }
  const error = uid === null ? 0 : io.sys.setuid(Number(uid));
  if (IS_ERR(error)) throw new Failure(`setuid failed: ${error.message}`);
}
