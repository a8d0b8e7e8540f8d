/** What md5sum(1), sha1sum(1) and sha256sum(1) share: sums of files, and lists of sums that are checked. */
import { hex } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { Program } from '../../uapi/syscalls.ts';
import type { Bytes } from '../../uapi/types.ts';
import { command, type Io, type Options } from './command.ts';
import { UsageError } from './error.ts';
import { BUFSIZ, readAll } from './stdio.ts';

/** A sum that grows with what is put in. */
interface Hash {
  update(bytes: Bytes): unknown;
  digest(): Bytes;
}

export interface Algorithm {
  readonly name: string;
  /** As --tag writes it. */
  readonly label: string;
  readonly digits: number;
  create(): Hash;
}

export function checksum(algorithm: Algorithm): Program {
  return command(
    {
      name: algorithm.name,
      usage: ['[OPTION]... [FILE]...'],
      summary: `Prints or checks ${algorithm.label} checksums.`,
      options: [
        ['-b, --binary', 'say that files were read as binary'],
        ['-c, --check', 'read sums from the files and check them'],
        ['--tag', 'print in the style of BSD'],
        ['-t, --text', 'say that files were read as text'],
        ['-z, --zero', 'end each line with NUL'],
        ['--ignore-missing', 'with -c: pass over files that are not there'],
        ['--quiet', 'with -c: no OK'],
        ['--status', 'with -c: only the exit status'],
        ['--strict', 'with -c: fail for lines that are no sums'],
        ['-w, --warn', 'with -c: complain of them'],
      ],
    },
    async (io, options, operands) => {
      const [first] = ['ignore-missing', 'status', 'warn', 'quiet', 'strict'].filter((o) => options.has(o === 'warn' ? 'w' : o));
      if (first && !options.has('c')) throw new UsageError(`the --${first} option is meaningful only when verifying checksums`);
      if (options.has('tag') && options.has('c')) throw new UsageError('the --tag option is meaningless when verifying checksums');
      for (const name of operands.length === 0 ? ['-'] : operands)
        await (options.has('c') ? check(io, options, algorithm, name) : print(io, options, algorithm, name));
      return undefined;
    },
  );
}

async function sumOf(io: Io, { create }: Algorithm, name: string): Promise<string | Errno> {
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) return fd;
  const hash = create();
  for (;;) {
    const chunk = await io.sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk) || chunk.length === 0) {
      if (fd !== 0) io.sys.close(fd);
      return IS_ERR(chunk) ? chunk : hex(hash.digest());
    }
    hash.update(chunk);
    await io.sys.sched_yield();
  }
}

async function print(io: Io, options: Options, algorithm: Algorithm, name: string): Promise<void> {
  const sum = await sumOf(io, algorithm, name);
  if (IS_ERR(sum)) return await io.fail(io.quoteIfNeeded(name), sum);
  const escaped = !options.has('z') && /[\\\n\r]/.test(name);
  const shown = escaped ? name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r') : name;
  const mark = options.last('b', 't') === 'b' ? '*' : ' ';
  const line = options.has('tag') ? `${algorithm.label} (${shown}) = ${sum}` : `${sum} ${mark}${shown}`;
  await io.stdout.write(`${escaped ? '\\' : ''}${line}${options.has('z') ? '\0' : '\n'}`);
}

interface Tally {
  ok: number;
  mismatched: number;
  unreadable: number;
  malformed: number;
}

async function check(io: Io, options: Options, algorithm: Algorithm, name: string): Promise<void> {
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) return await io.fail(io.quoteIfNeeded(name), fd);
  const list = await readAll(io.sys, fd);
  const shown = name === '-' ? 'standard input' : name;
  if (IS_ERR(list)) return await io.fail(`${io.quoteIfNeeded(shown)}: read error`, list);
  const tally: Tally = { ok: 0, mismatched: 0, unreadable: 0, malformed: 0 };
  const lines = io.charset.decode(list).split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [i, line] of lines.entries()) if (!line.startsWith('#')) await checkLine(io, options, algorithm, line, shown, i + 1, tally);
  await conclude(io, options, shown, tally);
}

/** `SUM  NAME`, `SUM *NAME`, `LABEL (NAME) = SUM`; a backslash in front for an escaped name. */
function parseLine(line: string, { digits, label }: Algorithm): { sum: string; file: string } | null {
  const m = new RegExp(
    `^\\s*(\\\\?)(?:([0-9a-fA-F]{${digits}})(?: [ *]|  ?)(.+)|${label} \\((.*)\\) = ([0-9a-fA-F]{${digits}}))\\r?$`,
  ).exec(line);
  if (!m) return null;
  const file = m[3] ?? m[4] ?? '';
  return {
    sum: (m[2] ?? m[5] ?? '').toLowerCase(),
    file: m[1] ? file.replace(/\\([\\nr])/g, (_, c) => (c === 'n' ? '\n' : c === 'r' ? '\r' : '\\')) : file,
  };
}

async function checkLine(
  io: Io,
  options: Options,
  algorithm: Algorithm,
  line: string,
  list: string,
  number: number,
  tally: Tally,
): Promise<void> {
  const row = parseLine(line, algorithm);
  if (!row) {
    tally.malformed++;
    if (options.has('w')) await io.warn(`${io.quoteIfNeeded(list)}: ${number}: improperly formatted ${algorithm.label} checksum line`);
    return;
  }
  const file = io.charset.toArgument(row.file);
  const sum = await sumOf(io, algorithm, file);
  const say = (what: string): void => (options.has('status') ? undefined : io.stdout.put(`${file}: ${what}\n`));
  if (IS_ERR(sum)) {
    if (options.has('ignore-missing') && sum.code === 'ENOENT') return;
    tally.unreadable++;
    await io.warn(io.quoteIfNeeded(file), sum);
    return say('FAILED open or read');
  }
  tally[sum === row.sum ? 'ok' : 'mismatched']++;
  if (sum !== row.sum) say('FAILED');
  else if (!options.has('quiet')) say('OK');
}

async function conclude(io: Io, options: Options, list: string, tally: Tally): Promise<void> {
  const { ok, mismatched, unreadable, malformed } = tally;
  if (ok + mismatched + unreadable === 0 && !(options.has('ignore-missing') && malformed === 0))
    return await io.fail(`${io.quoteIfNeeded(list)}: no properly formatted checksum lines found`);
  const warn = async (n: number, one: string, many: string): Promise<void> => {
    if (n > 0 && !options.has('status')) await io.warn(`WARNING: ${n} ${n === 1 ? one : many}`);
  };
  await warn(malformed, 'line is improperly formatted', 'lines are improperly formatted');
  await warn(unreadable, 'listed file could not be read', 'listed files could not be read');
  await warn(mismatched, 'computed checksum did NOT match', 'computed checksums did NOT match');
  if (ok === 0 && mismatched === 0 && options.has('ignore-missing') && !options.has('status'))
    await io.warn(`${io.quoteIfNeeded(list)}: no file was verified`);
  if (mismatched + unreadable > 0 || (malformed > 0 && options.has('strict')) || (ok === 0 && options.has('ignore-missing'))) io.status = 1;
}
