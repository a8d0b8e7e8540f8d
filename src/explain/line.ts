/** A rule as a line for `register`, in printable bytes wherever the language allows it. */

import { create_entry, type MiscFlag, type MiscRule, type RegisterLimits } from '../kernel/fs/binfmt_misc_entry.ts';
import { concat, encode, latin1 } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';

export const FLAGS: readonly MiscFlag[] = ['P', 'O', 'C', 'F'];
/** Tried in this order; none of them means anything to systemd-binfmt or to a shell's single quotes. */
const DELIMITERS = ':,|!+=@^~%/';
const [QUOTE, BACKSLASH, SPACE, TILDE] = [0x27, 0x5c, 0x20, 0x7e];

/** A line that the kernel reads as `rule`; null if no byte is left to delimit it. */
export function formatLine(rule: MiscRule): Bytes | null {
  const { match } = rule;
  const texts = [rule.name, rule.interpreter, match.kind === 'extension' ? match.extension : ''].map(encode);
  const delimiter = pickDelimiter(texts);
  if (delimiter === null) return null;
  const what =
    match.kind === 'extension'
      ? [encode(''), encode(match.extension), encode('')]
      : [
          encode(match.offset === 0 ? '' : String(match.offset)),
          escapeBytes(match.magic, delimiter),
          escapeBytes(match.mask ?? new Uint8Array(), delimiter),
        ];
  const type = encode(match.kind === 'extension' ? 'E' : 'M');
  const fields = [encode(rule.name), type, ...what, encode(rule.interpreter), encode(flagLetters(rule.flags))];
  return concat(fields.flatMap((field) => [Uint8Array.of(delimiter), field]));
}

/** In the order that entries show them. */
export function flagLetters(flags: ReadonlySet<MiscFlag>): string {
  return FLAGS.filter((f) => flags.has(f)).join('');
}

function pickDelimiter(texts: readonly Bytes[]): number | null {
  const free = (byte: number): boolean => !texts.some((t) => t.includes(byte));
  const rest = Array.from({ length: 255 }, (_, i) => i + 1).filter((b) => b !== 0x0a && !'POCF#;'.includes(String.fromCharCode(b)));
  return [...encode(DELIMITERS), ...rest].find(free) ?? null;
}

/** Bytes as a magic or mask spells them: as they are if all can be, else words of letters as they are and the rest as \xHH. */
export function escapeBytes(bytes: Bytes, delimiter: number): Bytes {
  const text = latin1(bytes);
  if (bytes.every((b) => isPlain(b, delimiter))) return encode(text);
  const plain = (word: string): boolean => /^[A-Za-z]{2,}$/.test(word) && !word.includes(String.fromCharCode(delimiter));
  const parts = text.match(/[A-Za-z]+|[^A-Za-z]/g) ?? [];
  return encode(parts.map((part) => (plain(part) ? part : [...part].map(escaped).join(''))).join(''));
}

const isPlain = (b: number, delimiter: number): boolean => b > SPACE && b <= TILDE && b !== BACKSLASH && b !== delimiter && b !== QUOTE;
const escaped = (c: string): string => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** What the kernel makes of a magic or mask field on its own; null if it refuses it, or if it is empty. */
export function decodeField(raw: Bytes, delimiter: number, limits: RegisterLimits): Bytes | null {
  const roomy = { ...limits, MAX_REGISTER_LENGTH: raw.length + 64, BINPRM_BUF_SIZE: raw.length + 64 };
  const d = Uint8Array.of(delimiter);
  const name = encode('xyz'.replace(String.fromCharCode(delimiter), ''));
  const rule = create_entry(concat([d, name, d, encode('M'), d, d, raw, d, d, encode('xyz'), d]), roomy);
  if (!('errno' in rule)) return rule.match.kind === 'magic' ? rule.match.magic : null;
  return null;
}
