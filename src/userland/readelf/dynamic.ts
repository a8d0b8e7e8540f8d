/** `readelf -d`, `-n` and `-s`. */

import { hex as hexBytes, latin1 } from '../../uapi/bytes.ts';
import { EM_386, EM_AARCH64, EM_MIPS, EM_X86_64, ET_CORE, PT_NOTE } from '../../uapi/elf.ts';
import type { Bytes } from '../../uapi/types.ts';
import { DYNAMIC_TAGS } from '../elf/dynamic-tags.ts';
import type { DynamicEntry, ElfFile, ElfNote, ElfSymbol, SectionHeader } from '../elf/elf_file.ts';

// ---- dynamic section

const TAGS: Readonly<Record<number, string>> = {
  ...DYNAMIC_TAGS,
  0: 'NULL',
  34: 'SYMTAB_SHNDX',
  35: 'RELRSZ',
  36: 'RELR',
  37: 'RELRENT',
};
const MIPS_TAGS: Readonly<Record<number, string>> = {
  1879048193: 'MIPS_RLD_VERSION',
  1879048197: 'MIPS_FLAGS',
  1879048198: 'MIPS_BASE_ADDRESS',
  1879048202: 'MIPS_LOCAL_GOTNO',
  1879048209: 'MIPS_SYMTABNO',
  1879048210: 'MIPS_UNREFEXTNO',
  1879048211: 'MIPS_GOTSYM',
  1879048214: 'MIPS_RLD_MAP',
  1879048245: 'MIPS_RLD_MAP_REL',
};
const IN_BYTES = new Set([2, 8, 9, 10, 11, 18, 19, 27, 28, 33, 35, 37]);
const COUNTS = new Set([0x6ffffff9, 0x6ffffffa, 0x6ffffffd, 0x6fffffff]);
const FLAGS = ['ORIGIN', 'SYMBOLIC', 'TEXTREL', 'BIND_NOW', 'STATIC_TLS'];
const FLAGS_1 =
  'NOW GLOBAL GROUP NODELETE LOADFLTR INITFIRST NOOPEN ORIGIN DIRECT TRANS INTERPOSE NODEFLIB NODUMP CONFALT ENDFILTEE DISPRELDNE ' +
  'DISPRELPND NODIRECT IGNMULDEF NOKSYMS NOHDR EDITED NORELOC SYMINTPOSE GLOBAUDIT SINGLETON STUB PIE';

export function dynamicText(elf: ElfFile): string {
  const p = elf.dynamicSegment;
  if (!p) return '\nThere is no dynamic section in this file.\n';
  const entries = elf.dynamic();
  const rows = entries.map((d) => {
    const type = `(${TAGS[d.tag] ?? (elf.header.machine === EM_MIPS ? MIPS_TAGS[d.tag] : undefined) ?? `<unknown>: ${d.tag.toString(16)}`})`;
    return ` 0x${d.tag.toString(16).padStart(elf.is64 ? 16 : 8, '0')} ${type.padEnd(elf.is64 ? 21 : 29)}${valueText(elf, d)}\n`;
  });
  const contains = `contains ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`;
  const title = `  Tag        Type                         Name/Value\n`;
  return `\nDynamic section at offset 0x${p.offset.toString(16)} ${contains}:\n${title}${rows.join('')}`;
}

function valueText(elf: ElfFile, { tag, value }: DynamicEntry): string {
  const string = (what: string): string => `${what}: [${elf.dynamicString(value)}]`;
  if (tag === 1) return string('Shared library');
  if (tag === 14) return string('Library soname');
  if (tag === 15) return string('Library rpath');
  if (tag === 29) return string('Library runpath');
  if (tag === 20) return TAGS[value] ?? `0x${value.toString(16)}`;
  if (tag === 30) return bits(value, FLAGS);
  if (tag === 0x6ffffffb) return `Flags: ${bits(value, FLAGS_1.split(' '))}`;
  if (IN_BYTES.has(tag)) return `${value} (bytes)`;
  if (COUNTS.has(tag)) return `${value}`;
  return `0x${value.toString(16)}`;
}

function bits(value: number, names: readonly string[]): string {
  return names.filter((_, i) => Math.floor(value / 2 ** i) % 2 === 1).join(' ');
}

// ---- notes

const NOTE_TITLE = '  Owner                Data size \tDescription\n';

export function notesText(elf: ElfFile, wide: boolean): string {
  const sections = elf.sections.filter((s) => s.type === 7);
  if (elf.sections.length > 0 && elf.header.type !== ET_CORE)
    return sections.map((s) => `\nDisplaying notes found in: ${s.name}\n${NOTE_TITLE}${notes(elf, s.offset, s.size, wide)}`).join('');
  const x = (n: number): string => `0x${n.toString(16).padStart(8, '0')}`;
  return elf.segments
    .filter((p) => p.type === PT_NOTE)
    .map((p) => {
      const where = `file offset ${x(p.offset)} with length ${x(p.filesz)}`;
      return `\nDisplaying notes found at ${where}:\n${NOTE_TITLE}${notes(elf, p.offset, p.filesz, wide)}`;
    })
    .join('');
}

function notes(elf: ElfFile, offset: number, size: number, wide: boolean): string {
  return elf
    .notesAt(offset, size)
    .map((n) => {
      const head = `  ${n.owner.padEnd(20)} 0x${n.desc.length.toString(16).padStart(8, '0')}\t${noteType(n)}`;
      return head + (wide ? '\t' : '\n') + noteBody(elf, n, wide);
    })
    .join('');
}

const GNU_NOTES: Readonly<Record<number, string>> = {
  1: 'NT_GNU_ABI_TAG (ABI version tag)',
  2: 'NT_GNU_HWCAP (DSO-supplied software HWCAP info)',
  3: 'NT_GNU_BUILD_ID (unique build ID bitstring)',
  4: 'NT_GNU_GOLD_VERSION (gold version)',
  5: 'NT_GNU_PROPERTY_TYPE_0',
};
function noteType(n: ElfNote): string {
  if (n.owner === 'GNU' && GNU_NOTES[n.type]) return GNU_NOTES[n.type] as string;
  if (n.type === 1) return 'NT_VERSION (version)';
  if (n.type === 2) return 'NT_ARCH (architecture)';
  return `Unknown note type: (0x${n.type.toString(16).padStart(8, '0')})`;
}

function noteBody(elf: ElfFile, n: ElfNote, wide: boolean): string {
  const word = (at: number): number => elf.u32(n.desc.byteOffset - elf.bytes.byteOffset + at);
  if (n.owner === 'GNU' && n.type === 3) return `    Build ID: ${hexBytes(n.desc)}\n`;
  if (n.owner === 'GNU' && n.type === 1) {
    const os = ['Linux', 'Hurd', 'Solaris', 'FreeBSD', 'NetBSD', 'Syllable', 'NaCl'][word(0)] ?? 'Unknown';
    return `    OS: ${os}, ABI: ${word(4)}.${word(8)}.${word(12)}\n`;
  }
  if (n.owner === 'GNU' && n.type === 5) return properties(elf, n.desc, wide);
  return n.desc.length === 0 ? '' : `   description data: ${[...n.desc].map((b) => `${b.toString(16).padStart(2, '0')} `).join('')}\n`;
}

const X86_FEATURES = ['IBT', 'SHSTK', 'LAM_U48', 'LAM_U57'];
const X86_ISA = ['x86-64-baseline', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'];
const X86_USED = ['x86', 'x87', 'MMX', 'XMM', 'YMM', 'ZMM', 'FXSR', 'XSAVE', 'XSAVEOPT', 'XSAVEC', 'TMM', 'MASK'];

/** The program properties of x86 and aarch64; others by number. */
function properties(elf: ElfFile, desc: Bytes, wide: boolean): string {
  const start = desc.byteOffset - elf.bytes.byteOffset;
  const out: string[] = [];
  for (let at = 0; at + 8 <= desc.length; ) {
    const [type, size] = [elf.u32(start + at), elf.u32(start + at + 4)];
    out.push(property(elf, type, elf.u32(start + at + 8), size));
    at += 8 + Math.ceil(size / elf.wordSize) * elf.wordSize;
  }
  const separator = wide ? ', ' : '\n\t';
  return `      Properties: ${out.join(separator)}${wide ? '' : ''}\n`;
}

function property(elf: ElfFile, type: number, value: number, size: number): string {
  const { machine } = elf.header;
  const list = (what: string, names: readonly string[]): string => `${what}: ${bits(value, names).replaceAll(' ', ', ')}`;
  if (machine === EM_X86_64 || machine === EM_386) {
    if (type === 0xc0000002) return list('x86 feature', X86_FEATURES);
    if (type === 0xc0008002) return list('x86 ISA needed', X86_ISA);
    if (type === 0xc0010002) return list('x86 ISA used', X86_ISA);
    if (type === 0xc0010001) return list('x86 feature used', X86_USED);
    if (type === 0xc0008001) return list('x86 feature needed', X86_USED);
  }
  if (machine === EM_AARCH64 && type === 0xc0000000) return list('AArch64 feature', ['BTI', 'PAC']);
  const kind = type >= 0xc0000000 && type < 0xe0000000 ? 'processor-specific' : 'unknown';
  return `<${kind} type 0x${type.toString(16)} data: ${value.toString(16).padStart(2 * Math.min(size, 4), '0')} >`;
}

// ---- symbols

const SYMBOL_TYPES = ['NOTYPE', 'OBJECT', 'FUNC', 'SECTION', 'FILE', 'COMMON', 'TLS'];
const BINDINGS = ['LOCAL', 'GLOBAL', 'WEAK'];
const VISIBILITIES = ['DEFAULT', 'INTERNAL', 'HIDDEN', 'PROTECTED'];

/** Null where symbols have versions: those are not decoded. */
export function symbolsText(elf: ElfFile, wide: boolean, dynamicOnly: boolean): string | null {
  if (elf.sections.length === 0) return '\nDynamic symbol information is not available for displaying symbols.\n';
  if (elf.sections.some((s) => s.type === 0x6fffffff)) return null;
  const tables = elf.sections.filter((s) => s.type === 11 || (s.type === 2 && !dynamicOnly));
  return tables.map((s) => symbolTable(elf, s, wide)).join('');
}

function symbolTable(elf: ElfFile, s: SectionHeader, wide: boolean): string {
  const symbols = elf.symbols(s);
  const contains = `contains ${symbols.length} ${symbols.length === 1 ? 'entry' : 'entries'}`;
  const title = elf.is64
    ? '   Num:    Value          Size Type    Bind   Vis      Ndx Name\n'
    : '   Num:    Value  Size Type    Bind   Vis      Ndx Name\n';
  return `\nSymbol table '${s.name}' ${contains}:\n${title}${symbols.map((y, i) => symbolRow(elf, y, i, wide)).join('')}`;
}

function symbolRow(elf: ElfFile, y: ElfSymbol, i: number, wide: boolean): string {
  const type = SYMBOL_TYPES[y.info & 15] ?? ((y.info & 15) === 10 ? 'IFUNC' : `<unknown>: ${y.info & 15}`);
  const bind = BINDINGS[y.info >> 4] ?? (y.info >> 4 === 10 ? 'UNIQUE' : `<unknown>: ${y.info >> 4}`);
  const name = (y.info & 15) === 3 ? (elf.sections[y.shndx]?.name ?? '') : y.name;
  const shown = wide || name.length <= 21 ? name : `${name.slice(0, 16)}[...]`;
  const value = y.value.toString(16).padStart(elf.is64 ? 16 : 8, '0');
  const size = y.size > 99999 ? `0x${y.size.toString(16)}` : String(y.size).padStart(5);
  return `${String(i).padStart(6)}: ${value} ${size} ${type.padEnd(7)} ${bind.padEnd(6)} ${VISIBILITIES[y.other & 3]?.padEnd(7)} ${sectionIndex(y.shndx)} ${shown}\n`;
}

function sectionIndex(n: number): string {
  const name = { 0: 'UND', 65521: 'ABS', 65522: 'COM' }[n];
  return ` ${(name ?? String(n)).padStart(3)}`;
}

/** `-I` over .hash; the GNU table of a file without exported symbols has nothing to show. */
export function histogramText(elf: ElfFile): string {
  const table = elf.dynamic().find((d) => d.tag === 4);
  const at = table ? elf.offsetOf(table.value) : -1;
  if (at < 0) return '';
  const buckets = elf.u32(at);
  const lengths = Array.from({ length: Math.min(buckets, elf.bytes.length) }, (_, i) => chainLength(elf, at, buckets, i));
  const counts = Array.from({ length: Math.max(0, ...lengths) + 1 }, (_, n) => lengths.filter((x) => x === n).length);
  const symbols = lengths.reduce((a, b) => a + b, 0);
  let covered = 0;
  const rows = counts.map((count, n) => {
    covered += count * n;
    const row = ` ${String(n).padStart(6)}  ${String(count).padEnd(10)} (${percent(count, buckets)}%)`;
    return n === 0 ? `${row}\n` : `${row}    ${percent(covered, symbols)}%\n`;
  });
  const title = `\nHistogram for bucket list length (total of ${buckets} bucket${buckets === 1 ? '' : 's'}):\n`;
  return `${title} Length  Number     % of total  Coverage\n${rows.join('')}`;
}

function chainLength(elf: ElfFile, table: number, buckets: number, bucket: number): number {
  const limit = elf.u32(table + 4);
  let n = 0;
  for (let symbol = elf.u32(table + 8 + 4 * bucket); symbol !== 0 && n < limit; n++) symbol = elf.u32(table + 8 + 4 * (buckets + symbol));
  return n;
}

const percent = (part: number, all: number): string => ((part * 100) / all).toFixed(1).padStart(5);

// ---- dumps

export function hexDump(elf: ElfFile, s: SectionHeader): string {
  const bytes = elf.slice(s.offset, s.size);
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const groups = [0, 4, 8, 12].map((i) => hexBytes(row.subarray(i, i + 4)).padEnd(8)).join(' ');
    const text = latin1(row).replace(/[^\x20-\x7e]/g, '.');
    rows.push(`  0x${(s.addr + at).toString(16).padStart(8, '0')} ${groups} ${text}\n`);
  }
  return rows.length === 0 ? `\nSection '${s.name}' has no data to dump.\n` : `\nHex dump of section '${s.name}':\n${rows.join('')}\n`;
}

export function stringDump(elf: ElfFile, s: SectionHeader): string {
  const bytes = latin1(elf.slice(s.offset, s.size));
  const rows = [...bytes.matchAll(/[\x20-\x7e\n\t][^\0]*/g)].map((m) => `  [${m.index.toString(16).padStart(6)}]  ${m[0]}\n`);
  if (bytes === '') return `\nSection '${s.name}' has no data to dump.\n`;
  return `\nString dump of section '${s.name}':\n${rows.length === 0 ? '  No strings found in this section.' : rows.join('')}\n`;
}
