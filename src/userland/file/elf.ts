/** ELF files in the words of file(1) 5.44. */
import { hex, latin1 } from '../../uapi/bytes.ts';
import {
  EI_CLASS,
  EI_DATA,
  EI_OSABI,
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
  PT_DYNAMIC,
  PT_INTERP,
} from '../../uapi/elf.ts';
import type { Bytes } from '../../uapi/types.ts';
import { ElfFile, type ElfNote } from '../elf/elf_file.ts';
import { machineWords } from './machines.ts';

const EM_SPARC32PLUS = 18;
const EM_SPARCV9 = 43;
const DF_1_PIE = 0x08000000;
const DT_FLAGS_1 = 0x6ffffffb;
const SHT_SYMTAB = 2;
const SHT_NOTE = 7;

export interface ElfDescription {
  readonly text: string;
  readonly mime: string;
}

export function describeElf(bytes: Bytes): ElfDescription {
  // A cut-off header is read as far as it goes.
  const padded = bytes.length >= 64 ? bytes : withZeros(bytes);
  const elf = new ElfFile(padded);
  const words = ['ELF', classWords(bytes), dataWords(bytes), ...machineAndVersion(elf, bytes.length), osabiWords(bytes)];
  const details = bytes.length > (elf.is64 ? 64 : 52) ? detailsOf(elf) : '';
  return { text: words.filter((w) => w !== '').join(' ') + unknownClass(bytes) + details, mime: mimeOf(elf, bytes.length) };
}

function withZeros(bytes: Bytes): Bytes {
  const out = new Uint8Array(64);
  out.set(bytes);
  return out;
}

function classWords(b: Bytes): string {
  if (b.length < 5) return '';
  return { 0: 'invalid class', [ELFCLASS32]: '32-bit', [ELFCLASS64]: '64-bit' }[b[EI_CLASS] as number] ?? '';
}
function dataWords(b: Bytes): string {
  if (b.length < 6) return '';
  return { 0: 'invalid byte order', [ELFDATA2LSB]: 'LSB', [ELFDATA2MSB]: 'MSB' }[b[EI_DATA] as number] ?? '';
}
function unknownClass(b: Bytes): string {
  const c = b[EI_CLASS];
  return c === undefined || c === ELFCLASS32 || c === ELFCLASS64 ? '' : `, unknown class ${c}`;
}

const TYPES: Readonly<Record<number, string>> = {
  [ET_NONE]: 'no file type,',
  [ET_REL]: 'relocatable,',
  [ET_EXEC]: 'executable,',
  [ET_CORE]: 'core file,',
  65280: 'processor-specific,',
};

function machineAndVersion(elf: ElfFile, size: number): string[] {
  const data = elf.bytes[EI_DATA];
  if (data !== ELFDATA2LSB && data !== ELFDATA2MSB) return [];
  const { type, version } = elf.header;
  const out: string[] = [];
  if (size >= 18) out.push(type === ET_DYN ? (isPie(elf) ? 'pie executable,' : 'shared object,') : (TYPES[type] ?? ''));
  if (size >= 20) out.push(...machine(elf));
  if (size >= 24) out.push(version === 0 ? 'invalid version' : version === 1 ? 'version 1' : '');
  return out;
}

export const isPie = (elf: ElfFile): boolean =>
  elf.header.type === ET_DYN && elf.dynamic().some((d) => d.tag === DT_FLAGS_1 && (d.value & DF_1_PIE) !== 0);

function machine(elf: ElfFile): string[] {
  const { machine: m, flags } = elf.header;
  if (m === EM_MIPS) return mips(elf, flags);
  if (m === EM_ARM) return arm(flags);
  if (m === EM_RISCV) return riscv(flags);
  if (m === EM_PPC64) return ['64-bit PowerPC or cisco 7500,', PPC64_ABI[flags & 3] ?? ''];
  if (m === EM_SPARCV9) return ['SPARC V9,', SPARC_ORDER[flags & 3] ?? ''];
  if (m === EM_SPARC32PLUS) return elf.is64 ? ['SPARC32PLUS,'] : ['SPARC32PLUS,', SPARC_ORDER[flags & 3] ?? ''];
  return [machineWords(m)];
}

const PPC64_ABI = ['Unspecified or Power ELF V1 ABI,', 'Power ELF V1 ABI,', 'OpenPOWER ELF V2 ABI,'];
const SPARC_ORDER = ['total store ordering,', 'partial store ordering,', 'relaxed memory ordering,'];
const MIPS_ISA = [
  'MIPS-I',
  'MIPS-II',
  'MIPS-III',
  'MIPS-IV',
  'MIPS-V',
  'MIPS32',
  'MIPS64',
  'MIPS32 rel2',
  'MIPS64 rel2',
  'MIPS32 rel6',
  'MIPS64 rel6',
];
const EF_MIPS_ABI2 = 0x20;

function mips(elf: ElfFile, flags: number): string[] {
  return ['MIPS,', !elf.is64 && flags & EF_MIPS_ABI2 ? 'N32' : '', MIPS_ISA[flags >>> 28] ?? ''];
}

function arm(flags: number): string[] {
  const eabi = flags >>> 24;
  if ((eabi & 0x7f) !== 4 && (eabi & 0x7f) !== 5) return ['ARM,'];
  return ['ARM,', `EABI${eabi & 0x7f}`, flags & 0x00800000 ? 'BE8' : ''];
}

function riscv(flags: number): string[] {
  const float = ['soft', 'single', 'double', 'quad'][(flags >> 1) & 3];
  return ['UCB RISC-V,', flags & 1 ? 'RVC,' : '', flags & 8 ? 'RVE,' : '', `${float}-float ABI,`];
}

const OSABI: Readonly<Record<number, string>> = {
  0: 'SYSV',
  1: 'HP-UX',
  2: 'NetBSD',
  3: 'GNU/Linux',
  4: 'GNU/Hurd',
  5: '86Open',
  6: 'Solaris',
  7: 'Monterey',
  8: 'IRIX',
  9: 'FreeBSD',
  10: 'Tru64',
  11: 'Novell Modesto',
  12: 'OpenBSD',
  13: 'OpenVMS',
  14: 'HP NonStop Kernel',
  15: 'AROS Research Operating System',
  16: 'FenixOS',
  17: 'Nuxi CloudABI',
  97: 'ARM',
  202: 'Cafe OS',
  255: 'embedded',
};
function osabiWords(b: Bytes): string {
  const name = b.length < 8 ? undefined : OSABI[b[EI_OSABI] as number];
  return name ? `(${name})` : '';
}

/** What lies behind the header: how it is linked, notes, whether it is stripped. */
function detailsOf(elf: ElfFile): string {
  const { type, phnum, shnum } = elf.header;
  if (elf.bytes[EI_CLASS] !== ELFCLASS32 && elf.bytes[EI_CLASS] !== ELFCLASS64) return '';
  if (type === ET_CORE) return '';
  if (type === ET_REL) return sectionWords(elf);
  if (type !== ET_EXEC && type !== ET_DYN) return '';
  if (phnum > 2048) return `, too many program (${phnum})`;
  if (shnum > 32768) return `, too many section (${shnum})`;
  return segmentWords(elf) + sectionWords(elf);
}

function segmentWords(elf: ElfFile): string {
  const { phoff, phnum, phentsize } = elf.header;
  if (phnum === 0) return ', no program header';
  if (phentsize !== (elf.is64 ? 56 : 32)) return ', corrupted program header size';
  if (elf.segments.length < phnum) return `, can't read elf program headers at ${phoff + elf.segments.length * phentsize}`;
  const interp = elf.segments.find((s) => s.type === PT_INTERP);
  const notes = elf.header.shnum === 0 ? noteWords(elf.notes()) : '';
  return `${notes}, ${linkage(elf)} linked${interp ? `, interpreter ${elf.interp}` : ''}`;
}

function linkage(elf: ElfFile): string {
  if (!elf.segments.some((s) => s.type === PT_DYNAMIC)) return 'statically';
  return isPie(elf) && elf.interp === null ? 'static-pie' : 'dynamically';
}

function sectionWords(elf: ElfFile): string {
  const { shoff, shnum, shentsize, shstrndx } = elf.header;
  if (shnum === 0) return ', no section header';
  if (shentsize !== (elf.is64 ? 64 : 40)) return ', corrupted section header size';
  const names = shoff + shstrndx * shentsize;
  if (names + shentsize > elf.bytes.length) return `, missing section headers at ${names}`;
  const notes = elf.sections.filter((s) => s.type === SHT_NOTE).flatMap((s) => elf.notesAt(s.offset, s.size));
  const debug = elf.sections.some((s) => s.name === '.debug_info') ? ', with debug_info' : '';
  const symbols = elf.sections.some((s) => s.type === SHT_SYMTAB) ? 'not stripped' : 'stripped';
  return `${noteWords(notes)}${debug}, ${symbols}`;
}

const NT_GNU_ABI_TAG = 1;
const NT_GNU_BUILD_ID = 3;
const SYSTEMS = ['Linux', 'Hurd', 'Solaris', 'kFreeBSD', 'kNetBSD'];
const HASHES: Readonly<Record<number, string>> = { 8: 'xxHash', 16: 'md5/uuid', 20: 'sha1' };

function noteWords(notes: readonly ElfNote[]): string {
  const words = notes.map(noteWord);
  return [...new Set(words)].join('');
}

function noteWord({ owner, type, desc }: ElfNote): string {
  if (owner === 'Go' && type === 4) return `, Go BuildID=${latin1(desc)}`;
  if (owner !== 'GNU') return '';
  if (type === NT_GNU_BUILD_ID) return HASHES[desc.length] ? `, BuildID[${HASHES[desc.length]}]=${hex(desc)}` : '';
  if (type !== NT_GNU_ABI_TAG || desc.length < 16) return '';
  const view = new DataView(desc.buffer, desc.byteOffset, 16);
  const le = desc[0] !== 0 || desc[4] !== 0;
  const [os = 0, ...version] = [0, 4, 8, 12].map((at) => view.getUint32(at, le));
  return `, for GNU/${SYSTEMS[os] ?? '<unknown>'} ${version.join('.')}`;
}

function mimeOf(elf: ElfFile, size: number): string {
  if (size < 18) return 'application/octet-stream';
  const { type } = elf.header;
  if (type === ET_REL) return 'application/x-object';
  if (type === ET_EXEC) return 'application/x-executable';
  if (type === ET_DYN) return isPie(elf) ? 'application/x-pie-executable' : 'application/x-sharedlib';
  return type === ET_CORE ? 'application/x-coredump' : 'application/octet-stream';
}
