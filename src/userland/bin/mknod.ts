/** mknod(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { makedev, S_IFBLK, S_IFCHR, S_IFIFO } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { parseMode } from '../lib/mode.ts';

export const main = command(
  {
    name: 'mknod',
    usage: ['[OPTION]... NAME TYPE [MAJOR MINOR]'],
    summary: 'Makes a special file: b a block device, c or u a character device, p a fifo.',
    options: [['-m, --mode=MODE', 'the mode, as chmod takes it']],
  },
  async (io, options, operands) => {
    const mode = modeOf(options);
    const [name = '', type] = operands;
    check(io, operands);
    const kind = { b: S_IFBLK, c: S_IFCHR, u: S_IFCHR, p: S_IFIFO }[type ?? ''];
    if (kind === undefined) throw new UsageError(`invalid device type ${io.quote(type ?? '')}`);
    const device = kind === S_IFIFO ? 0 : makedev(numberOf(io, operands[2] ?? '', 'major'), numberOf(io, operands[3] ?? '', 'minor'));
    const error = io.sys.mknod(name, kind | (mode ?? 0o666), device);
    if (IS_ERR(error)) throw new Failure(`${io.quoteIfNeeded(name)}: ${error.message}`);
    if (mode !== null) io.sys.chmod(name, mode);
    return undefined;
  },
);

function modeOf(options: Options): number | null {
  const text = options.value('m');
  if (text === null) return null;
  const change = parseMode(text);
  if (change === null) throw new Failure('invalid mode');
  return change(0o666, false, 0);
}

/** A fifo has no numbers, a device has two. */
function check(io: Io, operands: readonly string[]): void {
  const fifo = operands[1]?.startsWith('p') ?? false;
  const expected = fifo ? 2 : 4;
  const last = operands.at(-1);
  if (operands.length < expected) {
    const missing = last === undefined ? 'missing operand' : `missing operand after ${io.quote(last)}`;
    throw new UsageError(missing + (operands.length === 2 ? '\nSpecial files require major and minor device numbers.' : ''));
  }
  const extra = operands[expected];
  if (extra === undefined) return;
  const note = fifo && operands.length === 4 ? '\nFifos do not have major and minor device numbers.' : '';
  throw new UsageError(`extra operand ${io.quote(extra)}${note}`);
}

function numberOf(io: Io, text: string, what: string): number {
  if (!/^(0[xX][\da-fA-F]+|\d+)$/.test(text)) throw new Failure(`invalid ${what} device number ${io.quote(text)}`);
  return Number(/^0\d/.test(text) ? `0o${text.slice(1)}` : text);
}
