/** awk's words. Whether a slash divides or begins a regular expression, the word before tells. */
import { Failure } from '../lib/error.ts';

export type TokenKind = 'number' | 'string' | 'regex' | 'name' | 'call' | 'builtin' | 'keyword' | 'op' | 'newline' | 'end';
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
}

const KEYWORDS = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(' '),
);
export const BUILTINS = new Set(
  (
    'length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush ' +
    'systime strftime mktime'
  ).split(' '),
);
const OPERATORS = /(?:\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!<>|?:~$=,;(){}[\]])/y;

export class Lexer {
  private at = 0;
  private line = 1;
  private previous: Token | null = null;

  constructor(private readonly text: string) {}

  all(): Token[] {
    const out: Token[] = [];
    do {
      this.previous = this.next();
      out.push(this.previous);
    } while (this.previous.kind !== 'end');
    return out;
  }

  private token(kind: TokenKind, text: string): Token {
    return { kind, text, line: this.line };
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const m = pattern.exec(this.text);
    if (!m) return null;
    this.at += m[0].length;
    return m[0];
  }

  private next(): Token {
    for (let blank = this.take(/[ \t\r]+|\\\r?\n|#[^\n]*/y); blank !== null; blank = this.take(/[ \t\r]+|\\\r?\n|#[^\n]*/y))
      if (blank.endsWith('\n')) this.line++;
    if (this.at >= this.text.length) return this.token('end', 'end of file');
    if (this.text[this.at] === '\n') return this.newline();
    if (this.text[this.at] === '"') return this.string();
    if (this.text[this.at] === '/' && !this.afterOperand()) return this.regex();
    const number = this.take(/0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y);
    if (number !== null) return this.token('number', number);
    const word = this.take(/[A-Za-z_]\w*/y);
    if (word !== null) return this.word(word);
    const op = this.take(OPERATORS);
    if (op === null) throw new Failure(`line ${this.line}: unexpected character '${this.text[this.at]}'`, 2);
    return this.token('op', op);
  }

  private newline(): Token {
    const token = this.token('newline', 'end of line');
    this.at++;
    this.line++;
    return token;
  }

  private word(word: string): Token {
    if (KEYWORDS.has(word)) return this.token('keyword', word === 'func' ? 'function' : word);
    if (BUILTINS.has(word)) return this.token('builtin', word);
    return this.token(this.text[this.at] === '(' ? 'call' : 'name', word);
  }

  private afterOperand(): boolean {
    const before = this.previous;
    if (!before) return false;
    if (['number', 'string', 'regex', 'name', 'builtin'].includes(before.kind)) return true;
    return before.kind === 'op' && [')', ']', '$', '++', '--'].includes(before.text);
  }

  private string(): Token {
    const raw = this.take(/"(?:[^"\\\n]|\\[\s\S])*"/y);
    if (raw === null) {
      const rest = this.text.slice(this.at).split('\n')[0] ?? '';
      throw new Failure(`line ${this.line}: runaway string constant ${rest} ...`, 2);
    }
    const token = this.token('string', unescapeText(raw.slice(1, -1)));
    this.line += raw.split('\n').length - 1;
    return token;
  }

  private regex(): Token {
    const raw = this.take(/\/(?:[^/\\[\n]|\\.|\[\^?\]?(?:[^\]\\\n]|\\.)*\])*\//y) ?? this.take(/\/(?:[^/\\\n]|\\.)*\//y);
    if (raw === null) throw new Failure(`line ${this.line}: runaway regular expression ${this.text.slice(this.at).split('\n')[0]}`, 2);
    return this.token('regex', raw.slice(1, -1).replaceAll('\\/', '/'));
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** What an escape of a string stands for; one that is none stays as it is. */
export function unescapeText(text: string): string {
  return text.replace(/\\(\r?\n|[0-7]{1,3}|x[\da-fA-F]{1,2}|[\s\S])/g, (whole, c: string) => {
    if (/^x./.test(c)) return String.fromCharCode(Number.parseInt(c.slice(1), 16));
    if (/^[0-7]/.test(c)) return String.fromCharCode(Number.parseInt(c, 8) & 255);
    if (c.endsWith('\n')) return '';
    return ESCAPES[c] ?? whole;
  });
}
