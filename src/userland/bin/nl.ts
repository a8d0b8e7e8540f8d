/** nl(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, eachInput, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { compileRegex } from '../lib/regex.ts';
import { LineReader } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'nl',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Prints each file with numbers in front of its lines.',
    options: [
      ['-b, --body-numbering=STYLE', 'which lines of a body: a all, t those with text, n none, pBRE those that match'],
      ['-d, --section-delimiter=CC', 'what begins a section (\\:)'],
      ['-f, --footer-numbering=STYLE', 'which lines of a footer'],
      ['-h, --header-numbering=STYLE', 'which lines of a header'],
      ['-i, --line-increment=NUMBER', 'added for each line'],
      ['-l, --join-blank-lines=NUMBER', 'so many empty lines count as one'],
      ['-n, --number-format=FORMAT', 'ln, rn or rz'],
      ['-p, --no-renumber', 'do not begin anew in each section'],
      ['-s, --number-separator=STRING', 'after the number (a tab)'],
      ['-v, --starting-line-number=NUMBER', 'the first number'],
      ['-w, --number-width=NUMBER', 'columns of the number (6)'],
    ],
  },
  async (io, options, operands) => {
    io.stdout.encode = io.charset.encode;
    const numbering = new Numbering(io, options);
    await eachInput(io, operands, (fd) => numbering.file(fd));
    return undefined;
  },
);

type Style = (line: string) => boolean;
const SECTIONS = ['f', 'b', 'h'] as const;
type Section = (typeof SECTIONS)[number];

class Numbering {
  private section: Section = 'b';
  private number: bigint;
  private blanks = 0;
  private readonly styles: Readonly<Record<Section, Style | 'all'>>;
  private readonly start: bigint;
  private readonly step: bigint;
  private readonly join: number;
  private readonly width: number;
  private readonly separator: string;
  private readonly delimiter: string;
  private readonly format: string;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
  ) {
    this.styles = { h: this.style('h', 'n', 'header'), b: this.style('b', 't', 'body'), f: this.style('f', 'n', 'footer') };
    this.start = this.integer('v', 1n, 'starting line number');
    this.step = this.integer('i', 1n, 'line number increment');
    this.join = Number(this.integer('l', 1n, 'line number of blank lines', 1n));
    this.width = Number(this.integer('w', 6n, 'line number field width', 1n));
    this.format = options.value('n') ?? 'rn';
    if (!['ln', 'rn', 'rz'].includes(this.format)) throw new UsageError(`invalid line numbering format: ${io.quote(this.format)}`);
    this.separator = io.charset.fromArgument(options.value('s') ?? '\t');
    const cc = io.charset.fromArgument(options.value('d') ?? '\\:');
    this.delimiter = cc.length === 1 ? `${cc}:` : cc;
    this.number = this.start;
  }

  private style(key: string, standard: string, what: string): Style | 'all' {
    const text = this.options.value(key) ?? standard;
    if (text === 'a') return 'all';
    if (text === 't') return (line) => line !== '';
    if (text === 'n') return () => false;
    if (!text.startsWith('p')) throw new UsageError(`invalid ${what} numbering style: ${this.io.quote(text)}`);
    const pattern = compileRegex(this.io.charset.fromArgument(text.slice(1)), { extended: false, utf8: this.io.charset.utf8 });
    if (typeof pattern === 'string') throw new Failure(pattern);
    return (line) => line.search(pattern.regexp) >= 0;
  }

  private integer(key: string, standard: bigint, what: string, least?: bigint): bigint {
    const text = this.options.value(key);
    if (text === null) return standard;
    if (!/^[-+]?\d+$/.test(text)) throw new Failure(`invalid ${what}: ${this.io.quote(text)}`);
    const value = BigInt(text.replace(/^\+/, ''));
    if (least !== undefined && value < least) throw new Failure(`invalid ${what}: ${this.io.quote(text)}: Numerical result out of range`);
    return value;
  }

  async file(fd: Fd): Promise<0 | Errno> {
    const reader = new LineReader(this.io.sys, fd, this.io.charset);
    for (;;) {
      const line = await reader.next();
      if (line === undefined) return 0;
      if (IS_ERR(line)) return line;
      this.line(line);
      if (this.io.stdout.full) await this.io.stdout.flush();
      if (this.io.stdout.error) return 0;
    }
  }

  private line(line: string): void {
    const section = this.sectionOf(line);
    if (section === null) return this.text(line);
    this.section = section;
    if (!this.options.has('p')) this.number = this.start;
    this.io.stdout.put('\n');
  }

  private sectionOf(line: string): Section | null {
    if (this.delimiter === '') return null;
    return SECTIONS.find((_, i) => line === this.delimiter.repeat(i + 1)) ?? null;
  }

  private text(line: string): void {
    const blank = ' '.repeat(this.width + this.separator.length);
    this.io.stdout.put(this.counts(line) ? `${this.numeral()}${this.separator}${line}\n` : `${blank}${line}\n`);
  }

  private counts(line: string): boolean {
    const style = this.styles[this.section];
    if (style !== 'all') return style(line);
    if (this.join <= 1 || line !== '') {
      this.blanks = 0;
      return true;
    }
    this.blanks = (this.blanks + 1) % this.join;
    return this.blanks === 0;
  }

  private numeral(): string {
    const digits = String(this.number < 0n ? -this.number : this.number);
    const sign = this.number < 0n ? '-' : '';
    this.number += this.step;
    if (this.format === 'ln') return (sign + digits).padEnd(this.width);
    return this.format === 'rn' ? (sign + digits).padStart(this.width) : sign + digits.padStart(this.width - sign.length, '0');
  }
}
