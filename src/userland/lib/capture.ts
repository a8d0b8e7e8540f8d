/** popen(3) for reading: the output of a shell command. */
import { encode } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_CLOEXEC } from '../../uapi/fcntl.ts';
import type { Bytes } from '../../uapi/types.ts';
import type { Io } from './command.ts';
import { readAll } from './stdio.ts';

export async function captureShell(io: Io, command: string): Promise<Bytes | Errno> {
  await io.stdout.flush();
  const ends = io.sys.pipe2(O_CLOEXEC);
  if (IS_ERR(ends)) return ends;
  const [from, to] = ends;
  const pid = io.sys.clone(0, async (child) => {
    child.dup2(to, 1);
    const error = await child.execve('/bin/sh', ['sh', '-c', command], io.envp);
    await child.write(2, encode(`${io.name}: /bin/sh: ${error.message}\n`));
    return 127;
  });
  io.sys.close(to);
  const output = IS_ERR(pid) ? pid : await readAll(io.sys, from);
  io.sys.close(from);
  if (!IS_ERR(pid)) await io.sys.wait4(pid, 0);
  return output;
}
