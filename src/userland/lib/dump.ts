/** What the dumpers share: bytes as hexadecimal digits and as characters, by table. */
import type { Bytes } from '../../uapi/types.ts';

const table = (of: (byte: number) => string): readonly string[] => Array.from({ length: 256 }, (_, byte) => of(byte));

/** Two digits for each byte. */
export const HEX = table((byte) => byte.toString(16).padStart(2, '0'));
export const UPPER_HEX = table((byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
const PRINTABLE = table((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.'));

/** Printable ASCII as itself, everything else as a dot. */
export function printable(bytes: Bytes): string {
  let out = '';
  for (let i = 0; i < bytes.length; i++) out += PRINTABLE[bytes[i] as number];
  return out;
}
