/** cmp: compares two files byte by byte. Follows GNU diffutils 3.8. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { sameFile } from '../lib/file-type.ts';
import { parseSize } from '../lib/humanize.ts';
import { BUFSIZ } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'cmp',
    usage: ['[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]'],
    summary: 'Compares two files byte by byte.',
    follows: 'GNU diffutils 3.8',
    failure: 2,
    hint: (io) => `${io.name}: Try '${io.name} --help' for more information.\n`,
    options: [
      ['-b, --print-bytes', 'show the bytes that differ'],
      ['-i, --ignore-initial=SKIP', 'the first SKIP bytes do not count; SKIP1:SKIP2 for each file'],
      ['-l, --verbose', 'every byte that differs'],
      ['-n, --bytes=LIMIT', 'no more than LIMIT bytes'],
      ['-s, --quiet, --silent', 'say nothing'],
    ],
  },
  async (io, options, operands) => {
    const [first, second = '-', skip1, skip2, extra] = operands;
    if (first === undefined) throw new UsageError(`missing operand after '${io.name}'`);
    if (options.has('l') && options.has('s')) throw new UsageError('options -l and -s are incompatible');
    const limit = sizeOf(options.value('n'), '--bytes') ?? Number.POSITIVE_INFINITY;
    const skips = skipsOf(options, skip1, skip2);
    if (extra !== undefined) throw new UsageError(`extra operand '${extra}'`);
    const [a, b] = [await open(io, first), await open(io, second)];
    if (skips[0] === skips[1] && same(io, a, b)) return 0;
    const sources = [new Stream(io, a, first, limit), new Stream(io, b, second, limit)] as const;
    for (const [i, source] of sources.entries()) await source.skip(skips[i] ?? 0);
    return await compare(io, options, sources[0], sources[1]);
  },
);

async function open(io: Io, name: string): Promise<Fd> {
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) throw new Failure(`${name}: ${fd.message}`);
  return fd;
}

/** Nothing is read of a file that is compared with itself. */
function same(io: Io, a: Fd, b: Fd): boolean {
  const [x, y] = [io.sys.fstat(a), io.sys.fstat(b)];
  return a === b || (!IS_ERR(x) && !IS_ERR(y) && sameFile(x, y));
}

function sizeOf(text: string | null | undefined, option: string): number | null {
  if (text === null || text === undefined) return null;
  const size = parseSize(text);
  if (size === null) throw new UsageError(`invalid ${option} value '${text}'`);
  return size;
}

function skipsOf(options: Options, skip1: string | undefined, skip2: string | undefined): number[] {
  const [first, second = first] = (options.value('i') ?? '').split(':');
  const given = [sizeOf(first || null, '--ignore-initial') ?? 0, sizeOf(second || null, '--ignore-initial') ?? 0];
  return [sizeOf(skip1, '--ignore-initial') ?? given[0] ?? 0, sizeOf(skip2, '--ignore-initial') ?? given[1] ?? 0];
}

/** One of the two, chunk by chunk. */
class Stream {
  held: Bytes = new Uint8Array();

  constructor(
    private readonly io: Io,
    private readonly fd: Fd,
    readonly name: string,
    private left: number,
  ) {}

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const chunk = await this.read(Math.min(left, BUFSIZ));
      if (chunk.length === 0) return;
      left -= chunk.length;
    }
  }

  /** Whether there is a byte to look at. */
  async more(): Promise<boolean> {
    if (this.held.length > 0) return true;
    this.held = await this.read(Math.min(BUFSIZ, this.left));
    this.left -= this.held.length;
    return this.held.length > 0;
  }

  private async read(count: number): Promise<Bytes> {
    const chunk = count === 0 ? new Uint8Array() : await this.io.sys.read(this.fd, count);
    if (IS_ERR(chunk)) throw new Failure(`${this.name}: ${chunk.message}`);
    return chunk;
  }
}

interface Place {
  /** Bytes before here, in both. */
  bytes: number;
  lines: number;
  /** Whether the last byte that was the same ended a line. */
  fresh: boolean;
}

async function compare(io: Io, options: Options, a: Stream, b: Stream): Promise<number> {
  const here: Place = { bytes: 0, lines: 0, fresh: true };
  let differ = false;
  for (;;) {
    const [inA, inB] = [await a.more(), await b.more()];
    if (!inA && !inB) return differ ? 1 : 0;
    if (!inA || !inB) return await ended(io, options, inA ? b : a, here);
    const n = Math.min(a.held.length, b.held.length);
    for (let i = 0; i < n; i++) {
      const [x, y] = [a.held[i] as number, b.held[i] as number];
      if (x !== y) {
        differ = true;
        if (options.has('s')) return 1;
        report(io, options, a.name, b.name, here, x, y);
        if (!options.has('l')) return 1;
      }
      here.bytes++;
      here.fresh = x === 10;
      if (here.fresh) here.lines++;
    }
    a.held = a.held.subarray(n);
    b.held = b.held.subarray(n);
    if (io.stdout.full) await io.stdout.flush();
  }
}

function report(io: Io, options: Options, a: string, b: string, here: Place, x: number, y: number): void {
  const octal = (byte: number): string => byte.toString(8).padStart(3);
  const shown = options.has('b');
  if (options.has('l'))
    io.stdout.put(`${here.bytes + 1} ${octal(x)}${shown ? ` ${visible(x).padEnd(4)}` : ''} ${octal(y)}${shown ? ` ${visible(y)}` : ''}\n`);
  else {
    const bytes = shown ? ` is ${octal(x)} ${visible(x)} ${octal(y)} ${visible(y)}` : '';
    io.stdout.put(`${a} ${b} differ: ${shown ? 'byte' : 'char'} ${here.bytes + 1}, line ${here.lines + 1}${bytes}\n`);
  }
}

/** As cat -t shows a byte. */
function visible(byte: number): string {
  const low = byte & 127;
  return (byte > 127 ? 'M-' : '') + (low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low));
}

async function ended(io: Io, options: Options, short: Stream, here: Place): Promise<number> {
  if (options.has('s')) return 1;
  const line = options.has('l') ? '' : here.fresh ? `, line ${here.lines}` : `, in line ${here.lines + 1}`;
  await io.warn(here.bytes === 0 ? `EOF on ${short.name} which is empty` : `EOF on ${short.name} after byte ${here.bytes}${line}`);
  return 1;
}
