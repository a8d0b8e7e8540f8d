/** A rule's file, read back as `cat` shows it. */

/** One byte of a magic, and the bits of it that are looked at. */
export interface MagicByte {
  readonly value: number;
  readonly mask: number;
}

export type Match =
  | { readonly kind: 'magic'; readonly offset: number; readonly bytes: readonly MagicByte[] }
  | { readonly kind: 'extension'; readonly extension: string };

export interface Entry {
  readonly enabled: boolean;
  readonly interpreter: string;
  /** Of "POCF", in that order. */
  readonly flags: string;
  readonly match: Match;
}

/** Null for a text that no rule has. */
export function parseEntry(text: string): Entry | null {
  const parts =
    /^(enabled|disabled)\ninterpreter ([\s\S]*)\nflags: ?(P?O?C?F?)\n(?:extension \.([\s\S]*)|offset (\d+)\nmagic ((?:[0-9a-f]{2})+)(?:\nmask ((?:[0-9a-f]{2})+))?)\n$/.exec(
      text,
    );
  if (parts === null) return null;
  const [, state, interpreter = '', flags = '', extension, offset, magic, mask] = parts;
  const match: Match =
    extension === undefined
      ? { kind: 'magic', offset: Number(offset), bytes: magicBytes(magic ?? '', mask) }
      : { kind: 'extension', extension };
  return { enabled: state === 'enabled', interpreter, flags, match };
}

/** Of a text that may be no rule's. */
export function interpreterOf(text: string): string | null {
  return parseEntry(text)?.interpreter ?? null;
}

function magicBytes(magic: string, mask: string | undefined): MagicByte[] {
  const masks = mask === undefined ? [] : numbers(mask);
  return numbers(magic).map((value, i) => ({ value, mask: masks[i] ?? 0xff }));
}

const numbers = (hex: string): number[] => (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
