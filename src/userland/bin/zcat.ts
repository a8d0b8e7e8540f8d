/** zcat: `gzip -cd`, which the real one is a script of. */
import type { Program } from '../../uapi/syscalls.ts';
import { main as gzip } from './gzip.ts';

export const main: Program = (sys, argv, envp) => gzip(sys, ['gzip', '-cd', ...argv.slice(1)], envp);
