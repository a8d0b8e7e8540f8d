/** bash's grammar as a recogniser: it accepts, or throws the failure at the token where bash's parser would stop. */
import { Lexer, REDIRECTION, SyntaxFailure, type Token } from './lexer.ts';

const RESERVED = new Set('if then else elif fi do done for while until case esac function select in time coproc { } ! [['.split(' '));
const OPENERS = new Set(['if', 'for', 'while', 'until', 'case', 'function', 'select', '{', '[[', 'coproc']);
const DECLARATIONS = new Set(['declare', 'typeset', 'local', 'export', 'readonly', 'alias', 'eval', 'let']);

export class Grammar {
  readonly lexer: Lexer;

  constructor(
    private readonly source: string,
    start: number,
    private readonly extglob: boolean,
    sh = false,
  ) {
    this.lexer = new Lexer(source, start, extglob, (at) => this.substitution(at));
    this.lexer.sh = sh;
  }

  /** A whole program: complete commands until the end. */
  program(): void {
    for (;;) {
      const t = this.lexer.peek();
      if (t.kind === 'eof') return;
      if (t.kind === 'newline') this.lexer.next();
      else this.simpleList();
    }
  }

  private substitution(at: number): number {
    try {
      return new Grammar(this.source, at, this.extglob).substitutionEnd();
    } catch (e) {
      if (e instanceof SyntaxFailure && e.kind === 'token') e.inSubstitution = true;
      throw e;
    }
  }

  private substitutionEnd(): number {
    this.optionalList();
    const t = this.lexer.peek();
    if (t.kind === 'eof') throw new SyntaxFailure('unmatched', ')', this.source.length);
    if (t.text !== ')' || t.kind !== 'op') this.fail(t);
    return t.pos + 1;
  }

  fail(t: Token, expected?: string): never {
    const failure = t.kind === 'eof' ? new SyntaxFailure('eof', '', t.pos) : new SyntaxFailure('token', t.text, t.pos);
    failure.expected = expected;
    throw failure;
  }
  private isOp(...ops: string[]): boolean {
    const t = this.lexer.peek();
    return t.kind === 'op' && ops.includes(t.text);
  }
  private isWord(...words: string[]): boolean {
    const t = this.lexer.peek();
    return t.kind === 'word' && words.includes(t.text);
  }
  private expectWord(...words: string[]): void {
    if (!this.isWord(...words)) this.fail(this.lexer.peek(), words[0]);
    this.lexer.next();
  }
  private expectOp(op: string): void {
    if (!this.isOp(op)) this.fail(this.lexer.peek(), op);
    this.lexer.next();
  }
  private newlines(): void {
    while (this.lexer.peek().kind === 'newline') this.lexer.next();
  }

  /** Up to the newline. */
  private simpleList(): void {
    this.andOr();
    while (this.isOp(';', '&')) {
      this.lexer.next();
      const t = this.lexer.peek();
      if (t.kind === 'newline' || t.kind === 'eof') break;
      this.andOr();
    }
    const t = this.lexer.peek();
    if (t.kind !== 'newline' && t.kind !== 'eof') this.fail(t);
  }

  /** At least one command; ends before a token that cannot go on. */
  private compoundList(end?: string): void {
    this.newlines();
    if (end !== undefined && this.lexer.peek().kind === 'eof') this.fail(this.lexer.peek(), end);
    this.andOr();
    this.listTail();
  }
  private optionalList(): void {
    this.newlines();
    const t = this.lexer.peek();
    if (t.kind === 'eof' || (t.kind === 'op' && t.text === ')')) return;
    this.andOr();
    this.listTail();
  }
  private listTail(): void {
    while (this.isOp(';', '&') || this.lexer.peek().kind === 'newline') {
      this.lexer.next();
      this.newlines();
      if (!this.startsCommand()) return;
      this.andOr();
    }
  }
  private startsCommand(): boolean {
    const t = this.lexer.peek();
    if (t.kind === 'word') return !RESERVED.has(t.text) || OPENERS.has(t.text) || t.text === '!' || t.text === 'time';
    return t.kind === 'op' && (t.text === '(' || REDIRECTION.test(t.text));
  }

  private andOr(): void {
    this.pipeline();
    while (this.isOp('&&', '||')) {
      this.lexer.next();
      this.newlines();
      this.pipeline();
    }
  }

  private pipeline(): void {
    let prefixed = false;
    while (this.isWord('!', 'time')) {
      const timed = this.lexer.next().text === 'time';
      if (timed && this.isWord('-p')) this.lexer.next();
      prefixed = true;
    }
    const t = this.lexer.peek();
    if (prefixed && (t.kind === 'newline' || t.kind === 'eof' || this.isOp(';', '&'))) return;
    this.command();
    while (this.isOp('|', '|&')) {
      this.lexer.next();
      this.newlines();
      this.command();
    }
  }

  private command(): void {
    const t = this.lexer.peek();
    if (t.kind === 'op') {
      if (t.text === '(') {
        this.parentheses();
        return this.redirections();
      }
      if (REDIRECTION.test(t.text)) return this.simple();
      this.fail(t);
    }
    if (t.kind !== 'word') this.fail(t);
    if (t.text === 'function') return this.functionKeyword();
    if (t.text === 'coproc') return this.coproc();
    if (OPENERS.has(t.text)) {
      this.shellCommand();
      return this.redirections();
    }
    if (RESERVED.has(t.text)) this.fail(t);
    this.simple();
  }

  private shellCommand(): void {
    const t = this.lexer.peek();
    if (t.kind === 'op' && t.text === '(') return this.parentheses();
    if (t.kind !== 'word') this.fail(t);
    switch (t.text) {
      case '{':
        this.lexer.next();
        this.compoundList();
        return this.expectWord('}');
      case 'if':
        return this.if();
      case 'while':
      case 'until':
        this.lexer.next();
        this.compoundList();
        return this.doGroup();
      case 'for':
      case 'select':
        return this.for();
      case 'case':
        return this.case();
      case '[[':
        return this.conditional();
      default:
        this.fail(t);
    }
  }

  private parentheses(): void {
    const open = this.lexer.next();
    if (this.source[open.pos + 1] === '(') {
      const end = this.lexer.arithmetic(open.pos + 2, open.pos);
      if (end !== undefined) return this.lexer.seek(end);
    }
    this.compoundList();
    this.expectOp(')');
  }

  private if(): void {
    this.lexer.next();
    this.compoundList('then');
    this.expectWord('then');
    this.compoundList('fi');
    if (this.isWord('elif')) return this.if();
    if (this.isWord('else')) {
      this.lexer.next();
      this.compoundList();
    }
    this.expectWord('fi');
  }

  private doGroup(): void {
    this.expectWord('do');
    this.compoundList();
    this.expectWord('done');
  }

  private loopBody(): void {
    if (!this.isWord('{')) return this.doGroup();
    this.lexer.next();
    this.compoundList();
    this.expectWord('}');
  }

  private for(): void {
    this.lexer.next();
    if (this.isOp('(') && this.source[this.lexer.peek().pos + 1] === '(') return this.arithmeticFor();
    this.plainWord();
    if (this.isOp(';')) this.lexer.next();
    this.newlines();
    if (this.isWord('in')) {
      this.lexer.next();
      while (this.lexer.peek().kind === 'word') this.lexer.next();
      if (!this.isOp(';') && this.lexer.peek().kind !== 'newline') this.fail(this.lexer.peek());
      this.lexer.next();
      this.newlines();
    }
    this.loopBody();
  }

  private arithmeticFor(): void {
    const open = this.lexer.peek().pos;
    const end = this.lexer.arithmetic(open + 2, open);
    if (end === undefined) this.fail(this.lexer.peek());
    const header = this.source.slice(open, end);
    if (header.split(';').length !== 3) throw new SyntaxFailure('text', `arithmetic ${header}`, open);
    this.lexer.seek(end);
    if (this.isOp(';')) this.lexer.next();
    this.newlines();
    this.loopBody();
  }

  private plainWord(): string {
    const t = this.lexer.peek();
    if (t.kind !== 'word') this.fail(t);
    return this.lexer.next().text;
  }

  private case(): void {
    this.lexer.next();
    this.plainWord();
    this.newlines();
    this.expectWord('in');
    this.newlines();
    while (!this.isWord('esac')) {
      if (this.isOp('(')) this.lexer.next();
      if (this.lexer.peek().kind !== 'word') this.fail(this.lexer.peek(), ')');
      this.plainWord();
      while (this.isOp('|')) {
        this.lexer.next();
        this.plainWord();
      }
      this.expectOp(')');
      this.newlines();
      if (this.startsCommand()) this.compoundList();
      if (this.isOp(';;', ';&', ';;&')) this.lexer.next();
      else if (!this.isWord('esac')) this.fail(this.lexer.peek());
      this.newlines();
    }
    this.lexer.next();
  }

  private functionKeyword(): void {
    this.lexer.next();
    this.plainWord();
    if (this.isOp('(') && /^\(\s*\)/.test(this.source.slice(this.lexer.peek().pos))) {
      this.lexer.next();
      this.lexer.next();
    }
    this.newlines();
    this.shellCommand();
    this.redirections();
  }

  private coproc(): void {
    this.lexer.next();
    const t = this.lexer.peek();
    if (t.kind === 'newline' || t.kind === 'eof') this.fail(t);
    if (t.kind === 'word' && !RESERVED.has(t.text)) {
      const at = t.pos;
      this.lexer.next();
      if (this.isOp('(') || (this.lexer.peek().kind === 'word' && OPENERS.has(this.lexer.peek().text))) {
        this.shellCommand();
        return this.redirections();
      }
      this.lexer.seek(at);
    }
    this.command();
  }

  private redirection(): void {
    const op = this.lexer.next().text;
    const word = this.plainWord();
    if (op === '<<' || op === '<<-') this.lexer.heredoc(word, op === '<<-');
  }

  private redirections(): void {
    for (;;) {
      const t = this.lexer.peek();
      if (t.kind === 'op' && REDIRECTION.test(t.text)) this.redirection();
      else if (t.kind === 'word' && /^(?:\d+|\{\w+\})$/.test(t.text) && /^[<>]/.test(this.source.slice(this.lexer.pos, this.lexer.pos + 1)))
        this.lexer.next();
      else return;
    }
  }

  private simple(): void {
    let words = 0;
    let bare = true;
    this.lexer.arraysAllowed = true;
    this.lexer.subscripts = true;
    for (;;) {
      const t = this.lexer.peek();
      if (t.kind === 'op' && REDIRECTION.test(t.text)) {
        this.redirection();
        bare = false;
      } else if (t.kind === 'word') {
        this.lexer.next();
        words++;
        if (/^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(t.text)) bare = false;
        else {
          this.lexer.subscripts = false;
          this.lexer.arraysAllowed = DECLARATIONS.has(t.text) || (this.lexer.arraysAllowed && words > 1);
        }
      } else if (t.kind === 'op' && t.text === '(' && words === 1 && bare) {
        this.lexer.arraysAllowed = true;
        return this.functionBody();
      } else break;
    }
    this.lexer.arraysAllowed = true;
    this.lexer.subscripts = true;
  }

  private functionBody(): void {
    this.lexer.next();
    this.expectOp(')');
    this.newlines();
    const t = this.lexer.peek();
    if (t.kind === 'word' && (t.text === 'function' || t.text === 'coproc')) this.fail(t);
    this.shellCommand();
    this.redirections();
  }

  // [[ … ]]
  private conditional(): void {
    this.lexer.next();
    this.conditionOr();
    if (!this.isWord(']]')) {
      const t = this.lexer.peek();
      if (t.kind === 'word') throw new SyntaxFailure('text', 'syntax error in conditional expression', t.pos);
      throw new SyntaxFailure('text', `unexpected token \`${t.kind === 'eof' ? 'EOF' : t.text}' in conditional command`, t.pos);
    }
    this.lexer.next();
  }
  private conditionOr(): void {
    this.conditionTerm();
    this.newlines();
    while (this.isOp('&&', '||')) {
      this.lexer.next();
      this.newlines();
      this.conditionTerm();
      this.newlines();
    }
  }
  private conditionTerm(): void {
    this.newlines();
    const t = this.lexer.peek();
    if (t.kind === 'eof') this.fail(t);
    if (this.isWord('!')) {
      this.lexer.next();
      return this.conditionTerm();
    }
    if (this.isOp('(')) {
      this.lexer.next();
      this.conditionOr();
      const close = this.lexer.peek();
      if (!this.isOp(')')) throw new SyntaxFailure('text', `unexpected token \`${close.text}', expected \`)'`, close.pos);
      this.lexer.next();
      return;
    }
    if (t.kind !== 'word') throw new SyntaxFailure('text', `unexpected token \`${t.text}' in conditional command`, t.pos);
    this.lexer.next();
    const unary = /^-[a-hknoprstuvwxzGLNORS]$/.test(t.text);
    const next = this.lexer.peek();
    if (unary && !(next.kind === 'word' && /^(?:=|==|!=|=~|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/.test(next.text)))
      return this.operand('unary');
    if (this.isWord(']]') || this.isOp('&&', '||', ')')) return;
    if (next.kind === 'word' && /^(?:=|==|!=|=~|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/.test(next.text)) {
      this.lexer.next();
      if (next.text === '=~') return this.regex();
      return next.text.startsWith('-') ? this.operand('binary') : this.patternOperand();
    }
    if (this.isOp('<', '>')) {
      this.lexer.next();
      return this.operand('binary');
    }
    if (next.kind === 'word') throw new SyntaxFailure('text', 'conditional binary operator expected', next.pos);
    throw new SyntaxFailure(
      'text',
      `unexpected token \`${next.kind === 'eof' ? 'newline' : next.text}', conditional binary operator expected`,
      next.pos,
    );
  }
  /** The right side of `==` may be an extended pattern, whatever `extglob` is. */
  private patternOperand(): void {
    const { lexer } = this;
    lexer.extglob = true;
    this.operand('binary');
    lexer.extglob = this.extglob;
  }
  private operand(kind: string): void {
    const t = this.lexer.peek();
    if (t.kind !== 'word' || t.text === ']]') {
      throw new SyntaxFailure(
        'text',
        `unexpected argument \`${t.kind === 'eof' ? 'newline' : t.text}' to conditional ${kind} operator`,
        t.pos,
      );
    }
    this.lexer.next();
  }
  private regex(): void {
    let i = this.lexer.peek().pos;
    const start = i;
    let depth = 0;
    while (i < this.source.length && (depth > 0 || !/[\s]/.test(this.source[i] as string))) {
      const c = this.source[i];
      if (c === '(') depth++;
      if (c === ')') depth--;
      i += c === '\\' ? 2 : 1;
    }
    if (depth > 0) throw new SyntaxFailure('unmatched', ')', start);
    this.lexer.seek(i);
  }
}
