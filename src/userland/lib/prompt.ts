/** Questions on standard error, answered on standard input. */
import { decode } from '../../uapi/bytes.ts';
import { EINTR, type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Fd } from '../../uapi/types.ts';
import type { Io } from './command.ts';

/** Asks `NAME: question` and answers whether the reply begins with y. */
export async function confirm(io: Io, question: string): Promise<boolean> {
  await io.stdout.flush();
  await io.complain(`${io.name}: ${question} `);
  return await saysYes(io);
}

export async function saysYes(io: Io): Promise<boolean> {
  const reply = await readReply(io.sys, 0);
  return typeof reply === 'string' && /^[yY]/.test(reply);
}

/** A line without its end, and nothing read behind it; null at the end of the input, EINTR after a signal. */
export async function readReply(sys: Syscalls, fd: Fd): Promise<string | null | Errno> {
  const line: number[] = [];
  for (;;) {
    const byte = await sys.read(fd, 1);
    if (byte === EINTR) return EINTR;
    const ended = IS_ERR(byte) || byte.length === 0;
    if (ended && line.length === 0) return null;
    if (ended || byte[0] === 10) return decode(Uint8Array.from(line));
    line.push(...byte);
  }
}
