/**
 * How system calls are written in the trace: strace's notation, a table (trace_syscalls.ts) so large that it is loaded only
 * when somebody listens to system calls. A machine that is traced from outside is given it at boot.
 */
import type { Kernel } from '../include/sched.ts';

export interface Notation {
  /** What is known when the call begins. */
  syscallArgs(name: string, args: readonly unknown[]): string[];
  /** The result, and what only the exit knows. */
  syscallResult(name: string, args: readonly unknown[], ret: unknown): { ret: number | string; out?: string[] };
}

export async function load_notation(kernel: Kernel): Promise<void> {
  kernel.notation ??= await import('./trace_syscalls.ts');
}
