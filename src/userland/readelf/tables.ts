/** `readelf -S` and `-l`: the two tables, and which section lies in which segment. */
import {
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_MIPS,
  EM_PPC,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
  PT_DYNAMIC,
  PT_INTERP,
  PT_LOAD,
  PT_NOTE,
  PT_PHDR,
} from '../../uapi/elf.ts';
import type { ElfFile, ProgramHeader, SectionHeader } from '../elf/elf_file.ts';
import { typeName } from './header.ts';

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');

// ---- sections

const SECTION_TYPES: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'PROGBITS',
  2: 'SYMTAB',
  3: 'STRTAB',
  4: 'RELA',
  5: 'HASH',
  6: 'DYNAMIC',
  7: 'NOTE',
  8: 'NOBITS',
  9: 'REL',
  10: 'SHLIB',
  11: 'DYNSYM',
  14: 'INIT_ARRAY',
  15: 'FINI_ARRAY',
  16: 'PREINIT_ARRAY',
  17: 'GROUP',
  18: 'SYMTAB SECTION INDICES',
  19: 'RELR',
  1879048181: 'GNU_ATTRIBUTES',
  1879048182: 'GNU_HASH',
  1879048183: 'GNU_LIBLIST',
  1879048189: 'VERDEF',
  1879048190: 'VERNEED',
  1879048191: 'VERSYM',
};
const PROCESSOR_SECTIONS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [EM_X86_64]: { 1879048193: 'X86_64_UNWIND' },
  [EM_ARM]: { 1879048193: 'ARM_EXIDX', 1879048195: 'ARM_ATTRIBUTES' },
  [EM_RISCV]: { 1879048195: 'RISCV_ATTRIBUTE' },
  [EM_MIPS]: { 1879048198: 'MIPS_REGINFO', 1879048234: 'MIPS_ABIFLAGS' },
};
function sectionType(elf: ElfFile, type: number): string {
  const name = SECTION_TYPES[type] ?? PROCESSOR_SECTIONS[elf.header.machine]?.[type];
  if (name) return name;
  if (type >= 0x70000000 && type <= 0x7fffffff) return `LOPROC+0x${hex(type - 0x70000000, 0)}`;
  return `${hex(type, 8)}: <unknown>`;
}

const FLAG_LETTERS: readonly (readonly [number, string])[] = [
  [1, 'W'],
  [2, 'A'],
  [4, 'X'],
  [0x10, 'M'],
  [0x20, 'S'],
  [0x40, 'I'],
  [0x80, 'L'],
  [0x100, 'O'],
  [0x200, 'G'],
  [0x400, 'T'],
  [0x800, 'C'],
];
function sectionFlags(elf: ElfFile, flags: number): string {
  const large = elf.header.machine === EM_X86_64 && Math.floor(flags / 0x10000000) % 2 === 1 ? 'l' : '';
  const retain = elf.bytes[7] === 3 && Math.floor(flags / 0x200000) % 2 === 1 ? 'R' : '';
  const exclude = flags >= 0x80000000 ? 'E' : '';
  return (
    FLAG_LETTERS.filter(([bit]) => flags & bit)
      .map(([, letter]) => letter)
      .join('') +
    retain +
    large +
    exclude
  );
}

const KEY = `Key to Flags:
  W (write), A (alloc), X (execute), M (merge), S (strings), I (info),
  L (link order), O (extra OS processing required), G (group), T (TLS),
  C (compressed), x (unknown), o (OS specific), E (exclude),
  `;
/** Letters that some machines or systems add. */
function keyTail(elf: ElfFile): string {
  const { machine } = elf.header;
  const osabi = elf.bytes[7];
  const mbind = osabi === 0 ? 'D (mbind), ' : osabi === 3 ? 'R (retain), D (mbind), ' : '';
  const own = machine === EM_X86_64 ? 'l (large), ' : machine === EM_ARM ? 'y (purecode), ' : machine === EM_PPC ? 'v (VLE), ' : '';
  return `${mbind}${own}p (processor specific)\n`;
}

export function sectionsText(elf: ElfFile, wide: boolean, withCount: boolean): string {
  const { sections } = elf;
  const { shnum } = elf.header;
  if (shnum === 0) return '\nThere are no sections in this file.\n';
  const plural = shnum === 1 ? '' : 's';
  const count = withCount
    ? `There ${plural ? 'are' : 'is'} ${shnum} section header${plural}, starting at offset 0x${elf.header.shoff.toString(16)}:\n`
    : '';
  if (sections.length < shnum) return count;
  return `${count}\nSection Header${plural}:\n${sectionTitle(elf, wide)}${sections.map((s, i) => sectionRow(elf, s, i, wide)).join('')}${KEY}${keyTail(elf)}`;
}

function sectionTitle(elf: ElfFile, wide: boolean): string {
  if (!elf.is64) return '  [Nr] Name              Type            Addr     Off    Size   ES Flg Lk Inf Al\n';
  if (wide) return '  [Nr] Name              Type            Address          Off    Size   ES Flg Lk Inf Al\n';
  return '  [Nr] Name              Type             Address           Offset\n       Size              EntSize          Flags  Link  Info  Align\n';
}

function sectionRow(elf: ElfFile, s: SectionHeader, index: number, wide: boolean): string {
  const name = !wide && s.name.length > 17 ? `${s.name.slice(0, 12)}[...]` : s.name;
  const head = `  [${String(index).padStart(2)}] ${name.padEnd(17)} ${sectionType(elf, s.type)
    .padEnd(15)
    .slice(0, wide ? undefined : 15)} `;
  const flags = sectionFlags(elf, s.flags);
  if (elf.is64 && !wide)
    return (
      `${head} ${hex(s.addr, 16)}  ${hex(s.offset, 8)}\n       ${hex(s.size, 16)}  ${hex(s.entsize, 16)} ` +
      `${flags.padStart(3)}      ${String(s.link).padStart(2)}    ${String(s.info).padStart(2)}     ${s.addralign}\n`
    );
  return (
    `${head}${hex(s.addr, elf.is64 ? 16 : 8)} ${hex(s.offset, 6)} ${hex(s.size, 6)} ${hex(s.entsize, 2)} ${flags.padStart(3)} ` +
    `${String(s.link).padStart(2)} ${String(s.info).padStart(3)} ${String(s.addralign).padStart(2)}\n`
  );
}

// ---- segments

const SEGMENT_TYPES: Readonly<Record<number, string>> = {
  0: 'NULL',
  [PT_LOAD]: 'LOAD',
  [PT_DYNAMIC]: 'DYNAMIC',
  [PT_INTERP]: 'INTERP',
  [PT_NOTE]: 'NOTE',
  5: 'SHLIB',
  [PT_PHDR]: 'PHDR',
  7: 'TLS',
  1685382480: 'GNU_EH_FRAME',
  1685382481: 'GNU_STACK',
  1685382482: 'GNU_RELRO',
  1685382483: 'GNU_PROPERTY',
  1685382484: 'GNU_SFRAME',
};
const PROCESSOR_SEGMENTS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [EM_ARM]: { 1879048193: 'EXIDX' },
  [EM_AARCH64]: { 1879048192: 'AARCH64_ARCHEXT', 1879048194: 'AARCH64_MEMTAG_MTE' },
  [EM_RISCV]: { 1879048195: 'RISCV_ATTRIBUT' },
  [EM_MIPS]: { 1879048192: 'REGINFO', 1879048195: 'ABIFLAGS' },
  [EM_S390]: { 1879048192: 'S390_PGSTE' },
};
function segmentType(elf: ElfFile, type: number): string {
  const name = SEGMENT_TYPES[type] ?? PROCESSOR_SEGMENTS[elf.header.machine]?.[type];
  if (name) return name;
  if (type >= 0x70000000) return `LOPROC+0x${hex(type - 0x70000000, 0)}`;
  if (type >= 0x60000000) return `LOOS+0x${hex(type - 0x60000000, 0)}`;
  return `<unknown>: ${hex(type, 0)}`;
}

export function segmentsText(elf: ElfFile, wide: boolean, withHeader: boolean): string {
  const { segments, header } = elf;
  if (header.phnum === 0) return '\nThere are no program headers in this file.\n';
  const plural = header.phnum === 1 ? '' : 's';
  const intro = withHeader
    ? `\nElf file type is ${typeName(elf)}\nEntry point 0x${header.entry.toString(16)}\n` +
      `There ${plural ? 'are' : 'is'} ${header.phnum} program header${plural}, starting at offset ${header.phoff}\n`
    : '';
  if (segments.length < header.phnum) return intro;
  const rows = segments.map((p) => segmentRow(elf, p, wide)).join('');
  return `${intro}\nProgram Header${plural}:\n${segmentTitle(elf, wide)}${rows}${mapping(elf)}`;
}

function segmentTitle(elf: ElfFile, wide: boolean): string {
  if (!elf.is64) return '  Type           Offset   VirtAddr   PhysAddr   FileSiz MemSiz  Flg Align\n';
  if (wide) return '  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align\n';
  return '  Type           Offset             VirtAddr           PhysAddr\n                 FileSiz            MemSiz              Flags  Align\n';
}

function segmentRow(elf: ElfFile, p: ProgramHeader, wide: boolean): string {
  const flags = `${p.flags & 4 ? 'R' : ' '}${p.flags & 2 ? 'W' : ' '}${p.flags & 1 ? 'E' : ' '}`;
  const type = `  ${segmentType(elf, p.type).padEnd(14)} `;
  const x = (n: number, width: number): string => `0x${hex(n, width)}`;
  const interp = p.type === PT_INTERP ? `      [Requesting program interpreter: ${elf.interp}]\n` : '';
  if (!elf.is64)
    return `${type}${x(p.offset, 6)} ${x(p.vaddr, 8)} ${x(p.paddr, 8)} ${x(p.filesz, 5)} ${x(p.memsz, 5)} ${flags} 0x${hex(p.align, 0)}\n${interp}`;
  if (wide)
    return `${type}${x(p.offset, 6)} ${x(p.vaddr, 16)} ${x(p.paddr, 16)} ${x(p.filesz, 6)} ${x(p.memsz, 6)} ${flags} 0x${hex(p.align, 0)}\n${interp}`;
  return (
    `${type}${x(p.offset, 16)} ${x(p.vaddr, 16)} ${x(p.paddr, 16)}\n` +
    `                 ${x(p.filesz, 16)} ${x(p.memsz, 16)}  ${flags}    0x${hex(p.align, 0)}\n${interp}`
  );
}

function mapping(elf: ElfFile): string {
  if (elf.sections.length === 0) return '';
  const rows = elf.segments.map((p, i) => {
    const inside = elf.sections.slice(1).filter((s) => isTbssElsewhere(s, p) === false && isInSegment(s, p));
    return `   ${String(i).padStart(2, '0')}     ${inside.map((s) => `${s.name} `).join('')}\n`;
  });
  return `\n Section to Segment mapping:\n  Segment Sections...\n${rows.join('')}`;
}

const SHT_NOBITS = 8;
const SHF_ALLOC = 2;
const SHF_TLS = 0x400;
const PT_TLS = 7;
const PT_GNU_RELRO = 0x6474e552;
const ALLOC_ONLY = new Set([PT_LOAD, PT_DYNAMIC, 0x6474e550, 0x6474e551, PT_GNU_RELRO]);

const isTbssElsewhere = (s: SectionHeader, p: ProgramHeader): boolean =>
  (s.flags & SHF_TLS) !== 0 && s.type === SHT_NOBITS && p.type !== PT_TLS;

/** The linker's own test, as include/elf/internal.h of binutils states it. */
function isInSegment(s: SectionHeader, p: ProgramHeader): boolean {
  const tls = (s.flags & SHF_TLS) !== 0;
  if (tls ? ![PT_TLS, PT_GNU_RELRO, PT_LOAD].includes(p.type) : p.type === PT_TLS || p.type === PT_PHDR) return false;
  const alloc = (s.flags & SHF_ALLOC) !== 0;
  if (!alloc && ALLOC_ONLY.has(p.type)) return false;
  const within = (at: number, start: number, size: number): boolean => at >= start && at - start <= size - 1 && at - start + s.size <= size;
  if (s.type !== SHT_NOBITS && !within(s.offset, p.offset, p.filesz)) return false;
  if (alloc && !within(s.addr, p.vaddr, p.memsz)) return false;
  return (p.type !== PT_DYNAMIC && p.type !== PT_NOTE) || s.size !== 0 || p.memsz === 0 || isStrictlyInside(s, p, alloc);
}

function isStrictlyInside(s: SectionHeader, p: ProgramHeader, alloc: boolean): boolean {
  const inFile = s.type === SHT_NOBITS || (s.offset > p.offset && s.offset - p.offset < p.filesz);
  return inFile && (!alloc || (s.addr > p.vaddr && s.addr - p.vaddr < p.memsz));
}

/** What -u says where there is nothing to decode. */
export function unwindText(elf: ElfFile, machine: string): string {
  const { machine: m } = elf.header;
  if (m === EM_X86_64 || m === EM_386 || m === EM_PPC64 || m === EM_S390) return 'No processor specific unwind information to decode\n';
  if (m === EM_ARM) return '\nThere are no unwind sections in this file.\n';
  return `\nThe decoding of unwind sections for machine type ${machine} is not currently supported.\n`;
}
