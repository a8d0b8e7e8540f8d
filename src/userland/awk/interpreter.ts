/** Runs an awk program. */
import { IS_ERR } from '../../uapi/errno.ts';
import { CLOCK_REALTIME } from '../../uapi/syscalls.ts';
import type { Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import type { Output } from '../lib/stdio.ts';
import { strftime } from '../lib/time.ts';
import { unescapeText } from './lexer.ts';
import { awkRegex } from './regex.ts';
import { type Records, type Separator, Streams } from './streams.ts';
import type { AwkProgram, Expr, Lvalue, Rule, Statement } from './syntax.ts';
import { type AwkArray, compare, Input, isTrue, numberText, sprintf, toNumber, toText, type Value } from './values.ts';

class Next extends Error {}
class NextFile extends Error {}
class Exit extends Error {}
class Return extends Error {
  constructor(readonly value: Value) {
    super();
  }
}
class Break extends Error {}
class Continue extends Error {}

/** A variable: a value, or an array. A local that is neither yet may become the array of the caller's variable. */
class Cell {
  value: Value = undefined;
  array: AwkArray | null = null;
  constructor(private readonly origin: Cell | null = null) {}

  asArray(): AwkArray {
    this.array ??= this.origin?.asArray() ?? new Map();
    return this.array;
  }
}

type Frame = ReadonlyMap<string, Cell>;

export class Interpreter {
  private readonly globals = new Map<string, Cell>();
  private frame: Frame | null = null;
  private depth = 0;
  private record = '';
  private fields: Value[] | null = [];
  /** Whether the record is to be put together again from its fields. */
  private stale = false;
  private readonly ranges = new Set<Rule>();
  private readonly streams: Streams;
  private main: Records | null = null;
  private argument = 1;
  private usedArgument = false;
  private status = 0;
  private seed: number;
  private random: number;
  private turns = 0;

  constructor(
    private readonly io: Io,
    private readonly program: AwkProgram,
    args: readonly string[],
  ) {
    this.streams = new Streams(io);
    this.seed = this.random = Math.floor(io.sys.clock_gettime(CLOCK_REALTIME) / 1000);
    const defaults = { FS: ' ', OFS: ' ', ORS: '\n', RS: '\n', SUBSEP: '\x1c', CONVFMT: '%.6g', OFMT: '%.6g', FILENAME: '' };
    for (const [name, value] of Object.entries(defaults)) this.cell(name).value = value;
    for (const name of ['NR', 'FNR', 'RSTART']) this.cell(name).value = 0;
    this.cell('RLENGTH').value = -1;
    this.cell('ARGC').value = args.length;
    args.forEach((arg, i) => this.cell('ARGV').asArray().set(String(i), new Input(arg)));
    for (const entry of io.envp) {
      const [name = '', ...rest] = io.charset.fromArgument(entry).split('=');
      this.cell('ENVIRON')
        .asArray()
        .set(name, new Input(rest.join('=')));
    }
  }

  /** `name=value` of -v or among the operands. */
  assignText(name: string, text: string): void {
    this.setName(name, new Input(unescapeText(text)));
  }

  async run(): Promise<number> {
    const rules = this.program.rules;
    try {
      for (const rule of rules) if (rule.when === 'BEGIN') await this.action(rule);
      if (rules.some((rule) => rule.when !== 'BEGIN')) await this.records(rules);
    } catch (e) {
      if (!(e instanceof Exit)) throw await this.trouble(e);
    }
    return await this.finish(rules);
  }

  /** END rules also follow an exit, but not one of theirs. */
  private async finish(rules: readonly Rule[]): Promise<number> {
    try {
      for (const rule of rules) if (rule.when === 'END') await this.action(rule);
    } catch (e) {
      if (!(e instanceof Exit)) throw await this.trouble(e);
    }
    await this.streams.closeAll();
    if (this.streams.stdout.error) this.io.stdout.error = this.streams.stdout.error;
    return this.status;
  }

  private async trouble(e: unknown): Promise<unknown> {
    await this.streams.closeAll();
    return e;
  }

  private async records(rules: readonly Rule[]): Promise<void> {
    for (;;) {
      const record = await this.nextRecord();
      if (record === null) return;
      this.setRecord(record);
      try {
        for (const rule of rules) if (await this.applies(rule)) await this.action(rule);
      } catch (e) {
        if (e instanceof NextFile) this.main = null;
        else if (!(e instanceof Next)) throw e;
      }
      if (this.streams.stdout.full) await this.streams.stdout.flush();
      if (this.streams.stdout.error) return;
      await this.breathe();
    }
  }

  private async breathe(): Promise<void> {
    if ((this.turns++ & 255) === 0) await this.io.sys.sched_yield();
  }

  private async applies(rule: Rule): Promise<boolean> {
    if (typeof rule.when === 'string') return false;
    const [first, last] = rule.when;
    if (!first) return true;
    if (!last) return isTrue(await this.evaluate(first));
    if (!this.ranges.has(rule) && !isTrue(await this.evaluate(first))) return false;
    this.ranges.add(rule);
    if (isTrue(await this.evaluate(last))) this.ranges.delete(rule);
    return true;
  }

  private async action(rule: Rule): Promise<void> {
    if (rule.action) await this.execute(rule.action);
    else await this.streams.stdout.write(this.text() + this.string('ORS'));
  }

  // ---- input

  private async nextRecord(): Promise<string | null> {
    for (;;) {
      this.main ??= await this.nextFile();
      if (this.main === null) return null;
      const record = await this.main.next(this.separator());
      if (IS_ERR(record)) await this.io.warn(`read error (${record.message})`);
      if (typeof record === 'string') {
        this.count('NR');
        this.count('FNR');
        return record;
      }
      if (this.main.fd > 2) this.io.sys.close(this.main.fd);
      this.main = null;
    }
  }

  private count(name: string): void {
    this.cell(name).value = toNumber(this.cell(name).value) + 1;
  }

  private async nextFile(): Promise<Records | null> {
    const argv = this.cell('ARGV').asArray();
    for (; this.argument < toNumber(this.cell('ARGC').value); ) {
      const name = toText(argv.get(String(this.argument++)), '%.6g');
      const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(name);
      if (assignment) this.assignText(assignment[1] ?? '', assignment[2] ?? '');
      else if (name !== '') return await this.openMain(name);
    }
    if (this.usedArgument) return null;
    return await this.openMain('-');
  }

  private async openMain(name: string): Promise<Records | null> {
    this.usedArgument = true;
    const file = await this.streams.openFile(name);
    if (IS_ERR(file)) throw new Failure(`cannot open ${name} (${file.message})`, 2);
    this.cell('FILENAME').value = name === '-' ? '' : name;
    this.cell('FNR').value = 0;
    return file;
  }

  private separator(): Separator {
    const rs = this.string('RS');
    return rs.length > 1 ? awkRegex(rs) : rs;
  }

  // ---- the record and its fields

  private setRecord(text: string): void {
    this.record = text;
    this.fields = null;
    this.stale = false;
  }

  private text(): string {
    if (this.stale) {
      const convfmt = this.string('CONVFMT');
      this.record = (this.fields ?? []).map((field) => toText(field, convfmt)).join(this.string('OFS'));
      this.stale = false;
    }
    return this.record;
  }

  private split(): Value[] {
    this.fields ??= this.pieces(this.text(), this.string('FS')).map((field) => new Input(field));
    return this.fields;
  }

  private pieces(text: string, fs: string): string[] {
    if (text === '') return [];
    if (fs === ' ') {
      const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
      return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
    }
    if (fs === '') return [...text];
    return fs.length === 1 && fs !== '\\' ? text.split(fs) : splitBy(text, awkRegex(fs));
  }

  private field(n: number): Value {
    if (n === 0) return new Input(this.text());
    if (n < 0 || !Number.isInteger(n)) throw new Failure(`negative field index $${n}`, 2);
    return this.split()[n - 1];
  }

  private setField(n: number, value: Value): void {
    if (n === 0) return this.setRecord(toText(value, this.string('CONVFMT')));
    const fields = this.split();
    while (fields.length < n) fields.push('');
    fields[n - 1] = value;
    this.stale = true;
  }

  // ---- variables

  private cell(name: string): Cell {
    const local = this.frame?.get(name);
    if (local) return local;
    let cell = this.globals.get(name);
    if (!cell) this.globals.set(name, (cell = new Cell()));
    return cell;
  }

  private string(name: string): string {
    return toText(this.globals.get(name)?.value, '%.6g');
  }

  private getName(name: string): Value {
    if (name === 'NF' && !this.frame?.has('NF')) return this.split().length;
    const cell = this.cell(name);
    if (cell.array) throw new Failure(`type error: ${name} is an array`, 2);
    return cell.value;
  }

  private setName(name: string, value: Value): void {
    if (name === 'NF' && !this.frame?.has('NF')) {
      const fields = this.split();
      const n = Math.max(0, Math.trunc(toNumber(value)));
      while (fields.length < n) fields.push('');
      fields.length = n;
      this.stale = true;
      return;
    }
    this.cell(name).value = value;
  }

  private async key(index: readonly Expr[]): Promise<string> {
    const parts: string[] = [];
    for (const e of index) parts.push(this.keyText(await this.evaluate(e)));
    return parts.length === 1 ? (parts[0] as string) : parts.join(this.string('SUBSEP'));
  }

  private keyText(value: Value): string {
    return typeof value === 'number' ? numberText(value, this.string('CONVFMT')) : toText(value, '%.6g');
  }

  private async read(target: Lvalue): Promise<Value> {
    if (target.kind === 'name') return this.getName(target.name);
    if (target.kind === 'field') return this.field(toNumber(await this.evaluate(target.index)));
    const array = this.cell(target.array).asArray();
    const key = await this.key(target.index);
    if (!array.has(key)) array.set(key, undefined);
    return array.get(key);
  }

  /** Where a target is, so that its index is worked out once. */
  private async place(target: Lvalue): Promise<{ get(): Value; set(value: Value): void }> {
    if (target.kind === 'name') {
      const { name } = target;
      return { get: () => this.getName(name), set: (value) => this.setName(name, value) };
    }
    if (target.kind === 'field') {
      const n = toNumber(await this.evaluate(target.index));
      return { get: () => this.field(n), set: (value) => this.setField(n, value) };
    }
    const array = this.cell(target.array).asArray();
    const key = await this.key(target.index);
    return { get: () => array.get(key), set: (value) => void array.set(key, value) };
  }

  // ---- statements

  private async execute(s: Statement): Promise<void> {
    switch (s.kind) {
      case 'expression':
        await this.evaluate(s.value);
        return;
      case 'block':
        for (const one of s.body) await this.execute(one);
        return;
      case 'print':
        return await this.print(s);
      case 'if':
        if (isTrue(await this.evaluate(s.test))) await this.execute(s.yes);
        else if (s.no) await this.execute(s.no);
        return;
      case 'while':
        return await this.loop(s.test, s.body, null, false);
      case 'do':
        return await this.loop(s.test, s.body, null, true);
      case 'for':
        if (s.init) await this.execute(s.init);
        return await this.loop(s.test, s.body, s.step, false);
      case 'for-in':
        return await this.forIn(s);
      case 'delete':
        if (s.index)
          this.cell(s.array)
            .asArray()
            .delete(await this.key(s.index));
        else this.cell(s.array).asArray().clear();
        return;
      case 'next':
        throw new Next();
      case 'nextfile':
        throw new NextFile();
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
      case 'exit':
        if (s.value) this.status = toNumber(await this.evaluate(s.value)) & 255;
        throw new Exit();
      case 'return':
        throw new Return(s.value ? await this.evaluate(s.value) : undefined);
    }
  }

  private async loop(test: Expr | null, body: Statement, step: Statement | null, bodyFirst: boolean): Promise<void> {
    for (let first = bodyFirst; first || !test || isTrue(await this.evaluate(test)); first = false) {
      if (!(await this.turn(body))) return;
      if (step) await this.execute(step);
      await this.breathe();
    }
  }

  /** False after a break. */
  private async turn(body: Statement): Promise<boolean> {
    try {
      await this.execute(body);
    } catch (e) {
      if (e instanceof Break) return false;
      if (!(e instanceof Continue)) throw e;
    }
    return true;
  }

  private async forIn(s: Statement & { kind: 'for-in' }): Promise<void> {
    for (const key of [...this.cell(s.array).asArray().keys()]) {
      (await this.place(s.name)).set(new Input(key));
      if (!(await this.turn(s.body))) return;
      await this.breathe();
    }
  }

  private async print(s: Statement & { kind: 'print' }): Promise<void> {
    const values: Value[] = [];
    for (const e of s.args) values.push(await this.evaluate(e));
    const text = s.format ? await this.format('printf', values) : this.line(values);
    const output = s.redirection ? await this.target(s.redirection.to, await this.evaluate(s.redirection.name)) : this.streams.stdout;
    output.put(text);
    if (output.full || output.fd === 2) await output.flush();
  }

  private line(values: readonly Value[]): string {
    const ofmt = this.string('OFMT');
    const body = values.length === 0 ? this.text() : values.map((value) => toText(value, ofmt)).join(this.string('OFS'));
    return body + this.string('ORS');
  }

  private async target(to: '>' | '>>' | '|', name: Value): Promise<Output> {
    const text = toText(name, this.string('CONVFMT'));
    const output = await this.streams.writer(to, text);
    if (IS_ERR(output)) throw new Failure(`cannot open "${text}" for output (${output.message})`, 2);
    return output;
  }

  /** The text that could be made stands on standard output when an argument is missing. */
  private async format(what: string, [format, ...args]: readonly Value[]): Promise<string> {
    const text = toText(format, this.string('CONVFMT'));
    const made = sprintf(text, args, this.string('CONVFMT'));
    if (made.complete) return made.text;
    if (what === 'printf') await this.streams.stdout.write(made.text);
    const where = `\tFILENAME="${this.string('FILENAME')}" FNR=${this.string('FNR')} NR=${this.string('NR')}`;
    throw new Failure(`run time error: not enough arguments passed to ${what}("${text}")\n${where}`, 2);
  }

  // ---- expressions

  private async evaluate(e: Expr): Promise<Value> {
    switch (e.kind) {
      case 'number':
      case 'string':
        return e.value;
      case 'regex':
        return matches(awkRegex(e.source), this.text()) ? 1 : 0;
      case 'name':
        return this.getName(e.name);
      case 'element':
      case 'field':
        return await this.read(e);
      case 'group':
        return await this.evaluate(e.inner);
      case 'list':
        return await this.key(e.items);
      case 'unary':
        return this.unary(e.op, await this.evaluate(e.operand));
      case 'binary':
        return this.binary(e.op, await this.evaluate(e.left), await this.evaluate(e.right));
      case 'logical':
        return isTrue(await this.evaluate(e.left)) === (e.op === '||')
          ? e.op === '||'
            ? 1
            : 0
          : isTrue(await this.evaluate(e.right))
            ? 1
            : 0;
      case 'match':
        return matches(await this.pattern(e.pattern), this.plain(await this.evaluate(e.text))) !== e.negated ? 1 : 0;
      case 'in':
        return this.cell(e.array)
          .asArray()
          .has(await this.key(e.index))
          ? 1
          : 0;
      case 'conditional':
        return await this.evaluate(isTrue(await this.evaluate(e.test)) ? e.yes : e.no);
      case 'assign':
        return await this.assign(e);
      case 'step':
        return await this.step(e);
      case 'call':
        return await this.call(e);
      case 'builtin':
        return await this.builtin(e);
      case 'getline':
        return await this.getline(e);
    }
  }

  private plain(value: Value): string {
    return toText(value, this.string('CONVFMT'));
  }

  private async pattern(e: Expr): Promise<RegExp> {
    return awkRegex(e.kind === 'regex' ? e.source : this.plain(await this.evaluate(e)));
  }

  private unary(op: '-' | '+' | '!', value: Value): Value {
    return op === '!' ? (isTrue(value) ? 0 : 1) : op === '-' ? -toNumber(value) : toNumber(value);
  }

  private binary(op: string, left: Value, right: Value): Value {
    if (op === ' ') return this.plain(left) + this.plain(right);
    if ('+-*/%^'.includes(op)) return arithmetic(op, toNumber(left), toNumber(right));
    const order = compare(left, right, this.string('CONVFMT'));
    return { '<': order < 0, '<=': order <= 0, '==': order === 0, '!=': order !== 0, '>': order > 0, '>=': order >= 0 }[op] ? 1 : 0;
  }

  private async assign({ op, target, value }: Expr & { kind: 'assign' }): Promise<Value> {
    if (op === '=') {
      const fresh = await this.evaluate(value);
      (await this.place(target)).set(fresh);
      return fresh;
    }
    const place = await this.place(target);
    const result = arithmetic(op.slice(0, 1), toNumber(place.get()), toNumber(await this.evaluate(value)));
    place.set(result);
    return result;
  }

  private async step({ by, prefix, target }: Expr & { kind: 'step' }): Promise<Value> {
    const place = await this.place(target);
    const old = toNumber(place.get());
    place.set(old + by);
    return prefix ? old + by : old;
  }

  private async call({ name, args }: Expr & { kind: 'call' }): Promise<Value> {
    const definition = this.program.functions.get(name);
    if (!definition) throw new Failure(`function ${name} never defined`, 2);
    if (args.length > definition.params.length) throw new Failure(`too many arguments in call to ${name}`, 2);
    if (++this.depth > 10_000) throw new Failure('function call nested too deeply', 2);
    const frame = new Map<string, Cell>();
    for (const [i, param] of definition.params.entries()) frame.set(param, await this.argumentCell(args[i]));
    const caller = this.frame;
    this.frame = frame;
    try {
      await this.execute(definition.body);
    } catch (e) {
      if (e instanceof Return) return e.value;
      throw e;
    } finally {
      this.frame = caller;
      this.depth--;
    }
    return undefined;
  }

  private async argumentCell(e: Expr | undefined): Promise<Cell> {
    if (!e) return new Cell();
    if (e.kind === 'name' && e.name !== 'NF') {
      const own = this.cell(e.name);
      if (own.array) return own;
      const copy = new Cell(own.value === undefined ? own : null);
      copy.value = own.value;
      return copy;
    }
    const cell = new Cell();
    cell.value = await this.evaluate(e);
    return cell;
  }

  private async getline({ from, source, target }: Expr & { kind: 'getline' }): Promise<Value> {
    const record = from === 'main' ? await this.nextRecord() : await this.recordOf(from, source as Expr);
    if (typeof record === 'number') return record;
    if (record === null) return 0;
    if (from === 'command') this.count('NR');
    if (target) (await this.place(target)).set(new Input(record));
    else this.setRecord(record);
    return 1;
  }

  private async recordOf(from: 'file' | 'command', source: Expr): Promise<string | null | -1> {
    const reader = await this.streams.reader(from, this.plain(await this.evaluate(source)));
    const record = IS_ERR(reader) ? reader : await reader.next(this.separator());
    return IS_ERR(record) ? -1 : record;
  }

  private async builtin({ name, args }: Expr & { kind: 'builtin' }): Promise<Value> {
    const [first] = args;
    switch (name) {
      case 'length':
        if (first?.kind === 'name' && this.cell(first.name).array) return this.cell(first.name).asArray().size;
        return first ? this.plain(await this.evaluate(first)).length : this.text().length;
      case 'split':
        return await this.splitInto(args);
      case 'sub':
      case 'gsub':
        return await this.substitute(args, name === 'gsub');
      case 'match':
        return await this.match(args);
      default: {
        const values: Value[] = [];
        for (const e of args) values.push(await this.evaluate(e));
        return await this.simple(name, values);
      }
    }
  }

  private async simple(name: string, values: readonly Value[]): Promise<Value> {
    const [a, b, c] = values;
    const n = toNumber(a);
    switch (name) {
      case 'substr':
        return substr(this.plain(a), toNumber(b), values.length > 2 ? toNumber(c) : Number.POSITIVE_INFINITY);
      case 'index':
        return this.plain(a).indexOf(this.plain(b)) + 1;
      case 'sprintf':
        return await this.format('sprintf', values);
      case 'tolower':
        return this.plain(a).replace(/[A-Z]+/g, (s) => s.toLowerCase());
      case 'toupper':
        return this.plain(a).replace(/[a-z]+/g, (s) => s.toUpperCase());
      case 'int':
        return Math.trunc(n);
      case 'atan2':
        return Math.atan2(n, toNumber(b));
      case 'rand':
        return this.rand();
      case 'srand':
        return this.srand(a);
      case 'system':
        return await this.streams.system(this.plain(a));
      case 'close':
        return await this.streams.close(this.plain(a));
      case 'fflush':
        await this.streams.flush();
        return 0;
      case 'systime':
        return Math.floor(this.io.sys.clock_gettime(CLOCK_REALTIME) / 1000);
      case 'strftime':
        return strftime(
          values.length > 0 ? this.plain(a) : '%c',
          values.length > 1 ? toNumber(b) * 1000 : this.io.sys.clock_gettime(CLOCK_REALTIME),
        );
      case 'mktime':
        throw new Failure('mktime is not supported here', 2);
      default:
        return (MATH[name] as (n: number) => number)(n);
    }
  }

  private rand(): number {
    this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
    return this.random / 2 ** 32;
  }

  private srand(value: Value): Value {
    const before = this.seed;
    this.seed = value === undefined ? Math.floor(this.io.sys.clock_gettime(CLOCK_REALTIME) / 1000) : toNumber(value);
    this.random = this.seed >>> 0;
    return before;
  }

  private async splitInto([source, target, separator]: readonly Expr[]): Promise<Value> {
    if (!source || target?.kind !== 'name') throw new Failure('type error in split', 2);
    const text = this.plain(await this.evaluate(source));
    const pieces = !separator
      ? this.pieces(text, this.string('FS'))
      : separator.kind === 'regex'
        ? text === ''
          ? []
          : splitBy(text, awkRegex(separator.source))
        : this.pieces(text, this.plain(await this.evaluate(separator)));
    const array = this.cell(target.name).asArray();
    array.clear();
    pieces.forEach((piece, i) => array.set(String(i + 1), new Input(piece)));
    return pieces.length;
  }

  private async match([text, pattern]: readonly Expr[]): Promise<Value> {
    if (!text || !pattern) throw new Failure('wrong number of arguments in call to match', 2);
    const subject = this.plain(await this.evaluate(text));
    const re = await this.pattern(pattern);
    re.lastIndex = 0;
    const m = re.exec(subject);
    this.cell('RSTART').value = m ? m.index + 1 : 0;
    this.cell('RLENGTH').value = m ? m[0].length : -1;
    return m ? m.index + 1 : 0;
  }

  private async substitute([pattern, replacement, target]: readonly Expr[], all: boolean): Promise<Value> {
    if (!pattern || !replacement) throw new Failure('wrong number of arguments in call to sub', 2);
    const re = await this.pattern(pattern);
    const text = this.plain(await this.evaluate(replacement));
    const lvalue: Lvalue =
      target && (target.kind === 'name' || target.kind === 'element' || target.kind === 'field')
        ? target
        : { kind: 'field', index: { kind: 'number', value: 0 } };
    const place = await this.place(lvalue);
    const subject = this.plain(place.get());
    let count = 0;
    const once = new RegExp(re.source, all ? re.flags : re.flags.replace('g', ''));
    const result = subject.replace(once, (found: string) => {
      count++;
      return text.replace(/\\\\|\\&|&/g, (c) => (c === '&' ? found : c === '\\&' ? '&' : '\\'));
    });
    if (count > 0) place.set(result);
    return count;
  }
}

const MATH: Readonly<Record<string, (n: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
};

function arithmetic(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    default:
      return a ** b;
  }
}

function matches(re: RegExp, text: string): boolean {
  re.lastIndex = 0;
  return re.test(text);
}

function splitBy(text: string, re: RegExp): string[] {
  const out: string[] = [];
  let start = 0;
  for (const m of text.matchAll(re)) {
    if (m[0] === '') continue;
    out.push(text.slice(start, m.index));
    start = m.index + m[0].length;
  }
  return [...out, text.slice(start)];
}

/** As this mawk counts: what lies before the first character makes the piece longer. */
function substr(text: string, from: number, length: number): string {
  const start = Math.trunc(from);
  const count = Math.trunc(length) - Math.min(start, 0);
  return count <= 0 ? '' : text.substr(Math.max(start, 1) - 1, count);
}
