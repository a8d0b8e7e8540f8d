/** `readelf -h`. */
import {
  EI_CLASS,
  EI_DATA,
  EI_OSABI,
  EI_VERSION,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  EM_ARM,
  EM_MIPS,
  EM_PPC64,
  EM_RISCV,
  ET_CORE,
  ET_DYN,
  ET_EXEC,
  ET_NONE,
  ET_REL,
} from '../../uapi/elf.ts';
import type { ElfFile } from '../elf/elf_file.ts';
import { isPie } from '../file/elf.ts';
import { machineName } from './machines.ts';

export function headerText(elf: ElfFile): string {
  const h = elf.header;
  const b = (i: number): number => elf.bytes[i] ?? 0;
  const ident = [...elf.bytes.subarray(0, 16)].map((x) => `${x.toString(16).padStart(2, '0')} `).join('');
  const rows: [string, string][] = [
    ['Class:', className(b(EI_CLASS))],
    ['Data:', dataName(b(EI_DATA))],
    ['Version:', b(EI_VERSION) === 1 ? '1 (current)' : b(EI_VERSION) === 0 ? '0' : `${b(EI_VERSION)} <unknown>`],
    ['OS/ABI:', osabiName(b(EI_OSABI))],
    ['ABI Version:', `${b(8)}`],
    ['Type:', typeName(elf)],
    ['Machine:', machineName(h.machine)],
    ['Version:', `0x${h.version.toString(16)}`],
    ['Entry point address:', `0x${h.entry.toString(16)}`],
    ['Start of program headers:', `${h.phoff} (bytes into file)`],
    ['Start of section headers:', `${h.shoff} (bytes into file)`],
    ['Flags:', `0x${h.flags.toString(16)}${flagWords(h.machine, h.flags)}`],
    ['Size of this header:', `${h.ehsize} (bytes)`],
    ['Size of program headers:', `${h.phentsize} (bytes)`],
    ['Number of program headers:', `${h.phnum}`],
    ['Size of section headers:', `${h.shentsize} (bytes)`],
    ['Number of section headers:', `${h.shnum}`],
    ['Section header string table index:', `${h.shstrndx}`],
  ];
  return `ELF Header:\n  Magic:   ${ident}\n${rows.map(([label, value]) => `  ${label.padEnd(34)} ${value}\n`).join('')}`;
}

function className(c: number): string {
  return { 0: 'none', [ELFCLASS32]: 'ELF32', [ELFCLASS64]: 'ELF64' }[c] ?? `<unknown: ${c.toString(16)}>`;
}
function dataName(d: number): string {
  const names: Readonly<Record<number, string>> = {
    0: 'none',
    [ELFDATA2LSB]: "2's complement, little endian",
    [ELFDATA2MSB]: "2's complement, big endian",
  };
  return names[d] ?? `<unknown: ${d.toString(16)}>`;
}

const OSABI: Readonly<Record<number, string>> = {
  0: 'UNIX - System V',
  1: 'UNIX - HP-UX',
  2: 'UNIX - NetBSD',
  3: 'UNIX - GNU',
  6: 'UNIX - Solaris',
  7: 'UNIX - AIX',
  8: 'UNIX - IRIX',
  9: 'UNIX - FreeBSD',
  10: 'UNIX - TRU64',
  11: 'Novell - Modesto',
  12: 'UNIX - OpenBSD',
  13: 'VMS - OpenVMS',
  14: 'HP - Non-Stop Kernel',
  15: 'AROS',
  16: 'FenixOS',
  17: 'Nuxi CloudABI',
  18: 'Stratus Technologies OpenVOS',
};
function osabiName(o: number): string {
  return OSABI[o] ?? (o === 97 ? 'ARM' : o === 255 ? 'Standalone App' : `<unknown: ${o.toString(16)}>`);
}

export function typeName(elf: ElfFile): string {
  const { type } = elf.header;
  if (type === ET_DYN) return `DYN (${isPie(elf) ? 'Position-Independent Executable' : 'Shared object'} file)`;
  const names: Readonly<Record<number, string>> = {
    [ET_NONE]: 'NONE (None)',
    [ET_REL]: 'REL (Relocatable file)',
    [ET_EXEC]: 'EXEC (Executable file)',
    [ET_CORE]: 'CORE (Core file)',
  };
  if (names[type]) return names[type];
  if (type >= 0xff00) return `Processor Specific: (${type.toString(16)})`;
  if (type >= 0xfe00) return `OS Specific: (${type.toString(16)})`;
  return `<unknown>: ${type.toString(16)}`;
}

function flagWords(machine: number, flags: number): string {
  if (machine === EM_ARM) return arm(flags);
  if (machine === EM_MIPS) return mips(flags);
  if (machine === EM_RISCV) return riscv(flags);
  if (machine === EM_PPC64) return flags & 3 ? `, abiv${flags & 3}` : '';
  return '';
}

/** EABI 4 and 5; the unversioned ABIs before them are not decoded. */
function arm(flags: number): string {
  const version = flags >>> 24;
  if (version !== 4 && version !== 5) return version >= 1 && version <= 3 ? `, Version${version} EABI` : '';
  const words = [`, Version${version} EABI`];
  if (flags & 0x00800000) words.push('BE8');
  if (flags & 0x00400000) words.push('LE8');
  if (version === 5 && flags & 0x200) words.push('soft-float ABI');
  if (version === 5 && flags & 0x400) words.push('hard-float ABI');
  return words.join(', ');
}

function riscv(flags: number): string {
  const float = ['soft-float ABI', 'single-float ABI', 'double-float ABI', 'quad-float ABI'][(flags >> 1) & 3];
  return `${flags & 1 ? ', RVC' : ''}${flags & 8 ? ', RVE' : ''}, ${float}${flags & 16 ? ', TSO' : ''}`;
}

const MIPS_BITS: readonly (readonly [number, string])[] = [
  [1, 'noreorder'],
  [2, 'pic'],
  [4, 'cpic'],
  [0x10, 'ugen_reserved'],
  [0x20, 'abi2'],
  [0x80, 'odk first'],
  [0x100, '32bitmode'],
  [0x400, 'nan2008'],
  [0x200, 'fp64'],
];
const MIPS_ABIS: Readonly<Record<number, string>> = { 4096: 'o32', 8192: 'o64', 12288: 'eabi32', 16384: 'eabi64' };
const MIPS_ISAS = ['mips1', 'mips2', 'mips3', 'mips4', 'mips5', 'mips32', 'mips64', 'mips32r2', 'mips64r2', 'mips32r6', 'mips64r6'];
function mips(flags: number): string {
  const words = MIPS_BITS.filter(([bit]) => flags & bit).map(([, word]) => word);
  const abi = flags & 0xf000;
  if (abi) words.push(MIPS_ABIS[abi] ?? 'unknown ABI');
  words.push(MIPS_ISAS[flags >>> 28] ?? 'unknown ISA');
  return words.map((w) => `, ${w}`).join('');
}
