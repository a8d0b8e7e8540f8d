/** grep(1) in one file: selects lines, keeps context, prints. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { SEEK_CUR } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import type { Fd } from '../../uapi/types.ts';
import type { Io } from '../lib/command.ts';
import { LineReader } from '../lib/stdio.ts';
import { byteLength } from './grep.ts';
import type { Matcher } from './grep-match.ts';

export interface SearchHow {
  readonly invert: boolean;
  readonly count: boolean;
  readonly list: 'matching' | 'not matching' | null;
  readonly only: boolean;
  readonly quiet: boolean;
  readonly numbers: boolean;
  readonly offsets: boolean;
  readonly tab: boolean;
  readonly nul: boolean;
  readonly delimiter: '\n' | '\0';
  readonly max: number;
  readonly before: number;
  readonly after: number;
  readonly separator: string | null;
  readonly binary: 'binary' | 'text' | 'without-match';
  readonly color: boolean;
  readonly lineBuffered: boolean;
  readonly label: string;
}

const MATCH = '01;31';
const FILE = '35';
const NUMBER = '32';
const SEPARATOR = '36';

interface Line {
  readonly text: string;
  readonly number: number;
  readonly offset: number;
}

export class Search {
  private printedAny = false;
  // The file being searched:
  private name = '';
  private lastPrinted = 0;
  private selected = 0;
  private afterLeft = 0;
  private held: Line[] = [];

  constructor(
    private readonly io: Io,
    private readonly how: SearchHow,
    private readonly matcher: Matcher,
    private readonly showName: boolean,
  ) {}

  /** Whether lines were selected (with -L: whether the name was printed). */
  async file(fd: Fd, name: string): Promise<boolean | Errno | 'is output'> {
    if (this.printsLines && this.isOutput(fd)) return 'is output';
    this.name = this.io.charset.fromArgument(name);
    this.lastPrinted = 0;
    this.selected = 0;
    this.afterLeft = 0;
    this.held = [];
    const error = await this.lines(fd);
    if (error) return error;
    return this.summary();
  }

  private get printsLines(): boolean {
    return !this.how.quiet && !this.how.count && this.how.list === null;
  }

  private isOutput(fd: Fd): boolean {
    const [input, output] = [this.io.sys.fstat(fd), this.io.sys.fstat(1)];
    if (IS_ERR(input) || IS_ERR(output) || !S_ISREG(output.st_mode)) return false;
    return input.st_ino === output.st_ino && input.st_dev === output.st_dev;
  }

  private async lines(fd: Fd): Promise<0 | Errno> {
    const reader = new LineReader(this.io.sys, fd, this.io.charset, this.how.delimiter);
    const suspicious = this.how.delimiter === '\n' && this.how.binary !== 'text';
    let number = 0;
    let offset = 0;
    let binary = false;
    if (this.how.max === 0) return 0;
    for (;;) {
      const text = reader.take();
      if (text === undefined) {
        const more = await reader.fill();
        if (IS_ERR(more)) return more;
        if (!more) return 0;
        if (suspicious && !binary) binary = this.looksBinary(reader.peek());
        if (binary && this.how.binary === 'without-match') return 0;
        continue;
      }
      const line = { text, number: ++number, offset };
      if (this.how.offsets) offset += byteLength(this.io, text) + 1;
      const selected = this.selectedIn(text, binary);
      if (selected > 0) {
        this.selected += selected;
        if (this.how.quiet || this.how.list) return 0;
        if (binary && !this.how.count) return await this.sayBinary();
        if (this.printsLines) this.select(line);
        if (this.selected >= this.how.max) return await this.trailingContext(reader, number, offset, fd);
      } else this.pass(line);
      if (this.io.stdout.full || this.how.lineBuffered) await this.io.stdout.flush();
      if (this.io.stdout.error) return 0;
    }
  }

  /** In a binary file NUL ends a line too, as far as matching goes. */
  private selectedIn(text: string, binary: boolean): number {
    const lines = binary ? text.split('\0') : [text];
    return lines.filter((line) => this.matcher.matches(line) !== this.how.invert).length;
  }

  /** A NUL, or what is no character. */
  private looksBinary(text: string): boolean {
    return text.includes('\0') || (this.io.charset.utf8 && /[\udc80-\udcff]/.test(text) && !isWellFormed(text));
  }

  private async sayBinary(): Promise<0> {
    await this.io.warn(`${this.io.charset.toArgument(this.name)}: binary file matches`);
    return 0;
  }

  /** After the last line of -m only its context is printed; a seekable input stays right behind the line. */
  private async trailingContext(reader: LineReader, number: number, offset: number, fd: Fd): Promise<0 | Errno> {
    let n = number;
    let at = offset;
    while (this.afterLeft > 0 && this.printsLines) {
      const text = await reader.next();
      if (IS_ERR(text)) return text;
      if (text === undefined || this.matcher.matches(text) !== this.how.invert) break;
      this.pass({ text, number: ++n, offset: at });
      at += byteLength(this.io, text) + 1;
    }
    this.io.sys.lseek(fd, -reader.unread, SEEK_CUR);
    return 0;
  }

  // printing

  private select(line: Line): void {
    this.separateFrom(line.number - this.held.length);
    for (const before of this.held) this.print(before, '-');
    this.held = [];
    if (!this.how.only) this.print(line, ':');
    else if (!this.how.invert) this.printMatches(line);
    this.afterLeft = this.how.after;
  }

  private pass(line: Line): void {
    if (!this.printsLines || (this.how.before === 0 && this.how.after === 0)) return;
    if (this.afterLeft > 0) {
      this.afterLeft--;
      this.print(line, '-');
      return;
    }
    this.held.push(line);
    if (this.held.length > this.how.before) this.held.shift();
  }

  /** "--" where lines were left out. */
  private separateFrom(first: number): void {
    const context = this.how.before > 0 || this.how.after > 0;
    if (context && this.printedAny && this.lastPrinted + 1 < first + (this.lastPrinted === 0 ? 1 : 0) && this.how.separator !== null) {
      this.io.stdout.put(`${this.paint(SEPARATOR, this.how.separator)}\n`);
    }
  }

  private print(line: Line, mark: ':' | '-'): void {
    this.printedAny = true;
    this.lastPrinted = line.number;
    if (this.how.only && mark === '-') return;
    const body = this.how.color ? this.highlighted(line.text, mark) : line.text;
    this.io.stdout.put(this.prefix(line.number, line.offset, mark) + body + this.how.delimiter);
  }

  private printMatches(line: Line): void {
    this.printedAny = true;
    this.lastPrinted = line.number;
    for (let at = 0; at <= line.text.length; ) {
      const match = this.matcher.find(line.text, at);
      if (!match) return;
      if (match.end > match.start) {
        const offset = line.offset + (this.how.offsets ? byteLength(this.io, line.text.slice(0, match.start)) : 0);
        const part = this.paint(MATCH, line.text.slice(match.start, match.end));
        this.io.stdout.put(this.prefix(line.number, offset, ':') + part + this.how.delimiter);
      }
      at = match.end > match.start ? match.end : match.start + 1;
    }
  }

  private prefix(number: number, offset: number, mark: string): string {
    const separator = this.paint(SEPARATOR, mark);
    let out = '';
    if (this.showName) out += this.paint(FILE, this.name) + (this.how.nul ? '\0' : separator);
    if (this.how.numbers) out += this.paint(NUMBER, String(number)) + separator;
    if (this.how.offsets) out += this.paint(NUMBER, String(offset)) + separator;
    return this.how.tab && out !== '' ? `${out}\t` : out;
  }

  private highlighted(text: string, mark: ':' | '-'): string {
    if ((mark === ':') === this.how.invert) return text;
    let out = '';
    let done = 0;
    for (let at = 0; at <= text.length; ) {
      const match = this.matcher.find(text, at);
      if (!match) break;
      if (match.end > match.start) {
        out += text.slice(done, match.start) + this.paint(MATCH, text.slice(match.start, match.end));
        done = match.end;
      }
      at = match.end > match.start ? match.end : match.start + 1;
    }
    return out + text.slice(done);
  }

  private paint(sgr: string, text: string): string {
    return this.how.color ? `\x1b[${sgr}m\x1b[K${text}\x1b[m\x1b[K` : text;
  }

  /** What is printed once for each file. */
  private summary(): boolean {
    const any = this.selected > 0;
    if (this.how.quiet) return any;
    const name = this.paint(FILE, this.name);
    if (this.how.list) {
      const listed = any === (this.how.list === 'matching');
      if (listed) this.io.stdout.put(name + (this.how.nul ? '\0' : '\n'));
      return this.how.list === 'matching' ? any : listed;
    }
    if (this.how.count) {
      const prefix = this.showName ? name + (this.how.nul ? '\0' : this.paint(SEPARATOR, ':')) : '';
      this.io.stdout.put(`${prefix}${this.selected}\n`);
    }
    return any;
  }
}

/** Whether lone-surrogate escapes are all parts of real pairs. */
function isWellFormed(text: string): boolean {
  return !/(?<![\ud800-\udbff])[\udc80-\udcff]/.test(text);
}
