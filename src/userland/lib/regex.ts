/**
 * POSIX regular expressions, basic and extended with GNU's additions, as JavaScript ones. The text matched is a
 * character set's (charset.ts). Known difference: where alternatives overlap JavaScript takes the first that leads to
 * a match, POSIX the longest; alternatives of plain text are put longest first, which covers the usual case.
 */
import { type BracketOptions, parseBracket } from './regex-bracket.ts';

export interface RegexOptions extends BracketOptions {
  readonly extended: boolean;
  /** `^` and `$` also at line ends within the text: sed's M. */
  readonly multiline?: boolean;
}

export interface CompiledRegex {
  /** With the flag g: set `lastIndex` before use. */
  readonly regexp: RegExp;
  readonly groups: number;
}

/** Answers the compiled expression, or regcomp(3)'s message. */
export function compileRegex(source: string, options: RegexOptions): CompiledRegex | string {
  const parser = new Parser(source, options);
  try {
    const pattern = parser.parse();
    const flags = `g${options.ignoreCase ? 'i' : ''}${options.multiline ? 'm' : 's'}${options.utf8 ? 'u' : ''}`;
    return { regexp: new RegExp(pattern, flags), groups: parser.groups };
  } catch (e) {
    if (e instanceof RegexError) return e.message;
    if (e instanceof SyntaxError) return 'Invalid regular expression';
    throw e;
  }
}

export class RegexError extends Error {}

/** Text with every character that is special to JavaScript escaped. */
export function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

const GNU_ESCAPES: Readonly<Record<string, string>> = {
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  s: '[ \\t\\n\\v\\f\\r]',
  S: '[^ \\t\\n\\v\\f\\r]',
  b: '\\b',
  B: '\\B',
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  '`': '(?<![^])',
  "'": '(?![^])',
};
const UTF8_ESCAPES: Readonly<Record<string, string>> = {
  w: '[\\p{L}\\p{N}_]',
  W: '[^\\p{L}\\p{N}_]',
  b: '(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))',
  B: '(?:(?<=[\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_]))',
  '<': '(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_])',
  '>': '(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])',
};

type Token =
  | { readonly kind: 'open' | 'close' | 'or' | 'start' | 'end' | 'any' }
  | { readonly kind: 'repeat'; readonly min: number; readonly max: number }
  | { readonly kind: 'backref'; readonly group: number }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'set' | 'zero-width'; readonly pattern: string };

class Parser {
  groups = 0;
  private position = 0;
  private readonly closed = new Set<number>();

  constructor(
    private readonly source: string,
    private readonly options: RegexOptions,
  ) {}

  parse(): string {
    const pattern = this.alternatives(0);
    if (this.position < this.source.length) throw new RegexError('Unmatched ) or \\)');
    return pattern;
  }

  private alternatives(depth: number): string {
    const branches: { pattern: string; literal: boolean }[] = [];
    for (;;) {
      branches.push(this.branch(depth));
      const before = this.position;
      if (this.next(false)?.kind === 'or') continue;
      this.position = before;
      break;
    }
    if (branches.every((b) => b.literal)) branches.sort((a, b) => b.pattern.length - a.pattern.length);
    return branches.map((b) => b.pattern).join('|');
  }

  /** Atoms up to `|`, `)` or the end. */
  private branch(depth: number): { pattern: string; literal: boolean } {
    let out = '';
    let literal = true;
    for (let first = true; ; first = false) {
      const before = this.position;
      const token = this.next(first);
      if (!token || token.kind === 'or' || (token.kind === 'close' && (depth > 0 || !this.options.extended))) {
        this.position = before;
        return { pattern: out, literal };
      }
      if (token.kind === 'repeat') continue; // nothing to repeat: GNU's extended syntax ignores it
      const atom = this.atom(token, depth);
      if (token.kind !== 'literal') literal = false;
      if (token.kind === 'start' && !this.options.extended) {
        out += atom + this.literalStars();
        continue;
      }
      const repeated = this.repeated(atom);
      if (repeated !== atom) literal = false;
      out += repeated;
    }
  }

  /** In a basic expression a star after a leading ^ is a star. */
  private literalStars(): string {
    if (this.source[this.position] !== '*') return '';
    this.position++;
    return this.repeated('\\*');
  }

  private atom(token: Token, depth: number): string {
    switch (token.kind) {
      case 'open':
        return this.group(depth);
      case 'close':
        return '\\)'; // a lone ) of an extended expression
      case 'start':
        return '^';
      case 'end':
        return '$';
      case 'any':
        return this.options.multiline ? '[^]' : '.';
      case 'backref':
        if (!this.closed.has(token.group)) throw new RegexError('Invalid back reference');
        return `(?:\\${token.group})`;
      case 'literal':
        return escapeLiteral(token.text);
      case 'set':
      case 'zero-width':
        return token.pattern;
      default:
        return '';
    }
  }

  private group(depth: number): string {
    const number = ++this.groups;
    const inner = this.alternatives(depth + 1);
    if (this.next(false)?.kind !== 'close') throw new RegexError('Unmatched ( or \\(');
    this.closed.add(number);
    return `(${inner})`;
  }

  /** The atom with the repetitions that follow it; several in a row nest. */
  private repeated(atom: string): string {
    let out = atom;
    for (let count = 0; ; count++) {
      const before = this.position;
      const token = this.next(false);
      if (token?.kind !== 'repeat') {
        this.position = before;
        return out;
      }
      const body = count > 0 || /^(\(\?<?[!=]|\^$|\$$)/.test(atom) || atom.startsWith('\\b') ? `(?:${out})` : out;
      out = body + suffix(token.min, token.max);
    }
  }

  /** The next token; `first` says that nothing precedes it in its branch. */
  private next(first: boolean): Token | null {
    const c = this.takeCharacter();
    if (c === undefined) return null;
    if (c === '\\') return this.escaped(first);
    if (c === '[') return this.bracket();
    if (c === '.') return { kind: 'any' };
    if (c === '*') return first && !this.options.extended ? { kind: 'literal', text: '*' } : { kind: 'repeat', min: 0, max: Infinity };
    return this.options.extended ? this.extended(c) : this.basicAnchor(c, first);
  }

  private takeCharacter(): string | undefined {
    const code = this.source.codePointAt(this.position);
    if (code === undefined) return undefined;
    const c = this.options.utf8 ? String.fromCodePoint(code) : (this.source[this.position] as string);
    this.position += c.length;
    return c;
  }

  private extended(c: string): Token {
    switch (c) {
      case '(':
        return { kind: 'open' };
      case ')':
        return { kind: 'close' };
      case '|':
        return { kind: 'or' };
      case '+':
        return { kind: 'repeat', min: 1, max: Infinity };
      case '?':
        return { kind: 'repeat', min: 0, max: 1 };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '{':
        return this.interval('}') ?? { kind: 'literal', text: '{' };
      default:
        return { kind: 'literal', text: c };
    }
  }

  private basicAnchor(c: string, first: boolean): Token {
    if (c === '^' && first) return { kind: 'start' };
    const rest = this.source.slice(this.position);
    if (c === '$' && (rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|'))) return { kind: 'end' };
    return { kind: 'literal', text: c };
  }

  private escaped(first: boolean): Token {
    const c = this.takeCharacter();
    if (c === undefined) throw new RegexError('Trailing backslash');
    if (/[1-9]/.test(c)) return { kind: 'backref', group: Number(c) };
    const known = (this.options.utf8 ? UTF8_ESCAPES[c] : undefined) ?? GNU_ESCAPES[c];
    if (known) return { kind: /[wWsS]/.test(c) ? 'set' : 'zero-width', pattern: known };
    return this.options.extended ? { kind: 'literal', text: c } : this.basicEscaped(c, first);
  }

  private basicEscaped(c: string, first: boolean): Token {
    switch (c) {
      case '(':
        return { kind: 'open' };
      case ')':
        return { kind: 'close' };
      case '|':
        return { kind: 'or' };
      case '+':
        return first ? { kind: 'literal', text: c } : { kind: 'repeat', min: 1, max: Infinity };
      case '?':
        return first ? { kind: 'literal', text: c } : { kind: 'repeat', min: 0, max: 1 };
      case '{':
        if (first) throw new RegexError('Invalid preceding regular expression');
        return this.basicInterval();
      default:
        return { kind: 'literal', text: c };
    }
  }

  private basicInterval(): Token {
    const interval = this.interval('\\}');
    if (interval) return interval;
    throw new RegexError(this.source.includes('\\}', this.position) ? 'Invalid content of \\{\\}' : 'Unmatched \\{');
  }

  /** `n}`, `n,}`, `n,m}` or `,m}` after the opening brace; null if it is none of these. */
  private interval(close: string): Token | null {
    const m = /^(\d*)(,?)(\d*)/.exec(this.source.slice(this.position));
    const [whole = '', low = '', comma = '', high = ''] = m ?? [];
    if ((low === '' && comma === '') || !this.source.startsWith(close, this.position + whole.length)) return null;
    this.position += whole.length + close.length;
    const min = Number(low);
    const max = comma === '' ? min : high === '' ? Infinity : Number(high);
    if (min > 32767 || (max !== Infinity && max > 32767)) throw new RegexError('Regular expression too big');
    if (max < min) throw new RegexError('Invalid content of \\{\\}');
    return { kind: 'repeat', min, max };
  }

  private bracket(): Token {
    const set = parseBracket(this.source, this.position, this.options);
    if (typeof set === 'string') throw new RegexError(set);
    this.position = set.end;
    return { kind: 'set', pattern: set.pattern };
  }
}

function suffix(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}
