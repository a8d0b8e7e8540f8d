/** Bracket expressions `[…]` of POSIX regular expressions, and the character classes that tr(1) shares. */

export interface BracketOptions {
  readonly utf8: boolean;
  readonly ignoreCase?: boolean;
}

/** The classes in the C locale, as the inside of a JavaScript class. */
export const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: ' \\t\\n\\v\\f\\r',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};
const UTF8_CLASSES: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{N}',
  alpha: '\\p{L}',
  lower: '\\p{Ll}',
  upper: '\\p{Lu}',
  punct: '!-\\/:-@\\[-`{-~\\p{P}\\p{S}',
  print: '\\x20-\\x7e\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}',
  graph: '\\x21-\\x7e\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}',
};

/** Reads what follows `[` at `start`; `end` is after the `]`. Or regcomp's message. */
export function parseBracket(source: string, start: number, options: BracketOptions): { pattern: string; end: number } | string {
  let i = start;
  const negated = source[i] === '^';
  if (negated) i++;
  let inside = '';
  if (i >= source.length) return 'Invalid regular expression';
  for (let first = true; ; first = false) {
    if (i >= source.length) return 'Unmatched [, [^, [:, [., or [=';
    if (source[i] === ']' && !first) break;
    const item = takeItem(source, i, options);
    if (typeof item === 'string') return item;
    i = item.end;
    if (item.set !== null) {
      inside += item.set;
      continue;
    }
    if (source[i] !== '-' || source[i + 1] === ']' || i + 1 >= source.length) {
      inside += escapeInClass(item.character);
      continue;
    }
    const high = takeItem(source, i + 1, options);
    if (typeof high === 'string') return high;
    if (high.set !== null || high.character < item.character) return 'Invalid range end';
    inside += `${escapeInClass(item.character)}-${escapeInClass(high.character)}`;
    i = high.end;
  }
  return { pattern: `[${negated ? '^' : ''}${inside}]`, end: i + 1 };
}

interface Item {
  readonly character: string;
  /** The inside of a class instead of one character. */
  readonly set: string | null;
  readonly end: number;
}

function takeItem(source: string, i: number, options: BracketOptions): Item | string {
  const opener = source.slice(i, i + 2);
  if (opener === '[:' || opener === '[.' || opener === '[=') return takeNamed(source, i, opener[1] as string, options);
  const character = options.utf8 ? String.fromCodePoint(source.codePointAt(i) as number) : (source[i] as string);
  return { character, set: null, end: i + character.length };
}

function takeNamed(source: string, i: number, kind: string, options: BracketOptions): Item | string {
  const close = source.indexOf(`${kind}]`, i + 2);
  if (close < 0) return 'Unmatched [, [^, [:, [., or [=';
  const name = source.slice(i + 2, close);
  const end = close + 2;
  if (kind !== ':') return [...name].length === 1 ? { character: name, set: null, end } : 'Invalid collation character';
  const folded = options.ignoreCase && (name === 'lower' || name === 'upper') ? 'alpha' : name;
  const set = (options.utf8 ? UTF8_CLASSES[folded] : undefined) ?? CLASSES[folded];
  return set === undefined ? 'Invalid character class name' : { character: '', set, end };
}

function escapeInClass(character: string): string {
  return /[\\\]^[-]/.test(character) ? `\\${character}` : character;
}
