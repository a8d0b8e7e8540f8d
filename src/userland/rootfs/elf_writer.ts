/** Writes the programs of the tree: genuine ELF files whose code asks the kernel to run the applet that their note names. */
import { encode } from '../../uapi/bytes.ts';
import {
  EI_NIDENT,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFMAG,
  ET_DYN,
  ET_EXEC,
  LAB_NOTE_OWNER,
  LAB_NOTE_TYPE,
  PF_R,
  PF_W,
  PF_X,
  PT_DYNAMIC,
  PT_GNU_STACK,
  PT_INTERP,
  PT_LOAD,
  PT_NOTE,
  PT_PHDR,
} from '../../uapi/elf.ts';
import type { Arch } from '../../uapi/host.ts';
import type { Bytes } from '../../uapi/types.ts';
import { ARCH, type ArchFacts } from './arch.ts';

/** How a file is linked: as Debian links its programs, python3.11, our samples, qemu-user-static, libc.so.6, ld.so. */
export type Linkage = 'pie' | 'exec' | 'static' | 'static-pie' | 'shared' | 'loader';

interface Kind {
  readonly type: number;
  readonly interp: boolean;
  readonly dynamic: boolean;
  readonly needed: boolean;
  readonly soname: boolean;
  readonly pie: boolean;
  readonly abiTag: boolean;
  readonly gnuOsabi: boolean;
}
const no: Kind = {
  type: ET_DYN,
  interp: false,
  dynamic: true,
  needed: false,
  soname: false,
  pie: false,
  abiTag: true,
  gnuOsabi: true,
};
const KIND: Readonly<Record<Linkage, Kind>> = {
  pie: { ...no, interp: true, needed: true, pie: true, gnuOsabi: false },
  exec: { ...no, type: ET_EXEC, interp: true, needed: true, gnuOsabi: false },
  static: { ...no, type: ET_EXEC, dynamic: false },
  'static-pie': { ...no, pie: true },
  shared: { ...no, interp: true, soname: true },
  loader: { ...no, soname: true, abiTag: false },
};

export interface ProgramSpec {
  readonly arch: Arch;
  readonly linkage: Linkage;
  /** Name of the applet; at most 47 bytes. */
  readonly applet: string;
  /** DT_SONAME of a shared object. */
  readonly soname?: string;
}

/** The file's bytes: a copy of its template with the note and the build id written in. */
export function writeElf(spec: ProgramSpec): Bytes {
  const t = template(spec);
  const out = t.bytes.slice();
  const view = new DataView(out.buffer);
  const name = encode(`${spec.applet}\0`);
  if (name.length > NOTE_ROOM) throw new RangeError(`applet name too long: ${spec.applet}`);
  out.set(name, t.noteDesc);
  view.setUint32(t.noteDesc - DESC_OFFSET + 4, name.length, t.le);
  const noteSize = DESC_OFFSET + align(name.length, 4);
  for (const [at, plus] of t.noteSizes) setWord(view, at, plus + noteSize, t);
  out.set(buildId(spec), t.buildId);
  return out;
}

/** Room that a template leaves for the applet's name. */
const NOTE_ROOM = 48;
/** Note header, then the owner "binfmt-lab\0" padded to four. */
const DESC_OFFSET = 12 + align(LAB_NOTE_OWNER.length + 1, 4);

interface Layout {
  readonly is64: boolean;
  readonly le: boolean;
}
interface Template extends Layout {
  readonly bytes: Bytes;
  readonly noteDesc: number;
  readonly buildId: number;
  /** File offsets of the sizes that hold the lab's note, and what stands before the note inside each. */
  readonly noteSizes: readonly (readonly [number, number])[];
}

const templates = new Map<string, Template>();
function template(spec: ProgramSpec): Template {
  const key = `${spec.arch} ${spec.linkage} ${spec.soname ?? ''}`;
  const known = templates.get(key);
  if (known) return known;
  const made = link(ARCH[spec.arch], KIND[spec.linkage], spec.soname ?? '');
  templates.set(key, made);
  return made;
}

/** Twenty bytes that differ from program to program and are the same every time. */
function buildId(spec: ProgramSpec): Bytes {
  const out = new Uint8Array(20);
  const text = `${spec.arch}/${spec.linkage}/${spec.applet}/${spec.soname ?? ''}`;
  const view = new DataView(out.buffer);
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  for (let i = 0; i < 20; i += 4) {
    h = Math.imul(h ^ (h >>> 15) ^ i, 0x2c1b3c6d);
    view.setInt32(i, h ^ (h >>> 13));
  }
  return out;
}

// ---- the linker: sections one after another, then the two tables that describe them

const SHT_PROGBITS = 1;
const SHT_STRTAB = 3;
const SHT_HASH = 5;
const SHT_DYNAMIC = 6;
const SHT_NOTE = 7;
const SHT_DYNSYM = 11;
const SHT_GNU_HASH = 0x6ffffff6;
const SHF_WRITE = 1;
const SHF_ALLOC = 2;
const SHF_EXECINSTR = 4;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly align: number;
  readonly data: Bytes;
  readonly link?: string;
  readonly info?: number;
  readonly entsize?: number;
  offset: number;
  addr: number;
}

function link(arch: ArchFacts, kind: Kind, soname: string): Template {
  const l: Layout = { is64: arch.class === ELFCLASS64, le: arch.data === ELFDATA2LSB };
  const sections = sectionsOf(arch, kind, soname, l);
  const phdrs = kind.dynamic ? (kind.interp ? 7 : 5) : 3;
  const end = place(sections, ehsize(l) + phdrs * phentsize(l), arch, kind);
  const shoff = align(end, 8);
  const out = new Uint8Array(shoff + (sections.length + 1) * shentsize(l));
  const view = new DataView(out.buffer);
  fillDynamic(sections, kind, soname, l);
  for (const s of sections) out.set(s.data, s.offset);
  writeHeader(view, arch, kind, l, phdrs, shoff, sections);
  const noteInSegments = writeSegments(view, arch, kind, l, sections, phdrs);
  const noteInSections = writeSectionTable(view, l, shoff, sections);
  return {
    ...l,
    bytes: out,
    noteDesc: section(sections, '.note.binfmt-lab').offset + DESC_OFFSET,
    buildId: section(sections, '.note.gnu.build-id').offset + 16,
    noteSizes: [...noteInSegments, ...noteInSections],
  };
}

function sectionsOf(arch: ArchFacts, kind: Kind, soname: string, l: Layout): Section[] {
  const wordSize = l.is64 ? 8 : 4;
  const list: Section[] = [];
  const add = (name: string, type: number, flags: number, alignTo: number, data: Bytes, more: Partial<Section> = {}): void => {
    list.push({ name, type, flags, align: alignTo, data, offset: 0, addr: 0, ...more });
  };
  if (kind.interp) add('.interp', SHT_PROGBITS, SHF_ALLOC, 1, encode(`${arch.interp}\0`));
  add('.note.gnu.build-id', SHT_NOTE, SHF_ALLOC, 4, note(l, 'GNU', 3, new Uint8Array(20)));
  if (kind.abiTag) add('.note.ABI-tag', SHT_NOTE, SHF_ALLOC, 4, note(l, 'GNU', 1, words(l, [0, ...arch.abi])));
  add('.note.binfmt-lab', SHT_NOTE, SHF_ALLOC, 4, note(l, LAB_NOTE_OWNER, LAB_NOTE_TYPE, new Uint8Array(NOTE_ROOM)));
  if (kind.dynamic) {
    if (usesSysvHash(arch)) add('.hash', SHT_HASH, SHF_ALLOC, 4, words(l, [1, 1, 0, 0]), { link: '.dynsym', entsize: 4 });
    else add('.gnu.hash', SHT_GNU_HASH, SHF_ALLOC, wordSize, emptyGnuHash(l), { link: '.dynsym', entsize: l.is64 ? 0 : 4 });
    const symbol = l.is64 ? 24 : 16;
    add('.dynsym', SHT_DYNSYM, SHF_ALLOC, wordSize, new Uint8Array(symbol), { link: '.dynstr', info: 1, entsize: symbol });
    add('.dynstr', SHT_STRTAB, SHF_ALLOC, 1, encode(`\0${dynamicName(kind, soname)}\0`));
  }
  add('.text', SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16, Uint8Array.from(arch.code));
  if (kind.dynamic) {
    const size = dynamicEntries(kind).length * 2 * wordSize;
    add('.dynamic', SHT_DYNAMIC, SHF_WRITE | SHF_ALLOC, wordSize, new Uint8Array(size), { link: '.dynstr', entsize: 2 * wordSize });
  }
  const names = ['', ...list.map((s) => s.name), '.shstrtab'].join('\0');
  add('.shstrtab', SHT_STRTAB, 0, 1, encode(`${names}\0`));
  return list;
}

const usesSysvHash = (arch: ArchFacts): boolean => arch.machine === 8;
const dynamicName = (kind: Kind, soname: string): string => (kind.needed ? 'libc.so.6' : soname);

/** Gives every section its offset and address; what is written to lies one page further, as ld does. */
function place(sections: readonly Section[], start: number, arch: ArchFacts, kind: Kind): number {
  const base = kind.type === ET_EXEC ? arch.base : 0;
  let at = start;
  for (const s of sections) {
    at = align(at, s.align);
    s.offset = at;
    if (s.flags & SHF_ALLOC) s.addr = base + at + (s.flags & SHF_WRITE ? arch.page : 0);
    at += s.data.length;
  }
  return at;
}

const DT = {
  NULL: 0,
  NEEDED: 1,
  HASH: 4,
  STRTAB: 5,
  SYMTAB: 6,
  STRSZ: 10,
  SYMENT: 11,
  SONAME: 14,
  DEBUG: 21,
  GNU_HASH: 0x6ffffef5,
  FLAGS_1: 0x6ffffffb,
} as const;
const DF_1_PIE = 0x08000000;

/** The entries of .dynamic in order; HASH stands for whichever table the architecture has. */
function dynamicEntries(kind: Kind): (keyof typeof DT)[] {
  return [
    ...(kind.needed ? (['NEEDED'] as const) : []),
    ...(kind.soname ? (['SONAME'] as const) : []),
    'HASH',
    'STRTAB',
    'SYMTAB',
    'STRSZ',
    'SYMENT',
    ...(kind.needed ? (['DEBUG'] as const) : []),
    ...(kind.pie ? (['FLAGS_1'] as const) : []),
    'NULL',
  ];
}

function fillDynamic(sections: readonly Section[], kind: Kind, soname: string, l: Layout): void {
  if (!kind.dynamic) return;
  const dynamic = section(sections, '.dynamic').data;
  const view = new DataView(dynamic.buffer);
  const gnu = sections.find((s) => s.name === '.gnu.hash');
  const value: Record<keyof typeof DT, number> = {
    NULL: 0,
    NEEDED: 1,
    SONAME: 1,
    HASH: (gnu ?? section(sections, '.hash')).addr,
    GNU_HASH: 0,
    STRTAB: section(sections, '.dynstr').addr,
    SYMTAB: section(sections, '.dynsym').addr,
    STRSZ: dynamicName(kind, soname).length + 2,
    SYMENT: l.is64 ? 24 : 16,
    DEBUG: 0,
    FLAGS_1: DF_1_PIE,
  };
  const size = l.is64 ? 8 : 4;
  dynamicEntries(kind).forEach((tag, i) => {
    setWord(view, 2 * i * size, tag === 'HASH' && gnu ? DT.GNU_HASH : DT[tag], l);
    setWord(view, (2 * i + 1) * size, value[tag], l);
  });
}

function writeHeader(view: DataView, arch: ArchFacts, kind: Kind, l: Layout, phdrs: number, shoff: number, list: Section[]): void {
  const osabi = kind.gnuOsabi ? arch.staticOsabi : 0;
  [...ELFMAG, arch.class, arch.data, 1, osabi].forEach((b, i) => {
    view.setUint8(i, b);
  });
  const w = cursor(view, EI_NIDENT, l);
  w.half(kind.type, arch.machine);
  w.word(1);
  w.addr(section(list, '.text').addr, ehsize(l), shoff);
  w.word(arch.flags);
  w.half(ehsize(l), phentsize(l), phdrs, shentsize(l), list.length + 1, list.length);
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly addr: number;
  readonly size: number;
  readonly align: number;
}

function segmentsOf(arch: ArchFacts, kind: Kind, l: Layout, list: readonly Section[], phdrs: number): Segment[] {
  const base = kind.type === ET_EXEC ? arch.base : 0;
  const text = section(list, '.text');
  const first = section(list, '.note.gnu.build-id');
  const lab = section(list, '.note.binfmt-lab');
  const wordSize = l.is64 ? 8 : 4;
  const of = (type: number, flags: number, s: Section, alignTo: number): Segment => ({
    type,
    flags,
    offset: s.offset,
    addr: s.addr,
    size: s.data.length,
    align: alignTo,
  });
  const all: Segment[] = [];
  if (kind.interp) {
    const size = phdrs * phentsize(l);
    all.push({ type: PT_PHDR, flags: PF_R, offset: ehsize(l), addr: base + ehsize(l), size, align: wordSize });
    all.push(of(PT_INTERP, PF_R, section(list, '.interp'), 1));
  }
  all.push({ type: PT_LOAD, flags: PF_R | PF_X, offset: 0, addr: base, size: text.offset + text.data.length, align: arch.page });
  if (kind.dynamic) {
    const dynamic = section(list, '.dynamic');
    all.push(of(PT_LOAD, PF_R | PF_W, dynamic, arch.page), of(PT_DYNAMIC, PF_R | PF_W, dynamic, wordSize));
  }
  all.push({ type: PT_NOTE, flags: PF_R, offset: first.offset, addr: first.addr, size: lab.offset - first.offset, align: 4 });
  all.push({ type: PT_GNU_STACK, flags: PF_R | PF_W, offset: 0, addr: 0, size: 0, align: 16 });
  return all;
}

/** Answers where the sizes of PT_NOTE stand: the note's own size is added for each program. */
function writeSegments(
  view: DataView,
  arch: ArchFacts,
  kind: Kind,
  l: Layout,
  list: readonly Section[],
  phdrs: number,
): [number, number][] {
  const patches: [number, number][] = [];
  segmentsOf(arch, kind, l, list, phdrs).forEach((p, i) => {
    const at = ehsize(l) + i * phentsize(l);
    const w = cursor(view, at, l);
    w.word(p.type);
    if (l.is64) w.word(p.flags);
    w.addr(p.offset, p.addr, p.addr, p.size, p.size);
    if (!l.is64) w.word(p.flags);
    w.addr(p.align);
    if (p.type === PT_NOTE) patches.push([at + (l.is64 ? 32 : 16), p.size], [at + (l.is64 ? 40 : 20), p.size]);
  });
  return patches;
}

function writeSectionTable(view: DataView, l: Layout, shoff: number, list: readonly Section[]): [number, number][] {
  const patches: [number, number][] = [];
  let name = 1;
  list.forEach((s, i) => {
    const at = shoff + (i + 1) * shentsize(l);
    const w = cursor(view, at, l);
    w.word(name, s.type);
    w.addr(s.flags, s.addr, s.offset, s.data.length);
    w.word(s.link ? list.findIndex((o) => o.name === s.link) + 1 : 0, s.info ?? 0);
    w.addr(s.align, s.entsize ?? 0);
    name += s.name.length + 1;
    if (s.name === '.note.binfmt-lab') patches.push([at + (l.is64 ? 32 : 20), 0]);
  });
  return patches;
}

// ---- small tools

const ehsize = (l: Layout): number => (l.is64 ? 64 : 52);
const phentsize = (l: Layout): number => (l.is64 ? 56 : 32);
const shentsize = (l: Layout): number => (l.is64 ? 64 : 40);

function align(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}

function section(list: readonly Section[], name: string): Section {
  const found = list.find((s) => s.name === name);
  if (!found) throw new Error(`no section ${name}`);
  return found;
}

/** A field of the file's class; the upper half of a 64-bit one is zero here. */
function setWord(view: DataView, at: number, value: number, l: Layout): void {
  view.setUint32(at + (l.is64 && !l.le ? 4 : 0), value, l.le);
}

/** Writes fields of the file's class and byte order one after another. */
function cursor(view: DataView, start: number, l: Layout) {
  let at = start;
  return {
    half(...values: number[]): void {
      for (const v of values) {
        view.setUint16(at, v, l.le);
        at += 2;
      }
    },
    word(...values: number[]): void {
      for (const v of values) {
        view.setUint32(at, v, l.le);
        at += 4;
      }
    },
    addr(...values: number[]): void {
      for (const v of values) {
        setWord(view, at, v, l);
        at += l.is64 ? 8 : 4;
      }
    },
  };
}

function words(l: Layout, values: readonly number[]): Bytes {
  const out = new Uint8Array(values.length * 4);
  cursor(new DataView(out.buffer), 0, l).word(...values);
  return out;
}

function note(l: Layout, owner: string, type: number, desc: Bytes): Bytes {
  const name = encode(`${owner}\0`);
  const out = new Uint8Array(12 + align(name.length, 4) + align(desc.length, 4));
  cursor(new DataView(out.buffer), 0, l).word(name.length, desc.length, type);
  out.set(name, 12);
  out.set(desc, 12 + align(name.length, 4));
  return out;
}

/** One bucket, no symbol in it, one Bloom word. */
function emptyGnuHash(l: Layout): Bytes {
  return words(l, l.is64 ? [1, 1, 1, 0, 0, 0, 0] : [1, 1, 1, 0, 0, 0]);
}
