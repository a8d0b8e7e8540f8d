/**
 * Arithmetic as `((`, `$((`, `let` and subscripts know it: 64-bit integers, C's operators, assignments, bash's error texts.
 * Parses and computes in one pass, like bash's own evaluator. Follows expr.c.
 */

/** The message without bash's prefix: `EXPRESSION: what (error token is "…")`. */
export class ArithmeticError {
  constructor(readonly message: string) {}
}

/** Where variables live. A subscript is raw text: an expression, or the key of an associative array. */
export interface ArithmeticScope {
  get(name: string, subscript: string | undefined): string | undefined;
  set(name: string, subscript: string | undefined, value: string): void;
}

/** Tokens that the grammar has. */
const KNOWN = /^(?:[-+*/%<>&|^!~?:=(),]|\w)/;

const MAX_DEPTH = 1024;

export function evaluate(expression: string, scope: ArithmeticScope, depth = 0): bigint {
  const simple = /^\s*(\d{1,15})\s*$/.exec(expression);
  if (simple && !/^\s*0\d/.test(expression)) return BigInt(simple[1] as string);
  return new Evaluator(expression, scope, depth).run();
}

type Tok = string;
const NUM = 'NUM';
const STR = 'STR';
const ASSIGN = 'ASSIGN';
const END = '';

const OPERATORS = [
  '<<=',
  '>>=',
  '**',
  '++',
  '--',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '^=',
  '|=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '>',
  '&',
  '|',
  '^',
  '!',
  '~',
  '?',
  ':',
  '=',
  '(',
  ')',
  ',',
];

const BINARY: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Evaluator {
  private at = 0;
  private lastStart = 0;
  private tok: Tok = END;
  private last: Tok = END;
  private value = 0n;
  private name = '';
  private subscript: string | undefined;
  private assignOp = '';
  private noEval = 0;

  constructor(
    private readonly text: string,
    private readonly scope: ArithmeticScope,
    private readonly depth: number,
  ) {}

  run(): bigint {
    if (this.depth > MAX_DEPTH) this.fail('expression recursion level exceeded');
    if (/^\s*$/.test(this.text)) return 0n;
    this.next();
    const v = this.comma();
    if (this.tok === END) return v;
    this.fail(KNOWN.test(this.tok) ? 'syntax error in expression' : 'syntax error: invalid arithmetic operator');
  }

  private fail(message: string): never {
    throw new ArithmeticError(`${this.text.replace(/^[ \t]+/, '')}: ${message} (error token is "${this.text.slice(this.lastStart)}")`);
  }

  private next(): void {
    const { text } = this;
    while (this.at < text.length && /\s/.test(text[this.at] as string)) this.at++;
    this.last = this.tok;
    if (this.at >= text.length) {
      this.tok = END;
      return;
    }
    this.lastStart = this.at;
    const c = text[this.at] as string;
    if (/[A-Za-z_]/.test(c)) this.identifier();
    else if (/[0-9]/.test(c)) this.number();
    else this.operator();
  }

  private identifier(): void {
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.text.slice(this.at))?.[0] as string;
    this.at += name.length;
    this.name = name;
    this.subscript = undefined;
    if (this.text[this.at] === '[') this.subscript = this.readSubscript();
    this.tok = STR;
    const rest = this.text.slice(this.at).trimStart();
    const assigns = rest[0] === '=' && rest[1] !== '=';
    this.value = this.noEval > 0 || assigns ? 0n : this.variable();
  }

  private readSubscript(): string {
    let depth = 0;
    const start = this.at + 1;
    for (let i = start; i < this.text.length; i++) {
      const c = this.text[i];
      if (c === '[') depth++;
      if (c === ']' && depth-- === 0) {
        this.at = i + 1;
        return this.text.slice(start, i);
      }
    }
    return this.fail('bad array subscript');
  }

  private variable(): bigint {
    const text = this.scope.get(this.name, this.subscript);
    return text === undefined || text === '' ? 0n : evaluate(text, this.scope, this.depth + 1);
  }

  private number(): void {
    const word = /^[0-9A-Za-z_@#]*/.exec(this.text.slice(this.at))?.[0] as string;
    this.at += word.length;
    this.tok = NUM;
    this.value = this.constant(word);
  }

  private constant(word: string): bigint {
    let base = 10;
    let digits = word;
    const hash = word.indexOf('#');
    if (hash >= 0) {
      base = Number(word.slice(0, hash));
      if (!/^\d+$/.test(word.slice(0, hash)) || base < 2 || base > 64) this.fail('invalid arithmetic base');
      digits = word.slice(hash + 1);
      if (digits === '') this.fail('invalid integer constant');
    } else if (/^0[xX]/.test(word)) {
      base = 16;
      digits = word.slice(2);
    } else if (/^0./.test(word)) {
      base = 8;
      digits = word.slice(1);
    }
    let v = 0n;
    for (const d of digits) {
      const n = digitValue(d, base);
      if (n < 0 || (d === '#' && hash >= 0)) this.fail('invalid number');
      if (n >= base) this.fail('value too great for base');
      v = BigInt.asIntN(64, v * BigInt(base) + BigInt(n));
    }
    return v;
  }

  private operator(): void {
    const rest = this.text.slice(this.at, this.at + 3);
    const op = OPERATORS.find((o) => rest.startsWith(o));
    if (!op) {
      this.at++;
      this.tok = this.text[this.at - 1] as string;
      return;
    }
    if ((op === '++' || op === '--') && !this.incrementHere()) {
      this.at++;
      this.tok = op[0] as string;
      return;
    }
    this.at += op.length;
    if (/^(?:<<|>>|[-+*/%&^|])=$/.test(op)) {
      this.tok = ASSIGN;
      this.assignOp = op.slice(0, -1);
    } else this.tok = op;
  }

  /** `++` is one token after a variable or before one. */
  private incrementHere(): boolean {
    return this.tok === STR || /^\s*[A-Za-z_]/.test(this.text.slice(this.at + 2));
  }

  private is(tok: Tok): boolean {
    return this.tok === tok;
  }

  private comma(): bigint {
    let v = this.assignment();
    while (this.tok === ',') {
      this.next();
      v = this.assignment();
    }
    return v;
  }

  private assignment(): bigint {
    const v = this.conditional();
    if (this.tok !== '=' && this.tok !== ASSIGN) return v;
    const op = this.tok === ASSIGN ? this.assignOp : '';
    if (this.last !== STR) this.fail('attempted assignment to non-variable');
    const { name, subscript } = this;
    this.next();
    let right = this.assignment();
    if (op !== '') right = this.compute(op, v, right);
    this.store(name, subscript, right);
    this.last = NUM;
    return right;
  }

  private store(name: string, subscript: string | undefined, v: bigint): void {
    if (this.noEval === 0) this.scope.set(name, subscript, String(v));
  }

  private conditional(): bigint {
    const test = this.logicalOr();
    if (this.tok !== '?') return test;
    const a = this.branch(test === 0n, () => {
      this.next();
      if (this.tok === END || this.tok === ':') this.fail('expression expected');
      return this.comma();
    });
    if (!this.is(':')) this.fail("`:' expected for conditional expression");
    const b = this.branch(test !== 0n, () => {
      this.next();
      if (this.tok === END) this.fail('expression expected');
      return this.conditional();
    });
    this.last = NUM;
    return test !== 0n ? a : b;
  }

  private branch(skip: boolean, run: () => bigint): bigint {
    if (skip) this.noEval++;
    const v = run();
    if (skip) this.noEval--;
    return v;
  }

  private logicalOr(): bigint {
    let v = this.logicalAnd();
    while (this.tok === '||') {
      const right = this.branch(v !== 0n, () => {
        this.next();
        return this.logicalAnd();
      });
      v = v !== 0n || right !== 0n ? 1n : 0n;
      this.last = NUM;
    }
    return v;
  }

  private logicalAnd(): bigint {
    let v = this.binary(0);
    while (this.tok === '&&') {
      const right = this.branch(v === 0n, () => {
        this.next();
        return this.binary(0);
      });
      v = v !== 0n && right !== 0n ? 1n : 0n;
      this.last = NUM;
    }
    return v;
  }

  private binary(level: number): bigint {
    const operators = BINARY[level];
    if (!operators) return this.power();
    let v = this.binary(level + 1);
    while (operators.includes(this.tok)) {
      const op = this.tok;
      this.next();
      v = this.compute(op, v, this.binary(level + 1));
      this.last = NUM;
    }
    return v;
  }

  private compute(op: string, a: bigint, b: bigint): bigint {
    if ((op === '/' || op === '%') && b === 0n) {
      if (this.noEval === 0) this.fail('division by 0');
      return 0n;
    }
    return BigInt.asIntN(64, BINARY_FUNCTIONS[op]?.(a, b) ?? 0n);
  }

  private power(): bigint {
    const base = this.unary();
    if (this.tok !== '**') return base;
    this.next();
    const exponent = this.power();
    this.last = NUM;
    if (exponent < 0n) this.fail('exponent less than 0');
    return powmod(base, exponent);
  }

  private unary(): bigint {
    const op = this.tok;
    if (op !== '!' && op !== '~' && op !== '-' && op !== '+') return this.primary();
    this.next();
    const v = this.unary();
    this.last = NUM;
    if (op === '!') return v === 0n ? 1n : 0n;
    return op === '~' ? ~v : op === '-' ? BigInt.asIntN(64, -v) : v;
  }

  private primary(): bigint {
    if (this.tok === '++' || this.tok === '--') return this.preIncrement();
    if (this.tok === '(') {
      this.next();
      const v = this.comma();
      if (!this.is(')')) this.fail("missing `)'");
      this.next();
      this.last = NUM;
      return v;
    }
    if (this.tok !== NUM && this.tok !== STR) this.fail('syntax error: operand expected');
    const v = this.value;
    const { name, subscript } = this;
    const isVariable = this.tok === STR;
    this.next();
    if (isVariable && (this.is('++') || this.is('--'))) {
      this.store(name, subscript, BigInt.asIntN(64, v + (this.is('++') ? 1n : -1n)));
      this.tok = NUM;
      this.next();
      return v;
    }
    this.name = name;
    this.subscript = subscript;
    return v;
  }

  private preIncrement(): bigint {
    const step = this.tok === '++' ? 1n : -1n;
    this.next();
    if (this.tok !== STR) this.fail('identifier expected after pre-increment or pre-decrement');
    const v = BigInt.asIntN(64, this.value + step);
    this.store(this.name, this.subscript, v);
    this.tok = NUM;
    this.next();
    return v;
  }
}

const bool = (b: boolean): bigint => (b ? 1n : 0n);
const BINARY_FUNCTIONS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '==': (a, b) => bool(a === b),
  '!=': (a, b) => bool(a !== b),
  '<': (a, b) => bool(a < b),
  '>': (a, b) => bool(a > b),
  '<=': (a, b) => bool(a <= b),
  '>=': (a, b) => bool(a >= b),
  '<<': (a, b) => a << (b & 63n),
  '>>': (a, b) => a >> (b & 63n),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

function powmod(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let b = base;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = BigInt.asIntN(64, result * b);
    b = BigInt.asIntN(64, b * b);
  }
  return result;
}

function digitValue(d: string, base: number): number {
  const c = d.charCodeAt(0);
  if (c >= 48 && c <= 57) return c - 48;
  if (c >= 97 && c <= 122) return c - 87;
  if (c >= 65 && c <= 90) return base <= 36 ? c - 55 : c - 29;
  if (d === '@') return 62;
  if (d === '_') return 63;
  return -1;
}
