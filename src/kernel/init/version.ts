/**
 * What changed in execve and binfmt_misc between Linux releases, as one table: a column is a behaviour, and says from which release on it
 * has which value. Code asks `kernel.version.<column>`, never a number. How each cell is known, and which commit changed it, stands in
 * version_evidence.ts; rule numbers are those of docs/linux-exec.md.
 */
import { EEXIST, EINVAL, ELOOP, ENOEXEC, type Errno } from '../../uapi/errno.ts';
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
  /** How much room all strings have together (X3). */
  readonly arg_limit: 'bounded, with pointers' | 'a quarter of the stack';
  /** User namespaces can be made, by anybody (N3). */
  readonly user_namespaces: boolean;
  /** Largest program header table in bytes; what an unreadable one gives (E7, E17). */
  readonly max_phdr_bytes: number;
  readonly phdrs_unreadable: 'ENOEXEC' | 'EIO';
  /** How much of a PT_INTERP file must be there; its largest header table, and when that is read (E11, E12, E17). */
  readonly elf_interp_needs: 'its header' | 'a window';
  readonly max_interp_phdr_bytes: number;
  readonly elf_interp_phdrs: 'checked first' | 'read too late';
  /** What kills a process whose exec failed after the point of no return (D8). */
  readonly late_failure: 'SIGSEGV' | 'SIGKILL';
  /** Longest line for `register` (R1, R19). */
  readonly MAX_REGISTER_LENGTH: number;
  /** What a second entry of one name gives (R4, R19). */
  readonly duplicate_name: Errno;
  /** Who reads the offset: Linux's common function, or one that takes digits alone and lets them overflow (R6, R19). */
  readonly offset_parser: 'kstrtoint' | 'simple_strtoul';
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
  /** As it was switched off, it stays so over the last umount (F4). */
  readonly status_survives_umount: boolean;
  /** binfmt_misc can be mounted inside a user namespace (N9). */
  readonly userns_mount: boolean;
  /** What executing a file of the mount comes to, if its mode allows it: EACCES; EINVAL, for it cannot be read; its text (F6). */
  readonly misc_files_exec: 'never' | 'unreadable' | 'as text';
}

/** The rows, oldest first: what stands for each is its `release`. */
export const LINUX = ['2.6.29', '2.6.32', '4.9', '4.19', '5.4', '6.1', '6.12', '6.18'] as const;
type Linux = (typeof LINUX)[number];
export type Release = 'lab' | Linux;

/** From which release on a column has which value; the first one is the oldest row's. */
type Column<T> = { readonly '2.6.29': T } & { readonly [R in Linux]?: T };

const PAGE = 4096;
const table: { readonly [C in keyof KernelVersion]: Column<KernelVersion[C]> } = {
  release: {
    '2.6.29': '2.6.29',
    '2.6.32': '2.6.32.63',
    '4.9': '4.9.0',
    '4.19': '4.19.0',
    '5.4': '5.4.0',
    '6.1': '6.1.192',
    '6.12': '6.12.117',
    '6.18': '6.18.44',
  },
  utsversion: { '2.6.29': '#1 SMP', '6.1': '#1 SMP PREEMPT_DYNAMIC' },
  formats: { '2.6.29': ['compat_elf', 'elf', 'script', 'misc'], '2.6.32': ['misc', 'script', 'elf', 'compat_elf'] },
  BINPRM_BUF_SIZE: { '2.6.29': 128, '5.4': 256 },
  script_parser: { '2.6.29': 'before 5.8', '6.1': 'since 5.8' },
  script_cut: { '2.6.29': 'runs the cut path', '5.4': 'ENOEXEC' },
  max_rewrites: { '2.6.29': 5 },
  too_deep: { '2.6.29': ENOEXEC, '2.6.32': ELOOP },
  module_request: { '2.6.29': true, '6.18': false },
  fixes_empty_argv: { '2.6.29': false, '6.1': true },
  execveat: { '2.6.29': false, '4.9': true },
  execve_check: { '2.6.29': false, '6.18': true },
  empty_path_comm: { '2.6.29': 'number of the descriptor', '6.1': 'name of the image' },
  arg_limit: { '2.6.29': 'a quarter of the stack', '4.19': 'bounded, with pointers' },
  user_namespaces: { '2.6.29': false, '4.9': true },
  max_phdr_bytes: { '2.6.29': 65536, '4.9': PAGE, '6.18': 65536 },
  phdrs_unreadable: { '2.6.29': 'EIO', '4.9': 'ENOEXEC' },
  elf_interp_needs: { '2.6.29': 'a window', '4.9': 'its header' },
  max_interp_phdr_bytes: { '2.6.29': PAGE, '6.18': 65536 },
  elf_interp_phdrs: { '2.6.29': 'read too late', '4.9': 'checked first' },
  late_failure: { '2.6.29': 'SIGKILL', '4.9': 'SIGSEGV' },
  MAX_REGISTER_LENGTH: { '2.6.29': 256, '4.9': 1920 },
  duplicate_name: { '2.6.29': EINVAL, '4.9': EEXIST },
  offset_parser: { '2.6.29': 'simple_strtoul', '4.19': 'kstrtoint' },
  flag_F: { '2.6.29': false, '4.9': true },
  F_opens_with: { '2.6.29': 'writer', '6.12': 'opener of register' },
  max_interpreter: { '2.6.29': 127, '4.19': null },
  magic_decoder: { '2.6.29': 'unquote', '4.9': 'string_unescape' },
  flush_returns: { '2.6.29': 3, '4.9': 'count' },
  at_flags_preserve_argv0: { '2.6.29': false, '6.1': true },
  execfd_then_rewrite: { '2.6.29': 'works', '6.1': 'ENOEXEC' },
  execfd_number: { '2.6.29': 'before close-on-exec', '6.1': 'after close-on-exec' },
  instances: { '2.6.29': 'one', '6.12': 'one per user namespace' },
  entries_survive_umount: { '2.6.29': true, '6.1': false },
  status_survives_umount: { '2.6.29': true, '6.12': false },
  userns_mount: { '2.6.29': false, '6.12': true },
  misc_files_exec: { '2.6.29': 'as text', '6.1': 'unreadable', '6.12': 'never' },
};

/** The value of a column for a row: that of the last change up to it. */
function value<T>(column: Column<T>, row: number): T {
  const changed = LINUX.findLast((release, i) => i <= row && release in column) ?? '2.6.29';
  return column[changed] as T;
}

function row(at: number): KernelVersion {
  return Object.fromEntries(Object.entries(table).map(([name, column]) => [name, value<unknown>(column, at)])) as unknown as KernelVersion;
}

/** The lab's own kernel: 6.18 in all but the order, which is that of Linux up to 2.6.29 (D3). */
const lab: KernelVersion = { ...row(LINUX.length - 1), formats: ['elf', 'compat_elf', 'script', 'misc'] };

/** Every kernel that one may name. */
export const versions = { lab, ...Object.fromEntries(LINUX.map((name, i) => [name, row(i)])) } as Readonly<Record<Release, KernelVersion>>;

/** The kernel that "current Linux" is. */
export const CURRENT_LINUX: Release = '6.18';

/** The kernel of that name, or a sentence saying that there is none. */
export function kernelVersion(name: string): KernelVersion | string {
  if (Object.hasOwn(versions, name)) return versions[name as Release];
  return `unknown kernel ${name}: choose one of ${Object.keys(versions).join(', ')}`;
}
