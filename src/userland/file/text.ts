/** Text files: their encoding and line ends in the words of file(1) 5.44. */
import type { Bytes } from '../../uapi/types.ts';

export interface TextKind {
  /** "ASCII", "Unicode text, UTF-8" … what stands before " text". */
  readonly code: string;
  readonly charset: string;
  /** The characters, for the questions about lines. */
  readonly text: string;
}

/** Bytes that occur in plain ASCII text: printable ones, and BEL BS HT LF VT? FF CR ESC as file(1) counts them. */
const isTextByte = (b: number): boolean => (b >= 7 && b <= 13 && b !== 11) || b === 27 || (b >= 32 && b < 127);
const isHighControl = (b: number): boolean => b >= 0x80 && b < 0xa0 && b !== 0x85;

/** Null where it is data. */
export function textKind(bytes: Bytes): TextKind | null {
  if (bytes.every(isTextByte)) return { code: 'ASCII', charset: 'us-ascii', text: decoded(bytes, 'latin1') };
  return unicode(bytes) ?? singleByte(bytes);
}

function unicode(bytes: Bytes): TextKind | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return utf8(bytes.subarray(3), 'Unicode text, UTF-8 (with BOM)');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes, 'utf-16le', 'little');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(bytes, 'utf-16be', 'big');
  return utf8(bytes, 'Unicode text, UTF-8');
}

function utf8(bytes: Bytes, code: string): TextKind | null {
  if (!bytes.every((b) => b >= 0x80 || isTextByte(b))) return null;
  try {
    return { code, charset: 'utf-8', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return null;
  }
}

function utf16(bytes: Bytes, charset: string, endian: string): TextKind | null {
  const text = decoded(bytes.subarray(2), charset);
  if (bytes.length % 2 === 1 || !/^[\x07-\x0a\x0c\x0d\x1b\x20-\x7e\x80-\uffff]*$/.test(text)) return null;
  return { code: `Unicode text, UTF-16, ${endian}-endian`, charset, text };
}

function singleByte(bytes: Bytes): TextKind | null {
  if (!bytes.every((b) => b >= 0x80 || isTextByte(b))) return null;
  const text = decoded(bytes, 'latin1');
  if (bytes.some(isHighControl)) return { code: 'Non-ISO extended-ASCII', charset: 'unknown-8bit', text };
  return { code: 'ISO-8859', charset: 'iso-8859-1', text };
}

function decoded(bytes: Bytes, label: string): string {
  return new TextDecoder(label).decode(bytes);
}

const MAX_LINE = 300;

/** ", with CRLF line terminators" and the like. */
export function lineWords(text: string): string {
  const crlf = count(text, /\r\n/g);
  const cr = count(text, /\r(?!\n)/g);
  const lf = count(text, /(?<!\r)\n/g);
  const longest = Math.max(...text.split(/[\r\n]/).map((line) => line.length));
  const out: string[] = [];
  if (longest >= MAX_LINE) out.push(`, with very long lines (${longest})`);
  const ends = [crlf ? 'CRLF' : '', cr ? 'CR' : '', lf ? 'LF' : ''].filter((e) => e !== '');
  if (ends.length === 0) out.push(', with no line terminators');
  else if (crlf || cr) out.push(`, with ${ends.join(', ')} line terminators`);
  if (text.includes('\x1b')) out.push(', with escape sequences');
  if (text.includes('\b')) out.push(', with overstriking');
  return out.join('');
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
