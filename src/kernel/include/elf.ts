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

/** Fields of native byte order: every modelled host is little-endian. 64-bit values are numbers: exact as far as addresses go. */
class Fields {
  private readonly view: DataView;
  constructor(bytes: Bytes, at = 0) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.byteLength - at);
  }
  u16(at: number): number {
    return this.view.getUint16(at, true);
  }
  u32(at: number): number {
    return this.view.getUint32(at, true);
  }
  u64(at: number): number {
    return Number(this.view.getBigUint64(at, true));
  }
}

export const elf64: ElfLayout = {
  bits: 64,
  ehdr_size: 64,
  phdr_size: 56,
  read_ehdr(bytes) {
    const f = new Fields(bytes);
    return {
      e_type: f.u16(16),
      e_machine: f.u16(18),
      e_entry: f.u64(24),
      e_phoff: f.u64(32),
      e_flags: f.u32(48),
      e_phentsize: f.u16(54),
      e_phnum: f.u16(56),
    };
  },
  read_phdr(bytes, at) {
    const f = new Fields(bytes, at);
    return {
      p_type: f.u32(0),
      p_flags: f.u32(4),
      p_offset: f.u64(8),
      p_vaddr: f.u64(16),
      p_filesz: f.u64(32),
      p_memsz: f.u64(40),
    };
  },
};

export const elf32: ElfLayout = {
  bits: 32,
  ehdr_size: 52,
  phdr_size: 32,
  read_ehdr(bytes) {
    const f = new Fields(bytes);
    return {
      e_type: f.u16(16),
      e_machine: f.u16(18),
      e_entry: f.u32(24),
      e_phoff: f.u32(28),
      e_flags: f.u32(36),
      e_phentsize: f.u16(42),
      e_phnum: f.u16(44),
    };
  },
  read_phdr(bytes, at) {
    const f = new Fields(bytes, at);
    return {
      p_type: f.u32(0),
      p_offset: f.u32(4),
      p_vaddr: f.u32(8),
      p_filesz: f.u32(16),
      p_memsz: f.u32(20),
      p_flags: f.u32(24),
    };
  },
};
