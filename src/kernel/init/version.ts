/**
 * What changed in execve and binfmt_misc between Linux releases, as one table: a row is a kernel, a column a behaviour.
 * Code asks `kernel.version.<column>`, never a number. Each cell says how we know it; rule numbers are those of docs/linux-exec.md.
 */
import { EEXIST, ELOOP, type Errno } from '../../uapi/errno.ts';
import type { LinuxBinfmt } from '../include/binfmts.ts';

/** What one kernel does. */
export interface KernelVersion {
  /** What `uname -r` says. */
  readonly release: string;
  /** What `uname -v` says. */
  readonly utsversion: string;
  /** The binary formats in the order execve asks them (D1–D3). */
  readonly formats: readonly LinuxBinfmt['name'][];
  /** Bytes of a file that formats see: the window (D4, S7). */
  readonly BINPRM_BUF_SIZE: number;
  /** Which of the two `#!` parsers reads the line (S2, S8). */
  readonly script_parser: 'since 5.8' | 'before 5.8';
  /** A `#!` interpreter path that the window cuts: refused, or the shorter path tried (S7). */
  readonly script_cut: 'ENOEXEC' | 'runs the cut path';
  /** How often a file may be replaced by an interpreter, and what one more gives (D5). */
  readonly max_rewrites: number;
  readonly too_deep: Errno;
  /** Nothing recognised the file: is a module asked for (D6)? */
  readonly module_request: boolean;
  /** An empty argv becomes one empty string (X4). */
  readonly fixes_empty_argv: boolean;
  /** execveat(2) exists; its AT_EXECVE_CHECK does (X9). */
  readonly execveat: boolean;
  readonly execve_check: boolean;
  /** comm of a program started by descriptor alone (X7). */
  readonly empty_path_comm: 'name of the image' | 'number of the descriptor';
  /** A file being executed cannot be written, and the reverse (X5). */
  readonly denies_writing: boolean;
  /** Largest program header table in bytes, of the program and of its PT_INTERP; what an unreadable one gives (E7, E17). */
  readonly max_phdr_bytes: number;
  readonly phdrs_unreadable: 'ENOEXEC' | 'EIO';
  /** How much of a PT_INTERP file must be there (E11, E17). */
  readonly elf_interp_needs: 'its header' | 'a window';
  /** What kills a process whose exec failed after the point of no return (D8). */
  readonly late_failure: 'SIGSEGV' | 'SIGKILL';
  /** Longest line for `register` (R1, R19). */
  readonly MAX_REGISTER_LENGTH: number;
  /** What a second entry of one name gives (R4, R19). */
  readonly duplicate_name: Errno;
  /** Flag F is known (R12, R14). */
  readonly flag_F: boolean;
  /** Whose credentials open an F interpreter (R14). */
  readonly F_opens_with: 'opener of register' | 'writer';
  /** Longest interpreter path that misc keeps, null for no limit (R11). */
  readonly max_interpreter: number | null;
  /** Who decodes \xHH in a magic: Linux's common function, or misc's own first one, which saw no pairs (R7). */
  readonly magic_decoder: 'string_unescape' | 'unquote';
  /** What writing -1 to status returns (F4). */
  readonly flush_returns: 'count' | 3;
  /** P shows in AT_FLAGS (M8). */
  readonly at_flags_preserve_argv0: boolean;
  /** What a level with O or C followed by another rewrite gives (D7). */
  readonly execfd_then_rewrite: 'ENOEXEC' | 'works';
  /** When the number for AT_EXECFD is picked (M9). */
  readonly execfd_number: 'after close-on-exec' | 'before close-on-exec';
  /** How many tables of entries there are (N1–N5). */
  readonly instances: 'one per user namespace' | 'one';
  /** Entries outlive the last mount (N1, N2, N6). */
  readonly entries_survive_umount: boolean;
  /** binfmt_misc can be mounted inside a user namespace (N9). */
  readonly userns_mount: boolean;
  /** Files on a binfmt_misc mount can never be executed, whatever their mode (F6). */
  readonly misc_files_noexec: boolean;
}

/** How we know a cell: seen on a running kernel, read in its source, read in its documents, or from memory and not checked. */
export type Evidence = 'verified' | 'source' | 'documented' | 'unverified';
export interface Cell<T> {
  readonly value: T;
  readonly evidence: Evidence;
  readonly note: string;
}
type Row = { readonly [C in keyof KernelVersion]: Cell<KernelVersion[C]> };

const verified = <const T>(value: T, note: string): Cell<T> => ({ value, evidence: 'verified', note });
const source = <const T>(value: T, note: string): Cell<T> => ({ value, evidence: 'source', note });
const unverified = <const T>(value: T, note: string): Cell<T> => ({ value, evidence: 'unverified', note });

const linux_6_18: Row = {
  release: unverified('6.18.44', 'the stable release that was asked; distributions add a suffix'),
  utsversion: unverified('#1 SMP PREEMPT_DYNAMIC', 'distributions add a date'),
  formats: verified(['misc', 'script', 'elf', 'compat_elf'], 'misc inserts itself at the head, the others at the tail'),
  BINPRM_BUF_SIZE: verified(256, '6eb3c3d0a52d, 5.1'),
  script_parser: verified('since 5.8', 'all lines of S5 and S6'),
  script_cut: verified('ENOEXEC', 'b5372fe5dc84'),
  max_rewrites: verified(5, "the kernel's own comment says 4"),
  too_deep: verified(ELOOP, 'since 3.8'),
  module_request: source(false, 'removed in 6.14'),
  fixes_empty_argv: verified(true, 'dcd46d897adb'),
  execveat: verified(true, 'since 3.19'),
  execve_check: verified(true, 'since 6.14'),
  empty_path_comm: verified('name of the image', 'since 6.14'),
  denies_writing: verified(true, '6.11.0 to 6.11.10 and 6.12.0 to 6.12.1 did not'),
  max_phdr_bytes: verified(65536, 'one page from 3.19 to 6.16'),
  phdrs_unreadable: verified('ENOEXEC', 'since 3.19'),
  elf_interp_needs: verified('its header', '64 or 52 bytes'),
  late_failure: verified('SIGSEGV', 'SIGKILL up to 3.17'),
  MAX_REGISTER_LENGTH: verified(1920, '256 before 3.18'),
  duplicate_name: verified(EEXIST, 'EINVAL up to 3.18'),
  flag_F: verified(true, 'since 4.8'),
  F_opens_with: source('opener of register', 'since 6.7'),
  max_interpreter: verified(null, '127 bytes up to 4.13'),
  magic_decoder: verified('string_unescape', 'unquote in 2.6.32'),
  flush_returns: verified('count', 'old kernels fell through to 3'),
  at_flags_preserve_argv0: verified(true, '2347961b11d4, 5.12'),
  execfd_then_rewrite: verified('ENOEXEC', 'since 5.8'),
  execfd_number: verified('after close-on-exec', 'since 5.8'),
  instances: verified('one per user namespace', 'since 6.7'),
  entries_survive_umount: verified(false, 'since 6.7, backported to stable kernels'),
  userns_mount: verified(true, 'since 6.7'),
  misc_files_noexec: verified(true, 'since 6.7'),
};

/** The lab's own kernel: 6.18 in all but the order, which is that of Linux up to 2.6.29 (D3). */
const lab: Row = {
  ...linux_6_18,
  formats: unverified(['elf', 'compat_elf', 'script', 'misc'], 'chosen by this project; no current Linux asks in this order'),
};

/** The table. */
export const rows: Readonly<Record<string, Row>> = { lab, '6.18': linux_6_18 };

/** Every kernel one may name, oldest first after the lab's own; those without a row are not modelled yet. */
export const releases = ['lab', '2.6.29', '2.6.32', '4.9', '4.19', '5.4', '6.1', '6.12', '6.18'] as const;

/** The values of the rows that stand. */
export const versions: Readonly<Record<string, KernelVersion>> = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, values(row)]),
);

function values(row: Row): KernelVersion {
  return Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, cell.value])) as unknown as KernelVersion;
}

/** The kernel of that name, or a sentence saying why there is none. */
export function kernelVersion(name: string): KernelVersion | string {
  const version = Object.hasOwn(versions, name) ? versions[name] : undefined;
  if (version !== undefined) return version;
  if ((releases as readonly string[]).includes(name)) return `kernel ${name} is not modelled yet`;
  return `unknown kernel ${name}: choose one of ${Object.keys(versions).join(', ')}`;
}
