/** hello-ARCH of /root/samples: a greeting and the machine that it runs on. */
import { encode } from '../../uapi/bytes.ts';
import type { Program } from '../../uapi/syscalls.ts';
import { writeAll } from '../lib/stdio.ts';

export const main: Program = async (sys) => {
  await writeAll(sys, 1, encode(`Hello container!\nThis is ${sys.uname().machine}.\n`));
  return 0;
};
