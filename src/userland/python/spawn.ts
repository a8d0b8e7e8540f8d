/** What `subprocess` starts: the child's work between fork and exec. Follows child_exec in CPython's Modules/_posixsubprocess.c. */
import { encode } from '../../uapi/bytes.ts';
import { ENOENT, ENOTDIR, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { ExitCode, Fd, Pid } from '../../uapi/types.ts';

/** Descriptors that a program may have open without close-on-exec. */
const MAX_INHERITED = 256;
const FAILED: ExitCode = 255;

export interface Spawn {
  readonly argv: readonly string[];
  /** To be tried one after the other. */
  readonly executables: readonly string[];
  readonly closeFds: boolean;
  readonly keep: readonly Fd[];
  readonly cwd: string | null;
  readonly envp: readonly string[];
  /** What becomes standard input, output and error; -1 leaves it. */
  readonly stdio: readonly [Fd, Fd, Fd];
  /** Where the parent hears why nothing was executed. */
  readonly errpipe: Fd;
  readonly newSession: boolean;
  readonly processGroup: number;
  readonly umask: number;
}

export function spawn(sys: Syscalls, s: Spawn): Pid | Errno {
  return sys.clone(0, async (child) => {
    const trouble = prepare(child, s);
    if (IS_ERR(trouble)) return await tell(child, s, trouble, 'noexec');
    return await tell(child, s, await execute(child, s), '');
  });
}

function prepare(child: Syscalls, s: Spawn): Status {
  const high = s.stdio.map((fd) => (fd >= 0 && fd <= 2 ? child.dup(fd) : fd));
  for (const [to, from] of high.entries()) {
    if (IS_ERR(from)) return from;
    const moved = from < 0 ? 0 : child.dup2(from, to);
    if (IS_ERR(moved)) return moved;
  }
  const moved = s.cwd === null ? 0 : child.chdir(s.cwd);
  if (IS_ERR(moved)) return moved;
  if (s.umask >= 0) child.umask(s.umask);
  if (s.newSession) child.setsid();
  if (s.processGroup >= 0) child.setpgid(0, s.processGroup);
  if (s.closeFds) for (let fd = 3; fd < MAX_INHERITED; fd++) if (fd !== s.errpipe && !s.keep.includes(fd)) child.close(fd);
  return 0;
}

async function execute(child: Syscalls, { executables, argv, envp }: Spawn): Promise<Errno> {
  let told: Errno | null = null;
  let last: Errno = ENOENT;
  for (const path of executables) {
    last = await child.execve(path, argv, envp);
    if (last !== ENOENT && last !== ENOTDIR) told ??= last;
  }
  return told ?? last;
}

async function tell(child: Syscalls, { errpipe }: Spawn, { errno }: Errno, what: string): Promise<ExitCode> {
  await child.write(errpipe, encode(`OSError:${errno.toString(16)}:${what}`));
  return FAILED;
}
