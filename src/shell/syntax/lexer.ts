/**
 * Reads tokens the way bash's parser does, for one purpose: to find the token that bash would complain about. It runs only
 * on text that unbash refused, and to learn whether a text typed so far is complete.
 */

export class SyntaxFailure {
  constructor(
    readonly kind: 'token' | 'eof' | 'unmatched' | 'text',
    /** The token, the closing delimiter awaited, or the whole text. */
    readonly what: string,
    readonly pos: number,
  ) {}
  /** A wrong token inside `$( )` or `<( )`: `bash -c` gives up altogether. */
  inSubstitution = false;
  /** The one token that could have stood there, where dash names it. */
  expected: string | undefined;
}

export interface Token {
  readonly kind: 'word' | 'op' | 'newline' | 'eof';
  readonly text: string;
  readonly pos: number;
}

const OPERATOR = /^(?:;;&|;;|;&|&&|\|\||\|&|&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||[|&;()<>])/;
export const REDIRECTION = /^(?:&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||[<>])$/;

export class Lexer {
  pos: number;
  private peeked: Token | undefined;
  private heredocs: { readonly delimiter: string; readonly strip: boolean }[] = [];
  openHeredoc = false;

  constructor(
    readonly s: string,
    start: number,
    /** `@(a|b)` and the like are parts of words. */
    public extglob: boolean,
    /** Parses a command list up to `)` when a substitution opens at a position; answers the position after it. */
    private readonly substitution: (at: number) => number,
  ) {
    this.pos = start;
  }

  peek(): Token {
    this.peeked ??= this.read();
    return this.peeked;
  }
  next(): Token {
    const t = this.peek();
    this.peeked = undefined;
    return t;
  }
  /** Goes on at `pos`, forgetting what was looked at. */
  seek(pos: number): void {
    this.peeked = undefined;
    this.pos = pos;
  }
  heredoc(word: string, strip: boolean): void {
    this.heredocs.push({ delimiter: word.replace(/\\(.)|['"]/g, '$1'), strip });
  }

  private read(): Token {
    const { s } = this;
    this.blanks();
    const pos = this.pos;
    if (pos >= s.length) return { kind: 'eof', text: '', pos };
    if (s[pos] === '\n') {
      this.pos++;
      this.bodies();
      return { kind: 'newline', text: 'newline', pos };
    }
    const op = OPERATOR.exec(s.slice(pos, pos + 3))?.[0];
    const process = (op === '<' || op === '>') && s[pos + 1] === '(';
    if (this.sh && op === '<<<') {
      this.pos += 2;
      return { kind: 'op', text: '<<', pos };
    }
    if (op && !process) {
      this.pos += op.length;
      return { kind: 'op', text: op, pos };
    }
    this.pos = this.wordEnd(pos);
    return { kind: 'word', text: s.slice(pos, this.pos), pos };
  }

  private blanks(): void {
    const { s } = this;
    for (;;) {
      const c = s[this.pos];
      if (c === ' ' || c === '\t') this.pos++;
      else if (c === '\\' && s[this.pos + 1] === '\n') this.pos += 2;
      else if (c === '#') while (this.pos < s.length && s[this.pos] !== '\n') this.pos++;
      else return;
    }
  }

  private bodies(): void {
    for (const h of this.heredocs.splice(0)) {
      for (;;) {
        if (this.pos >= this.s.length) {
          this.openHeredoc = true;
          break;
        }
        const nl = this.s.indexOf('\n', this.pos);
        const end = nl < 0 ? this.s.length : nl;
        const line = this.s.slice(this.pos, end);
        this.pos = Math.min(end + 1, this.s.length);
        if ((h.strip ? line.replace(/^\t+/, '') : line) === h.delimiter) break;
      }
    }
  }

  wordEnd(start: number): number {
    const { s } = this;
    let i = start;
    while (i < s.length) {
      const c = s[i] as string;
      if (/[ \t\n;&|()]/.test(c)) {
        if (c === '(' && this.extglob && /[?*+@!]/.test(s.slice(start, i).slice(-1))) {
          i = this.balanced(i + 1, '(', ')', i, false);
          continue;
        }
        if (c !== '(' || !this.opensWithin(start, i)) break;
        i = c === '(' && isAssignmentHead(s.slice(start, i)) ? this.array(i + 1) : this.substitution(i + 1);
      } else if (c === '<' || c === '>') {
        if (s[i + 1] !== '(') break;
        i = this.substitution(i + 2);
      } else if (c === '[' && this.subscripts && /^[A-Za-z_]\w*$/.test(s.slice(start, i))) i = this.balanced(i + 1, '[', ']', i, false);
      else i = this.one(i);
    }
    return i;
  }

  /** `a=(` at the head of a word is an array. */
  private opensWithin(start: number, i: number): boolean {
    return this.arraysAllowed && !this.sh && isAssignmentHead(this.s.slice(start, i));
  }
  /** Assignments may come here: at the start of a command or after `declare`. */
  arraysAllowed = true;
  /** dash's tokens. */
  sh = false;
  /** So does the subscript of one, which goes to its `]`. */
  subscripts = true;

  private array(i: number): number {
    const { s } = this;
    const opened = i - 1;
    for (;;) {
      while (i < s.length && /[ \t\n]/.test(s[i] as string)) i++;
      if (s[i] === '#') {
        while (i < s.length && s[i] !== '\n') i++;
        continue;
      }
      if (i >= s.length) throw new SyntaxFailure('unmatched', ')', opened);
      if (s[i] === ')') return i + 1;
      const op = OPERATOR.exec(s.slice(i, i + 3))?.[0];
      if (op && !((op === '<' || op === '>') && s[i + 1] === '(')) throw new SyntaxFailure('token', op, i);
      const allowed = this.arraysAllowed;
      this.arraysAllowed = false;
      i = this.wordEnd(i);
      this.arraysAllowed = allowed;
    }
  }

  /** Past one char or quoted construct. */
  private one(i: number): number {
    const { s } = this;
    switch (s[i]) {
      case '\\':
        return Math.min(i + 2, s.length);
      case "'":
        return this.until(i + 1, "'", i);
      case '"':
        return this.double(i);
      case '`':
        return this.escapedUntil(i + 1, '`', i);
      case '$':
        return this.dollar(i, false);
      default:
        return i + 1;
    }
  }

  private until(i: number, close: string, opened: number): number {
    const end = this.s.indexOf(close, i);
    if (end < 0) throw new SyntaxFailure('unmatched', close, opened);
    return end + 1;
  }
  private escapedUntil(i: number, close: string, opened: number): number {
    for (; i < this.s.length; i++) {
      if (this.s[i] === '\\') i++;
      else if (this.s[i] === close) return i + 1;
    }
    throw new SyntaxFailure('unmatched', close, opened);
  }
  private double(opened: number): number {
    const { s } = this;
    for (let i = opened + 1; i < s.length; ) {
      const c = s[i];
      if (c === '"') return i + 1;
      if (c === '\\') i += 2;
      else if (c === '`') i = this.escapedUntil(i + 1, '`', i);
      else if (c === '$') i = this.dollar(i, true);
      else i++;
    }
    throw new SyntaxFailure('unmatched', '"', opened);
  }

  private dollar(i: number, quoted: boolean): number {
    const { s } = this;
    const c = s[i + 1];
    if (c === '(' && s[i + 2] === '(') return this.arithmetic(i + 3, i) ?? this.nested(i);
    if (c === '(') return this.substitution(i + 2);
    if (c === '{') return this.balanced(i + 2, '{', '}', i, quoted);
    if (c === '[') return this.balanced(i + 2, '[', ']', i, quoted);
    if (c === "'" && !quoted) return this.escapedUntil(i + 2, "'", i);
    if (c === '"' && !quoted) return this.double(i + 1);
    return i + 1;
  }

  /** `$((` that is no arithmetic: an end that is missing is missed from the beginning on. */
  private nested(i: number): number {
    try {
      return this.substitution(i + 2);
    } catch (e) {
      if (e instanceof SyntaxFailure && e.kind === 'unmatched' && e.what === ')') this.unmatched(')', i);
      throw e;
    }
  }

  /** Past `))`; undefined when the parentheses are those of a command. */
  arithmetic(i: number, opened: number): number | undefined {
    const { s } = this;
    let depth = 0;
    while (i < s.length) {
      const c = s[i];
      if (c === '(') depth++;
      if (c === ')' && depth-- === 0)
        return s[i + 1] === ')' ? i + 2 : i + 1 >= s.trimEnd().length ? this.unmatched(')', opened) : undefined;
      i = this.one(i);
    }
    return this.unmatched(')', opened);
  }
  private unmatched(close: string, opened: number): never {
    throw new SyntaxFailure('unmatched', close, opened);
  }

  private balanced(i: number, open: string, close: string, opened: number, quoted: boolean): number {
    const { s } = this;
    let depth = 0;
    while (i < s.length) {
      const c = s[i];
      if (c === close && (open === '{' || depth-- === 0)) return i + 1;
      if (c === open && open !== '{') depth++;
      i = c === "'" && quoted ? i + 1 : this.one(i);
    }
    return this.unmatched(close, opened);
  }
}

function isAssignmentHead(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*(?:\[.*\])?\+?=$/s.test(word);
}
