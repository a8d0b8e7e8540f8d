/** uniq(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import type { ParsedOption } from '../lib/getopt.ts';
import { LineReader, Output } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'uniq',
    usage: ['[OPTION]... [INPUT [OUTPUT]]'],
    summary: 'Prints lines that follow each other and are the same only once.',
    options: [
      ['-c, --count', 'how often a line stood there'],
      ['-d, --repeated', 'only lines that are repeated, once each'],
      ['-D', 'all lines that are repeated'],
      ['--all-repeated[=METHOD]', 'the same, groups separated: none, prepend or separate'],
      ['-f, --skip-fields=N', 'the first N fields do not count'],
      ['--group[=METHOD]', 'all lines, groups separated: separate, prepend, append or both'],
      ['-i, --ignore-case', 'case does not count'],
      ['-s, --skip-chars=N', 'the first N characters do not count'],
      ['-u, --unique', 'only lines that are not repeated'],
      ['-z, --zero-terminated', 'lines end with NUL'],
      ['-w, --check-chars=N', 'no more than N characters count'],
    ],
    special: oldStyle,
  },
  async (io, options, operands) => {
    const [input = '-', output = '-', extra] = operands;
    if (extra !== undefined) throw new UsageError(`extra operand ${io.quoteAlways(extra)}`);
    const how = howOf(io, options);
    const fd = input === '-' ? 0 : await io.sys.open(input, O_RDONLY);
    if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(input)}: ${fd.message}`);
    const out = await outputOf(io, output);
    out.encode = io.charset.encode;
    await filter(io, new LineReader(io.sys, fd, io.charset, how.end), out, how, input);
    await out.flush();
    return undefined;
  },
);

/** "-3" skips fields. */
function oldStyle(argument: string): ParsedOption | null {
  return /^-\d+$/.test(argument) ? { key: 'f', value: argument.slice(1) } : null;
}

interface How {
  readonly key: (line: string) => string;
  readonly count: boolean;
  readonly once: boolean;
  readonly repeated: boolean;
  /** Show every line of a group, not just the first. */
  readonly all: boolean;
  readonly separate: 'none' | 'prepend' | 'append' | 'separate' | 'both';
  readonly end: '\n' | '\0';
}

function howOf(io: Io, options: Options): How {
  const allRepeated = options.has('D') || options.has('all-repeated');
  const group = options.has('group');
  if (allRepeated && options.has('c')) throw new UsageError('printing all duplicated lines and repeat counts is meaningless');
  if (group && (options.has('c') || options.has('d') || options.has('u') || allRepeated)) {
    throw new UsageError('--group is mutually exclusive with -c/-d/-D/-u');
  }
  const method = group ? (options.value('group') ?? 'separate') : (options.value('all-repeated') ?? 'none');
  return {
    key: keyOf(io, options),
    count: options.has('c'),
    once: !(options.has('d') || allRepeated),
    repeated: !options.has('u'),
    all: allRepeated || group,
    separate: method as How['separate'],
    end: options.has('z') ? '\0' : '\n',
  };
}

function keyOf(io: Io, options: Options): (line: string) => string {
  const fields = numberOf(io, options, 'f', 'fields to skip');
  const skip = numberOf(io, options, 's', 'bytes to skip');
  const width = options.has('w') ? numberOf(io, options, 'w', 'bytes to compare') : undefined;
  const skipFields = new RegExp(`^(?:[ \\t]*[^ \\t]*){0,${Math.min(fields, 1000)}}`);
  return (line) => {
    let key = fields > 0 ? line.replace(skipFields, '') : line;
    if (skip > 0 || width !== undefined) key = key.slice(skip, width === undefined ? undefined : skip + width);
    return options.has('i') ? key.toLowerCase() : key;
  };
}

function numberOf(io: Io, options: Options, key: string, what: string): number {
  const text = options.value(key) ?? '0';
  if (!/^\d+$/.test(text)) throw new Failure(`${io.quoteIfNeeded(text)}: invalid number of ${what}`);
  return Number(text);
}

async function outputOf(io: Io, name: string): Promise<Output> {
  if (name === '-') return io.stdout;
  const fd = await io.sys.open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(name)}: ${fd.message}`);
  return new Output(io.sys, fd);
}

async function filter(io: Io, reader: LineReader, out: Output, how: How, input: string): Promise<void> {
  const group = new Group(out, how);
  for (;;) {
    const line = reader.take();
    if (line !== undefined) {
      group.take(line);
      if (out.full) await out.flush();
      if (out.error) return;
      continue;
    }
    const more = await reader.fill();
    if (IS_ERR(more)) throw new Failure(`error reading ${io.quoteAlways(input)}: ${more.message}`);
    if (!more) break;
  }
  group.finish();
}

/** The run of equal lines that is being read. */
class Group {
  private line: string | null = null;
  private key = '';
  private count = 0;
  private groups = 0;

  constructor(
    private readonly out: Output,
    private readonly how: How,
  ) {}

  take(line: string): void {
    const key = this.how.key(line);
    if (this.line !== null && key === this.key) {
      this.count++;
      if (this.how.all) this.another(line);
      return;
    }
    this.close();
    this.line = line;
    this.key = key;
    this.count = 1;
    if (this.how.all && this.how.once) this.open(line);
  }

  finish(): void {
    this.close();
    if (this.groups > 0 && (this.how.separate === 'append' || this.how.separate === 'both')) this.out.put(this.how.end);
  }

  /** The second line of a group shows that it is repeated: -D prints the first one now. */
  private another(line: string): void {
    if (!this.how.once && this.count === 2) this.open(this.line as string);
    if (this.how.repeated) this.out.put(line + this.how.end);
  }

  private open(line: string): void {
    const before = this.how.separate === 'prepend' || this.how.separate === 'both';
    if (this.how.separate !== 'none' && (before || this.groups > 0)) this.out.put(this.how.end);
    this.groups++;
    this.out.put(line + this.how.end);
  }

  private close(): void {
    if (this.line === null || this.how.all) return;
    if (this.count === 1 ? !this.how.once : !this.how.repeated) return;
    this.out.put(`${this.how.count ? `${String(this.count).padStart(7)} ` : ''}${this.line}${this.how.end}`);
  }
}
