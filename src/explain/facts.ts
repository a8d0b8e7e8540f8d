/** What is known of the machine that a rule is meant for. Everything may be left out: then nothing is said about it. */
import type { Errno } from '../uapi/errno.ts';
import type { HostArch } from '../uapi/host.ts';
import type { Bytes } from '../uapi/types.ts';

export interface Facts {
  readonly host?: HostArch;
  /** The names in the directory of binfmt_misc. */
  readonly entries?: readonly string[];
  /** The interpreter, as the machine finds it under the rule's path. */
  readonly interpreter?: Interpreter;
  /** What the shell did to the line before the kernel saw it. */
  readonly shell?: ReadonlySet<ShellDamage>;
}

/** An errno: what opening it for execution gives. Else its first bytes, a window at least if it has as many. */
export type Interpreter = { readonly errno: Errno } | { readonly bytes: Bytes };

export type ShellDamage = 'backslashes eaten' | 'escapes decoded';
