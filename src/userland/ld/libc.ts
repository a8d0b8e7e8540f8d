/** libc.so.6 executed as a program: it introduces itself. */
import { encode } from '../../uapi/bytes.ts';
import type { Program } from '../../uapi/syscalls.ts';
import { writeAll } from '../lib/stdio.ts';

export const main: Program = async (sys) => {
  await writeAll(sys, 1, encode('GNU C Library (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.\n'));
  return 0;
};
