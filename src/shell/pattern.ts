/** Shell patterns (`*`, `?`, `[…]`, extended globs) as regular expressions. A backslash quotes the next char. */

export interface PatternOptions {
  readonly extglob: boolean;
  readonly ignoreCase: boolean;
  /** For file names: `*`, `?` and `[` never match a slash. */
  readonly pathname: boolean;
}

const cache = new Map<string, RegExp>();

/** A regular expression that matches a whole string as the pattern does. */
export function patternRegExp(pattern: string, options: PatternOptions): RegExp {
  const key = `${options.extglob ? 1 : 0}${options.ignoreCase ? 1 : 0}${options.pathname ? 1 : 0}${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  const re = compile(`^(?:${patternSource(pattern, options)})$`, options.ignoreCase) ?? /^(?!)/;
  if (cache.size > 2000) cache.clear();
  cache.set(key, re);
  return re;
}

function compile(source: string, ignoreCase: boolean): RegExp | undefined {
  try {
    return new RegExp(source, ignoreCase ? 'sui' : 'su');
  } catch (e) {
    if (e instanceof SyntaxError) return undefined;
    throw e;
  }
}

export function hasPattern(text: string, extglob: boolean): boolean {
  return /[*?]|\[.*\]/s.test(text) || (extglob && /[+@!]\(/.test(text));
}

/** The regular expression's text, without anchors. */
export function patternSource(pattern: string, o: PatternOptions): string {
  return new Translator(pattern, o).sequence('');
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}\\p{N}',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~\\u00a0-\\u{10ffff}',
  graph: '!-~\\u00a1-\\u{10ffff}',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
  word: '\\p{L}\\p{N}_',
};

const quote = (c: string): string => (/[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c);
const quoteInClass = (c: string): string => (/[\\\]^[-]/.test(c) || /[&!#$%*+,.:;<=>?@`~(){}|/]/.test(c) ? escapeCode(c) : c);
const escapeCode = (c: string): string => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;

class Translator {
  private i = 0;
  constructor(
    private readonly p: string,
    private readonly o: PatternOptions,
  ) {}

  /** Up to the end or to an unnested char of `stop`. */
  sequence(stop: string): string {
    let out = '';
    while (this.i < this.p.length) {
      const c = String.fromCodePoint(this.p.codePointAt(this.i) as number);
      if (stop.includes(c) && stop !== '') return out;
      out += this.item(c);
    }
    return out;
  }

  private item(c: string): string {
    const any = this.o.pathname ? '[^/]' : '.';
    this.i += c.length;
    if (this.o.extglob && '?*+@!'.includes(c) && this.p[this.i] === '(' && this.closes()) return this.extended(c, any);
    switch (c) {
      case '*':
        while (this.p[this.i] === '*') this.i++;
        return `${any}*`;
      case '?':
        return any;
      case '[':
        return this.bracket() ?? '\\[';
      case '\\': {
        if (this.i >= this.p.length) return '\\\\';
        const next = String.fromCodePoint(this.p.codePointAt(this.i) as number);
        this.i += next.length;
        return quote(next);
      }
      default:
        return quote(c);
    }
  }

  /** True when the parenthesis at `i` has its partner. */
  private closes(): boolean {
    let depth = 0;
    for (let j = this.i; j < this.p.length; j++) {
      if (this.p[j] === '\\') j++;
      else if (this.p[j] === '(') depth++;
      else if (this.p[j] === ')' && --depth === 0) return true;
    }
    return false;
  }

  private extended(op: string, any: string): string {
    this.i++;
    const alternatives: string[] = [];
    for (;;) {
      alternatives.push(this.sequence('|)'));
      if (this.p[this.i++] !== '|') break;
    }
    const body = alternatives.join('|');
    if (op === '!') {
      const rest = new Translator(this.p.slice(this.i), this.o).sequence('');
      return `(?!(?:${body})${rest}$)${any}*`;
    }
    return `(?:${body})${op === '@' ? '' : op}`;
  }

  private bracket(): string | undefined {
    const start = this.i;
    let body = '';
    const negated = this.p[this.i] === '!' || this.p[this.i] === '^';
    if (negated) this.i++;
    for (let first = true; ; first = false) {
      const c = this.p[this.i];
      if (c === undefined || (c === '/' && this.o.pathname)) {
        this.i = start;
        return undefined;
      }
      if (c === ']' && !first) break;
      body += this.bracketItem();
    }
    this.i++;
    const slash = this.o.pathname ? '(?!\\/)' : '';
    if (body === '') return negated ? (this.o.pathname ? '[^/]' : '.') : '(?!)';
    return `${slash}[${negated ? '^' : ''}${body}]`;
  }

  private bracketItem(): string {
    const named = /^\[([:=.])(.*?)\1\]/.exec(this.p.slice(this.i));
    if (named) {
      this.i += named[0].length;
      const name = named[2] as string;
      return named[1] === ':' ? (CLASSES[name] ?? '') : [...name].map(quoteInClass).join('');
    }
    const from = this.bracketChar();
    if (this.p[this.i] !== '-' || this.p[this.i + 1] === ']' || this.p[this.i + 1] === undefined) return quoteInClass(from);
    this.i++;
    const to = this.bracketChar();
    return (from.codePointAt(0) as number) <= (to.codePointAt(0) as number) ? `${quoteInClass(from)}-${quoteInClass(to)}` : '';
  }

  private bracketChar(): string {
    if (this.p[this.i] === '\\' && this.i + 1 < this.p.length) this.i++;
    const c = String.fromCodePoint(this.p.codePointAt(this.i) as number);
    this.i += c.length;
    return c;
  }
}

/** A literal string as a pattern that matches just it. */
export function quotePattern(text: string): string {
  return text.replace(/[*?[\]\\!@+()|^-]/g, '\\$&');
}
