/** Binary formats by their magic numbers, in the words of file(1) 5.44. */
import { latin1 } from '../../uapi/bytes.ts';
import type { Bytes } from '../../uapi/types.ts';
import { strftime } from '../lib/time.ts';

export interface Kind {
  readonly text: string;
  readonly mime: string;
}

interface Magic {
  readonly offset?: number;
  readonly magic: string;
  readonly mime: string;
  readonly words: string | ((f: Fields) => string | null);
}

/** Reads numbers at fixed places; beyond the end they are 0. */
class Fields {
  private readonly view: DataView;
  constructor(readonly bytes: Bytes) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  u8(at: number): number {
    return this.bytes[at] ?? 0;
  }
  u16(at: number, le = true): number {
    return at + 2 <= this.bytes.length ? this.view.getUint16(at, le) : 0;
  }
  u32(at: number, le = true): number {
    return at + 4 <= this.bytes.length ? this.view.getUint32(at, le) : 0;
  }
  text(from: number, to: number): string {
    return latin1(this.bytes.subarray(from, to));
  }
}

const TABLE: readonly Magic[] = [
  { magic: '\x1f\x8b', mime: 'application/gzip', words: gzip },
  { magic: 'BZh', mime: 'application/x-bzip2', words: (f) => `bzip2 compressed data, block size = ${f.text(3, 4)}00k` },
  { magic: '\xfd7zXZ\0', mime: 'application/x-xz', words: (f) => `XZ compressed data, checksum ${XZ_CHECKS[f.u8(7)] ?? 'unknown'}` },
  { magic: '\x28\xb5\x2f\xfd', mime: 'application/zstd', words: 'Zstandard compressed data (v0.8+), Dictionary ID: None' },
  { magic: '\x04\x22\x4d\x18', mime: 'application/x-lz4', words: 'LZ4 compressed data (v1.4+)' },
  { magic: 'PK\x05\x06', mime: 'application/zip', words: 'Zip archive data (empty)' },
  { magic: 'PK\x03\x04', mime: 'application/zip', words: zip },
  { offset: 257, magic: 'ustar\0', mime: 'application/x-tar', words: 'POSIX tar archive' },
  { offset: 257, magic: 'ustar  \0', mime: 'application/x-tar', words: 'POSIX tar archive (GNU)' },
  { magic: '!<arch>\n', mime: 'application/x-archive', words: (f) => (f.text(8, 21) === 'debian-binary' ? DEB : 'current ar archive') },
  { magic: '\x89PNG\r\n\x1a\n', mime: 'image/png', words: png },
  { magic: 'GIF8', mime: 'image/gif', words: (f) => `GIF image data, version ${f.text(3, 6)}, ${f.u16(6)} x ${f.u16(8)}` },
  { magic: '%PDF-', mime: 'application/pdf', words: (f) => `PDF document, version ${f.text(5, 8)}` },
  { magic: '\xca\xfe\xba\xbe', mime: 'application/x-java-applet', words: javaClass },
  { magic: '\0asm', mime: 'application/wasm', words: wasm },
  { magic: '\x1bLua', mime: 'application/x-bytecode.lua', words: lua },
  { magic: 'MZ', mime: 'application/x-dosexec', words: dosExecutable },
];

export function binaryKind(bytes: Bytes): Kind | null {
  const f = new Fields(bytes);
  for (const m of TABLE) {
    const at = m.offset ?? 0;
    if (f.text(at, at + m.magic.length) !== m.magic) continue;
    const text = typeof m.words === 'string' ? m.words : m.words(f);
    if (text !== null) return { text, mime: m.mime === 'application/zip' && text.startsWith('Java') ? 'application/java-archive' : m.mime };
  }
  return pyc(f) ?? oldTar(f);
}

const XZ_CHECKS: Readonly<Record<number, string>> = { 0: 'NONE', 1: 'CRC32', 4: 'CRC64', 10: 'SHA-256' };
const DEB = 'Debian binary package (format 2.0)';
const GZIP_SYSTEMS = [
  'FAT filesystem (MS-DOS, OS/2, NT)',
  'Amiga',
  'VMS',
  'Unix',
  'VM/CMS',
  'Atari',
  'HPFS filesystem (OS/2, NT)',
  'MacOS',
];

const date = (seconds: number): string => strftime('%a %b %e %H:%M:%S %Y', seconds * 1000);

function gzip(f: Fields): string {
  const flags = f.u8(3);
  const out = ['gzip compressed data'];
  if (flags & 8) out.push(`was "${f.text(10, 300).replace(/\0.*$/s, '')}"`);
  if (f.u32(4) > 0) out.push(`last modified: ${date(f.u32(4))}`);
  if (f.u8(8) === 2) out.push('max compression');
  if (f.u8(8) === 4) out.push('max speed');
  const system = GZIP_SYSTEMS[f.u8(9)];
  if (system) out.push(`from ${system}`);
  out.push(`original size modulo 2^32 ${f.u32(f.bytes.length - 4)}`);
  return out.join(', ');
}

const ZIP_METHODS: Readonly<Record<number, string>> = { 0: 'store', 8: 'deflate', 9: 'deflate64', 12: 'bzip2', 14: 'lzma' };
function zip(f: Fields): string {
  if (f.u16(30 + f.u16(26)) === 0xcafe) return 'Java archive data (JAR)';
  const version = f.u16(4);
  const method = ZIP_METHODS[f.u16(8)] ?? `[${f.u16(8)}]`;
  return `Zip archive data, at least v${Math.floor(version / 10)}.${version % 10} to extract, compression method=${method}`;
}

const PNG_COLOURS: Readonly<Record<number, string>> = {
  0: ' grayscale',
  2: '/color RGB',
  3: ' colormap',
  4: ' gray+alpha',
  6: '/color RGBA',
};
function png(f: Fields): string {
  const interlaced = f.u8(28) === 0 ? 'non-interlaced' : 'interlaced';
  return `PNG image data, ${f.u32(16, false)} x ${f.u32(20, false)}, ${f.u8(24)}-bit${PNG_COLOURS[f.u8(25)] ?? ''}, ${interlaced}`;
}

const JAVA: Readonly<Record<number, string>> = {
  48: '1.4',
  49: '1.5',
  50: '1.6',
  51: '1.7',
  52: '1.8',
  53: 'SE 9',
  54: 'SE 10',
  55: 'SE 11',
  56: 'SE 12',
  57: 'SE 13',
  58: 'SE 14',
  59: 'SE 15',
  60: 'SE 16',
  61: 'SE 17',
  62: 'SE 18',
  63: 'SE 19',
  64: 'SE 20',
};
/** A class file; with a small number in its place it is Mach-O's universal binary. */
function javaClass(f: Fields): string | null {
  const major = f.u16(6, false);
  if (major < 45) return null;
  return `compiled Java class data, version ${major}.${f.u16(4, false)}${JAVA[major] ? ` (Java ${JAVA[major]})` : ''}`;
}

function wasm(f: Fields): string {
  const version = f.u32(4);
  return `WebAssembly (wasm) binary module version 0x${version.toString(16)}${version === 1 ? ' (MVP)' : ''}`;
}

function lua(f: Fields): string {
  const version = f.u8(4);
  return version >= 0x50 && version <= 0x54 ? `Lua bytecode, version 5.${version & 15}` : 'Lua bytecode,';
}

const PE_MACHINES: Readonly<Record<number, string>> = { 332: 'Intel 80386', 452: 'ARMv7 Thumb', 34404: 'x86-64', 43620: 'Aarch64' };
const PE_SUBSYSTEMS: Readonly<Record<number, string>> = { 1: 'native', 2: 'GUI', 3: 'console', 7: 'POSIX', 10: 'EFI application' };

function dosExecutable(f: Fields): string {
  const pe = f.u32(0x3c);
  if (f.text(pe, pe + 4) !== 'PE\0\0') return 'MS-DOS executable, MZ for MS-DOS';
  const kind = { 267: 'PE32', 523: 'PE32+' }[f.u16(pe + 24)] ?? 'PE';
  const dll = f.u16(pe + 22) & 0x2000 ? '(DLL) ' : '';
  const machine = PE_MACHINES[f.u16(pe + 4)] ?? `unknown processor`;
  return `${kind} executable ${dll}(${PE_SUBSYSTEMS[f.u16(pe + 92)] ?? 'unknown'}) ${machine}, for MS Windows`;
}

/** CPython's compiled modules: the second half of the magic number is CR LF. */
function pyc(f: Fields): Kind | null {
  if (f.text(2, 4) !== '\r\n') return null;
  const mime = 'application/x-bytecode.python';
  const magic = f.u16(0);
  const old = OLD_PYTHONS[magic];
  if (old) return { text: `python ${old} byte-compiled`, mime };
  const version = pythonVersion(magic);
  if (version === null) return null;
  const head = `Byte-compiled Python module for CPython ${version}`;
  const flags = f.u32(4);
  if (flags & 1) {
    const hash = `0x${f.u32(12).toString(16).padStart(8, '0')}${f.u32(8).toString(16).padStart(8, '0')}`;
    return { text: `${head}, hash-based, check-source flag ${flags & 2 ? 'set' : 'unset'}, hash: ${hash}`, mime };
  }
  return { text: `${head}, timestamp-based, .py timestamp: ${date(f.u32(8))} UTC, .py size: ${f.u32(12)} bytes`, mime };
}

const OLD_PYTHONS: Readonly<Record<number, string>> = {
  62211: '2.7',
  3230: '3.3',
  3310: '3.4',
  3350: '3.5.1-',
  3351: '3.5.2+',
  3379: '3.6',
};
const NEW_PYTHONS: readonly (readonly [number, string])[] = [
  [3392, '3.7'],
  [3400, '3.8'],
  [3420, '3.9'],
  [3430, '3.10'],
  [3450, '3.11'],
  [3500, '3.12 or newer'],
];
function pythonVersion(magic: number): string | null {
  if (magic < 3392 || magic > 3599) return null;
  return NEW_PYTHONS.findLast(([from]) => magic >= from)?.[1] ?? null;
}

/** A tar archive of before ustar: the header's checksum is right. */
function oldTar(f: Fields): Kind | null {
  if (f.bytes.length < 512 || f.u8(0) === 0) return null;
  let sum = 8 * 32;
  for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += f.u8(i);
  return Number.parseInt(f.text(148, 156), 8) === sum ? { text: 'tar archive', mime: 'application/x-tar' } : null;
}
