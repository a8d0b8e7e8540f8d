/** The headers of an ELF file as the kernel reads them, in both widths. Follows struct elf64_hdr and its kin in include/uapi/linux/elf.h. */
import type { Bytes } from '../../uapi/types.ts';
import type { OpenFile } from './fs.ts';

export interface ElfHdr {
  readonly e_type: number;
  readonly e_machine: number;
  readonly e_entry: number;
  readonly e_phoff: number;
  readonly e_flags: number;
  readonly e_phentsize: number;
  readonly e_phnum: number;
}

export interface ElfPhdr {
  readonly p_type: number;
  readonly p_flags: number;
  readonly p_offset: number;
  readonly p_vaddr: number;
  readonly p_filesz: number;
  readonly p_memsz: number;
}

/** An ELF file whose headers were found good. */
export interface ElfFile {
  readonly file: OpenFile;
  readonly ehdr: ElfHdr;
  readonly phdrs: readonly ElfPhdr[];
}

/** Where the fields stand: the 64-bit or the 32-bit layout. The kernel reads with its own, whatever EI_CLASS says. */
export interface ElfLayout {
  readonly bits: 32 | 64;
  readonly ehdr_size: number;
  readonly phdr_size: number;
  read_ehdr(bytes: Bytes): ElfHdr;
  /** `at` is the offset of the header in `bytes`. */
  read_phdr(bytes: Bytes, at: number): ElfPhdr;
}

// Fields of native byte order: every modelled host is little-endian. 64-bit values are numbers: exact as far as addresses go.
const u8 = (bytes: Bytes, at: number): number => bytes[at] ?? 0;
const u16 = (bytes: Bytes, at: number): number => u8(bytes, at) | (u8(bytes, at + 1) << 8);
export const u32 = (bytes: Bytes, at: number): number => u16(bytes, at) + u16(bytes, at + 2) * 0x10000;
const u64 = (bytes: Bytes, at: number): number => u32(bytes, at) + u32(bytes, at + 4) * 0x100000000;

export const elf64: ElfLayout = {
  bits: 64,
  ehdr_size: 64,
  phdr_size: 56,
  read_ehdr(bytes) {
    return {
      e_type: u16(bytes, 16),
      e_machine: u16(bytes, 18),
      e_entry: u64(bytes, 24),
      e_phoff: u64(bytes, 32),
      e_flags: u32(bytes, 48),
      e_phentsize: u16(bytes, 54),
      e_phnum: u16(bytes, 56),
    };
  },
  read_phdr(bytes, at) {
    return {
      p_type: u32(bytes, at),
      p_flags: u32(bytes, at + 4),
      p_offset: u64(bytes, at + 8),
      p_vaddr: u64(bytes, at + 16),
      p_filesz: u64(bytes, at + 32),
      p_memsz: u64(bytes, at + 40),
    };
  },
};

export const elf32: ElfLayout = {
  bits: 32,
  ehdr_size: 52,
  phdr_size: 32,
  read_ehdr(bytes) {
    return {
      e_type: u16(bytes, 16),
      e_machine: u16(bytes, 18),
      e_entry: u32(bytes, 24),
      e_phoff: u32(bytes, 28),
      e_flags: u32(bytes, 36),
      e_phentsize: u16(bytes, 42),
      e_phnum: u16(bytes, 44),
    };
  },
  read_phdr(bytes, at) {
    return {
      p_type: u32(bytes, at),
      p_offset: u32(bytes, at + 4),
      p_vaddr: u32(bytes, at + 8),
      p_filesz: u32(bytes, at + 16),
      p_memsz: u32(bytes, at + 20),
      p_flags: u32(bytes, at + 24),
    };
  },
};
