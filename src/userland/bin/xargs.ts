/** xargs(1): reads items and runs a command on them. */
import { encode } from '../../uapi/bytes.ts';
import { ENOENT, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { WEXITSTATUS, WIFSIGNALED, WTERMSIG } from '../../uapi/signal.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { startChild } from '../lib/execvp.ts';
import { saysYes } from '../lib/prompt.ts';
import { quoteIfNeeded } from '../lib/quote.ts';
import { LineReader } from '../lib/stdio.ts';
import { splitItems } from './xargs-items.ts';

export const main = command(
  {
    name: 'xargs',
    usage: ['[OPTION]... COMMAND [INITIAL-ARGS]...'],
    summary: 'Runs COMMAND (echo) with INITIAL-ARGS and the items on standard input.',
    options: [
      ['-0, --null', 'items end with NUL'],
      ['-a, --arg-file=FILE', 'read items from a file'],
      ['-d, --delimiter=CHARACTER', 'items end with this'],
      ['-E END', 'stop at this item'],
      ['-e, --eof[=END]', 'the same; without END, at none'],
      ['-I R', 'put each line where R stands in INITIAL-ARGS'],
      ['-i, --replace[=R]', 'the same; {} unless said'],
      ['-L, --max-lines=MAX-LINES', 'no more than this many lines a command'],
      ['-l[MAX-LINES]', 'the same; 1 unless said'],
      ['-n, --max-args=MAX-ARGS', 'no more than this many items a command'],
      ['-o, --open-tty', 'standard input of the command is the terminal'],
      ['-P, --max-procs=MAX-PROCS', 'run this many at a time'],
      ['-p, --interactive', 'ask before each command'],
      ['--process-slot-var=VAR', 'tell the command which of -P it is'],
      ['-r, --no-run-if-empty', 'run nothing if there are no items'],
      ['-s, --max-chars=MAX-CHARS', 'no longer command lines than this'],
      ['--show-limits', 'makes no difference here'],
      ['-t, --verbose', 'print commands before they run'],
      ['-x, --exit', 'stop if a command line is too long'],
    ],
    follows: 'GNU findutils 4.9.0',
    permute: false,
  },
  async (io, options, operands) => await new Xargs(io, options, operands.length === 0 ? ['echo'] : operands).run(),
);

const DEFAULT_MAX_CHARS = 131072;

class Xargs {
  private readonly running = new Map<number, string>();
  private readonly maxProcs: number;
  private readonly maxArgs: number;
  private readonly maxLines: number;
  private readonly maxChars: number;
  private readonly replace: string | null;
  private items: string[] = [];
  private lines = 0;
  private length = 0;
  private ranAny = false;
  private stopped = false;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
    private readonly command: readonly string[],
  ) {
    const mode = options.last('I', 'i', 'L', 'l', 'n');
    this.replace = mode === 'I' ? options.value('I') : mode === 'i' ? (options.value('i') ?? '{}') : null;
    this.maxLines = mode === 'L' || mode === 'l' ? this.number(mode, 1, 1) : Number.POSITIVE_INFINITY;
    this.maxArgs = mode === 'n' ? this.number('n', 1, 1) : Number.POSITIVE_INFINITY;
    this.maxProcs = this.number('P', 1, 0) || Number.POSITIVE_INFINITY;
    this.maxChars = this.number('s', DEFAULT_MAX_CHARS, 1);
  }

  private number(key: string, standard: number, least: number): number {
    const text = this.options.value(key);
    if (text === null) return standard;
    if (!/^-?\d+$/.test(text)) throw new UsageError(`invalid number "${text}" for -${key} option`, 1);
    if (Number(text) < least) throw new UsageError(`value ${text} for -${key} option should be >= ${least}`, 1);
    return Number(text);
  }

  async run(): Promise<number> {
    const file = this.options.value('a');
    const fd = file === null || file === '-' ? 0 : await this.io.sys.open(file, O_RDONLY);
    if (IS_ERR(fd)) throw new Failure(`Cannot open input file ${this.io.quote(file ?? '')}: ${fd.message}`, 1);
    await this.readItems(fd);
    const empty = !this.ranAny && this.items.length === 0;
    if (!this.stopped && (this.items.length > 0 || (empty && !this.options.has('r') && this.replace === null))) await this.launch();
    while (this.running.size > 0) await this.reap();
    return this.io.status;
  }

  private async readItems(fd: number): Promise<void> {
    const delimiter = this.delimiter();
    const reader = new LineReader(this.io.sys, fd, this.io.charset, delimiter === '\0' ? '\0' : '\n');
    const source = splitItems(reader, { delimiter, wholeLines: this.replace !== null, end: this.endMark() });
    for (;;) {
      const item = await source.next();
      if (item === null || this.stopped) return;
      if (IS_ERR(item)) throw new Failure(`read error: ${item.message}`, 1);
      if (typeof item === 'object') throw new Failure(item.complaint, 1);
      await this.take(this.io.charset.toArgument(item), source.endedLine);
    }
  }

  private delimiter(): string | null {
    const last = this.options.last('0', 'd');
    if (last === null) return null;
    if (last === '0') return '\0';
    const text = this.options.value('d') ?? '';
    const named = ({ '\\n': '\n', '\\t': '\t', '\\0': '\0', '\\r': '\r', '\\\\': '\\' } as Record<string, string>)[text];
    const character = named ?? text;
    if ([...character].length !== 1)
      throw new Failure(
        `Invalid input delimiter specification ${text}: the delimiter must be either a single character or an escape sequence starting with \\.`,
        1,
      );
    return character;
  }

  private endMark(): string | null {
    const last = this.options.last('E', 'e');
    return last === null ? null : this.options.value(last);
  }

  private async take(item: string, endedLine: boolean): Promise<void> {
    if (this.replace !== null) {
      this.items = [item];
      return await this.launch();
    }
    const size = encode(item).length + 1;
    const fixed = this.command.reduce((n, word) => n + encode(word).length + 1, 0);
    if (this.items.length > 0 && fixed + this.length + size > this.maxChars) await this.launch();
    if (fixed + size > this.maxChars) throw new Failure('argument line too long', 1);
    this.items.push(item);
    this.length += size;
    if (endedLine) this.lines++;
    if (this.items.length >= this.maxArgs || this.lines >= this.maxLines) await this.launch();
  }

  private async launch(): Promise<void> {
    const { items } = this;
    this.items = [];
    this.lines = 0;
    this.length = 0;
    this.ranAny = true;
    const { replace } = this;
    const argv =
      replace === null ? [...this.command, ...items] : this.command.map((w, i) => (i === 0 ? w : w.replaceAll(replace, items[0] ?? '')));
    if (!(await this.announce(argv))) return;
    while (this.running.size >= this.maxProcs) await this.reap();
    if (this.stopped) return;
    await this.io.stdout.flush();
    const pid = startChild(this.io.sys, argv, this.io.envp, async (child, error) => await complain(this.io, child, argv[0] ?? '', error));
    if (IS_ERR(pid)) throw new Failure(`cannot fork: ${pid.message}`, 1);
    this.running.set(pid, argv[0] ?? '');
    if (this.maxProcs === 1) await this.reap();
  }

  /** -t and -p. */
  private async announce(argv: readonly string[]): Promise<boolean> {
    const shown = argv.map((word) => quoteIfNeeded(word, this.io.charset, '')).join(' ');
    if (this.options.has('p')) {
      await this.io.complain(`${shown} ?...`);
      return await saysYes(this.io);
    }
    if (this.options.has('t')) await this.io.complain(`${shown}\n`);
    return true;
  }

  /** 255 and signals stop everything; other failures are remembered as 123. */
  private async reap(): Promise<void> {
    const result = await this.io.sys.wait4(-1, 0);
    if (IS_ERR(result)) {
      this.running.clear();
      return;
    }
    const name = this.running.get(result.pid);
    if (name === undefined) return;
    this.running.delete(result.pid);
    const code = WEXITSTATUS(result.status);
    if (WIFSIGNALED(result.status)) await this.stop(`${name}: terminated by signal ${WTERMSIG(result.status)}`, 125);
    else if (code === 255) await this.stop(`${name}: exited with status 255; aborting`, 124);
    else if (code === 126 || code === 127) await this.stop(null, code);
    else if (code !== 0) this.io.status = 123;
  }

  private async stop(message: string | null, status: number): Promise<void> {
    this.stopped = true;
    this.io.status = status;
    if (message !== null) await this.io.warn(message);
  }
}

/** In the child: why the command did not start. */
async function complain(io: Io, child: Syscalls, name: string, error: Errno): Promise<number> {
  await child.write(2, encode(`${io.name}: ${quoteIfNeeded(name, io.charset)}: ${error.message}\n`));
  return error === ENOENT ? 127 : 126;
}
