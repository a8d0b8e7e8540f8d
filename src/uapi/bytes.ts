/** Bytes and text. Below the glass everything is bytes; names are text that must survive the way there and back. */

// Every host has these two; the core is compiled without DOM types, so they are named here.
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text of arbitrary bytes that encodes back to the same bytes: valid UTF-8 as itself, any other byte
 * as a lone low surrogate U+DC80..U+DCFF (Python's surrogateescape).
 */
export function decode(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

/** The inverse of `decode`. */
export function encode(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const ch of text) {
    const c = ch.codePointAt(0) as number;
    if (c >= 0xdc80 && c <= 0xdcff) out.push(c - 0xdc00);
    else out.push(...encoder.encode(ch));
  }
  return Uint8Array.from(out);
}

function decodeEscaping(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; ) {
    const n = sequenceLength(bytes, i);
    if (n === 0) out += String.fromCharCode(0xdc00 + (bytes[i++] as number));
    else {
      out += strict.decode(bytes.subarray(i, i + n));
      i += n;
    }
  }
  return out;
}

/** Length of the valid UTF-8 sequence at `i`, 0 if there is none. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const b = bytes[i] as number;
  const n = b < 0x80 ? 1 : b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
  if (n < 2) return n;
  try {
    strict.decode(bytes.subarray(i, i + n));
    return i + n <= bytes.length ? n : 0;
  } catch {
    return 0;
  }
}

/** One char for one byte: for scanning bytes with string tools. */
export function latin1(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
}

export function fromLatin1(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  let n = 0;
  for (const c of chunks) n += c.length;
  const out = new Uint8Array(n);
  n = 0;
  for (const c of chunks) {
    out.set(c, n);
    n += c.length;
  }
  return out;
}

const DIGITS = encoder.encode('0123456789abcdef');
/** Of what is written most: a window of execve. */
const scratch = new Uint8Array(512);

export function hex(bytes: Uint8Array): string {
  const size = 2 * bytes.length;
  const out = size > scratch.length ? new Uint8Array(size) : scratch.subarray(0, size);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    out[2 * i] = DIGITS[byte >> 4] as number;
    out[2 * i + 1] = DIGITS[byte & 15] as number;
  }
  return strict.decode(out);
}
