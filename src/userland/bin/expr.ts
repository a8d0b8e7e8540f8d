/** expr(1). */
import { command, type Io } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { compileRegex } from '../lib/regex.ts';

export const main = command(
  {
    name: 'expr',
    usage: ['EXPRESSION', 'OPTION'],
    summary: 'Prints the value of an expression.',
    notes: [
      '  A | B   A & B   A < B   A <= B   A = B   A != B   A >= B   A > B',
      '  A + B   A - B   A * B   A / B   A % B',
      '  STRING : REGEX   match STRING REGEX   substr STRING POS LENGTH   index STRING CHARS   length STRING',
      '  + TOKEN   ( EXPRESSION )',
    ],
    failure: 2,
    // Nothing but a first --help or --version is an option here.
    permute: false,
    special: (argument) => (/^--(help|version)$/.test(argument) ? null : { key: 'word', value: argument }),
  },
  async (io, options, operands) => {
    const words = [...options.values('word'), ...operands];
    if (words.length === 0) throw new UsageError('missing operand');
    const value = new Expression(io, words).evaluate();
    io.stdout.put(`${value}\n`);
    return isNull(value) ? 1 : 0;
  },
);

function isNull(value: string): boolean {
  return value === '' || /^-?0+$/.test(value);
}

class Expression {
  private position = 0;

  constructor(
    private readonly io: Io,
    private readonly words: readonly string[],
  ) {}

  evaluate(): string {
    const value = this.or(true);
    const extra = this.words[this.position];
    if (extra !== undefined) throw this.syntax(`unexpected argument ${this.io.quote(extra)}`);
    return value;
  }

  private syntax(message: string): Failure {
    return new Failure(`syntax error: ${message}`);
  }

  private takes(...operators: readonly string[]): string | null {
    const word = this.words[this.position];
    if (word === undefined || !operators.includes(word)) return null;
    this.position++;
    return word;
  }

  /** `real` is false on the side that does not count: it is parsed but errors of value do not matter. */
  private or(real: boolean): string {
    let left = this.and(real);
    while (this.takes('|')) {
      const right = this.and(real && isNull(left));
      if (isNull(left)) left = isNull(right) ? '0' : right;
    }
    return left;
  }

  private and(real: boolean): string {
    let left = this.compare(real);
    while (this.takes('&')) {
      const right = this.compare(real && !isNull(left));
      if (isNull(left) || isNull(right)) left = '0';
    }
    return left;
  }

  private compare(real: boolean): string {
    let left = this.sum(real);
    for (;;) {
      const operator = this.takes('<', '<=', '=', '==', '!=', '>=', '>');
      if (operator === null) return left;
      left = comparison(operator, left, this.sum(real)) ? '1' : '0';
    }
  }

  private sum(real: boolean): string {
    let left = this.product(real);
    for (;;) {
      const operator = this.takes('+', '-');
      if (operator === null) return left;
      const right = this.product(real);
      if (real) left = String(operator === '+' ? integer(left) + integer(right) : integer(left) - integer(right));
    }
  }

  private product(real: boolean): string {
    let left = this.matching(real);
    for (;;) {
      const operator = this.takes('*', '/', '%');
      if (operator === null) return left;
      const right = this.matching(real);
      if (real) left = String(multiply(operator, integer(left), integer(right)));
    }
  }

  private matching(real: boolean): string {
    let left = this.primary(real);
    while (this.takes(':')) {
      const right = this.primary(real);
      if (real) left = this.match(left, right);
    }
    return left;
  }

  private primary(real: boolean): string {
    const word = this.words[this.position];
    if (word === undefined) throw this.syntax(`missing argument after ${this.io.quote(this.words[this.position - 1] ?? '')}`);
    this.position++;
    switch (word) {
      case '(':
        return this.parenthesized(real);
      case ')':
        throw this.syntax(`unexpected ')'`);
      case '+':
        return this.token();
      case 'length':
        return String(this.characters(this.operand(real)).length);
      case 'match': {
        const text = this.operand(real);
        return this.match(text, this.operand(real));
      }
      case 'index':
        return this.index(this.operand(real), this.operand(real));
      case 'substr':
        return this.substring(this.operand(real), this.operand(real), this.operand(real));
      default:
        return word;
    }
  }

  private operand(real: boolean): string {
    return this.primary(real);
  }

  private token(): string {
    const word = this.words[this.position++];
    if (word === undefined) throw this.syntax(`missing argument after '+'`);
    return word;
  }

  private parenthesized(real: boolean): string {
    const value = this.or(real);
    const close = this.words[this.position];
    if (close === undefined) throw this.syntax(`expecting ')' after ${this.io.quote(this.words[this.position - 1] ?? '')}`);
    if (close !== ')') throw this.syntax(`expecting ')' instead of ${this.io.quote(close)}`);
    this.position++;
    return value;
  }

  private characters(text: string): string[] {
    return this.io.charset.utf8 ? [...text] : this.io.charset.fromArgument(text).split('');
  }

  private index(text: string, set: string): string {
    const wanted = new Set(this.characters(set));
    return String(this.characters(text).findIndex((c) => wanted.has(c)) + 1);
  }

  private substring(text: string, from: string, count: string): string {
    const [position, length] = [from, count].map((t) => (/^-?\d+$/.test(t) ? Number(t) : 0)) as [number, number];
    if (position <= 0 || length <= 0) return '';
    return this.io.charset.toArgument(
      this.characters(text)
        .slice(position - 1, position - 1 + length)
        .join(''),
    );
  }

  /** Anchored at the start; the first group, or how many characters matched. */
  private match(text: string, pattern: string): string {
    const { charset } = this.io;
    const compiled = compileRegex(charset.fromArgument(pattern), { extended: false, utf8: charset.utf8 });
    if (typeof compiled === 'string') throw new Failure(compiled);
    const anchored = new RegExp(compiled.regexp.source, compiled.regexp.flags.replace('g', 'y'));
    const m = anchored.exec(charset.fromArgument(text));
    if (compiled.groups > 0) return charset.toArgument(m?.[1] ?? '');
    return String(m ? (charset.utf8 ? [...m[0]].length : m[0].length) : 0);
  }
}

function comparison(operator: string, left: string, right: string): boolean {
  const numbers = isInteger(left) && isInteger(right);
  const [a, b] = numbers ? [BigInt(left), BigInt(right)] : [left, right];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '!=':
      return a !== b;
    case '>=':
      return a >= b;
    case '>':
      return a > b;
    default:
      return a === b;
  }
}

function isInteger(text: string): boolean {
  return /^-?\d+$/.test(text);
}

function integer(text: string): bigint {
  if (!isInteger(text)) throw new Failure('non-integer argument');
  return BigInt(text);
}

function multiply(operator: string, a: bigint, b: bigint): bigint {
  if (operator === '*') return a * b;
  if (b === 0n) throw new Failure('division by zero');
  return operator === '/' ? a / b : a % b;
}
