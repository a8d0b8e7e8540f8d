/** bash(1): the command line. */
import type { Program } from '../uapi/syscalls.ts';
import { startShell } from './main.ts';

export const bashMain: Program = (sys, argv, envp) => startShell(sys, argv, envp, 'bash');
