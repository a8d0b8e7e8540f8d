/** Runs a sed(1) script over its input: one cycle a line. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { captureShell } from '../lib/capture.ts';
import type { Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { LineReader, readAll, readFile } from '../lib/stdio.ts';
import type { Input } from './sed-input.ts';
import type { OutputFiles, SedOutput } from './sed-output.ts';
import type { Address, Command, Script, SedRegex, Substitution } from './sed-script.ts';
import { expandPieces, unambiguous } from './sed-text.ts';

export interface RunHow {
  readonly quiet: boolean;
  readonly lineLength: number;
  readonly delimiter: '\n' | '\0';
  readonly unbuffered: boolean;
}

/** What a command leaves the cycle to do. */
type Step =
  | { readonly go: 'on' | 'end cycle' | 'delete' | 'restart' | 'quit' | 'quit silently' }
  | { readonly go: 'jump'; readonly to: number };
const ON: Step = { go: 'on' };

type Appended = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'file' | 'line of file'; readonly name: string };

export class Runner {
  /** Where lines go; changes with each file of -i. */
  output: SedOutput;
  exitCode: number | null = null;
  private pattern = '';
  private terminated = true;
  private hold = '';
  private replaced = false;
  private appended: Appended[] = [];
  private lastRegex: SedRegex | null = null;
  private readonly lineFiles = new Map<string, LineReader | null>();

  constructor(
    private readonly io: Io,
    private readonly script: Script,
    private readonly input: Input,
    output: SedOutput,
    private readonly files: OutputFiles,
    private readonly how: RunHow,
  ) {
    this.output = output;
  }

  async run(): Promise<void> {
    let restart = false;
    for (;;) {
      if (!restart && !this.loadNow() && !(await this.load())) return;
      const step = await this.cycle();
      restart = step.go === 'restart';
      const prints = step.go === 'end cycle' || step.go === 'quit';
      if (prints && !this.how.quiet) this.output.line(this.pattern, this.terminated);
      if (step.go !== 'quit silently') await this.dumpAppended();
      if (this.output.stream.full || this.how.unbuffered) await this.output.stream.flush();
      if (step.go === 'quit' || step.go === 'quit silently' || this.output.stream.error) return;
    }
  }

  private loadNow(): boolean {
    const line = this.input.readNow();
    if (!line) return false;
    this.pattern = line.text;
    this.terminated = line.terminated;
    this.replaced = false;
    return true;
  }

  private async load(): Promise<boolean> {
    const line = await this.input.read();
    if (!line) return false;
    this.pattern = line.text;
    this.terminated = line.terminated;
    this.replaced = false;
    return true;
  }

  private async cycle(): Promise<Step> {
    const { commands } = this.script;
    let at = 0;
    let turns = 0;
    while (at < commands.length) {
      const command = commands[at] as Command;
      const selects = command.from ? this.selectsNow(command) : true;
      const selected = (selects === null ? await this.selects(command) : selects) !== command.negated;
      if (!selected) {
        at = command.name === '{' ? command.target : at + 1;
        continue;
      }
      const step = this.simple(command) ?? (await this.involved(command));
      if (step.go === 'jump') {
        at = step.to;
        if (++turns % 1000 === 0) await this.io.sys.sched_yield();
      } else if (step.go === 'on') at++;
      else return step;
    }
    return { go: 'end cycle' };
  }

  // addresses

  /** The answer where it does not depend on what follows in the input; else null. */
  private selectsNow(command: Command): boolean | null {
    const { from, to } = command;
    if (!from || from.kind === 'last' || to?.kind === 'last') return null;
    return to ? this.inRange(command, from, to, false) : this.matches(from, false);
  }

  private async selects(command: Command): Promise<boolean> {
    const last = await this.input.isLast();
    const { from, to } = command;
    if (!from) return true;
    return to ? this.inRange(command, from, to, last) : this.matches(from, last);
  }

  private matches(address: Address, last: boolean): boolean {
    switch (address.kind) {
      case 'line':
        return this.input.lineNumber === address.line;
      case 'step':
        return this.input.lineNumber >= address.first && (this.input.lineNumber - address.first) % address.step === 0;
      case 'last':
        return last;
      case 'regex':
        return this.test(address.regex);
      default:
        return false;
    }
  }

  private inRange(command: Command, from: Address, to: Address, last: boolean): boolean {
    const line = this.input.lineNumber;
    if (command.range === 'active') return this.stillInRange(command, to, last);
    if (command.range === 'closed' || !this.matches(from, last)) return false;
    if (to.kind === 'regex') {
      command.range = 'active';
      return true;
    }
    command.rangeEnd = rangeEnd(to, line);
    const more = to.kind === 'last' ? !last : command.rangeEnd > line;
    if (more) command.range = 'active';
    return true;
  }

  private stillInRange(command: Command, to: Address, last: boolean): boolean {
    const line = this.input.lineNumber;
    if (to.kind === 'regex') {
      if (this.test(to.regex)) command.range = command.from?.kind === 'line' && command.from.line === 0 ? 'closed' : 'inactive';
      return true;
    }
    if (to.kind === 'last' ? last : line >= command.rangeEnd) command.range = 'inactive';
    return to.kind === 'last' || line <= command.rangeEnd;
  }

  private regexOf(regex: SedRegex): RegExp {
    const used = regex.regexp ? regex : this.lastRegex;
    if (!used?.regexp) throw new Failure('-e expression #1, char 0: no previous regular expression');
    this.lastRegex = used;
    return used.regexp;
  }

  private test(regex: SedRegex): boolean {
    const regexp = this.regexOf(regex);
    regexp.lastIndex = 0;
    return regexp.test(this.pattern);
  }

  // commands

  /** Commands that need nothing but the two spaces. */
  private simple(command: Command): Step | null {
    switch (command.name) {
      case '{':
      case '}':
      case ':':
        return ON;
      case 'd':
        return { go: 'delete' };
      case 'p':
        this.output.line(this.pattern, this.terminated);
        return ON;
      case 's':
        return this.plainSubstitution(command.substitution as Substitution);
      case 'y':
        this.pattern = this.transliterate(command.map as ReadonlyMap<string, string>);
        return ON;
      case 'g':
        this.pattern = this.hold;
        return ON;
      case 'G':
        this.pattern += this.how.delimiter + this.hold;
        return ON;
      case 'h':
        this.hold = this.pattern;
        return ON;
      case 'H':
        this.hold += this.how.delimiter + this.pattern;
        return ON;
      case 'x':
        [this.pattern, this.hold] = [this.hold, this.pattern];
        return ON;
      case 'z':
        this.pattern = '';
        return ON;
      case 'b':
        return { go: 'jump', to: command.target };
      case 't':
      case 'T':
        return this.branch(command);
      default:
        return this.printing(command);
    }
  }

  private printing(command: Command): Step | null {
    switch (command.name) {
      case '=':
        this.output.raw(`${this.input.lineNumber}\n`);
        return ON;
      case 'F':
        this.output.raw(`${this.input.name}\n`);
        return ON;
      case 'P':
        this.output.line(this.pattern.split(this.how.delimiter, 1)[0] ?? '');
        return ON;
      case 'i':
        this.output.raw(command.text);
        return ON;
      case 'a':
        this.appended.push({ kind: 'text', text: command.text });
        return ON;
      case 'r':
        this.appended.push({ kind: 'file', name: command.text });
        return ON;
      case 'R':
        this.appended.push({ kind: 'line of file', name: command.text });
        return ON;
      case 'l':
        this.output.raw(unambiguous(this.pattern, command.number ?? this.how.lineLength, this.io.charset.encode));
        return ON;
      case 'D':
        return this.deleteFirstLine();
      case 'q':
      case 'Q':
        this.exitCode = command.number ?? 0;
        return { go: command.name === 'q' ? 'quit' : 'quit silently' };
      default:
        return null;
    }
  }

  /** Commands that read, write or run something. */
  private async involved(command: Command): Promise<Step> {
    switch (command.name) {
      case 'n':
        return await this.nextLine();
      case 'N':
        return await this.appendLine();
      case 'c':
        return await this.change(command);
      case 'w':
        await this.files.write(command.text, this.pattern, this.terminated);
        return ON;
      case 'W':
        await this.files.write(command.text, this.pattern.split(this.how.delimiter, 1)[0] ?? '', true);
        return ON;
      case 'e':
        await this.execute(command.text);
        return ON;
      default:
        await this.substituteWithEffects(command.substitution as Substitution);
        return ON;
    }
  }

  private branch(command: Command): Step {
    const jumps = this.replaced === (command.name === 't');
    this.replaced = false;
    return jumps ? { go: 'jump', to: command.target } : ON;
  }

  private deleteFirstLine(): Step {
    const newline = this.pattern.indexOf(this.how.delimiter);
    if (newline < 0) return { go: 'delete' };
    this.pattern = this.pattern.slice(newline + 1);
    return { go: 'restart' };
  }

  private async nextLine(): Promise<Step> {
    if (await this.input.isEnd()) return { go: 'quit' };
    if (!this.how.quiet) this.output.line(this.pattern, this.terminated);
    const replaced = this.replaced;
    await this.dumpAppended();
    if (!(await this.load())) return { go: 'quit silently' };
    this.replaced = replaced;
    return ON;
  }

  private async appendLine(): Promise<Step> {
    if (await this.input.isEnd()) return { go: 'quit' };
    const { pattern, replaced } = this;
    await this.dumpAppended();
    if (!(await this.load())) return { go: 'quit silently' };
    this.pattern = pattern + this.how.delimiter + this.pattern;
    this.replaced = replaced;
    return ON;
  }

  /** A range is replaced as a whole, at its end. */
  private async change(command: Command): Promise<Step> {
    const atEnd = !command.to || command.negated || command.range !== 'active';
    if (atEnd) this.output.raw(command.text);
    return { go: 'delete' };
  }

  private transliterate(map: ReadonlyMap<string, string>): string {
    let out = '';
    for (const c of this.pattern) out += map.get(c) ?? c;
    return out;
  }

  private async execute(text: string): Promise<void> {
    await this.output.stream.flush();
    const output = await captureShell(this.io, this.io.charset.toArgument(text === '' ? this.pattern : text));
    if (IS_ERR(output)) throw new Failure(`couldn't run a command: ${output.message}`, 4);
    if (text !== '') return this.output.raw(output);
    this.pattern = this.io.charset.decode(output).replace(/\n$/, '');
  }

  // s

  private plainSubstitution(s: Substitution): Step | null {
    if (s.evaluate || s.file !== null) return null;
    if (this.substitute(s) && s.print) this.output.line(this.pattern, this.terminated);
    return ON;
  }

  private async substituteWithEffects(s: Substitution): Promise<void> {
    if (!this.substitute(s)) return;
    if (s.evaluate) await this.execute('');
    if (s.print) this.output.line(this.pattern, this.terminated);
    if (s.file !== null) await this.files.write(s.file, this.pattern, this.terminated);
  }

  private substitute(s: Substitution): boolean {
    const regexp = this.regexOf(s.regex);
    const text = this.pattern;
    let out = '';
    let copied = 0;
    let count = 0;
    let lastEnd = -1;
    for (let at = 0; at <= text.length; ) {
      regexp.lastIndex = at;
      const match = regexp.exec(text);
      if (!match) break;
      const end = match.index + match[0].length;
      at = end > match.index ? end : end + 1;
      // An empty match right behind another match is none.
      if (end === match.index && end === lastEnd) continue;
      lastEnd = end;
      if (++count < s.number) continue;
      out += text.slice(copied, match.index) + expandPieces(s.pieces, match);
      copied = end;
      if (!s.global) break;
    }
    if (count === 0 || count < s.number) return false;
    this.pattern = out + text.slice(copied);
    this.replaced = true;
    return true;
  }

  // appended text

  private async dumpAppended(): Promise<void> {
    if (this.appended.length === 0) return;
    const queue = this.appended;
    this.appended = [];
    for (const item of queue) {
      if (item.kind === 'text') this.output.raw(item.text);
      else if (item.kind === 'file') await this.dumpFile(item.name);
      else await this.dumpLine(item.name);
    }
  }

  /** A file that cannot be read is as an empty one. */
  private async dumpFile(name: string): Promise<void> {
    const path = this.io.charset.toArgument(name);
    const bytes = path === '/dev/stdin' ? await readAll(this.io.sys, 0) : await readFile(this.io.sys, path);
    if (!IS_ERR(bytes)) this.output.raw(bytes);
  }

  private async dumpLine(name: string): Promise<void> {
    let reader = this.lineFiles.get(name);
    if (reader === undefined) {
      const fd = await this.io.sys.open(this.io.charset.toArgument(name), O_RDONLY);
      reader = IS_ERR(fd) ? null : new LineReader(this.io.sys, fd, this.io.charset, this.how.delimiter);
      this.lineFiles.set(name, reader);
    }
    const line = await reader?.next();
    if (typeof line === 'string') this.output.line(line, reader?.terminated);
  }
}

function rangeEnd(to: Address, line: number): number {
  switch (to.kind) {
    case 'line':
      return to.line;
    case 'plus':
      return line + to.count;
    case 'multiple':
      return to.of === 0 ? line : (Math.floor(line / to.of) + 1) * to.of;
    default:
      return Number.POSITIVE_INFINITY;
  }
}
