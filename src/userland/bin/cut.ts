/** cut(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, eachInput, type Io, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { LineReader } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'cut',
    usage: ['OPTION... [FILE]...'],
    summary: 'Prints the chosen parts of each line.',
    options: [
      ['-b, --bytes=LIST', 'these bytes'],
      ['-c, --characters=LIST', 'these characters (which are bytes, as in coreutils)'],
      ['-d, --delimiter=DELIM', 'between fields (a tab)'],
      ['-f, --fields=LIST', 'these fields; lines without delimiter as they are'],
      ['-n', 'ignored'],
      ['--complement', 'all but these'],
      ['-s, --only-delimited', 'no lines without delimiter'],
      ['--output-delimiter=STRING', 'between what is printed'],
      ['-z, --zero-terminated', 'lines end with NUL'],
    ],
    notes: ['A LIST is made of N, N-, N-M and -M, separated by commas.'],
  },
  async (io, options, operands) => {
    io.stdout.encode = io.charset.encode;
    const cutter = cutterOf(io, options);
    const delimiter = options.has('z') ? '\0' : '\n';
    await eachInput(io, operands, (fd) => cutFile(io, fd, delimiter, cutter));
    return undefined;
  },
);

type Range = readonly [first: number, last: number];
/** What to print of a line; null for nothing at all. */
type Cutter = (line: string) => string | null;

function cutterOf(io: Io, options: Options): Cutter {
  const kinds = options.list.filter((o) => o.key === 'b' || o.key === 'c' || o.key === 'f');
  const [kind] = kinds;
  if (kinds.length > 1) throw new UsageError('only one list may be specified');
  const delimiter = options.value('d');
  if (delimiter !== null && [...io.charset.fromArgument(delimiter)].length > 1)
    throw new UsageError('the delimiter must be a single character');
  if (!kind) throw new UsageError('you must specify a list of bytes, characters, or fields');
  const fields = kind.key === 'f';
  if (delimiter !== null && !fields) throw new UsageError('an input delimiter may be specified only when operating on fields');
  if (options.has('s') && !fields) throw new UsageError('suppressing non-delimited lines makes sense\n\tonly when operating on fields');
  const ranges = parseList(io, kind.value ?? '', fields);
  const chosen = options.has('complement') ? complement(ranges) : ranges;
  const between = options.value('output-delimiter');
  if (!fields) return byBytes(io, chosen, between === null ? '' : io.charset.fromArgument(between));
  const separator = delimiter === '' ? '\0' : io.charset.fromArgument(delimiter ?? '\t');
  return byFields(chosen, separator, between === null ? separator : io.charset.fromArgument(between), options.has('s'));
}

function parseList(io: Io, list: string, fields: boolean): Range[] {
  const ranges = list.split(/[,\s]/).map((item): Range => {
    const m = /^(\d*)(?:(-)(\d*))?$/.exec(item);
    if (!m || item === '') throw new UsageError(`invalid ${fields ? 'field value' : 'byte or character range'} ${io.quote(item)}`);
    if (item === '-') throw new UsageError('invalid range with no endpoint: -');
    const first = m[1] === '' ? 1 : Number(m[1]);
    const last = m[2] === undefined ? first : m[3] === '' ? Number.POSITIVE_INFINITY : Number(m[3]);
    if (first === 0 || last === 0) throw new UsageError(`${fields ? 'fields' : 'byte/character positions'} are numbered from 1`);
    const huge = [m[1], m[3]].find((digits) => digits !== undefined && Number(digits) >= 2 ** 64);
    if (huge !== undefined) throw new UsageError(`${fields ? 'field number' : 'byte/character offset'} ${io.quote(huge)} is too large`);
    if (last < first) throw new UsageError('invalid decreasing range');
    return [first, last];
  });
  return merge(ranges);
}

/** In order; overlapping ones together (neighbours stay apart, which --output-delimiter shows). */
function merge(ranges: Range[]): Range[] {
  const out: Range[] = [];
  for (const range of ranges.sort((a, b) => a[0] - b[0])) {
    const before = out.at(-1);
    if (before && range[0] <= before[1]) out[out.length - 1] = [before[0], Math.max(before[1], range[1])];
    else out.push(range);
  }
  return out;
}

function complement(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  let next = 1;
  for (const [first, last] of ranges) {
    if (first > next) out.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next !== Number.POSITIVE_INFINITY) out.push([next, Number.POSITIVE_INFINITY]);
  return out;
}

function byBytes(io: Io, ranges: readonly Range[], between: string): Cutter {
  const cut = (line: string): string =>
    ranges
      .filter(([first]) => first <= line.length)
      .map(([first, last]) => line.slice(first - 1, last))
      .join(between);
  if (!io.charset.utf8) return cut;
  // Bytes are bytes in every locale: cut the line's encoding, one char a byte.
  return (line) => (/^[\0-\x7f]*$/.test(line) ? cut(line) : io.charset.decode(bytes(cut(text(io.charset.encode(line))))));
}

const text = (b: Uint8Array): string => Array.from(b, (c) => String.fromCharCode(c)).join('');
const bytes = (s: string): Uint8Array => Uint8Array.from(s, (c) => c.charCodeAt(0));

function byFields(ranges: readonly Range[], separator: string, between: string, onlyDelimited: boolean): Cutter {
  return (line) => {
    if (!line.includes(separator)) return onlyDelimited ? null : line;
    const fields = line.split(separator);
    return ranges.flatMap(([first, last]) => fields.slice(first - 1, last)).join(between);
  };
}

async function cutFile(io: Io, fd: Fd, delimiter: '\0' | '\n', cutter: Cutter): Promise<0 | Errno> {
  const reader = new LineReader(io.sys, fd, io.charset, delimiter);
  for (;;) {
    const line = reader.take();
    if (line === undefined) {
      const more = await reader.fill();
      if (IS_ERR(more) || !more) return more;
      continue;
    }
    const part = cutter(line);
    if (part !== null) io.stdout.put(part + delimiter);
    if (io.stdout.full) await io.stdout.flush();
    if (io.stdout.error) return 0;
  }
}
