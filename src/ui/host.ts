/** What page and worker agree on: calls over comlink, the bytes of each terminal over a port of its own, news over one more. */
import type { HostArch } from '../uapi/host.ts';
import type { TraceEvent } from '../uapi/trace.ts';
import type { Sight } from './panels/world/sight.ts';

export interface TerminalSize {
  readonly rows: number;
  readonly cols: number;
}

/** Which machine is wanted. */
export interface MachineChoice {
  readonly kernel: string;
  readonly host: HostArch;
}

export interface BootRequest extends MachineChoice {
  /** Where the browser keeps this machine over a reload; null: nowhere. */
  readonly keep: string | null;
  /** A machine is kept there: it comes back. */
  readonly resume: boolean;
}

export interface BootInfo {
  readonly kernel: string;
  readonly host: HostArch;
  /** uname -r */
  readonly release: string;
  /** The kernel's formats in the order execve asks them. */
  readonly formats: readonly string[];
  /** A sentence on the machine that was kept: it is this one, or why it is not. */
  readonly notice?: string;
}

/** A command at the prompt, the start of a machine, or a change by the page, as the time line shows it. */
export interface TimelineRow extends MachineChoice {
  readonly id: number;
  readonly kind: 'boot' | 'command' | 'change';
  /** The command as typed; else what it was. */
  readonly line: string;
  readonly status: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly cwd: string;
  /** Bytes that keeping it takes. */
  readonly cost: number;
  /** What will not come back, in sentences; empty: all does. */
  readonly note: string;
  readonly place: 'past' | 'here' | 'future';
}

/** Another machine has taken the place of the one before, on the same terminal. */
export interface Arrival {
  readonly info: BootInfo;
  /** The command after which the machine was so; null: at its start. */
  readonly after: string | null;
  /** Programs that ran and have ended with it, by name. */
  readonly ended: readonly string[];
}

/** The files, mounts and rules of a machine, as plain data that can be cloned and stored. */
export interface LabSnapshot extends MachineChoice {
  readonly machine: unknown;
}

/** A finished script, as text. */
export interface RunText {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export interface FileInfo {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission and set-id bits. */
  readonly mode: number;
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
}

/** The first that a worker says, before it can hear: the page's ends of its first terminal and of its news. */
export interface WorkerEnds {
  readonly tty: MessagePort;
  readonly news: MessagePort;
}

/** The worker's side; one machine a worker. Paths are looked up by the machine's own kernel, as its root. */
export interface LabHost {
  /** Boots, if that was not done already. */
  boot(request: BootRequest): Promise<BootInfo>;
  /** One more terminal of the same machine, with a login shell of its own. */
  openTerminal(size: TerminalSize, tty: MessagePort): Promise<void>;
  /** A new non-interactive bash on the machine; calls queue. */
  run(script: string): Promise<RunText>;
  /** The same on a copy of the machine, which leaves no trace on it; ended after five seconds. */
  check(script: string): Promise<RunText>;
  /** Back to the state before the last command; a machine of that moment takes over. */
  undo(): Promise<Arrival>;
  redo(): Promise<Arrival>;
  /** The page has changed the machine: `line` on the time line. */
  mark(line: string): Promise<void>;
  /** To a row of the time line. */
  go(id: number): Promise<Arrival>;
  /** Another machine, `line` on the time line; with `carry`, the files of /root, /home, /tmp, /opt and /usr/local come along. */
  reboot(to: MachineChoice, line: string, carry: boolean): Promise<Arrival>;
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, data: Uint8Array, mode: number): Promise<void>;
  /** Into a file that exists: nothing is made, cut off or given other rights. So are the files of /proc/sys written, too. */
  writeAt(path: string, data: Uint8Array, at: number): Promise<void>;
  /** With all that lead there; what exists already stays as it is. */
  mkdir(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Milliseconds since the epoch. */
  setTimes(path: string, mtime: number): Promise<void>;
  /** A file or a link, no directory. */
  remove(path: string): Promise<void>;
  /** The names in a directory. */
  list(path: string): Promise<readonly string[]>;
  /** Of the link itself, if it is one. */
  stat(path: string): Promise<FileInfo>;
  readlink(path: string): Promise<string>;
  snapshot(): Promise<LabSnapshot>;
  /** Settles when the worker gets round to it. */
  ping(): Promise<void>;
  /** Processes, mounts and rules, read through the machine's files. */
  sight(): Promise<Sight>;
}

/** Worker to page on the news port. */
export type News =
  /** What execve did, in order, since the last message; `lost` executions came too fast. */
  | { readonly t: 'exec'; readonly events: readonly TraceEvent[]; readonly lost: number }
  /** The time line is another; `dropped` rows were the oldest of too many. All execve calls before it have been told. */
  | { readonly t: 'timeline'; readonly rows: readonly TimelineRow[]; readonly dropped: number }
  /** The machine has been kept for a reload; or why not. */
  | { readonly t: 'kept'; readonly problem: string | null };

/** Page to worker on a tty port. */
export type ToTty =
  /** Typed or pasted text. `interrupt` counts the ^C typed so far. */
  | { readonly t: 'in'; readonly data: string; readonly interrupt: number }
  /** xterm has drawn so many bytes: the worker may send as many more. */
  | { readonly t: 'credit'; readonly n: number }
  | ({ readonly t: 'size' } & TerminalSize)
  /** An address that answers until the next ^C: how a payload that never yields hears of one. */
  | { readonly t: 'alive'; readonly url: string; readonly interrupt: number }
  /** The page has closed the terminal. */
  | { readonly t: 'close' };

/** Worker to page on a tty port. */
export type FromTty =
  | { readonly t: 'out'; readonly data: Uint8Array }
  /** A login shell has started on the terminal. */
  | { readonly t: 'shell'; readonly pid: number }
  /** The terminal's login shell has ended. */
  | { readonly t: 'hangup'; readonly status: number };

/** Bytes that may be on their way to xterm. */
export const TTY_CREDIT = 128 * 1024;
