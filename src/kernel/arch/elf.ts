/**
 * Which ELF files a machine takes, and how it lays out their memory. Follows arch/<host>/include/asm/elf.h, one row a loader.
 * Rule E4 of docs/linux-exec.md.
 */
import { EI_CLASS, ELFCLASS64, EM_386, EM_486, EM_AARCH64, EM_ARM, EM_RISCV, EM_X86_64 } from '../../uapi/elf.ts';
import type { HostArch } from '../../uapi/host.ts';
import { SIGILL, SIGSEGV } from '../../uapi/signal.ts';
import type { Bytes } from '../../uapi/types.ts';
import { type ElfHdr, type ElfLayout, elf32, elf64 } from '../include/elf.ts';

/** One loader: what the kernel proper, or its 32-bit compatibility, makes of an ELF file. */
export interface ElfAbi {
  readonly layout: ElfLayout;
  /**
   * Whether the header is for this CPU; only what is tested here matters.
   * @linux arch/x86/include/asm/elf.h elf_check_arch #Y
   */
  elf_check_arch(ehdr: ElfHdr, ident: Bytes): boolean;
  /** What the loader takes, in words. */
  readonly takes: string;
  readonly ELF_PLATFORM: string;
  /** End of a program's addresses. */
  readonly TASK_SIZE: number;
  /** Without PT_GNU_STACK whatever can be read can be executed. */
  readonly read_implies_exec: boolean;
  /** How many zero bytes make an instruction, and the signal that running such instructions ends in. */
  readonly zero_code: { readonly bytes: number; readonly signal: number };
}

const machine =
  (...accepted: readonly number[]) =>
  (ehdr: ElfHdr): boolean =>
    accepted.includes(ehdr.e_machine);

const EF_ARM_EABI_MASK = 0xff000000;
const has_eabi = (ehdr: ElfHdr): boolean => (ehdr.e_flags & EF_ARM_EABI_MASK) !== 0;
/** An ARM entry is a word's address, a Thumb entry is odd. */
const arm_entry = (ehdr: ElfHdr): boolean => (ehdr.e_entry & 1) !== 0 || (ehdr.e_entry & 3) === 0;

const x86_64: ElfAbi = {
  layout: elf64,
  elf_check_arch: machine(EM_X86_64),
  takes: 'x86-64 (e_machine 62)',
  ELF_PLATFORM: 'x86_64',
  TASK_SIZE: 2 ** 47 - 4096,
  read_implies_exec: false,
  zero_code: { bytes: 2, signal: SIGSEGV },
};
const i386: ElfAbi = {
  layout: elf32,
  elf_check_arch: machine(EM_386, EM_486),
  takes: 'i386 (e_machine 3 or 6)',
  ELF_PLATFORM: 'i686',
  TASK_SIZE: 0xc0000000,
  read_implies_exec: true,
  zero_code: { bytes: 2, signal: SIGSEGV },
};
const aarch64: ElfAbi = {
  layout: elf64,
  elf_check_arch: machine(EM_AARCH64),
  takes: 'aarch64 (e_machine 183)',
  ELF_PLATFORM: 'aarch64',
  TASK_SIZE: 2 ** 48,
  read_implies_exec: false,
  zero_code: { bytes: 4, signal: SIGILL },
};
const arm: ElfAbi = {
  layout: elf32,
  elf_check_arch: (ehdr) => ehdr.e_machine === EM_ARM && has_eabi(ehdr) && arm_entry(ehdr),
  takes: 'arm (e_machine 40, an EABI version in e_flags, an aligned entry)',
  ELF_PLATFORM: 'v7l',
  TASK_SIZE: 0xbf000000,
  read_implies_exec: true,
  zero_code: { bytes: 4, signal: SIGSEGV },
};
const riscv64: ElfAbi = {
  layout: elf64,
  elf_check_arch: (ehdr, ident) => ehdr.e_machine === EM_RISCV && ident[EI_CLASS] === ELFCLASS64,
  takes: 'riscv64 (e_machine 243, 64-bit class)',
  ELF_PLATFORM: '',
  TASK_SIZE: 2 ** 47,
  read_implies_exec: false,
  zero_code: { bytes: 2, signal: SIGILL },
};

/** The 32-bit loader of a 64-bit kernel has more addresses to give than a 32-bit kernel. */
const ia32: ElfAbi = { ...i386, TASK_SIZE: 0xffffe000 };
const aarch32: ElfAbi = {
  ...arm,
  elf_check_arch: (ehdr) => ehdr.e_machine === EM_ARM && has_eabi(ehdr),
  takes: 'arm (e_machine 40, an EABI version in e_flags)',
  ELF_PLATFORM: 'v8l',
  TASK_SIZE: 2 ** 32,
};

/** The loaders of each host; riscv64 processors that run 32-bit programs are too rare to be ours. */
export const ELF_LOADERS: Readonly<Record<HostArch, { readonly native: ElfAbi; readonly compat: ElfAbi | null }>> = {
  x86_64: { native: x86_64, compat: ia32 },
  aarch64: { native: aarch64, compat: aarch32 },
  armv7l: { native: arm, compat: null },
  riscv64: { native: riscv64, compat: null },
  i686: { native: i386, compat: null },
};
