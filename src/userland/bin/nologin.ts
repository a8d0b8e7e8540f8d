/** nologin: the shell of accounts that nobody may use. Follows shadow 4.13. */
import { encode } from '../../uapi/bytes.ts';
import type { Program } from '../../uapi/syscalls.ts';
import { writeAll } from '../lib/stdio.ts';

export const main: Program = async (sys) => {
  await writeAll(sys, 1, encode('This account is currently not available.\n'));
  return 1;
};
