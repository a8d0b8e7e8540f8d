/** fold(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, eachInput, type Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import type { ParsedOption } from '../lib/getopt.ts';
import { LineReader } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'fold',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Breaks lines that are too long.',
    options: [
      ['-b, --bytes', 'count bytes, not columns'],
      ['-s, --spaces', 'break at blanks'],
      ['-w, --width=WIDTH', 'so many columns (80)'],
    ],
    special: oldStyle,
  },
  async (io, options, operands) => {
    io.stdout.encode = io.charset.encode;
    const text = options.value('w') ?? '80';
    const width = Number(text);
    if (!/^\d+$/.test(text) || width === 0) throw new Failure(`invalid number of columns: ${io.quote(text)}${width === 0 ? RANGE : ''}`);
    const how: How = { width, bytes: options.has('b'), spaces: options.has('s') };
    await eachInput(io, operands, (fd) => foldFile(io, fd, how));
    return undefined;
  },
);

/** "-20" is a width. */
function oldStyle(argument: string): ParsedOption | null {
  return /^-\d+$/.test(argument) ? { key: 'w', value: argument.slice(1) } : null;
}

const RANGE = ': Numerical result out of range';

interface How {
  readonly width: number;
  readonly bytes: boolean;
  readonly spaces: boolean;
}

async function foldFile(io: Io, fd: Fd, how: How): Promise<0 | Errno> {
  const reader = new LineReader(io.sys, fd, io.charset);
  for (;;) {
    const line = await reader.next();
    if (line === undefined) return 0;
    if (IS_ERR(line)) return line;
    io.stdout.put(foldLine(line, how) + (reader.terminated ? '\n' : ''));
    if (io.stdout.full) await io.stdout.flush();
    if (io.stdout.error) return 0;
  }
}

function foldLine(line: string, how: How): string {
  let [out, row, column] = ['', '', 0];
  for (const c of line) {
    if (advance(column, c, how) > how.width && row !== '') {
      const at = how.spaces ? lastBlank(row) : -1;
      const kept = at < 0 ? row.length : at + 1;
      out += `${row.slice(0, kept)}\n`;
      row = row.slice(kept);
      column = [...row].reduce((n, d) => advance(n, d, how), 0);
    }
    row += c;
    column = advance(column, c, how);
  }
  return out + row;
}

const lastBlank = (row: string): number => Math.max(row.lastIndexOf(' '), row.lastIndexOf('\t'));

function advance(column: number, c: string, how: How): number {
  if (how.bytes) return column + 1;
  if (c === '\b') return Math.max(0, column - 1);
  if (c === '\r') return 0;
  return c === '\t' ? column + 8 - (column % 8) : column + 1;
}
