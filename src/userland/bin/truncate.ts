/** truncate(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_NONBLOCK, O_WRONLY } from '../../uapi/fcntl.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { parseSize } from '../lib/humanize.ts';

export const main = command(
  {
    name: 'truncate',
    usage: ['OPTION... FILE...'],
    summary: 'Makes files shorter or longer.',
    options: [
      ['-c, --no-create', 'create no files'],
      ['-o, --io-blocks', 'SIZE is in blocks of the file system'],
      ['-r, --reference=RFILE', 'the size that this file has'],
      ['-s, --size=SIZE', 'the size, or how to change it: + - < > / %'],
    ],
  },
  async (io, options, operands) => {
    const change = changeOf(io, options);
    const reference = referenceSize(io, options, change);
    if (operands.length === 0) throw new UsageError('missing file operand');
    for (const name of operands) await truncate(io, options, name, change, reference);
    return undefined;
  },
);

interface Change {
  readonly how: string;
  readonly amount: number;
}

function changeOf(io: Io, options: Options): Change | null {
  const text = options.value('s');
  if (text === null && !options.has('r')) throw new UsageError("you must specify either '--size' or '--reference'");
  if (text === null) return null;
  const m = /^\s*([-+<>/%]?)\s*(.*)$/s.exec(text);
  const how = m?.[1] ?? '';
  const amount = parseSize((m?.[2] ?? '').replace(/^(?=[kKMGTPEZY])/, '1'));
  if (amount === null) throw new Failure(`Invalid number: ${io.quote(text)}`);
  if (amount === 0 && (how === '/' || how === '%')) throw new Failure('division by zero');
  return { how, amount };
}

function referenceSize(io: Io, options: Options, change: Change | null): number | null {
  const name = options.value('r');
  if (name === null) return null;
  if (change && change.how === '') throw new UsageError("you must specify a relative '--size' with '--reference'");
  const st = io.sys.stat(name);
  if (IS_ERR(st)) throw new Failure(`cannot stat ${io.quoteAlways(name)}: ${st.message}`);
  return st.st_size;
}

async function truncate(io: Io, options: Options, name: string, change: Change | null, reference: number | null): Promise<void> {
  const create = options.has('c') ? 0 : O_CREAT;
  const fd = await io.sys.open(name, O_WRONLY | O_NONBLOCK | create, 0o666);
  if (IS_ERR(fd)) {
    if (options.has('c') && fd.code === 'ENOENT') return;
    return await io.fail(`cannot open ${io.quoteAlways(name)} for writing`, fd);
  }
  const st = io.sys.fstat(fd);
  const old = reference ?? (IS_ERR(st) ? 0 : st.st_size);
  const unit = options.has('o') ? (IS_ERR(st) ? 4096 : st.st_blksize) : 1;
  const size = change === null ? old : resize(old, change.how, change.amount * unit);
  const error = io.sys.ftruncate(fd, Math.max(0, size));
  io.sys.close(fd);
  if (IS_ERR(error)) await io.fail(`failed to truncate ${io.quoteAlways(name)} at ${size} bytes`, error);
}

function resize(old: number, how: string, amount: number): number {
  switch (how) {
    case '+':
      return old + amount;
    case '-':
      return old - amount;
    case '<':
      return Math.min(old, amount);
    case '>':
      return Math.max(old, amount);
    case '/':
      return old - (old % amount);
    case '%':
      return Math.ceil(old / amount) * amount;
    default:
      return amount;
  }
}
