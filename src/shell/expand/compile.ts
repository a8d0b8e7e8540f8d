/** Raw words to segments. Pure, and remembered by text: a word in a loop is read once. */
import { ansiCValue } from '../quoting.ts';
import { expandBraces } from './braces.ts';
import { skipAnsiC, skipArithmetic, skipBacktick, skipBraces, skipBrackets, skipDouble, skipOne, skipParens, skipSingle } from './scan.ts';
import type { Param, QuoteMode, Segment } from './segments.ts';

export interface CompiledWord {
  readonly segments: readonly Segment[];
  /** The value, when it is one fixed field whatever the state of the shell. */
  readonly fixed: string | undefined;
}

const cache = new Map<string, CompiledWord>();
const CACHE_LIMIT = 5000;

/** `tilde`: where an unquoted `~` means a home: nowhere, at the start, or also after `:` (and the first `=`). */
export type TildeRule = 'none' | 'start' | 'assignment';

export function compileWord(raw: string, mode: QuoteMode = 'word', tilde: TildeRule = 'none'): CompiledWord {
  const key = `${mode[0]}${tilde[0]}${raw}`;
  const known = cache.get(key);
  if (known) return known;
  const compiled = finish(new Scanner(raw, mode, tilde).run());
  if (cache.size > CACHE_LIMIT) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

/** A word that is only itself: `{1..100000}` makes many. */
const PLAIN = /^[\w./-]+$/;

const bracesCache = new Map<string, readonly CompiledWord[]>();

/** A command's word: brace expansion first, then segments of each result. */
export function compileArgument(raw: string, braces: boolean): readonly CompiledWord[] {
  const known = braces ? bracesCache.get(raw) : undefined;
  if (known) return known;
  const words = braces && raw.includes('{') ? expandBraces(raw) : [raw];
  const out = words.map((w) =>
    PLAIN.test(w)
      ? { segments: [{ t: 'lit', v: w, q: false } as const], fixed: w }
      : compileWord(w, 'word', /^[A-Za-z_][A-Za-z0-9_]*=/.test(w) ? 'assignment' : 'start'),
  );
  if (bracesCache.size > CACHE_LIMIT) bracesCache.clear();
  if (braces) bracesCache.set(raw, out);
  return out;
}

const GLOB = /[*?\\]|\[.|[?*+@!]\(/;

function finish(segments: Segment[]): CompiledWord {
  const fixed = segments.every((s) => s.t === 'lit' && (s.q || !GLOB.test(s.v)));
  return { segments, fixed: fixed && segments.length > 0 ? segments.map((s) => (s.t === 'lit' ? s.v : '')).join('') : undefined };
}

class Scanner {
  private i = 0;
  private readonly out: Segment[] = [];
  private text = '';

  constructor(
    private readonly s: string,
    private readonly mode: QuoteMode,
    private readonly tilde: TildeRule,
  ) {}

  run(): Segment[] {
    if (this.mode === 'word') this.word();
    else this.quoted(this.s.length, this.mode);
    return this.out;
  }

  private flush(quoted: boolean): void {
    if (this.text !== '') this.out.push({ t: 'lit', v: this.text, q: quoted });
    this.text = '';
  }
  private push(segment: Segment, quoted: boolean): void {
    this.flush(quoted);
    this.out.push(segment);
  }

  private word(): void {
    const { s } = this;
    while (this.i < s.length) {
      const c = s[this.i] as string;
      if (c === '\\') this.backslash();
      else if (c === "'") {
        const end = skipSingle(s, this.i + 1);
        this.push({ t: 'lit', v: s.slice(this.i + 1, s[end - 1] === "'" ? end - 1 : end), q: true }, false);
        this.i = end;
      } else if (c === '"') this.doubleQuoted();
      else if (c === '$') this.dollar(false);
      else if (c === '`') this.backtick(false);
      else if ((c === '<' || c === '>') && s[this.i + 1] === '(') this.process(c);
      else if (c === '~' && this.tildeHere()) this.home();
      else {
        this.text += c;
        this.i++;
      }
    }
    this.flush(false);
  }

  private backslash(): void {
    const next = this.s[this.i + 1];
    this.i += 2;
    if (next === '\n') return;
    if (next === undefined) this.text += '\\';
    else this.push({ t: 'lit', v: this.takeChar(next), q: true }, false);
  }

  /** A char outside the BMP takes both its halves. */
  private takeChar(c: string): string {
    const low = this.s[this.i];
    if (c >= '\ud800' && c <= '\udbff' && low !== undefined) {
      this.i++;
      return c + low;
    }
    return c;
  }

  private doubleQuoted(): void {
    this.flush(false);
    const end = skipDouble(this.s, this.i + 1);
    const before = this.out.length;
    this.i++;
    this.quoted(this.s[end - 1] === '"' ? end - 1 : end, 'dq');
    this.i = end;
    if (this.out.length === before) this.out.push({ t: 'lit', v: '', q: true });
  }

  /** Text where only `$`, backquote and some backslashes are special. */
  private quoted(end: number, mode: QuoteMode): void {
    const { s } = this;
    const escapable = mode === 'heredoc' ? '$`\\' : mode === 'operand' ? '$`"\\}' : '$`"\\';
    while (this.i < end) {
      const c = s[this.i] as string;
      if (c === '\\' && this.i + 1 < end) {
        const next = s[this.i + 1] as string;
        this.i += 2;
        if (next === '\n') continue;
        this.text += escapable.includes(next) ? next : `\\${next}`;
      } else if (c === '$') this.dollar(true);
      else if (c === '`') this.backtick(true);
      else if (c === '"' && mode === 'operand') this.i++;
      else {
        this.text += c;
        this.i++;
      }
    }
    this.flush(true);
  }

  private tildeHere(): boolean {
    if (this.tilde === 'none') return false;
    if (this.i === 0) return true;
    const before = this.s[this.i - 1];
    return (
      this.tilde === 'assignment' &&
      this.out.every((seg) => seg.t === 'lit' || seg.t === 'tilde') &&
      (before === ':' || (before === '=' && !this.s.slice(0, this.i - 1).includes('=')))
    );
  }

  private home(): void {
    const m = /^~([^/:'"\\$`]*)/.exec(this.s.slice(this.i)) as RegExpExecArray;
    const next = this.s[this.i + m[0].length];
    const ends = next === undefined || next === '/' || (next === ':' && this.tilde === 'assignment');
    if (!ends) this.text += m[0];
    else this.push({ t: 'tilde', user: m[1] as string }, false);
    this.i += m[0].length;
  }

  private process(c: '<' | '>'): void {
    const end = skipParens(this.s, this.i + 2);
    this.push({ t: 'proc', direction: c, source: this.s.slice(this.i + 2, end - 1) }, false);
    this.i = end;
  }

  private backtick(q: boolean): void {
    const end = skipBacktick(this.s, this.i + 1);
    const inner = this.s.slice(this.i + 1, end - 1);
    const source = inner.replace(q && this.mode !== 'heredoc' ? /\\([$`\\"])/g : /\\([$`\\])/g, '$1');
    this.push({ t: 'cmd', q, source, backtick: true, line: 0 }, q);
    this.i = end;
  }

  private dollar(q: boolean): void {
    const { s, i } = this;
    const c = s[i + 1];
    if (c === '(' && s[i + 2] === '(') {
      const end = skipArithmetic(s, i + 3);
      if (end > 0) return this.arithmetic(q, s.slice(i + 3, end - 2), end);
    }
    if (c === '(') {
      const end = skipParens(s, i + 2);
      const line = s.slice(0, i).split('\n').length - 1;
      this.push({ t: 'cmd', q, source: s.slice(i + 2, s[end - 1] === ')' ? end - 1 : end), backtick: false, line }, q);
      this.i = end;
    } else if (c === '[') {
      const end = skipBrackets(s, i + 2);
      this.arithmetic(q, s.slice(i + 2, end - 1), end);
    } else if (c === '{') {
      const end = skipBraces(s, i + 2, q);
      this.push(parseParameter(s.slice(i, end), q), q);
      this.i = end;
    } else if (c === "'" && !q) {
      const end = skipAnsiC(s, i + 2);
      this.push({ t: 'lit', v: ansiCValue(s.slice(i + 2, end - 1)), q: true }, false);
      this.i = end;
    } else if (c === '"' && !q) {
      this.i++;
      this.doubleQuoted();
    } else this.simple(q);
  }

  private arithmetic(q: boolean, expression: string, end: number): void {
    this.push({ t: 'arith', q, expression }, q);
    this.i = end;
  }

  private simple(q: boolean): void {
    const m = /^\$([A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(this.s.slice(this.i, this.i + 256));
    if (!m) {
      this.text += '$';
      this.i++;
      return;
    }
    const name = longName(this.s, this.i, m[1] as string);
    this.push(plainParam(name, q, `$${name}`), q);
    this.i += name.length + 1;
  }
}

function longName(s: string, i: number, name: string): string {
  return name.length < 255 ? name : (/^[A-Za-z0-9_]*/.exec(s.slice(i + 1))?.[0] ?? name);
}

function plainParam(name: string, q: boolean, raw: string): Param {
  return {
    t: 'param',
    q,
    name,
    index: undefined,
    indirect: false,
    length: false,
    names: undefined,
    op: '',
    word: '',
    word2: undefined,
    raw,
  };
}

const NAME = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])/;

/** `${…}` taken apart; what bash calls a bad substitution gets the operator `bad`. */
export function parseParameter(raw: string, q: boolean): Param {
  const closed = raw.endsWith('}');
  const s = raw.slice(2, closed ? -1 : undefined);
  const bad: Param = { ...plainParam('', q, raw), op: 'bad' };
  if (!closed) return bad;
  let i = 0;
  let length = false;
  let indirect = false;
  if (s[0] === '#' && s.length > 1 && isLengthOf(s)) {
    length = true;
    i = 1;
  } else if (s[0] === '!' && s.length > 1 && /[A-Za-z_0-9@*#?$!-]/.test(s[1] as string) && !/^!(?:[-:=?+](?![}])|[#%/^,])/.test(s)) {
    indirect = true;
    i = 1;
  }
  const name = NAME.exec(s.slice(i))?.[0];
  if (name === undefined) return bad;
  i += name.length;
  let index: string | undefined;
  if (s[i] === '[' && /^[A-Za-z_]/.test(name)) {
    const end = skipBrackets(s, i + 1);
    if (s[end - 1] !== ']') return bad;
    index = s.slice(i + 1, end - 1);
    i = end;
  }
  const rest = s.slice(i);
  const base = { t: 'param' as const, q, name, index, indirect, length, names: undefined, word2: undefined, raw };
  if (rest === '') return { ...base, op: '', word: '' };
  if (length) return bad;
  if (indirect && (rest === '@' || rest === '*') && index === undefined) return { ...base, names: rest, op: 'names', word: '' };
  return { ...base, ...parseOperation(rest, bad) };
}

function isLengthOf(s: string): boolean {
  const m = NAME.exec(s.slice(1))?.[0];
  return m !== undefined && (s.length === m.length + 1 || s[m.length + 1] === '[');
}

type Operation = Pick<Param, 'op' | 'word' | 'word2'>;

function parseOperation(rest: string, bad: Param): Operation {
  const m = /^(?::[-=?+]|[-=?+]|##|%%|\^\^|,,|~~|\/\/|[#%^,~/:@])/.exec(rest);
  if (!m) return { op: bad.op, word: '', word2: undefined };
  const op = m[0];
  const word = rest.slice(op.length);
  if (op === '/' || op === '//') return splitReplacement(op, word);
  if (op === ':') return splitSlice(word);
  if (op === '@' && !/^[UuLQEPAKak]$/.test(word)) return { op: bad.op, word: '', word2: undefined };
  return { op, word, word2: undefined };
}

function splitReplacement(op: string, word: string): Operation {
  let anchor = '';
  if (op === '/' && (word[0] === '#' || word[0] === '%')) anchor = word[0];
  const body = word.slice(anchor.length);
  let i = op === '//' && body[0] === '/' ? 1 : 0;
  while (i < body.length && body[i] !== '/') i = skipOne(body, i);
  const hasReplacement = i < body.length;
  return { op: op + anchor, word: body.slice(0, i), word2: hasReplacement ? body.slice(i + 1) : '' };
}

/** Offset and length; a `:` that belongs to `?:` or stands in brackets does not separate. */
function splitSlice(word: string): Operation {
  let depth = 0;
  let ternary = 0;
  for (let i = 0; i < word.length; ) {
    const c = word[i];
    if (c === '(' || c === '[') depth++;
    if (c === ')' || c === ']') depth--;
    if (c === '?' && depth === 0) ternary++;
    if (c === ':' && depth === 0 && ternary-- === 0) return { op: ':', word: word.slice(0, i), word2: word.slice(i + 1) };
    i = c === '$' || c === '`' || c === '"' || c === "'" || c === '\\' ? skipOne(word, i) : i + 1;
  }
  return { op: ':', word, word2: undefined };
}
