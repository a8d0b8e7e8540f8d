/** Passwords: what /etc/shadow says of one, and asking for one. Follows pam_unix with Debian's nullok. */
import { decode, encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { SIGINT } from '../../uapi/signal.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { ECHO } from '../../uapi/termios.ts';
import type { Fd } from '../../uapi/types.ts';
import { Failure } from './error.ts';
import { readReply } from './prompt.ts';
import { readFile, writeAll } from './stdio.ts';

/** The second field of the user's line; "*" where there is none to be right. */
export async function shadowPassword(sys: Syscalls, name: string): Promise<string> {
  const bytes = await readFile(sys, '/etc/shadow');
  const lines = IS_ERR(bytes) ? [] : decode(bytes).split('\n');
  return lines.map((line) => line.split(':')).find((fields) => fields[0] === name)?.[1] ?? '*';
}

export async function isPassword(typed: string, stored: string): Promise<boolean> {
  if (stored === '') return true;
  if (!stored.startsWith('$')) return false;
  const { crypt } = await import('./crypt.ts');
  const hash = crypt(typed, stored);
  if (hash === null) throw new Failure(`a password hash of the kind ${stored.slice(0, 3)} is not modelled`);
  return hash === stored;
}

/** A line, typed unseen where `from` is a terminal; null at the end of the input, undefined after ^C. */
export async function askPassword(sys: Syscalls, prompt: string, from: Fd, to: Fd): Promise<string | null | undefined> {
  const old = sys.ioctl(from, 'TCGETS');
  if (IS_ERR(old)) {
    await writeAll(sys, to, encode(prompt));
    return await answered(sys, from);
  }
  const action = sys.rt_sigaction(SIGINT, { handler: () => undefined });
  sys.ioctl(from, 'TCSETSF', { ...old, c_lflag: old.c_lflag & ~ECHO });
  await writeAll(sys, to, encode(prompt));
  const line = await answered(sys, from);
  sys.ioctl(from, 'TCSETSF', old);
  if (!IS_ERR(action)) sys.rt_sigaction(SIGINT, action);
  await writeAll(sys, to, encode('\n'));
  return line;
}

async function answered(sys: Syscalls, fd: Fd): Promise<string | null | undefined> {
  const reply = await readReply(sys, fd);
  return reply === null || typeof reply === 'string' ? reply : undefined;
}
