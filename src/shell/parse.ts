/** The door to unbash: source text to our tree, cut into the complete commands that bash reads and runs one after the other. */

import type * as U from 'unbash';
import { type ParsedScript, parse, type SyntaxNode, type TestExpression } from 'unbash';
import type { AndOr, Assignment, CaseItem, Command, List, Pipeline, Redirection, Statement, Test } from './ast.ts';
import { failureAt, type SyntaxProblem, syntaxProblem } from './errors.ts';
import { skipParens } from './expand/scan.ts';
import { printSubstitution } from './print.ts';
import { unicodeAsText } from './quoting.ts';

/** What bash reads before it runs anything: a list up to the newline that completes it. */
export interface Unit {
  readonly list: List;
  /** Offsets in the source: the first statement and the start of what follows. */
  readonly start: number;
  readonly end: number;
  /** Here-documents that the end of the input cut off. */
  readonly unterminated: readonly { readonly delimiter: string; readonly line: number; readonly endLine: number }[];
}

export interface Program {
  readonly units: readonly Unit[];
  readonly problem: SyntaxProblem | undefined;
}

/** What a shell's options say of how text is read. */
export interface Dialect {
  readonly extglob: boolean;
  /** dash counts the lines of a text as they stand; bash numbers a command late, and reads a `$( )` again as it printed it. */
  readonly sh: boolean;
  /** What the locale can write of `$'\\u…'`. */
  readonly utf8: boolean;
}

const BASH: Dialect = { extglob: false, sh: false, utf8: true };

/** Parses `source`, whose first line has number `firstLine`. With a problem, `units` are those complete before it. */
export function parseProgram(source: string, firstLine: number, dialect = BASH): Program {
  const script = parse(source);
  const at = firstProblem(source, script)?.pos ?? missedProblem(source, dialect);
  if (at !== undefined) return parseUpTo(source, script, at, firstLine, dialect);
  return { units: new Converter(source, firstLine, dialect).units(script), problem: undefined };
}

/** Text that unbash takes although bash may not: an open `$[` or `name[`, a parenthesis with nothing after it, an extended pattern. */
function missedProblem(source: string, { extglob, sh }: Dialect): number | undefined {
  if (sh && /=\(|<<</.test(source)) return failureAt(source, false, true);
  if (/\$\[|\(\s*$|(?:^|[\s;&|(])[A-Za-z_]\w*\[[^\]]*$/.test(source)) return failureAt(source, extglob);
  if (extglob || !/[?*+@!]\(/.test(source)) return undefined;
  const at = failureAt(source, false);
  return at !== undefined && /[?*+@!]\($|[?*+@!]$/.test(source.slice(0, at)) ? at : undefined;
}

export interface RawProblem {
  readonly message: string;
  readonly pos: number;
}

/** The first error of a script, those inside its command substitutions included. */
export function firstProblem(source: string, script: ParsedScript): RawProblem | undefined {
  const problems: RawProblem[] = [...(script.errors ?? [])];
  if (/[$<>]\(/.test(source)) collectNested(script, problems);
  return problems.sort((a, b) => a.pos - b.pos)[0];
}

function collectNested(node: SyntaxNode, into: RawProblem[]): void {
  walkWords(node, (raw, pos) => {
    if (!/[$<>]\(/.test(raw)) return;
    for (const part of substitutions(raw)) {
      const inner = parse(part.text);
      const p = firstProblem(part.text, inner);
      if (p) into.push({ message: p.message, pos: pos + part.at + p.pos });
    }
  });
}

/** `$(…)`, `<(…)`, `>(…)` at any depth of quoting in a raw word; arithmetic and single quotes are passed over. */
function substitutions(raw: string): { readonly at: number; readonly text: string }[] {
  const out: { at: number; text: string }[] = [];
  let inDouble = false;
  for (let i = 0; i < raw.length; ) {
    const c = raw[i];
    if (c === '\\') i += 2;
    else if (c === '"') {
      inDouble = !inDouble;
      i++;
    } else if (c === "'" && !inDouble) {
      const end = raw.indexOf("'", i + 1);
      i = end < 0 ? raw.length : end + 1;
    } else if (c === '`') {
      const end = raw.indexOf('`', i + 1);
      i = end < 0 ? raw.length : end + 1;
    } else if (c === '$' && raw[i + 1] === '(' && raw[i + 2] === '(') i += 3;
    else if ((c === '$' || ((c === '<' || c === '>') && !inDouble)) && raw[i + 1] === '(') {
      const end = skipParens(raw, i + 2);
      if (raw[end - 1] === ')') out.push({ at: i + 2, text: raw.slice(i + 2, end - 1) });
      i = end;
    } else i++;
  }
  return out;
}

/** Calls `visit` with every raw word below `node`. */
function walkWords(node: unknown, visit: (raw: string, pos: number) => void): void {
  if (Array.isArray(node)) {
    for (const n of node) walkWords(n, visit);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const n = node as { readonly type?: string; readonly text?: string; readonly pos?: number };
  if (n.type === 'Word') return visit(n.text ?? '', n.pos ?? 0);
  if (n.type === 'Assignment') return visit(n.text ?? '', n.pos ?? 0);
  for (const key of CHILDREN) walkWords((node as Record<string, unknown>)[key], visit);
}
const CHILDREN = [
  'commands',
  'command',
  'name',
  'prefix',
  'suffix',
  'redirects',
  'target',
  'clause',
  'then',
  'elif',
  'else',
  'body',
  'wordlist',
  'word',
  'items',
  'pattern',
  'expression',
  'operands',
  'operand',
  'left',
  'right',
  'value',
];

/** The complete commands before the one that cannot be read, and what is wrong with that. */
function parseUpTo(source: string, script: ParsedScript, at: number, firstLine: number, dialect: Dialect): Program {
  const lineStart = source.lastIndexOf('\n', at - 1) + 1;
  let before = script.commands.filter((s) => s.end <= lineStart).length;
  for (; before > 0; before--) {
    const last = script.commands[before - 1];
    const end = endOfLine(source, last?.end ?? 0);
    if (end > at) continue;
    const prefix = source.slice(0, end);
    const parsed = parse(prefix);
    if (firstProblem(prefix, parsed)) continue;
    const units = new Converter(prefix, firstLine, dialect).units(parsed);
    return { units, problem: syntaxProblem(source, end, firstLine, dialect.extglob, dialect.sh) };
  }
  return { units: [], problem: syntaxProblem(source, 0, firstLine, dialect.extglob, dialect.sh) };
}

function endOfLine(source: string, pos: number): number {
  const nl = source.indexOf('\n', pos);
  return nl < 0 ? source.length : nl + 1;
}

/** unbash's nodes to ours. */
class Converter {
  private readonly lines: number[] = [0];
  /** The line of the last `<<`, and where its document ends. */
  private documents = { line: 0, end: 0 };
  private unterminated: { delimiter: string; line: number; endLine: number }[] = [];

  constructor(
    private readonly source: string,
    private readonly firstLine: number,
    private readonly dialect: Dialect,
  ) {
    for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) this.lines.push(i + 1);
  }

  units(script: ParsedScript): Unit[] {
    const out: Unit[] = [];
    let group: U.Statement[] = [];
    const close = (next: number): void => {
      const first = group[0];
      if (!first) return;
      this.unterminated = [];
      const list = this.statements(group);
      out.push({ list, start: first.pos, end: next, unterminated: this.unterminated });
      group = [];
    };
    for (const s of script.commands) {
      const last = group[group.length - 1];
      if (last && this.source.slice(last.end, s.pos).includes('\n')) close(s.pos);
      group.push(s);
    }
    close(this.source.length);
    return out;
  }

  private line(pos: number): number {
    let lo = 0;
    let hi = this.lines.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if ((this.lines[mid] as number) <= pos) lo = mid;
      else hi = mid - 1;
    }
    return lo + this.firstLine;
  }

  private list(l: U.CompoundList | undefined): List {
    return l ? this.statements(l.commands) : [];
  }
  private statements(list: readonly U.Statement[]): List {
    return list.map((s, i) => this.statement(s, list[i + 1]));
  }

  private statement(s: U.Statement, next: U.Statement | undefined): Statement {
    return {
      command: this.andOr(s.command),
      background: s.background === true,
      newline: next !== undefined && !this.source.slice(s.end, next.pos).trimStart().startsWith(';'),
      line: this.line(s.pos),
    };
  }

  /** A word as bash keeps it. */
  private word(raw: string): string {
    if (this.dialect.sh) return raw;
    return rewriteSubstitutions(this.dialect.utf8 ? raw : keepUnicode(raw), this.dialect);
  }

  private andOr(c: U.PipelineNode | U.AndOr): AndOr {
    const line = this.line(c.pos);
    if (c.type !== 'AndOr') return { type: 'and-or', line, pipelines: [this.pipeline(c)], operators: [] };
    return { type: 'and-or', line, pipelines: c.commands.map((p) => this.pipeline(p)), operators: c.operators };
  }

  private pipeline(p: U.PipelineNode): Pipeline {
    const line = this.line(p.pos);
    if (p.type !== 'Pipeline') return { type: 'pipeline', line, commands: [this.command(p)], both: [], negations: 0, timed: 'no' };
    const time = p.prefixes.find((x) => x.type === 'Time');
    return {
      type: 'pipeline',
      line,
      commands: p.commands.map((c) => this.command(c)),
      both: p.operators.map((o) => o === '|&'),
      negations: p.prefixes.filter((x) => x.type === 'Negation').length,
      timed: time ? (time.type === 'Time' && time.posix ? 'posix' : 'bash') : 'no',
    };
  }

  private command(c: U.CommandNode | U.CompoundList): Command {
    const line = this.line(c.pos);
    switch (c.type) {
      case 'Command':
        return this.simple(c);
      case 'Redirected':
        return { type: 'redirected', line, command: this.command(c.command), redirections: c.redirects.map((r) => this.redirection(r)) };
      case 'If':
        return {
          type: 'if',
          line,
          clauses: [c, ...c.elif].map((x) => ({ test: this.list(x.clause), body: this.list(x.then) })),
          otherwise: c.else && this.list(c.else),
        };
      case 'For':
      case 'Select':
        return {
          type: c.type === 'For' ? 'for' : 'select',
          line: this.endLine(c.name, line),
          name: c.name.text,
          words: c.wordlist?.map((w) => this.word(w.text)),
          body: this.list(c.body),
        };
      case 'ArithmeticFor':
        return { type: 'arithmetic-for', line, ...this.forHeader(c), body: this.list(c.body) };
      case 'While':
        return { type: c.kind, line, test: this.list(c.clause), body: this.list(c.body) };
      case 'Case':
        return {
          type: 'case',
          line: this.endLine(c.word, line),
          word: this.word(c.word.text),
          items: c.items.map((i) => this.caseItem(i)),
        };
      case 'BraceGroup':
        return { type: 'group', line, body: this.list(c.body) };
      case 'CompoundList':
        return { type: 'group', line, body: this.list(c) };
      case 'Subshell':
        return { type: 'subshell', line, body: this.list(c.body) };
      case 'ArithmeticCommand':
        if (this.dialect.sh) return { type: 'subshell', line, body: [this.wordsAsCommand(c.body, line)] };
        return { type: 'arithmetic', line: this.endLine(c, line), expression: this.word(c.body) };
      case 'TestCommand':
        if (this.dialect.sh) return this.wordsAsCommand(this.source.slice(c.pos, c.end), line).command.pipelines[0]?.commands[0] as Command;
        return { type: 'conditional', line, test: this.test(c.expression) };
      case 'Function':
        return { type: 'function', line, name: c.name.text, body: this.command(c.body) };
      case 'Coproc':
        return { type: 'coproc', line, name: c.name?.text ?? 'COPROC', body: this.command(c.body) };
    }
  }

  /** The three expressions as written. */
  private forHeader(c: U.ArithmeticFor): { init: string; test: string; update: string } {
    const open = this.source.indexOf('((', c.pos) + 2;
    const parts: string[] = [];
    let start = open;
    let depth = 0;
    for (let i = open; i < c.end; i++) {
      const ch = this.source[i];
      if (ch === '(') depth++;
      if (ch === ')' && depth-- === 0) {
        parts.push(this.source.slice(start, i));
        break;
      }
      if (ch === ';' && depth === 0) {
        parts.push(this.source.slice(start, i));
        start = i + 1;
      }
    }
    const [init = '', test = '', update = ''] = parts.map((p) => this.word(p));
    return { init, test, update };
  }

  /** dash knows neither `[[ ]]` nor `(( ))`: their words are a command's. */
  private wordsAsCommand(text: string, line: number): Statement {
    const words = text.trim().split(/\s+/);
    const simple: Command = { type: 'simple', line, assignments: [], words, redirections: [] };
    const pipeline: Pipeline = { type: 'pipeline', line, commands: [simple], both: [], negations: 0, timed: 'no' };
    return { command: { type: 'and-or', line, pipelines: [pipeline], operators: [] }, background: false, newline: false, line };
  }

  private caseItem(i: U.CaseItem): CaseItem {
    return { patterns: i.pattern.map((w) => this.word(w.text)), body: this.list(i.body), terminator: i.terminator ?? ';;' };
  }

  private simple(c: U.Command): Command {
    const glued = gluedWords(c);
    const line = this.dialect.sh ? this.line(c.pos) : this.lateLine(c);
    const assignments: Assignment[] = [];
    const words: (string | Assignment)[] = c.name && glued.length === 0 ? [this.word(c.name.text)] : [];
    const redirections: Redirection[] = [];
    for (const p of c.prefix) {
      if (p.type === 'Assignment') assignments.push(this.assignment(p));
      else redirections.push(this.redirection(p));
    }
    const given = assignments.pop();
    if (given) assignments.push(glue(given, glued));
    let before = c.name;
    for (const s of c.suffix.slice(Math.max(0, glued.length - 1))) {
      if (s.type === 'Word') {
        if (before?.end === s.pos && words.length > 0) words.push(`${words.pop()}${this.word(s.text)}`);
        else words.push(this.word(s.text));
        before = s;
      } else if (s.type === 'Assignment') words.push(this.assignment(s));
      else redirections.push(this.redirection(s));
    }
    return { type: 'simple', line, assignments, words, redirections };
  }

  /** bash numbers these by where a word of theirs ends. */
  private endLine(w: { readonly end: number }, line: number): number {
    return this.dialect.sh ? line : this.line(w.end);
  }

  /** The line that bash's parser has come to when it makes the command: after its first word it looks at the next token. */
  private lateLine(c: U.Command): number {
    const [first] = c.prefix;
    if (first) return this.line(first.end);
    if (!c.name) return this.line(c.pos);
    const [next] = c.suffix;
    if (next) return this.line(next.type === 'Word' || next.type === 'Assignment' ? next.end : next.pos);
    const blanks = /^(?:[ \t]|\\\n)*/.exec(this.source.slice(c.name.end))?.[0] ?? '';
    return this.lineAfterDocuments(c.name.end + blanks.length);
  }

  /** The newline at `pos` is read with the here-documents that it begins. */
  private lineAfterDocuments(pos: number): number {
    const line = this.line(pos);
    return this.source[pos] === '\n' && this.documents.line === line ? this.documents.end : line;
  }

  private assignment(a: U.Assignment): Assignment {
    return {
      kind: 'assignment',
      name: a.name,
      index: a.index && this.word(a.index.text),
      append: a.append === true,
      value: a.value.type === 'ArrayValue' ? a.value.elements.map((w) => this.word(w.text)) : this.word(a.value.text),
      text: this.word(a.text),
    };
  }

  private redirection(r: U.Redirection): Redirection {
    const line = this.line(r.pos);
    const base = {
      op: r.operator as string,
      fd: r.descriptor?.type === 'FileDescriptor' ? r.descriptor.value : undefined,
      fdVariable: r.descriptor?.type === 'FileDescriptorVariable' ? r.descriptor.name : undefined,
      line,
    };
    if (r.type !== 'HereDoc') return { ...base, target: this.word(r.target?.text ?? ''), body: '', quoted: false };
    if (r.closing) this.documents = { line, end: this.line(r.closing.pos) };
    else {
      const text = this.source.replace(/\n$/, '');
      this.unterminated.push({ delimiter: r.delimiter?.value ?? '', line, endLine: this.line(text.length) });
    }
    const text = r.body.text === '' || r.body.text.endsWith('\n') ? r.body.text : `${r.body.text}\n`;
    const body = r.operator === '<<-' ? text.replace(/^\t+/gm, '') : text;
    return { ...base, target: r.delimiter?.text ?? '', body, quoted: r.delimiter?.quoted === true };
  }

  private test(t: TestExpression): Test {
    switch (t.type) {
      case 'TestUnary':
        return { op: 'unary', line: this.endLine(t.operand, 0), operator: t.operator, operand: this.word(t.operand.text) };
      case 'TestBinary':
        return {
          op: 'binary',
          line: this.endLine(t.right, 0),
          operator: t.operator,
          left: this.word(t.left.text),
          right: this.word(t.right.text),
        };
      case 'TestLogical':
        return { op: t.operator, operands: t.operands.map((o) => this.test(o)) };
      case 'TestNot':
        return { op: 'not', count: t.negations.length, operand: this.test(t.operand) };
      case 'TestGroup':
        return { op: 'group', operand: this.test(t.expression) };
    }
  }
}

const QUOTED = /\\.|\$'(?:\\.|[^'\\])*'|'[^']*'|"(?:\\.|[^"\\])*"/gs;

/** `$'\u…'` of what the locale cannot write stays as it is. */
function keepUnicode(raw: string): string {
  return /\\[uU]/.test(raw) ? raw.replace(QUOTED, (q) => (q.startsWith('$') ? unicodeAsText(q) : q)) : raw;
}

/** `x=<(…)` is one word, which unbash takes for several: how many of the words after the assignment belong to it. */
function gluedWords(c: U.Command): readonly U.Word[] {
  const last = c.prefix[c.prefix.length - 1];
  if (last?.type !== 'Assignment' || !c.name || c.name.pos !== last.end) return [];
  const glued = [c.name];
  for (const s of c.suffix) {
    if (s.type !== 'Word' || s.pos !== glued[glued.length - 1]?.end) break;
    glued.push(s);
  }
  return glued;
}

function glue(a: Assignment, words: readonly U.Word[]): Assignment {
  const more = words.map((w) => w.text).join('');
  return typeof a.value === 'string' ? { ...a, value: a.value + more, text: a.text + more } : a;
}

/** Each `$( )`, `<( )` of a raw word as bash prints what it has read there. */
function rewriteSubstitutions(raw: string, dialect: Dialect): string {
  if (!/[$<>]\(/.test(raw)) return raw;
  let out = '';
  let from = 0;
  for (const { at, text } of substitutions(raw)) {
    out += raw.slice(from, at) + rewritten(text, dialect);
    from = at + text.length;
  }
  return out + raw.slice(from);
}

function rewritten(text: string, dialect: Dialect): string {
  const { units, problem } = parseProgram(text, 1, dialect);
  if (problem || units.some((u) => u.unterminated.length > 0)) return text;
  const printed = printSubstitution(units.flatMap((u, i) => joinUnit(u.list, i < units.length - 1)));
  return printed.startsWith('(') ? ` ${printed}` : printed;
}

/** The last command of a unit that others follow. */
function joinUnit(list: List, more: boolean): List {
  const last = list[list.length - 1];
  return more && last ? [...list.slice(0, -1), { ...last, newline: true }] : list;
}

export interface PlacedWord {
  readonly text: string;
  readonly pos: number;
}

/** The literal first words of all commands, and the words at `extra` offsets, by place. */
export function commandWords(_source: string, script: ParsedScript, extra: ReadonlySet<number>): PlacedWord[] {
  const out: PlacedWord[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const n of node) visit(n);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const n = node as { readonly type?: string; readonly name?: U.Word; readonly suffix?: readonly unknown[] };
    if (n.type === 'Command') {
      if (n.name) out.push({ text: n.name.text, pos: n.name.pos });
      for (const s of n.suffix ?? []) {
        const w = s as U.Word;
        if (w.type === 'Word' && extra.has(w.pos)) out.push({ text: w.text, pos: w.pos });
      }
      return;
    }
    if (n.type === 'Word' || n.type === 'Assignment') return;
    for (const key of CHILDREN) if (key !== 'wordlist' && key !== 'pattern') visit((node as Record<string, unknown>)[key]);
  };
  visit(script);
  return out.sort((a, b) => a.pos - b.pos);
}
