/** true(1): nothing, successfully. */
import type { Program } from '../../uapi/syscalls.ts';

export const main: Program = async () => 0;
