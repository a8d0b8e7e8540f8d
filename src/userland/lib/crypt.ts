/** crypt(3), for the one kind of hash that is modelled: $6$, SHA-512 in rounds. Follows Drepper's "Unix crypt using SHA-256 and SHA-512". */
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, encode } from '../../uapi/bytes.ts';
import type { Bytes } from '../../uapi/types.ts';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The hash of `password` in the setting of `stored`, or null where its kind is not modelled. */
export function crypt(password: string, stored: string): string | null {
  const m = /^\$6\$(rounds=(\d+)\$)?([^$]{0,16})[^$]*(?:\$|$)/.exec(stored);
  if (!m) return null;
  const rounds = Math.min(999_999_999, Math.max(1000, Number(m[2] ?? 5000)));
  const salt = m[3] ?? '';
  return `$6$${m[1] ?? ''}${salt}$${base64(digest(encode(password), encode(salt), rounds))}`;
}

function digest(key: Bytes, salt: Bytes, rounds: number): Bytes {
  const b = sha512(concat([key, salt, key]));
  let a = sha512(concat([key, salt, repeat(b, key.length), ...bits(key.length).map((bit) => (bit ? b : key))]));
  const p = repeat(sha512(repeat(key, key.length * key.length)), key.length);
  const s = repeat(sha512(repeat(salt, salt.length * (16 + (a[0] ?? 0)))), salt.length);
  for (let i = 0; i < rounds; i++) {
    const odd = i % 2 === 1;
    a = sha512(concat([odd ? p : a, ...(i % 3 ? [s] : []), ...(i % 7 ? [p] : []), odd ? a : p]));
  }
  return a;
}

function repeat(bytes: Bytes, length: number): Bytes {
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0);
}

/** The bits of a number, the lowest first. */
function bits(n: number): boolean[] {
  return n === 0 ? [] : [n % 2 === 1, ...bits(n >> 1)];
}

/** Three bytes from three thirds of the digest become four letters. */
function base64(a: Bytes): string {
  let out = '';
  let [x, y, z] = [0, 21, 42];
  for (let i = 0; i < 21; i++) {
    out += letters(((a[x] ?? 0) << 16) | ((a[y] ?? 0) << 8) | (a[z] ?? 0), 4);
    [x, y, z] = [y + 1, z + 1, x + 1];
  }
  return out + letters(a[63] ?? 0, 2);
}

function letters(value: number, count: number): string {
  return Array.from({ length: count }, (_, i) => ALPHABET[(value >> (6 * i)) & 63]).join('');
}
