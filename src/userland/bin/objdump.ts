/** objdump: what an ELF file says of itself; code is not disassembled here. Follows GNU binutils 2.40. */
import { EM_386, EM_AARCH64, EM_ARM, EM_MIPS, EM_PPC64, EM_RISCV, EM_S390, EM_X86_64, ET_DYN, ET_EXEC, ET_REL } from '../../uapi/elf.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import { DYNAMIC_TAGS } from '../elf/dynamic-tags.ts';
import { ElfFile, type ElfSymbol, type ProgramHeader, type SectionHeader } from '../elf/elf_file.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { HEX, printable } from '../lib/dump.ts';
import { Failure } from '../lib/error.ts';
import { readFile } from '../lib/stdio.ts';

const USAGE = `Usage: objdump <option(s)> <file(s)>
 Display information from object <file(s)>.
 At least one of the following switches must be given:
  -f, --file-headers       Display the contents of the overall file header
  -p, --private-headers    Display object format specific file header contents
  -h, --[section-]headers  Display the contents of the section headers
  -x, --all-headers        Display the contents of all headers
  -s, --full-contents      Display the full contents of all sections requested
  -t, --syms               Display the contents of the symbol table(s)
  -T, --dynamic-syms       Display the contents of the dynamic symbol table
`;
/** What the real one shows and this one does not. */
const REFUSED: Readonly<Record<string, string>> = {
  d: 'code is not disassembled here',
  D: 'code is not disassembled here',
  S: 'code is not disassembled here',
  r: 'relocations are not shown here',
  R: 'relocations are not shown here',
};

export const main = command(
  {
    name: 'objdump',
    usage: ['<option(s)> <file(s)>'],
    summary: ' Display information from object <file(s)>.',
    follows: 'GNU Binutils 2.40',
    hint: () => USAGE,
    options: [
      ['-f, --file-headers', 'display the contents of the overall file header'],
      ['-h, --headers, --section-headers', 'display the contents of the section headers'],
      ['-p, --private-headers', 'display object format specific file header contents'],
      ['-x, --all-headers', 'display the contents of all headers'],
      ['-t, --syms', 'display the contents of the symbol table(s)'],
      ['-T, --dynamic-syms', 'display the contents of the dynamic symbol table'],
      ['-s, --full-contents', 'display the full contents of all sections requested'],
      ['-j, --section=NAME', 'only display information for section NAME'],
      ['-w, --wide', 'format output for more than 80 columns'],
      ['-d, --disassemble', 'not supported here'],
      ['-D, --disassemble-all', 'not supported here'],
      ['-S, --source', 'not supported here'],
      ['-r, --reloc', 'not supported here'],
      ['-R, --dynamic-reloc', 'not supported here'],
    ],
  },
  async (io, options, operands) => {
    const refused = Object.entries(REFUSED).find(([key]) => options.has(key));
    if (refused) throw new Failure(`-${refused[0]}: ${refused[1]}`);
    if (!['f', 'h', 'p', 'x', 't', 'T', 's'].some((key) => options.has(key))) {
      await io.complain(USAGE);
      return 2;
    }
    const seen = new Set<string>();
    for (const name of operands.length === 0 ? ['a.out'] : operands) await dump(io, options, name, seen);
    for (const name of options.values('j').filter((section) => !seen.has(section)))
      await io.fail(`section '${name}' mentioned in a -j option, but not found in any input file`);
    return undefined;
  },
);

async function dump(io: Io, options: Options, name: string, seen: Set<string>): Promise<void> {
  const st = io.sys.stat(name);
  if (IS_ERR(st)) return await io.fail(st.code === 'ENOENT' ? `'${name}': No such file` : `${name}: ${st.message}`);
  if (S_ISDIR(st.st_mode)) return await io.fail(`Warning: '${name}' is a directory`);
  const bytes = await readFile(io.sys, name);
  if (IS_ERR(bytes)) return await io.fail(name, bytes);
  const elf = ElfFile.parse(bytes);
  const format = elf && FORMATS[elf.header.machine];
  if (!elf || !format) return await io.fail(`${name}: file format not recognized`);
  const shows = (key: string): boolean => options.has(key) || (options.has('x') && key !== 's' && key !== 'T');
  const chosen = options.values('j');
  const sections = elf.sections.filter((s, i) => i > 0 && listed(elf, s) && (chosen.length === 0 || chosen.includes(s.name)));
  io.stdout.put(`\n${name}:     file format ${formatName(elf, format)}\n${options.has('x') ? `${name}\n` : ''}`);
  if (shows('f')) io.stdout.put(fileHeader(elf, format));
  if (shows('p')) io.stdout.put(privateHeaders(elf));
  io.stdout.put('\n');
  if (shows('h')) io.stdout.put(sectionTable(elf, sections));
  if (shows('t')) io.stdout.put(symbolTable(elf, 'SYMBOL TABLE', 2));
  if (options.has('T')) io.stdout.put(await dynamicSymbols(io, elf, name));
  if (options.has('s')) io.stdout.put(sections.map((s) => contents(elf, s)).join(''));
  if (shows('h') || options.has('s')) for (const { name: section } of sections) seen.add(section);
}

interface Format {
  /** As in "elf64-x86-64". */
  readonly target: readonly [little: string, big: string];
  readonly architecture: string;
}
const same = (name: string, architecture: string): Format => ({ target: [name, name], architecture });
const FORMATS: Readonly<Record<number, Format>> = {
  [EM_X86_64]: same('x86-64', 'i386:x86-64'),
  [EM_386]: same('i386', 'i386'),
  [EM_AARCH64]: { target: ['littleaarch64', 'bigaarch64'], architecture: 'aarch64' },
  [EM_ARM]: { target: ['littlearm', 'bigarm'], architecture: 'armv4t' },
  [EM_RISCV]: { target: ['littleriscv', 'bigriscv'], architecture: 'riscv:rv64' },
  [EM_PPC64]: { target: ['powerpcle', 'powerpc'], architecture: 'powerpc:common64' },
  [EM_S390]: same('s390', 's390:64-bit'),
  [EM_MIPS]: { target: ['tradlittlemips', 'tradbigmips'], architecture: 'mips:isa32r2' },
};

/** The real one of Debian knows the PC's formats; of others only that they are ELF. */
function formatName(elf: ElfFile, { target }: Format): string {
  const native = elf.header.machine === EM_X86_64 || elf.header.machine === EM_386;
  return `elf${elf.is64 ? 64 : 32}-${native ? target[0] : elf.le ? 'little' : 'big'}`;
}

const isNative = (elf: ElfFile): boolean => elf.header.machine === EM_X86_64 || elf.header.machine === EM_386;
const word = (elf: ElfFile, n: number): string => n.toString(16).padStart(elf.is64 ? 16 : 8, '0');

const FLAGS: readonly (readonly [number, string])[] = [
  [0x01, 'HAS_RELOC'],
  [0x02, 'EXEC_P'],
  [0x10, 'HAS_SYMS'],
  [0x40, 'DYNAMIC'],
  [0x100, 'D_PAGED'],
];

function fileHeader(elf: ElfFile, { architecture }: Format): string {
  const { type, entry } = elf.header;
  const symbols = elf.sections.some((s) => (s.type === 2 || s.type === 11) && s.size > 0);
  const flags = (type === ET_REL ? 0x01 : 0) | (type === ET_EXEC ? 0x02 : 0) | (symbols ? 0x10 : 0) | (type === ET_DYN ? 0x40 : 0);
  const all = flags | (type === ET_EXEC || type === ET_DYN ? 0x100 : 0);
  const names = FLAGS.filter(([bit]) => all & bit).map(([, name]) => name);
  return `architecture: ${isNative(elf) ? architecture : 'UNKNOWN!'}, flags 0x${all.toString(16).padStart(8, '0')}:\n${names.join(', ')}\nstart address 0x${word(elf, entry)}\n`;
}

/** Tables that the library keeps to itself. */
const INTERNAL = new Set([0, 2, 3]);
function listed(elf: ElfFile, s: SectionHeader): boolean {
  if (s.type === 3) return (s.flags & 2) !== 0;
  if (s.type === 4 || s.type === 9) return (s.flags & 2) !== 0 || elf.header.type !== ET_REL;
  return !INTERNAL.has(s.type);
}

function sectionTable(elf: ElfFile, sections: readonly SectionHeader[]): string {
  const gap = ' '.repeat(elf.is64 ? 16 : 8);
  const title = `Idx Name          Size      VMA${gap.slice(3)}  LMA${gap.slice(3)}  File off  Algn\n`;
  const index = new Map(elf.sections.filter((s, i) => i > 0 && listed(elf, s)).map((s, i) => [s, i]));
  return `Sections:\n${title}${sections.map((s) => sectionRow(elf, s, index.get(s) ?? 0)).join('')}`;
}

function sectionRow(elf: ElfFile, s: SectionHeader, index: number): string {
  const load = elf.segments.find((p) => p.type === 1 && s.flags & 2 && s.addr >= p.vaddr && s.addr + s.size <= p.vaddr + p.memsz);
  const lma = load ? s.addr - load.vaddr + load.paddr : s.addr;
  const power = s.addralign <= 1 ? 0 : Math.round(Math.log2(s.addralign));
  const hex8 = (n: number): string => n.toString(16).padStart(8, '0');
  const head = ` ${String(index).padStart(2)} ${s.name.padEnd(13)} ${hex8(s.size)}  ${word(elf, s.addr)}  ${word(elf, lma)}  ${hex8(s.offset)}  2**${power}\n`;
  return `${head}${' '.repeat(18)}${sectionFlags(s).join(', ')}\n`;
}

function sectionFlags(s: SectionHeader): string[] {
  const [alloc, code, writable, bits] = [(s.flags & 2) !== 0, (s.flags & 4) !== 0, (s.flags & 1) !== 0, s.type !== 8];
  return [
    ...(bits ? ['CONTENTS'] : []),
    ...(alloc ? ['ALLOC'] : []),
    ...(alloc && bits ? ['LOAD'] : []),
    ...(writable ? [] : bits || alloc ? ['READONLY'] : []),
    ...(code ? ['CODE'] : alloc && bits ? ['DATA'] : []),
    ...(s.flags & 0x400 ? ['THREAD_LOCAL'] : []),
  ];
}

const SEGMENTS: Readonly<Record<number, string>> = {
  ...{ 0: 'NULL', 1: 'LOAD', 2: 'DYNAMIC', 3: 'INTERP', 4: 'NOTE', 5: 'SHLIB', 6: 'PHDR', 7: 'TLS' },
  ...{ 1685382480: 'EH_FRAME', 1685382481: 'STACK', 1685382482: 'RELRO' },
};

const STRINGS = new Set([1, 14, 15, 29]);

function privateHeaders(elf: ElfFile): string {
  const segments = elf.segments.length === 0 ? '' : `\nProgram Header:\n${elf.segments.map((p) => segment(elf, p)).join('')}`;
  const entries = elf.dynamic().filter((d) => d.tag !== 0);
  if (!elf.dynamicSegment) return segments;
  const rows = entries.map(({ tag, value }) => {
    const name = DYNAMIC_TAGS[tag] ?? `0x${tag.toString(16)}`;
    return `  ${name.padEnd(20)} ${STRINGS.has(tag) ? elf.dynamicString(value) : `0x${word(elf, value)}`}\n`;
  });
  return `${segments}\nDynamic Section:\n${rows.join('')}`;
}

function segment(elf: ElfFile, p: ProgramHeader): string {
  const x = (n: number): string => `0x${word(elf, n)}`;
  const name = (SEGMENTS[p.type] ?? `0x${p.type.toString(16)}`).padStart(8);
  const power = p.align <= 1 ? 0 : Math.round(Math.log2(p.align));
  const flags = `${p.flags & 4 ? 'r' : '-'}${p.flags & 2 ? 'w' : '-'}${p.flags & 1 ? 'x' : '-'}`;
  return `${name} off    ${x(p.offset)} vaddr ${x(p.vaddr)} paddr ${x(p.paddr)} align 2**${power}\n         filesz ${x(p.filesz)} memsz ${x(p.memsz)} flags ${flags}\n`;
}

function symbolTable(elf: ElfFile, title: string, type: number): string {
  const table = elf.sections.find((s) => s.type === type);
  const symbols = table ? elf.symbols(table).slice(1) : [];
  return `${title}:\n${symbols.length === 0 ? 'no symbols\n' : symbols.map((y) => symbolRow(elf, y)).join('')}\n\n`;
}

async function dynamicSymbols(io: Io, elf: ElfFile, name: string): Promise<string> {
  if (!elf.dynamicSegment) {
    await io.fail(`${name}: not a dynamic object`);
    return 'DYNAMIC SYMBOL TABLE:\nno symbols\n\n\n';
  }
  if (elf.sections.some((s) => s.type === 0x6fffffff)) throw new Failure(`${name}: the versions of symbols are not decoded here`);
  return symbolTable(elf, 'DYNAMIC SYMBOL TABLE', 11);
}

function symbolRow(elf: ElfFile, y: ElfSymbol): string {
  const [type, bind] = [y.info & 15, y.info >> 4];
  const scope = bind === 0 ? 'l' : bind === 1 && y.shndx !== 0 ? 'g' : ' ';
  const letters = `${scope}${bind === 2 ? 'w' : ' '}   ${type === 3 || type === 4 ? 'd' : ' '}${type === 2 ? 'F' : type === 4 ? 'f' : type === 1 ? 'O' : ' '}`;
  const section = { 0: '*UND*', 65521: '*ABS*', 65522: '*COM*' }[y.shndx] ?? elf.sections[y.shndx]?.name ?? '';
  const name = type === 3 ? section : y.name;
  return `${word(elf, y.value)} ${letters} ${section}\t${word(elf, y.size)} ${name}\n`;
}

function contents(elf: ElfFile, s: SectionHeader): string {
  if (s.type === 8 || s.size === 0) return '';
  const bytes = elf.slice(s.offset, s.size);
  const digits = Math.max(4, (s.addr + s.size).toString(16).length);
  let out = `Contents of section ${s.name}:\n`;
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const groups = [0, 4, 8, 12]
      .map((i) =>
        [...row.subarray(i, i + 4)]
          .map((b) => HEX[b])
          .join('')
          .padEnd(8),
      )
      .join(' ');
    out += ` ${(s.addr + at).toString(16).padStart(digits, '0')} ${groups}  ${printable(row).padEnd(16)}\n`;
  }
  return out;
}
