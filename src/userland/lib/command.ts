/** What every command shares: options from a table, --help and --version, standard streams, messages, the final flush. */
import { encode } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import type { ExitCode, Fd } from '../../uapi/types.ts';
import { type Charset, charsetOf } from './charset.ts';
import { Failure, UsageError } from './error.ts';
import { type ArgumentKind, type GetoptOptions, getopt, type OptionSpec, type ParsedLine, type ParsedOption } from './getopt.ts';
import { quote, quoteAlways, quoteIfNeeded } from './quote.ts';
import { Output, writeAll } from './stdio.ts';

/** `-a, --all`, `-w, --width=COLS`, `--color[=WHEN]`, `-n NUM`: how help shows an option, and what it says about it. */
export type OptionRow = readonly [notation: string, help: string];

export interface CommandSpec extends GetoptOptions {
  readonly name: string;
  /** What follows the name in the usage line; one for each form. */
  readonly usage: readonly string[];
  readonly summary: string;
  readonly options?: readonly OptionRow[];
  /** Further lines of --help. */
  readonly notes?: readonly string[];
  /** The package whose behaviour is followed. */
  readonly follows?: string;
  /** Exit status of a usage error and of a failed write; 1 unless said. */
  readonly failure?: ExitCode;
  /** What follows a usage error; the "Try" line unless said. */
  readonly hint?: (io: Io) => string;
  /** util-linux and others name themselves by the last component of argv[0]. */
  readonly shortName?: boolean;
}

/** Parsed options with the questions commands ask of them. */
export class Options {
  constructor(readonly list: readonly ParsedOption[]) {}
  has(key: string): boolean {
    return this.list.some((o) => o.key === key);
  }
  /** The argument of the last such option. */
  value(key: string): string | null {
    return this.list.findLast((o) => o.key === key)?.value ?? null;
  }
  values(key: string): string[] {
    return this.list.filter((o) => o.key === key).map((o) => o.value ?? '');
  }
  /** Which of these options stands last on the line. */
  last(...keys: readonly string[]): string | null {
    return this.list.findLast((o) => keys.includes(o.key))?.key ?? null;
  }
}

/** A running command's surroundings. */
export class Io {
  readonly charset: Charset;
  readonly stdout: Output;
  /** The exit status so far. */
  status: ExitCode = 0;

  constructor(
    readonly sys: Syscalls,
    /** As the command names itself in messages. */
    readonly name: string,
    readonly envp: readonly string[],
    readonly failure: ExitCode,
  ) {
    this.charset = charsetOf(envp);
    this.stdout = new Output(sys, 1);
  }

  /** Prints `NAME: message[: strerror]` on standard error, after what was printed before. */
  async warn(message: string, error?: Errno): Promise<void> {
    await this.stdout.flush();
    await this.complain(`${this.name}: ${message}${error ? `: ${error.message}` : ''}\n`);
  }

  /** The same, and the command will end with the failure status. */
  async fail(message: string, error?: Errno): Promise<void> {
    this.status = this.failure;
    await this.warn(message, error);
  }

  /** Text on standard error as it stands. */
  async complain(text: string): Promise<void> {
    await writeAll(this.sys, 2, encode(text));
  }

  quote(name: string): string {
    return quote(name, this.charset);
  }
  quoteAlways(name: string): string {
    return quoteAlways(name, this.charset);
  }
  quoteIfNeeded(name: string): string {
    return quoteIfNeeded(name, this.charset);
  }
}

export type Run = (io: Io, options: Options, operands: readonly string[]) => Promise<ExitCode | undefined>;

/** Makes a program of a table of options and what to do. */
export function command(spec: CommandSpec, run: Run): Program {
  const rows = [...(spec.options ?? []), ...HELP_AND_VERSION];
  const specs = rows.flatMap(([notation]) => parseNotation(notation));
  return async (sys, argv, envp) => {
    const io = new Io(sys, programName(argv[0] ?? spec.name, spec), envp, spec.failure ?? 1);
    try {
      const line = getopt(argv.slice(1), specs, spec);
      if (typeof line === 'string') throw new UsageError(line);
      io.status = (await informOrRun(io, spec, rows, line, run)) ?? io.status;
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      await report(io, spec, e);
    }
    return finish(io);
  };
}

const HELP_AND_VERSION: readonly OptionRow[] = [
  ['--help', 'show this text and exit'],
  ['--version', 'show the version and exit'],
];

function programName(argv0: string, spec: CommandSpec): string {
  return spec.shortName ? argv0.slice(argv0.lastIndexOf('/') + 1) : argv0;
}

async function informOrRun(
  io: Io,
  spec: CommandSpec,
  rows: readonly OptionRow[],
  line: ParsedLine,
  run: Run,
): Promise<ExitCode | undefined> {
  const asked = line.options.find((o) => o.key === 'help' || o.key === 'version');
  if (!asked) return await run(io, new Options(line.options), line.operands);
  io.stdout.put(asked.key === 'help' ? helpText(io, spec, rows) : versionText(spec));
  return 0;
}

async function report(io: Io, spec: CommandSpec, failure: Failure): Promise<void> {
  if (failure.message !== '') await io.warn(failure.message);
  io.status = failure.status ?? io.failure;
  if (failure instanceof UsageError) await io.complain(spec.hint ? spec.hint(io) : `Try '${io.name} --help' for more information.\n`);
}

/** Flushes standard output: an error there is the command's error. */
async function finish(io: Io): Promise<ExitCode> {
  await io.stdout.flush();
  const error = io.stdout.error;
  if (!error) return io.status;
  await io.complain(`${io.name}: write error: ${error.message}\n`);
  return io.failure;
}

export function usageText(io: Io, spec: CommandSpec): string {
  return spec.usage.map((form, i) => `${i === 0 ? 'Usage:' : '  or: '} ${io.name}${form === '' ? '' : ` ${form}`}\n`).join('');
}

function helpText(io: Io, spec: CommandSpec, rows: readonly OptionRow[]): string {
  const options = rows.map(([notation, help]) => {
    const left = `  ${notation.startsWith('--') ? '    ' : ''}${notation}`;
    return left.length < 28 ? `${left.padEnd(28)}${help}\n` : `${left}\n${' '.repeat(28)}${help}\n`;
  });
  const notes = (spec.notes ?? []).map((note) => `${note}\n`).join('');
  return `${usageText(io, spec)}${spec.summary}\n\n${options.join('')}${notes === '' ? '' : `\n${notes}`}`;
}

function versionText(spec: CommandSpec): string {
  return `${spec.name} (binfmt-lab, after ${spec.follows ?? 'GNU coreutils 9.1'})\n`;
}

/** One spec for each spelling in a row's notation; they share a key. */
export function parseNotation(notation: string): OptionSpec[] {
  const spellings = notation.split(', ').map((spelling) => {
    const m = /^(--?)([^\s=[]+?)(\[=?.*\]|[= ].*)?$/.exec(spelling);
    if (!m) throw new Error(`bad option notation: ${spelling}`);
    return { dashes: m[1] as string, name: m[2] as string, rest: m[3] ?? '' };
  });
  const rest = spellings.map((s) => s.rest).find((r) => r !== '') ?? '';
  const argument: ArgumentKind = rest === '' ? 'none' : rest.startsWith('[') ? 'optional' : 'required';
  const key = (spellings.find((s) => s.dashes === '-') ?? spellings[0])?.name ?? '';
  return spellings.map((s) => (s.dashes === '-' ? { key, short: s.name, argument } : { key, long: s.name, argument }));
}

/**
 * Gives each operand's descriptor to `body` ("-", or no operand: standard input). What cannot be opened or read is
 * reported and the rest goes on.
 */
export async function eachInput(
  io: Io,
  operands: readonly string[],
  body: (fd: Fd, name: string) => Promise<Errno | 0 | undefined>,
  cannotOpen: (name: string) => string = (name) => io.quoteIfNeeded(name),
  cannotRead: (name: string) => string = cannotOpen,
): Promise<void> {
  for (const name of operands.length === 0 ? ['-'] : operands) {
    const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
    if (IS_ERR(fd)) {
      await io.fail(cannotOpen(name), fd);
      continue;
    }
    const error = await body(fd, name);
    if (fd !== 0) io.sys.close(fd);
    if (error && IS_ERR(error)) await io.fail(cannotRead(name), error);
  }
}
