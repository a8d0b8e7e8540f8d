/** execvp(3) as glibc has it, and running a child with it. */
import { EACCES, ENOENT, ENOEXEC, ENOTDIR, type Errno } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { getenv } from './environ.ts';

const DEFAULT_PATH = '/bin:/usr/bin';

/**
 * Looks `file` up in PATH and executes it; a file that is no known format is given to /bin/sh. Settles only on
 * failure. `envp` is the new environment, and its PATH counts unless `path` is given.
 */
export async function execvp(sys: Syscalls, file: string, argv: readonly string[], envp: readonly string[], path?: string): Promise<Errno> {
  if (file === '') return ENOENT;
  if (file.includes('/')) return await execOrShell(sys, file, argv, envp);
  let denied = false;
  for (const directory of (path ?? getenv(envp, 'PATH') ?? DEFAULT_PATH).split(':')) {
    const error = await execOrShell(sys, directory === '' ? file : `${directory}/${file}`, argv, envp);
    if (error === EACCES) denied = true;
    else if (error !== ENOENT && error !== ENOTDIR) return error;
  }
  return denied ? EACCES : ENOENT;
}

async function execOrShell(sys: Syscalls, path: string, argv: readonly string[], envp: readonly string[]): Promise<Errno> {
  const error = await sys.execve(path, argv, envp);
  if (error !== ENOEXEC) return error;
  return await sys.execve('/bin/sh', ['/bin/sh', path, ...argv.slice(1)], envp);
}

/** Starts a command as a child: answers the pid. `onFailure` runs in the child and answers its exit code. */
export function startChild(
  sys: Syscalls,
  argv: readonly string[],
  envp: readonly string[],
  onFailure: (child: Syscalls, error: Errno) => Promise<number>,
): number | Errno {
  return sys.clone(0, async (child) => await onFailure(child, await execvp(child, argv[0] ?? '', argv, envp)));
}
