/** tr(1). Works on bytes, as coreutils' does. The sets' language: tr-sets.ts. */
import { encode, latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Bytes } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { BUFSIZ } from '../lib/stdio.ts';
import { expandFirst, expandSecond, type ParsedSet, parseSet } from './tr-sets.ts';

export const main = command(
  {
    name: 'tr',
    usage: ['[OPTION]... SET1 [SET2]'],
    summary: 'Translates, squeezes or deletes bytes from standard input to standard output.',
    options: [
      ['-c, -C, --complement', 'all bytes that are not in SET1'],
      ['-d, --delete', 'delete the bytes of SET1'],
      ['-s, --squeeze-repeats', 'one byte for a run of the same, of the last set'],
      ['-t, --truncate-set1', 'cut SET1 to the length of SET2'],
    ],
    notes: ['Sets: \\NNN \\\\ \\a \\b \\f \\n \\r \\t \\v  A-B  [C*] [C*N]  [:class:]  [=C=]'],
    permute: false,
  },
  async (io, options, operands) => {
    checkOperands(io, options, operands);
    const sets = await Promise.all(operands.map((text) => readSet(io, text)));
    const plan = planOf(options, sets[0] as ParsedSet, sets[1]);
    await translate(io, plan);
    return undefined;
  },
);

function checkOperands(io: Io, options: Options, operands: readonly string[]): void {
  const deleting = options.has('d');
  const squeezing = options.has('s');
  const [first, second] = operands;
  if (first === undefined) throw new UsageError('missing operand');
  const least = deleting === squeezing ? 2 : 1;
  if (operands.length < least) {
    const why = deleting
      ? 'Two strings must be given when both deleting and squeezing repeats.'
      : 'Two strings must be given when translating.';
    throw new UsageError(`missing operand after ${io.quote(first)}\n${why}`);
  }
  const most = deleting && !squeezing ? 1 : 2;
  if (operands.length <= most) return;
  const why = most === 1 && operands.length === 2 ? '\nOnly one string may be given when deleting without squeezing repeats.' : '';
  throw new UsageError(`extra operand ${io.quote(operands[most] ?? second ?? '')}${why}`);
}

async function readSet(io: Io, text: string): Promise<ParsedSet> {
  const set = parseSet(latin1(encode(text)));
  if (set.warning) await io.warn(set.warning);
  return set;
}

interface Plan {
  readonly map: Uint8Array | null;
  readonly remove: Uint8Array | null;
  readonly squeeze: Uint8Array | null;
}

function planOf(options: Options, set1: ParsedSet, set2: ParsedSet | undefined): Plan {
  const first = expandFirst(set1, options.has('c'));
  const deleting = options.has('d');
  const squeezing = options.has('s');
  if (deleting) return { map: null, remove: members(first), squeeze: squeezing && set2 ? members(expandFirst(set2, false)) : null };
  if (!set2) return { map: null, remove: null, squeeze: members(first) };
  const second = expandSecond(set1, set2, first.length, { complement: options.has('c'), truncate: options.has('t') });
  return { map: mapping(first, second), remove: null, squeeze: squeezing ? members(second) : null };
}

function members(bytes: readonly number[]): Uint8Array {
  const out = new Uint8Array(256);
  for (const b of bytes) out[b] = 1;
  return out;
}

function mapping(from: readonly number[], to: readonly number[]): Uint8Array {
  const map = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (const [i, b] of from.entries()) if (i < to.length) map[b] = to[i] as number;
  return map;
}

async function translate(io: Io, plan: Plan): Promise<void> {
  let last = -1;
  while (!io.stdout.error) {
    const chunk = await io.sys.read(0, BUFSIZ);
    if (IS_ERR(chunk)) throw new Failure(`read error: ${chunk.message}`);
    if (chunk.length === 0) return;
    const done = apply(plan, chunk, last);
    last = done.last;
    await io.stdout.write(done.bytes);
  }
}

function apply(plan: Plan, chunk: Bytes, before: number): { bytes: Bytes; last: number } {
  const out = new Uint8Array(chunk.length);
  let length = 0;
  let last = before;
  for (let i = 0; i < chunk.length; i++) {
    let b = chunk[i] as number;
    if (plan.remove?.[b]) continue;
    if (plan.map) b = plan.map[b] as number;
    if (b === last && plan.squeeze?.[b]) continue;
    last = b;
    out[length++] = b;
  }
  return { bytes: out.subarray(0, length), last };
}
