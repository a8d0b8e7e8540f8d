/** sort(1): reading, checking, merging into one order, writing. How lines compare: sort-keys.ts. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { LineReader, Output } from '../lib/stdio.ts';
import { type Comparison, comparisonOf } from './sort-keys.ts';

export const main = command(
  {
    name: 'sort',
    usage: ['[OPTION]... [FILE]...', '[OPTION]... --files0-from=F'],
    summary: 'Prints the lines of all files in order.',
    options: [
      ['-b, --ignore-leading-blanks', 'blanks in front do not count'],
      ['-d, --dictionary-order', 'only blanks, letters and digits count'],
      ['-f, --ignore-case', 'case does not count'],
      ['-g, --general-numeric-sort', 'by value, also of 1e3'],
      ['-i, --ignore-nonprinting', 'only printable characters count'],
      ['-M, --month-sort', 'JAN before DEC'],
      ['-h, --human-numeric-sort', '2K before 1G'],
      ['-n, --numeric-sort', 'by value'],
      ['-R, --random-sort', 'in no order, the same lines together'],
      ['-r, --reverse', 'the other way round'],
      ['--sort=WORD', 'general-numeric, human-numeric, month, numeric, random or version'],
      ['-V, --version-sort', 'numbers within text count as numbers'],
      ['-c', 'check whether it is sorted'],
      ['--check[=WHEN]', 'the same; quiet or silent: as -C'],
      ['-C', 'the same without a message'],
      ['--files0-from=F', 'take NUL-terminated file names from F'],
      ['-k, --key=KEYDEF', 'sort by F[.C][OPTS][,F[.C][OPTS]]'],
      ['-m, --merge', 'the files are sorted already'],
      ['-o, --output=FILE', 'write here'],
      ['-s, --stable', 'do not compare whole lines in the end'],
      ['-S, --buffer-size=SIZE', 'makes no difference here'],
      ['-t, --field-separator=SEP', 'between fields'],
      ['-T, --temporary-directory=DIR', 'makes no difference here'],
      ['--parallel=N', 'makes no difference here'],
      ['-u, --unique', 'of lines that compare equal only the first'],
      ['-z, --zero-terminated', 'lines end with NUL'],
    ],
    failure: 2,
  },
  async (io, options, operands) => {
    io.stdout.encode = io.charset.encode;
    const comparison = comparisonOf(io, options);
    const checking = options.last('c', 'C', 'check');
    if (checking) return await check(io, options, operands, comparison, isQuiet(options, checking));
    const files = await filesOf(io, options, operands);
    const lines: string[] = [];
    for (const name of files) await readLines(io, options, name, lines);
    await write(io, options, sorted(lines, comparison, options.has('u')));
    return undefined;
  },
);

function isQuiet(options: Options, checking: string): boolean {
  return checking === 'C' || (checking === 'check' && /^(q|s)/.test(options.value('check') ?? ''));
}

async function filesOf(io: Io, options: Options, operands: readonly string[]): Promise<readonly string[]> {
  const from = options.value('files0-from');
  if (from === null) return operands.length === 0 ? ['-'] : operands;
  const names: string[] = [];
  await readInto(io, from, '\0', names);
  return names.map(io.charset.toArgument);
}

async function readLines(io: Io, options: Options, name: string, lines: string[]): Promise<void> {
  await readInto(io, name, options.has('z') ? '\0' : '\n', lines);
}

async function readInto(io: Io, name: string, delimiter: '\0' | '\n', lines: string[]): Promise<void> {
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) throw new Failure(`cannot read: ${io.quoteIfNeeded(name)}: ${fd.message}`);
  const reader = new LineReader(io.sys, fd, io.charset, delimiter);
  for (let line = reader.take(); ; line = reader.take()) {
    if (line !== undefined) {
      lines.push(line);
      continue;
    }
    const more = await reader.fill();
    if (IS_ERR(more)) throw new Failure(`read failed: ${io.quoteIfNeeded(name)}: ${more.message}`);
    if (!more) break;
  }
  if (fd !== 0) io.sys.close(fd);
}

function sorted(lines: string[], comparison: Comparison, unique: boolean): string[] {
  const { compare } = comparison;
  if (comparison.plain) lines.sort();
  else lines.sort(compare);
  if (!unique) return lines;
  return lines.filter((line, i) => i === 0 || compare(lines[i - 1] as string, line) !== 0);
}

async function write(io: Io, options: Options, lines: readonly string[]): Promise<void> {
  const end = options.has('z') ? '\0' : '\n';
  const out = await outputOf(io, options.value('o'));
  for (const line of lines) {
    out.put(line + end);
    if (out.full) await out.flush();
    if (out.error) break;
  }
  await out.flush();
  if (out !== io.stdout && out.error)
    throw new Failure(`write failed: ${io.quoteIfNeeded(options.value('o') ?? '')}: ${out.error.message}`);
}

/** Opened only now: the output may be one of the inputs. */
async function outputOf(io: Io, name: string | null): Promise<Output> {
  if (name === null) return io.stdout;
  const fd = await io.sys.open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  if (IS_ERR(fd)) throw new Failure(`open failed: ${io.quoteIfNeeded(name)}: ${fd.message}`);
  return new Output(io.sys, fd, io.charset.encode);
}

async function check(io: Io, options: Options, operands: readonly string[], comparison: Comparison, quiet: boolean): Promise<number> {
  if (operands.length > 1) throw new Failure(`extra operand ${io.quoteAlways(operands[1] ?? '')} not allowed with -${quiet ? 'C' : 'c'}`);
  const lines: string[] = [];
  const name = operands[0] ?? '-';
  await readLines(io, options, name, lines);
  const limit = options.has('u') ? 0 : 1;
  const at = lines.findIndex((line, i) => i > 0 && comparison.compare(lines[i - 1] as string, line) >= limit);
  if (at < 0) return 0;
  if (!quiet) await io.complain(`${io.name}: ${name}:${at + 1}: disorder: ${io.charset.toArgument(lines[at] as string)}\n`);
  return 1;
}
