/**
 * Which format takes a file, judged by its first bytes and its name: the first answer of execve's loop, for one level.
 * It does not open interpreters and does not read program headers; the machine itself does that.
 */

import { type MiscMatch, type MiscRule, magic_differs_at, name_extension } from '../kernel/fs/binfmt_misc_entry.ts';
import type { KernelVersion } from '../kernel/init/version.ts';
import { latin1 } from '../uapi/bytes.ts';
import type { HostArch } from '../uapi/host.ts';
import type { Bytes } from '../uapi/types.ts';
import { elfLoader } from './elf.ts';

export interface File {
  /** The string given to execve, or the interpreter as a rule or `#!` line spells it. */
  readonly name: string;
  /** Its beginning: at least a window, if it has as many bytes. */
  readonly bytes: Bytes;
}

export type Format = KernelVersion['formats'][number];

export interface Taker {
  readonly format: Format;
  /** The rule, if it is misc. */
  readonly entry?: MiscRule;
}

/** All that would take the file, in the order they are asked: the first one does. */
export function takers(file: File, rules: readonly MiscRule[], version: KernelVersion, host: HostArch): readonly Taker[] {
  return version.formats.flatMap((format): readonly Taker[] => {
    if (format === 'script') return readsAsScript(file.bytes) ? [{ format }] : [];
    if (format !== 'misc') return elfLoader(file.bytes, host) === format ? [{ format }] : [];
    const entry = rules.find((rule) => matches(rule.match, file, version.BINPRM_BUF_SIZE));
    return entry === undefined ? [] : [{ format, entry }];
  });
}

/** Who takes the file; null: nobody, ENOEXEC. */
export function predict(file: File, rules: readonly MiscRule[], version: KernelVersion, host: HostArch): Taker | null {
  return takers(file, rules, version, host)[0] ?? null;
}

/** Whether the kernel's own comparison finds the file. */
export function matches(match: MiscMatch, file: File, window: number): boolean {
  if (match.kind === 'extension') return name_extension(file.name) === match.extension;
  return magic_differs_at(match, file.bytes.subarray(0, window)) < 0;
}

const readsAsScript = (bytes: Bytes): boolean => /^#![ \t]*[^ \t\n]/.test(latin1(bytes.subarray(0, 256)));
