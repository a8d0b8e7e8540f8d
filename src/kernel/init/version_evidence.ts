/**
 * How every cell of the table of kernels (version.ts) is known, and what changed it. Nothing of this is needed to run a machine:
 * `npm run docs` makes docs/kernels.md of both files.
 */
import type { KernelVersion } from './version.ts';

/** How a cell is known. */
export const EVIDENCE = {
  m: 'measured on that kernel, running',
  s: 'read in its source',
  d: 'from commit messages, changelogs and manuals',
  u: 'unverified: from memory, or taken over from a neighbour',
} as const;

export interface ColumnEvidence {
  /** One letter of EVIDENCE for each of LINUX, oldest first. */
  readonly known: string;
  /** The rule in docs/linux-exec.md. */
  readonly rule: string;
  /** Which commit or release changed it, and what stable kernels did. */
  readonly change: string;
}

const cells = (known: string, rule: string, change: string): ColumnEvidence => ({ known, rule, change });

export const evidence: { readonly [C in keyof KernelVersion]: ColumnEvidence } = {
  release: cells('usssumsm', '', 'the release that was read or asked; distributions add a suffix of their own'),
  utsversion: cells('uuuuumum', '', 'without the builder and the date that distributions add'),
  formats: cells(
    'dssssmsm',
    'D1',
    '74641f584da8 (2.6.30) appends formats that went to the head before; misc puts itself first since 2.6.35 and 2.6.32.x. a.out, between misc and scripts up to 5.18, is not modelled',
  ),
  BINPRM_BUF_SIZE: cells('ussssmsm', 'S7', '6eb3c3d0a52d (5.1)'),
  script_parser: cells('ussssmsm', 'S8', 'rewritten for 5.8 (the number unverified)'),
  script_cut: cells('ussssmsm', 'S7', 'b5372fe5dc84 (5.0, the number unverified); in later stable releases of 3.18 to 4.20 too'),
  max_rewrites: cells('ussssmsm', 'D5', '2.6.28; before, one script and one rule'),
  too_deep: cells('ddsssmsm', 'D5', '3.8, and 2.6.32.x'),
  module_request: cells('usssssss', 'D6', 'removed in 6.14 (the number unverified)'),
  fixes_empty_argv: cells('ussssmsm', 'X4', 'dcd46d897adb (5.18); in later stable releases too'),
  execveat: cells('dddddmsm', 'X7', '3.19'),
  execve_check: cells('dddddmdm', 'X9', '6.14'),
  empty_path_comm: cells('uuuuumdm', 'X7', '6.14, and stable 6.12.14 and 6.1.129'),
  arg_limit: cells('uuuuumum', 'X3', '98da7d08850f (4.12) counts pointers, da029c11e6b1 (4.13) sets the bound'),
  user_namespaces: cells('uuuuumum', 'N3', '3.8 for everybody'),
  max_phdr_bytes: cells('usssumsm', 'E17', 'one page from 3.19 to 6.16, 64 KiB before and after'),
  phdrs_unreadable: cells('ussssmum', 'E17', '3.19'),
  elf_interp_needs: cells('usuussum', 'E17', 'between 2.6.32 and 5.4'),
  max_interp_phdr_bytes: cells('uuuussum', 'E17', '6.17'),
  elf_interp_phdrs: cells('uuuussum', 'E12', '3.19'),
  late_failure: cells('ddddumum', 'D8', '3.18'),
  MAX_REGISTER_LENGTH: cells('ussssmsm', 'R1', '3.18'),
  duplicate_name: cells('ussssmsm', 'R4', '4.8 (the number unverified)'),
  offset_parser: cells('usdddmsm', 'R6', '4.18'),
  flag_F: cells('dsdssmsm', 'R12', '4.8'),
  F_opens_with: cells('uuussmss', 'R14', '6.7'),
  max_interpreter: cells('usddumsm', 'R11', '4.14'),
  magic_decoder: cells('usuusmsm', 'R7', 'between 2.6.32 and 5.4'),
  flush_returns: cells('usuuumsm', 'F4', 'after 3.6'),
  at_flags_preserve_argv0: cells('dddddmsm', 'M8', '2347961b11d4 (5.12)'),
  execfd_then_rewrite: cells('usuusmsm', 'D7', '5.8'),
  execfd_number: cells('usuusmsm', 'M9', '5.8'),
  instances: cells('ussssmsm', 'N1', '6.7'),
  entries_survive_umount: cells('ussssmsm', 'N6', '6.7; also 6.1.107 and other late stable releases'),
  status_survives_umount: cells('uuuuumum', 'N6', '6.7'),
  userns_mount: cells('ussssmsm', 'N9', '6.7'),
  misc_files_exec: cells(
    'uuuuumsm',
    'F6',
    'the kernel cannot read such files since 5.10 (the number unverified); never executed since 6.7',
  ),
};
