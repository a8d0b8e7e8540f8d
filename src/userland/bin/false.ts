/** false(1): nothing, unsuccessfully. */
import type { Program } from '../../uapi/syscalls.ts';

export const main: Program = async () => 1;
