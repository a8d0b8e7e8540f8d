/** Reads ELF files: what file, readelf, qemu and ld.so share. Tolerant: a table that the file does not hold is cut short. */
import { latin1 } from '../../uapi/bytes.ts';
import {
  EI_CLASS,
  EI_DATA,
  ELFCLASS64,
  ELFDATA2MSB,
  LAB_NOTE_OWNER,
  LAB_NOTE_TYPE,
  PT_DYNAMIC,
  PT_INTERP,
  PT_LOAD,
  PT_NOTE,
} from '../../uapi/elf.ts';
import type { Arch } from '../../uapi/host.ts';
import type { Bytes } from '../../uapi/types.ts';
import { ARCH, ARCHES } from '../rootfs/arch.ts';

export interface ElfHeader {
  readonly type: number;
  readonly machine: number;
  readonly version: number;
  readonly entry: number;
  readonly phoff: number;
  readonly shoff: number;
  readonly flags: number;
  readonly ehsize: number;
  readonly phentsize: number;
  readonly phnum: number;
  readonly shentsize: number;
  readonly shnum: number;
  readonly shstrndx: number;
}
export interface ProgramHeader {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly vaddr: number;
  readonly paddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly align: number;
}
export interface SectionHeader {
  readonly nameOffset: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly addr: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly addralign: number;
  readonly entsize: number;
}
export interface DynamicEntry {
  readonly tag: number;
  readonly value: number;
}
export interface ElfNote {
  readonly owner: string;
  readonly type: number;
  readonly desc: Bytes;
}
export interface ElfSymbol {
  readonly name: string;
  readonly value: number;
  readonly size: number;
  readonly info: number;
  readonly other: number;
  readonly shndx: number;
}

// Tags of .dynamic.
const DT_NEEDED = 1;
const DT_STRTAB = 5;
export const DT_SONAME = 14;
export const DT_RPATH = 15;
export const DT_RUNPATH = 29;
export const DT_VERDEF = 0x6ffffffc;
export const DT_VERDEFNUM = 0x6ffffffd;
export const DT_VERNEED = 0x6ffffffe;
export const DT_VERNEEDNUM = 0x6fffffff;

export const isElf = (b: Bytes): boolean => b[0] === 0x7f && b[1] === 0x45 && b[2] === 0x4c && b[3] === 0x46;

/** An ELF file in memory; the constructor needs the whole file header. */
export class ElfFile {
  readonly is64: boolean;
  readonly le: boolean;
  readonly header: ElfHeader;
  readonly segments: readonly ProgramHeader[];
  readonly sections: readonly SectionHeader[];
  private readonly view: DataView;

  constructor(readonly bytes: Bytes) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.is64 = bytes[EI_CLASS] === ELFCLASS64;
    this.le = bytes[EI_DATA] !== ELFDATA2MSB;
    this.header = this.readHeader();
    this.segments = this.readSegments();
    this.sections = this.readSections();
  }

  /** Null where the file is no ELF file or ends inside the header. */
  static parse(bytes: Bytes): ElfFile | null {
    const size = bytes[EI_CLASS] === ELFCLASS64 ? 64 : 52;
    return isElf(bytes) && bytes.length >= size ? new ElfFile(bytes) : null;
  }

  u16(at: number): number {
    return at + 2 <= this.bytes.length ? this.view.getUint16(at, this.le) : 0;
  }
  u32(at: number): number {
    return at + 4 <= this.bytes.length ? this.view.getUint32(at, this.le) : 0;
  }
  /** A field of the file's class. Beyond 2^53 it loses its low bits. */
  word(at: number): number {
    if (!this.is64) return this.u32(at);
    return this.le ? this.u32(at) + this.u32(at + 4) * 2 ** 32 : this.u32(at) * 2 ** 32 + this.u32(at + 4);
  }
  get wordSize(): number {
    return this.is64 ? 8 : 4;
  }

  /** The string that starts at a file offset. */
  string(at: number): string {
    const end = this.bytes.indexOf(0, at);
    return latin1(this.bytes.subarray(at, end < 0 ? this.bytes.length : end));
  }

  slice(offset: number, size: number): Bytes {
    return this.bytes.subarray(offset, offset + size);
  }

  private readHeader(): ElfHeader {
    const w = this.wordSize;
    const tail = 24 + 3 * w;
    return {
      type: this.u16(16),
      machine: this.u16(18),
      version: this.u32(20),
      entry: this.word(24),
      phoff: this.word(24 + w),
      shoff: this.word(24 + 2 * w),
      flags: this.u32(tail),
      ehsize: this.u16(tail + 4),
      phentsize: this.u16(tail + 6),
      phnum: this.u16(tail + 8),
      shentsize: this.u16(tail + 10),
      shnum: this.u16(tail + 12),
      shstrndx: this.u16(tail + 14),
    };
  }

  private readSegments(): ProgramHeader[] {
    const { phoff, phnum } = this.header;
    const size = this.is64 ? 56 : 32;
    const out: ProgramHeader[] = [];
    for (let i = 0; i < phnum && phoff + (i + 1) * size <= this.bytes.length; i++) out.push(this.segment(phoff + i * size));
    return out;
  }

  private segment(at: number): ProgramHeader {
    const w = this.wordSize;
    const fields = this.is64 ? at + 8 : at + 4;
    return {
      type: this.u32(at),
      flags: this.u32(this.is64 ? at + 4 : at + 24),
      offset: this.word(fields),
      vaddr: this.word(fields + w),
      paddr: this.word(fields + 2 * w),
      filesz: this.word(fields + 3 * w),
      memsz: this.word(fields + 4 * w),
      align: this.word(this.is64 ? at + 48 : at + 28),
    };
  }

  private readSections(): SectionHeader[] {
    const { shoff, shnum, shstrndx } = this.header;
    const size = this.is64 ? 64 : 40;
    const out: SectionHeader[] = [];
    if (shoff === 0) return out;
    const names = this.word(shoff + shstrndx * size + (this.is64 ? 24 : 16));
    for (let i = 0; i < shnum && shoff + (i + 1) * size <= this.bytes.length; i++) out.push(this.section(shoff + i * size, names));
    return out;
  }

  private section(at: number, names: number): SectionHeader {
    const w = this.wordSize;
    const nameOffset = this.u32(at);
    return {
      nameOffset,
      name: this.string(names + nameOffset),
      type: this.u32(at + 4),
      flags: this.word(at + 8),
      addr: this.word(at + 8 + w),
      offset: this.word(at + 8 + 2 * w),
      size: this.word(at + 8 + 3 * w),
      link: this.u32(at + 8 + 4 * w),
      info: this.u32(at + 12 + 4 * w),
      addralign: this.word(at + 16 + 4 * w),
      entsize: this.word(at + 16 + 5 * w),
    };
  }

  /** Where an address lies in the file, or -1. */
  offsetOf(vaddr: number): number {
    const load = this.segments.find((p) => p.type === PT_LOAD && vaddr >= p.vaddr && vaddr < p.vaddr + p.filesz);
    return load ? load.offset + (vaddr - load.vaddr) : -1;
  }

  get interp(): string | null {
    const p = this.segments.find((s) => s.type === PT_INTERP);
    return p ? latin1(this.slice(p.offset, p.filesz)).replace(/\0.*$/s, '') : null;
  }

  get dynamicSegment(): ProgramHeader | undefined {
    return this.segments.find((s) => s.type === PT_DYNAMIC);
  }

  /** The entries of PT_DYNAMIC up to and with DT_NULL. */
  dynamic(): DynamicEntry[] {
    const p = this.dynamicSegment;
    const out: DynamicEntry[] = [];
    const w = this.wordSize;
    for (let at = p?.offset ?? 0; p && at + 2 * w <= Math.min(p.offset + p.filesz, this.bytes.length); at += 2 * w) {
      out.push({ tag: this.word(at), value: this.word(at + w) });
      if (out.at(-1)?.tag === 0) break;
    }
    return out;
  }

  /** A string of .dynstr. */
  dynamicString(offset: number): string {
    const at = this.offsetOf(this.dynamicValue(DT_STRTAB) ?? -1);
    return at < 0 ? '' : this.string(at + offset);
  }
  /** The first entry with that tag. */
  dynamicValue(tag: number): number | null {
    return this.dynamic().find((d) => d.tag === tag)?.value ?? null;
  }
  /** The strings that entries with that tag name, in order. */
  dynamicStrings(tag: number): string[] {
    return this.dynamic()
      .filter((d) => d.tag === tag)
      .map((d) => this.dynamicString(d.value));
  }

  /** DT_NEEDED, in order. */
  needed(): string[] {
    return this.dynamicStrings(DT_NEEDED);
  }

  notesAt(offset: number, size: number): ElfNote[] {
    const out: ElfNote[] = [];
    const end = Math.min(offset + size, this.bytes.length);
    for (let at = offset; at + 12 <= end; ) {
      const [namesz, descsz] = [this.u32(at), this.u32(at + 4)];
      const desc = at + 12 + roundUp4(namesz);
      if (desc + descsz > end) break;
      out.push({ owner: this.string(at + 12).slice(0, namesz), type: this.u32(at + 8), desc: this.slice(desc, descsz) });
      at = desc + roundUp4(descsz);
    }
    return out;
  }

  notes(): ElfNote[] {
    return this.segments.filter((s) => s.type === PT_NOTE).flatMap((s) => this.notesAt(s.offset, s.filesz));
  }

  symbols(section: SectionHeader): ElfSymbol[] {
    const strings = this.sections[section.link]?.offset ?? 0;
    const size = this.is64 ? 24 : 16;
    const out: ElfSymbol[] = [];
    for (let at = section.offset; at + size <= section.offset + section.size; at += size) out.push(this.symbol(at, strings));
    return out;
  }

  private symbol(at: number, strings: number): ElfSymbol {
    const b = (i: number): number => this.bytes[at + i] ?? 0;
    const name = this.string(strings + this.u32(at));
    if (this.is64) return { name, info: b(4), other: b(5), shndx: this.u16(at + 6), value: this.word(at + 8), size: this.word(at + 16) };
    return { name, value: this.u32(at + 4), size: this.u32(at + 8), info: b(12), other: b(13), shndx: this.u16(at + 14) };
  }

  /** The applet that the lab's note names. */
  get applet(): string | null {
    const note = this.notes().find((n) => n.owner === LAB_NOTE_OWNER && n.type === LAB_NOTE_TYPE);
    return note ? latin1(note.desc).replace(/\0.*$/s, '') : null;
  }

  /** Whether a CPU runs this file: class, byte order, machine. */
  isFor(arch: Arch): boolean {
    const facts = ARCH[arch];
    return this.bytes[EI_CLASS] === facts.class && this.bytes[EI_DATA] === facts.data && this.header.machine === facts.machine;
  }

  hasClassOf(arch: Arch): boolean {
    return this.bytes[EI_CLASS] === ARCH[arch].class;
  }

  get arch(): Arch | null {
    return ARCHES.find((a) => this.isFor(a)) ?? null;
  }
}

const roundUp4 = (n: number): number => Math.ceil(n / 4) * 4;
