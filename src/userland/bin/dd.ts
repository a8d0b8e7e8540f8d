/** dd(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_APPEND, O_CREAT, O_EXCL, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY, SEEK_CUR, SEEK_SET } from '../../uapi/fcntl.ts';
import { CLOCK_MONOTONIC } from '../../uapi/syscalls.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, type Io } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { formatFloat } from '../lib/format-number.ts';
import { writeAll } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'dd',
    usage: ['[OPERAND]...', 'OPTION'],
    summary: 'Copies a file, block by block, converting as the operands say.',
    notes: [
      'if=FILE of=FILE ibs=BYTES obs=BYTES bs=BYTES count=N skip=N seek=N status=none|noxfer|progress',
      'conv=ucase,lcase,swab,sync,noerror,notrunc,nocreat,excl,fsync,fdatasync',
      'iflag=fullblock,count_bytes,skip_bytes,nonblock oflag=append,seek_bytes,nonblock',
    ],
  },
  async (io, _options, operands) => {
    const plan = planOf(io, operands);
    const input = await openInput(io, plan);
    const output = await openOutput(io, plan);
    const copy = new Copy(io, plan, input, output, io.sys.clock_gettime(CLOCK_MONOTONIC));
    const error = await copy.run();
    if (IS_ERR(error)) await io.fail(`error writing ${io.quoteAlways(plan.of ?? 'standard output')}`, error);
    await copy.report();
    return undefined;
  },
);

interface Plan {
  if: string | null;
  of: string | null;
  ibs: number;
  obs: number;
  bs: number | null;
  count: number;
  skip: number;
  seek: number;
  status: string;
  conv: string[];
  iflag: string[];
  oflag: string[];
}

const CONVERSIONS = ['ucase', 'lcase', 'swab', 'sync', 'noerror', 'notrunc', 'nocreat', 'excl', 'fsync', 'fdatasync'];
const INPUT_FLAGS = ['fullblock', 'count_bytes', 'skip_bytes', 'nonblock'];
const OUTPUT_FLAGS = ['append', 'seek_bytes', 'nonblock'];
/** What the real one has, too. */
const UNSUPPORTED = ['ascii', 'ebcdic', 'ibm', 'block', 'unblock', 'sparse', 'direct', 'dsync', 'sync', 'noatime', 'directory', 'nofollow'];

function planOf(io: Io, operands: readonly string[]): Plan {
  const plan: Plan = {
    ...{ if: null, of: null, ibs: 512, obs: 512, bs: null, count: Number.POSITIVE_INFINITY, skip: 0, seek: 0 },
    ...{ status: '', conv: [], iflag: [], oflag: [] },
  };
  for (const operand of operands) setOperand(io, plan, operand);
  if (plan.bs !== null) [plan.ibs, plan.obs] = [plan.bs, plan.bs];
  return plan;
}

function setOperand(io: Io, plan: Plan, operand: string): void {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(operand) ?? [];
  if (key === 'if' || key === 'of') plan[key] = value;
  else if (key === 'ibs' || key === 'obs' || key === 'bs') plan[key] = size(io, value, 1);
  else if (key === 'count') plan.count = size(io, value, 0);
  else if (key === 'skip' || key === 'iseek') plan.skip = size(io, value, 0);
  else if (key === 'seek' || key === 'oseek') plan.seek = size(io, value, 0);
  else if (key === 'status') plan.status = one(io, value, ['none', 'noxfer', 'progress'], 'status level');
  else if (key === 'conv') plan.conv = value.split(',').map((word) => one(io, word, CONVERSIONS, 'conversion'));
  else if (key === 'iflag') plan.iflag = value.split(',').map((word) => one(io, word, INPUT_FLAGS, 'input flag'));
  else if (key === 'oflag') plan.oflag = value.split(',').map((word) => one(io, word, OUTPUT_FLAGS, 'output flag'));
  else throw new UsageError(`unrecognized operand ${io.quote(operand)}`);
}

function one(io: Io, word: string, known: readonly string[], what: string): string {
  if (known.includes(word)) return word;
  if (UNSUPPORTED.includes(word) && what !== 'status level') throw new Failure(`${what} ${io.quote(word)} is not supported here`);
  throw new UsageError(`invalid ${what}: ${io.quote(word)}`);
}

const SUFFIXES: Readonly<Record<string, number>> = { '': 1, c: 1, w: 2, b: 512, B: 1 };

/** "4", "1k", "2x512". */
function size(io: Io, text: string, least: number): number {
  const value = text.split('x').reduce((product, part) => {
    const m = /^(\d+)(?:([cwbB]?)|([kKMGTPE])(B|iB)?)$/.exec(part);
    if (!m) throw new Failure(`invalid number: ${io.quote(text)}`);
    const power = m[3] === undefined ? 0 : 'KMGTPE'.indexOf(m[3].toUpperCase()) + 1;
    return product * Number(m[1]) * (SUFFIXES[m[2] ?? ''] ?? 1) * (m[4] === 'B' ? 1000 : 1024) ** power;
  }, 1);
  if (value < least) throw new Failure(`invalid number: ${io.quote(text)}`);
  return value;
}

async function openInput(io: Io, plan: Plan): Promise<Fd> {
  if (plan.if === null) return 0;
  const fd = await io.sys.open(plan.if, O_RDONLY | (plan.iflag.includes('nonblock') ? O_NONBLOCK : 0));
  if (IS_ERR(fd)) throw new Failure(`failed to open ${io.quoteAlways(plan.if)}: ${fd.message}`);
  return fd;
}

async function openOutput(io: Io, plan: Plan): Promise<Fd> {
  const has = (word: string): boolean => plan.conv.includes(word);
  const start = plan.seek * (plan.oflag.includes('seek_bytes') ? 1 : plan.obs);
  if (plan.of === null) return 1;
  const create = has('nocreat') ? 0 : O_CREAT | (has('excl') ? O_EXCL : 0);
  const truncate = plan.seek === 0 && !has('notrunc') ? O_TRUNC : 0;
  const fd = await io.sys.open(plan.of, O_WRONLY | create | truncate | (plan.oflag.includes('append') ? O_APPEND : 0), 0o666);
  if (IS_ERR(fd)) throw new Failure(`failed to open ${io.quoteAlways(plan.of)}: ${fd.message}`);
  if (start > 0 && !has('notrunc')) io.sys.ftruncate(fd, start);
  if (start > 0) io.sys.lseek(fd, start, SEEK_SET);
  return fd;
}

class Copy {
  private readonly records = { in: [0, 0], out: [0, 0] };
  private bytes = 0;
  private held: Bytes = new Uint8Array();

  constructor(
    private readonly io: Io,
    private readonly plan: Plan,
    private readonly input: Fd,
    private readonly output: Fd,
    private readonly start: number,
  ) {}

  async run(): Promise<0 | Errno> {
    await this.skip();
    const inBytes = this.plan.iflag.includes('count_bytes');
    for (let left = this.plan.count; left > 0; ) {
      const block = await this.block(inBytes ? Math.min(this.plan.ibs, left) : this.plan.ibs);
      if (block === null || block.length === 0) break;
      left -= inBytes ? block.length : 1;
      count(this.records.in, block.length === this.plan.ibs);
      const error = await this.put(this.convert(block));
      if (IS_ERR(error)) return error;
      await this.io.sys.sched_yield();
    }
    const error = this.held.length > 0 ? await this.write(this.held) : 0;
    if (this.plan.conv.includes('fsync') || this.plan.conv.includes('fdatasync')) this.io.sys.fsync(this.output);
    return error;
  }

  private async skip(): Promise<void> {
    const bytes = this.plan.skip * (this.plan.iflag.includes('skip_bytes') ? 1 : this.plan.ibs);
    if (bytes === 0 || !IS_ERR(this.io.sys.lseek(this.input, bytes, SEEK_CUR))) return;
    for (let left = bytes; left > 0; ) {
      const chunk = await this.io.sys.read(this.input, Math.min(left, this.plan.ibs));
      if (IS_ERR(chunk) || chunk.length === 0) return;
      left -= chunk.length;
    }
  }

  private async block(wanted: number): Promise<Bytes | null> {
    let block = await this.read(wanted);
    while (block && this.plan.iflag.includes('fullblock') && block.length < wanted) {
      const more = await this.read(wanted - block.length);
      if (!more || more.length === 0) break;
      block = Uint8Array.from([...block, ...more]);
    }
    return block;
  }

  private async read(count: number): Promise<Bytes | null> {
    const chunk = await this.io.sys.read(this.input, count);
    if (!IS_ERR(chunk)) return chunk;
    await this.io.fail(`error reading ${this.io.quoteAlways(this.plan.if ?? 'standard input')}`, chunk);
    return null;
  }

  private convert(block: Bytes): Bytes {
    const has = (word: string): boolean => this.plan.conv.includes(word);
    let out = block;
    if (has('sync') && out.length < this.plan.ibs) {
      out = new Uint8Array(this.plan.ibs);
      out.set(block);
    }
    if (has('ucase')) out = out.map((b) => (b >= 97 && b <= 122 ? b - 32 : b));
    if (has('lcase')) out = out.map((b) => (b >= 65 && b <= 90 ? b + 32 : b));
    if (has('swab')) out = out.map((b, i) => out[i ^ 1] ?? b);
    return out;
  }

  /** With bs= a block is written as it was read; else output blocks are filled first. */
  private async put(block: Bytes): Promise<0 | Errno> {
    if (this.plan.bs !== null) return await this.write(block);
    const all = this.held.length === 0 ? block : Uint8Array.from([...this.held, ...block]);
    let at = 0;
    for (; all.length - at >= this.plan.obs; at += this.plan.obs) {
      const error = await this.write(all.subarray(at, at + this.plan.obs));
      if (IS_ERR(error)) return error;
    }
    this.held = all.slice(at);
    return 0;
  }

  private async write(block: Bytes): Promise<0 | Errno> {
    const error = await writeAll(this.io.sys, this.output, block);
    if (IS_ERR(error)) return error;
    count(this.records.out, block.length === this.plan.obs);
    this.bytes += block.length;
    return 0;
  }

  async report(): Promise<void> {
    if (this.plan.status === 'none') return;
    const {
      in: [fullIn, partIn],
      out: [fullOut, partOut],
    } = this.records;
    await this.io.complain(
      `${fullIn}+${partIn} records in\n${fullOut}+${partOut} records out\n${this.plan.status === 'noxfer' ? '' : this.rate()}`,
    );
  }

  private rate(): string {
    const seconds = Math.max(1e-9, (this.io.sys.clock_gettime(CLOCK_MONOTONIC) - this.start) / 1000);
    const [decimal, binary] = [human(this.bytes, 1000), human(this.bytes, 1024)];
    const sizes = this.bytes < 1000 ? '' : ` (${decimal}${this.bytes < 1024 ? '' : `, ${binary}`})`;
    const time = formatFloat(seconds, { flags: '', width: 0, precision: 6, letter: 'g' });
    return `${this.bytes} byte${this.bytes === 1 ? '' : 's'}${sizes} copied, ${time} s, ${human(this.bytes / seconds, 1000, 1)}/s\n`;
  }
}

function count(record: number[], full: boolean): void {
  const i = full ? 0 : 1;
  record[i] = (record[i] ?? 0) + 1;
}

/** A rate is in kB at least. */
function human(value: number, base: 1000 | 1024, least = 0): string {
  let [n, power] = [value, 0];
  while ((n >= base || power < least) && power < 6) {
    n /= base;
    power++;
  }
  const unit = power === 0 ? 'B' : `${base === 1000 && power === 1 ? 'k' : ' KMGTPE'[power]}${base === 1024 ? 'i' : ''}B`;
  return `${n < 10 && power > 0 ? n.toFixed(1) : Math.round(n)} ${unit}`;
}
