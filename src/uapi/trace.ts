/**
 * What the kernel tells whoever listens: one JSON object per event. Versioned; `--trace`, strace, the page and lessons read it.
 * Names are the tracepoint's where Linux has one. `rule` is the number in docs/linux-exec.md that the step follows.
 */
import type { Pid } from './types.ts';

export const TRACE_VERSION = 1;

interface Common {
  /** Grows by one per event of a machine. */
  readonly seq: number;
  /** Milliseconds since boot. */
  readonly t: number;
  readonly pid: Pid;
}

/** A system call begins; `args` are already in strace's notation. */
export interface SysEnter extends Common {
  readonly ev: 'sys_enter';
  readonly name: string;
  readonly args: readonly string[];
}
/** It ends; `ret` is the number, or the errno's name. */
export interface SysExit extends Common {
  readonly ev: 'sys_exit';
  readonly name: string;
  readonly ret: number | string;
  /** What only the exit knows in strace's notation: the bytes read, the stat buffer. */
  readonly out?: readonly string[];
}
/** execve begins (X1). */
export interface ExecBegin extends Common {
  readonly ev: 'exec_begin';
  readonly path: string;
  readonly argv: readonly string[];
  readonly envc: number;
  readonly cwd: string;
  readonly rule: string;
}
/** One component of the path walk, or a check on what was found: search permission, symlink, type, noexec, x bit, writers. */
export interface ExecWalk extends Common {
  readonly ev: 'exec_walk';
  readonly level: number;
  readonly path: string;
  readonly step: 'component' | 'symlink' | 'mount' | 'type' | 'noexec' | 'permission' | 'writers' | 'args';
  readonly what: string;
  readonly errno?: string;
  readonly rule: string;
}
/** A level begins: the window that the formats will look at. */
export interface BinprmRead extends Common {
  readonly ev: 'binprm_read';
  readonly level: number;
  readonly name: string;
  readonly file: string;
  readonly size: number;
  /** The window, lower-case hex, zero-filled to BINPRM_BUF_SIZE. */
  readonly window: string;
  readonly rule: string;
}
/** What a rule of binfmt_misc looks at: bytes in hex, or a name. */
export type BinfmtMiscTest =
  | { readonly offset: number; readonly magic: string; readonly mask: string | null }
  | { readonly extension: string };
/** binfmt_misc looked at one rule. */
export interface BinfmtMiscEntryProbe extends Common {
  readonly ev: 'binfmt_misc_entry';
  readonly level: number;
  readonly entry: string;
  /** The same object in every event of the same rule. */
  readonly test: BinfmtMiscTest;
  readonly enabled: boolean;
  readonly matched: boolean;
  /** Offset in the window of the first byte that decided against it (type M). */
  readonly differs_at?: number;
  readonly why: string;
  readonly rule: string;
}
/** A format answered. */
export interface BinfmtProbe extends Common {
  readonly ev: 'binfmt_probe';
  readonly level: number;
  readonly fmt: string;
  readonly verdict: 'taken' | 'rewrite' | 'next' | 'failed';
  /** ENOEXEC with `next`, the deciding errno with `failed`. */
  readonly errno?: string;
  readonly why: string;
  readonly rule: string;
}
/** A format replaced the file by an interpreter. */
export interface BinprmRewrite extends Common {
  readonly ev: 'binprm_rewrite';
  readonly level: number;
  readonly fmt: string;
  readonly interpreter: string;
  readonly argv_before: readonly string[];
  readonly argv_after: readonly string[];
  /** The misc entry, if it was one. */
  readonly entry?: string;
  readonly flags?: string;
  /** True when the interpreter comes from a file opened at registration (F). */
  readonly pinned?: boolean;
  readonly rule: string;
}
/** The chosen order of formats decided: another format would have taken the file too (D1, D3). */
export interface OrderDecided extends Common {
  readonly ev: 'order_decided';
  readonly level: number;
  readonly taken_by: string;
  readonly also: readonly string[];
  /** Who takes it on current Linux, and with what outcome. */
  readonly current_linux: string;
  readonly rule: string;
}
/** The exec succeeded (the kernel's tracepoint of the same name). */
export interface SchedProcessExec extends Common {
  readonly ev: 'sched_process_exec';
  readonly filename: string;
  readonly exe: string;
  readonly comm: string;
  readonly argv: readonly string[];
  readonly auxv: Readonly<Record<string, string | number>>;
  /** The signal that the new program dies of before its first instruction (E15). */
  readonly fatal_signal?: number;
  readonly rule: string;
}
/** The exec failed and the caller got an errno. */
export interface ExecFail extends Common {
  readonly ev: 'exec_fail';
  readonly path: string;
  readonly errno: string;
  readonly message: string;
  readonly level: number;
  readonly rule: string;
}
export interface SchedProcessFork extends Common {
  readonly ev: 'sched_process_fork';
  readonly child_pid: Pid;
}
export interface SchedProcessExit extends Common {
  readonly ev: 'sched_process_exit';
  readonly comm: string;
  /** A wait status (signal.ts). */
  readonly status: number;
}
export interface SignalDeliver extends Common {
  readonly ev: 'signal_deliver';
  readonly sig: number;
  /** "{si_signo=SIGCHLD, …}" in strace's notation. */
  readonly info: string;
  readonly action: 'handler' | 'ignore' | 'terminate' | 'stop' | 'continue';
}
/** A line written to register, an entry or status; or a mount and its end. */
export interface BinfmtMiscControl extends Common {
  readonly ev: 'binfmt_misc_register' | 'binfmt_misc_control';
  readonly file: string;
  readonly data: string;
  readonly ret: number | string;
  readonly why: string;
  readonly rule: string;
}

export type TraceEvent =
  | SysEnter
  | SysExit
  | ExecBegin
  | ExecWalk
  | BinprmRead
  | BinfmtMiscEntryProbe
  | BinfmtProbe
  | BinprmRewrite
  | OrderDecided
  | SchedProcessExec
  | ExecFail
  | SchedProcessFork
  | SchedProcessExit
  | SignalDeliver
  | BinfmtMiscControl;

/** An event as its emitter gives it: the kernel adds seq, t and pid. */
export type TraceEventBody = TraceEvent extends infer E ? (E extends Common ? Omit<E, keyof Common> : never) : never;
