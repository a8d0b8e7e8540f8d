/** Questions on standard error, answered on standard input. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Io } from './command.ts';

/** Asks `NAME: question` and answers whether the reply begins with y. */
export async function confirm(io: Io, question: string): Promise<boolean> {
  await io.stdout.flush();
  await io.complain(`${io.name}: ${question} `);
  return await saysYes(io);
}

/** Reads no further than the line's end. */
export async function saysYes(io: Io): Promise<boolean> {
  let reply = '';
  for (;;) {
    const byte = await io.sys.read(0, 1);
    if (IS_ERR(byte) || byte.length === 0 || byte[0] === 10) return /^[yY]/.test(reply);
    reply += decode(byte);
  }
}
