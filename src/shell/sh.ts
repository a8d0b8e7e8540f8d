/** sh(1): the same shell in posix mode, with dash's wording of errors. */
import type { Program } from '../uapi/syscalls.ts';
import { startShell } from './main.ts';

export const shMain: Program = (sys, argv, envp) => startShell(sys, argv, envp, 'sh');
