/** What page and worker agree on: calls over comlink, bytes of the terminal over a port of their own. */
import type { HostArch } from '../uapi/host.ts';

export interface BootRequest {
  readonly kernel: string;
  readonly host: HostArch;
  readonly rows: number;
  readonly cols: number;
}

export interface BootInfo {
  /** uname -r */
  readonly release: string;
  /** The kernel's formats in the order execve asks them. */
  readonly formats: readonly string[];
}

/** A finished script, as text. */
export interface RunText {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** The worker's side; one machine a worker. */
export interface LabHost {
  boot(request: BootRequest, tty: MessagePort): Promise<BootInfo>;
  /** A new non-interactive bash on the machine; calls queue. */
  run(script: string): Promise<RunText>;
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, data: Uint8Array, mode: number): Promise<void>;
}

/** Page to worker on the tty port. */
export type ToTty =
  /** Typed or pasted text. `interrupt` counts the ^C typed so far. */
  | { readonly t: 'in'; readonly data: string; readonly interrupt: number }
  /** xterm has drawn so many bytes: the worker may send as many more. */
  | { readonly t: 'credit'; readonly n: number }
  | { readonly t: 'size'; readonly rows: number; readonly cols: number }
  /** An address that answers until the next ^C: how a payload that never yields hears of one. */
  | { readonly t: 'alive'; readonly url: string; readonly interrupt: number };

/** Worker to page on the tty port. */
export type FromTty =
  | { readonly t: 'out'; readonly data: Uint8Array }
  /** The terminal's last program has gone; a key starts a new one. */
  | { readonly t: 'hangup'; readonly status: number };

/** Bytes that may be on their way to xterm. */
export const TTY_CREDIT = 128 * 1024;
