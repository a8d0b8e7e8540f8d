/** Reads an awk program. Follows the grammar of POSIX; the words of errors are mawk's. */
import { Failure } from '../lib/error.ts';
import { Lexer, type Token } from './lexer.ts';
import type { AwkFunction, AwkProgram, Expr, Lvalue, Redirection, Rule, Statement } from './syntax.ts';

export function parseProgram(text: string): AwkProgram {
  return new Parser(new Lexer(text).all()).program();
}

/** What an expression may not hold where it stands: `>` in print's arguments, `in` in the head of a for. */
interface Limits {
  readonly noGreater?: boolean;
  readonly noIn?: boolean;
}

const COMPARISONS = new Set(['<', '<=', '==', '!=', '>', '>=']);
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=']);

class Parser {
  private at = 0;
  private braces = 0;
  /** Where next may stand, and where return. */
  private records = true;
  private inFunction = false;

  constructor(private readonly tokens: readonly Token[]) {}

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (this.terminators(); this.token.kind !== 'end'; this.terminators()) {
      if (this.isKeyword('function')) this.functionDefinition(functions);
      else rules.push(this.rule());
    }
    this.checkCalls(functions);
    return { rules, functions };
  }

  private checkCalls(functions: ReadonlyMap<string, AwkFunction>): void {
    const last = (this.tokens.at(-1)?.line ?? 0) + 1;
    for (const { kind, text } of this.tokens)
      if (kind === 'call' && !functions.has(text)) throw new Failure(`line ${last}: function ${text} never defined`, 2);
  }

  // ---- words

  private get token(): Token {
    return this.tokens[this.at] as Token;
  }
  private get following(): Token {
    return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)] as Token;
  }
  private is(text: string): boolean {
    return this.token.kind === 'op' && this.token.text === text;
  }
  private isKeyword(text: string): boolean {
    return this.token.kind === 'keyword' && this.token.text === text;
  }
  private accept(text: string): boolean {
    const found = this.is(text);
    if (found) this.at++;
    return found;
  }
  private expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }
  private word(text: string): boolean {
    const found = this.isKeyword(text);
    if (found) this.at++;
    return found;
  }
  private fail(): never {
    const { kind, text, line } = this.token;
    if (kind === 'end' && this.braces > 0) throw new Failure(`line ${line + 1}: missing } near end of file`, 2);
    const shown = kind === 'regex' ? `/${text}/` : kind === 'end' ? 'end of file' : text;
    throw new Failure(`line ${line}: syntax error at or near ${shown}`, 2);
  }
  private newlines(): void {
    while (this.token.kind === 'newline') this.at++;
  }
  private terminators(): void {
    while (this.token.kind === 'newline' || this.is(';')) this.at++;
  }
  private name(): string {
    if (this.token.kind !== 'name' && this.token.kind !== 'call') this.fail();
    return (this.tokens[this.at++] as Token).text;
  }

  // ---- items

  private functionDefinition(functions: Map<string, AwkFunction>): void {
    this.at++;
    const name = this.name();
    const params: string[] = [];
    this.expect('(');
    while (!this.is(')')) {
      params.push(this.name());
      if (!this.is(')')) this.expect(',');
      this.newlines();
    }
    this.expect(')');
    this.newlines();
    this.inFunction = true;
    functions.set(name, { params, body: this.block() });
    this.inFunction = false;
  }

  private rule(): Rule {
    if (this.isKeyword('BEGIN') || this.isKeyword('END')) {
      const when = (this.tokens[this.at++] as Token).text as 'BEGIN' | 'END';
      if (!this.is('{')) this.fail();
      this.records = false;
      const action = this.block();
      this.records = true;
      return { when, action };
    }
    const when: Expr[] = [];
    if (!this.is('{')) {
      when.push(this.expression());
      if (this.accept(',')) {
        this.newlines();
        when.push(this.expression());
      }
    }
    if (this.is('{')) return { when, action: this.block() };
    if (this.token.kind !== 'end' && this.token.kind !== 'newline' && !this.is(';')) this.fail();
    return { when, action: null };
  }

  // ---- statements

  private block(): Statement {
    this.expect('{');
    this.braces++;
    const body: Statement[] = [];
    for (this.terminators(); !this.is('}'); this.terminators()) body.push(this.statement());
    this.at++;
    this.braces--;
    return { kind: 'block', body };
  }

  private statement(): Statement {
    if (this.is('{')) return this.block();
    if (this.word('if')) return this.ifStatement();
    if (this.word('while')) return this.whileStatement();
    if (this.word('do')) return this.doStatement();
    if (this.word('for')) return this.forStatement();
    const simple = this.simple();
    this.end();
    return simple;
  }

  private end(): void {
    if (this.is('}')) return;
    if (this.token.kind !== 'newline' && !this.is(';')) this.fail();
    this.at++;
  }

  private body(): Statement {
    this.newlines();
    if (this.accept(';')) return { kind: 'block', body: [] };
    return this.statement();
  }

  private condition(): Expr {
    this.expect('(');
    const test = this.expression();
    this.expect(')');
    return test;
  }

  private ifStatement(): Statement {
    const test = this.condition();
    const yes = this.body();
    const back = this.at;
    this.terminators();
    if (this.word('else')) return { kind: 'if', test, yes, no: this.body() };
    this.at = back;
    return { kind: 'if', test, yes, no: null };
  }

  private whileStatement(): Statement {
    const test = this.condition();
    return { kind: 'while', test, body: this.body() };
  }

  private doStatement(): Statement {
    const body = this.body();
    this.terminators();
    if (!this.word('while')) this.fail();
    const test = this.condition();
    this.end();
    return { kind: 'do', body, test };
  }

  private forStatement(): Statement {
    this.expect('(');
    if (this.token.kind === 'name' && this.following.kind === 'keyword' && this.following.text === 'in') {
      const back = this.at;
      const name = this.name();
      this.at++;
      const array = this.name();
      if (this.accept(')')) return { kind: 'for-in', name: { kind: 'name', name }, array, body: this.body() };
      this.at = back;
    }
    const init = this.is(';') ? null : this.simple();
    this.expect(';');
    this.newlines();
    const test = this.is(';') ? null : this.expression();
    this.expect(';');
    this.newlines();
    const step = this.is(')') ? null : this.simple();
    this.expect(')');
    return { kind: 'for', init, test, step, body: this.body() };
  }

  private simple(): Statement {
    const { kind, text, line } = this.token;
    if (kind !== 'keyword' || text === 'getline') return { kind: 'expression', value: this.expression() };
    this.at++;
    switch (text) {
      case 'print':
      case 'printf':
        return this.print(text === 'printf');
      case 'next':
      case 'nextfile':
        if (!this.records) throw new Failure(`line ${line}: improper use of ${text}`, 2);
        return { kind: text };
      case 'break':
      case 'continue':
        return { kind: text };
      case 'return':
        if (!this.inFunction) throw new Failure(`line ${line}: return outside function body`, 2);
        return { kind: text, value: this.atEnd() ? null : this.expression() };
      case 'exit':
        return { kind: text, value: this.atEnd() ? null : this.expression() };
      case 'delete':
        return this.deletion();
      default:
        this.at--;
        return this.fail();
    }
  }

  private atEnd(): boolean {
    return this.token.kind === 'newline' || this.token.kind === 'end' || this.is(';') || this.is('}');
  }

  private deletion(): Statement {
    const array = this.name();
    if (!this.accept('[')) return { kind: 'delete', array, index: null };
    const index = this.list(']');
    return { kind: 'delete', array, index };
  }

  private print(format: boolean): Statement {
    const args: Expr[] = [];
    const redirected = (): boolean => this.is('>') || this.is('>>') || this.is('|');
    if (!this.atEnd() && !redirected()) {
      do {
        this.newlines();
        args.push(this.expression({ noGreater: true }));
      } while (this.accept(','));
    }
    const [only] = args;
    const list = args.length === 1 && only?.kind === 'list' ? only.items : args;
    return { kind: 'print', args: list, format, redirection: redirected() ? this.redirection() : null };
  }

  private redirection(): Redirection {
    const to = (this.tokens[this.at++] as Token).text as Redirection['to'];
    return { to, name: this.concatenation({ noGreater: true }) };
  }

  /** Up to the closing word, which is taken. */
  private list(close: string): Expr[] {
    const out: Expr[] = [];
    this.newlines();
    while (!this.accept(close)) {
      out.push(this.expression());
      this.newlines();
      if (!this.is(close)) this.expect(',');
      this.newlines();
    }
    return out;
  }

  // ---- expressions, the loosest first

  private expression(limits: Limits = {}): Expr {
    const left = this.conditional(limits);
    if (this.token.kind !== 'op' || !ASSIGNMENTS.has(this.token.text) || !isLvalue(left)) return left;
    const op = (this.tokens[this.at++] as Token).text;
    this.newlines();
    return { kind: 'assign', op, target: left, value: this.expression(limits) };
  }

  private conditional(limits: Limits): Expr {
    const test = this.or(limits);
    if (!this.accept('?')) return test;
    this.newlines();
    const yes = this.expression(limits);
    this.newlines();
    this.expect(':');
    this.newlines();
    return { kind: 'conditional', test, yes, no: this.expression(limits) };
  }

  private or(limits: Limits): Expr {
    let left = this.and(limits);
    while (this.accept('||')) {
      this.newlines();
      left = { kind: 'logical', op: '||', left, right: this.and(limits) };
    }
    return left;
  }

  private and(limits: Limits): Expr {
    let left = this.membership(limits);
    while (this.accept('&&')) {
      this.newlines();
      left = { kind: 'logical', op: '&&', left, right: this.membership(limits) };
    }
    return left;
  }

  private membership(limits: Limits): Expr {
    let left = this.matching(limits);
    while (!limits.noIn && this.word('in')) left = { kind: 'in', index: left.kind === 'list' ? left.items : [left], array: this.name() };
    return left;
  }

  private matching(limits: Limits): Expr {
    let text = this.comparison(limits);
    while (this.is('~') || this.is('!~')) {
      const negated = (this.tokens[this.at++] as Token).text === '!~';
      text = { kind: 'match', negated, text, pattern: this.comparison(limits) };
    }
    return text;
  }

  private comparison(limits: Limits): Expr {
    let left = this.concatenation(limits);
    for (;;) {
      const { kind, text } = this.token;
      if (kind === 'op' && text === '|' && this.following.kind === 'keyword' && this.following.text === 'getline') {
        this.at += 2;
        left = { kind: 'getline', from: 'command', source: left, target: this.optionalLvalue() };
        continue;
      }
      if (kind !== 'op' || !COMPARISONS.has(text) || (text === '>' && limits.noGreater)) return left;
      this.at++;
      left = { kind: 'binary', op: text, left, right: this.concatenation(limits) };
    }
  }

  private concatenation(limits: Limits): Expr {
    let left = this.additive(limits);
    while (this.startsOperand()) left = { kind: 'binary', op: ' ', left, right: this.additive(limits) };
    return left;
  }

  private startsOperand(): boolean {
    const { kind, text } = this.token;
    if (kind === 'op') return ['$', '!', '(', '++', '--'].includes(text);
    if (kind === 'keyword') return false;
    return ['number', 'string', 'regex', 'name', 'call', 'builtin'].includes(kind);
  }

  private additive(limits: Limits): Expr {
    let left = this.multiplicative(limits);
    while (this.is('+') || this.is('-')) {
      const op = (this.tokens[this.at++] as Token).text;
      left = { kind: 'binary', op, left, right: this.multiplicative(limits) };
    }
    return left;
  }

  private multiplicative(limits: Limits): Expr {
    let left = this.unary(limits);
    while (this.is('*') || this.is('/') || this.is('%')) {
      const op = (this.tokens[this.at++] as Token).text;
      left = { kind: 'binary', op, left, right: this.unary(limits) };
    }
    return left;
  }

  private unary(limits: Limits): Expr {
    for (const op of ['!', '-', '+'] as const) if (this.accept(op)) return { kind: 'unary', op, operand: this.unary(limits) };
    return this.power(limits);
  }

  private power(limits: Limits): Expr {
    const left = this.postfix(limits);
    if (!this.accept('^')) return left;
    return { kind: 'binary', op: '^', left, right: this.unary(limits) };
  }

  private postfix(limits: Limits): Expr {
    const operand = this.primary(limits);
    if (!isLvalue(operand)) return operand;
    if (this.accept('++')) return { kind: 'step', by: 1, prefix: false, target: operand };
    if (this.accept('--')) return { kind: 'step', by: -1, prefix: false, target: operand };
    return operand;
  }

  private primary(limits: Limits): Expr {
    const { kind, text, line } = this.token;
    if (kind === 'op') return this.operatorPrimary(text, limits);
    if (kind === 'keyword' && text === 'getline') return this.simpleGetline();
    if (kind === 'keyword' || kind === 'newline' || kind === 'end') this.fail();
    this.at++;
    if (kind === 'number') return { kind: 'number', value: Number(text) };
    if (kind === 'string') return { kind: 'string', value: text };
    if (kind === 'regex') return { kind: 'regex', source: text };
    if (kind === 'builtin') return this.builtin(text, line);
    if (kind === 'call') {
      this.expect('(');
      return { kind: 'call', name: text, args: this.list(')'), line };
    }
    return this.accept('[') ? { kind: 'element', array: text, index: this.list(']') } : { kind: 'name', name: text };
  }

  private operatorPrimary(text: string, limits: Limits): Expr {
    this.at++;
    if (text === '$') return { kind: 'field', index: this.fieldIndex(limits) };
    if (text === '++' || text === '--') {
      const target = this.primary(limits);
      if (!isLvalue(target)) this.fail();
      return { kind: 'step', by: text === '++' ? 1 : -1, prefix: true, target };
    }
    if (text === '-' || text === '+') return { kind: 'unary', op: text, operand: this.unary(limits) };
    if (text !== '(') {
      this.at--;
      this.fail();
    }
    const items = this.list(')');
    const [only] = items;
    if (only === undefined) this.fail();
    return items.length === 1 ? { kind: 'group', inner: only } : { kind: 'list', items };
  }

  private fieldIndex(limits: Limits): Expr {
    for (const op of ['-', '+', '!'] as const) if (this.accept(op)) return { kind: 'unary', op, operand: this.fieldIndex(limits) };
    return this.primary(limits);
  }

  private builtin(name: string, line: number): Expr {
    if (!this.accept('(')) {
      if (name !== 'length') this.fail();
      return { kind: 'builtin', name, args: [], line };
    }
    return { kind: 'builtin', name, args: this.list(')'), line };
  }

  private simpleGetline(): Expr {
    this.at++;
    const target = this.optionalLvalue();
    if (!this.accept('<')) return { kind: 'getline', from: 'main', source: null, target };
    return { kind: 'getline', from: 'file', source: this.primary({}), target };
  }

  private optionalLvalue(): Lvalue | null {
    if (this.token.kind !== 'name' && !this.is('$')) return null;
    const target = this.primary({});
    return isLvalue(target) ? target : null;
  }
}

function isLvalue(e: Expr): e is Lvalue {
  return e.kind === 'name' || e.kind === 'element' || e.kind === 'field';
}
