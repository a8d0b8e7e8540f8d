/** How many columns a character takes on the screen, as glibc's wcwidth(3) says in a UTF-8 locale. */

const ZERO = /^(?:\p{Mn}|\p{Me}|\p{Cf}|[\u1160-\u11ff\ud7b0-\ud7fb])$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;
const SOFT_HYPHEN = 0xad;

/** East Asian Wide and Fullwidth, gaps of unassigned characters closed. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** Columns of one character (a code point): 0, 1 or 2. */
export function charWidth(char: string): number {
  const c = char.codePointAt(0) ?? 0;
  if (c < 0x300) return 1;
  if (c >= 0xd800 && c <= 0xdfff) return 1;
  if (c !== SOFT_HYPHEN && ZERO.test(char)) return 0;
  if (WIDE.some(([first, last]) => c >= first && c <= last)) return 2;
  return EMOJI.test(char) ? 2 : 1;
}

/** Columns of a text without control characters. */
export function textWidth(text: string): number {
  let n = 0;
  for (const char of text) n += charWidth(char);
  return n;
}
