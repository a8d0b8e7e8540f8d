/** seq(1). Numbers are exact: integers scaled by the decimals that were written. */
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { formatFloat } from '../lib/format-number.ts';
import type { ParsedOption } from '../lib/getopt.ts';

export const main = command(
  {
    name: 'seq',
    usage: ['[OPTION]... LAST', '[OPTION]... FIRST LAST', '[OPTION]... FIRST INCREMENT LAST'],
    summary: 'Prints numbers from FIRST (1) to LAST in steps of INCREMENT (1).',
    options: [
      ['-f, --format=FORMAT', 'print by this format of printf(3) for floating point'],
      ['-s, --separator=STRING', 'between numbers (a newline)'],
      ['-w, --equal-width', 'pad with zeros to equal width'],
    ],
    permute: false,
    special: negativeNumber,
  },
  async (io, options, operands) => {
    const numbers = [...options.values('number'), ...operands];
    const [a, b, c, extra] = numbers;
    if (a === undefined) throw new UsageError('missing operand');
    if (extra !== undefined) throw new UsageError(`extra operand ${io.quote(extra)}`);
    if (options.has('f') && options.has('w')) throw new UsageError('format string may not be specified when printing equal width strings');
    const format = formatOf(io, options.value('f'));
    const first = parse(io, b === undefined ? '1' : a);
    const step = parse(io, c === undefined ? '1' : (b ?? '1'));
    const last = parse(io, c ?? b ?? a);
    if (step.value === 0n) throw new UsageError(`invalid Zero increment value: ${io.quote(b ?? '')}`);
    await count(io, options, { first, step, last, format });
    return undefined;
  },
);

/** "-5" is a number; parsing of options stops there. */
function negativeNumber(argument: string): ParsedOption | null {
  return /^-[\d.]/.test(argument) ? { key: 'number', value: argument } : null;
}

interface Decimal {
  /** In units of 10^-decimals; null is infinite. */
  readonly value: bigint | null;
  readonly decimals: number;
  readonly negative: boolean;
}

function parse(io: Io, text: string): Decimal {
  const infinite = /^([-+]?)inf(?:inity)?$/i.exec(text);
  if (infinite) return { value: null, decimals: 0, negative: infinite[1] === '-' };
  const m = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text);
  const hex = /^[-+]?0x[0-9a-f]+$/i.test(text);
  if (hex)
    return { value: BigInt(text.replace(/^[-+]/, '')) * (text.startsWith('-') ? -1n : 1n), decimals: 0, negative: text.startsWith('-') };
  if (!m || (m[2] === '' && !m[3])) throw new UsageError(`invalid floating point argument: ${io.quote(text)}`);
  const exponent = Number(m[4] ?? 0);
  const fraction = m[3] ?? '';
  const decimals = Math.max(0, fraction.length - exponent);
  const digits = BigInt(`${m[2]}${fraction}` || '0') * 10n ** BigInt(Math.max(0, exponent - fraction.length));
  return { value: m[1] === '-' ? -digits : digits, decimals, negative: m[1] === '-' };
}

interface Plan {
  readonly first: Decimal;
  readonly step: Decimal;
  readonly last: Decimal;
  readonly format: ((value: number) => string) | null;
}

async function count(io: Io, options: Options, { first, step, last, format }: Plan): Promise<void> {
  const decimals = Math.max(first.decimals, step.decimals);
  const scale = Math.max(decimals, last.decimals);
  const at = (d: Decimal): bigint => (d.value ?? 0n) * 10n ** BigInt(scale - d.decimals);
  const [start, increment] = [at(first), at(step)];
  const end = last.value === null ? null : at(last);
  const width = options.has('w') && end !== null ? Math.max(...[start, end].map((v) => print(v, scale, decimals).length)) : 0;
  const separator = options.value('s') ?? '\n';
  let out = '';
  let any = false;
  for (let v = start; end === null || (increment > 0n ? v <= end : v >= end); v += increment) {
    const text = format ? format(Number(v) / 10 ** scale) : zeroPad(print(v, scale, decimals), width);
    out += any ? separator + text : text;
    any = true;
    if (out.length < 32768) continue;
    await io.stdout.write(out);
    out = '';
    if (io.stdout.error) return;
  }
  io.stdout.put(any ? `${out}\n` : '');
}

function print(value: bigint, scale: number, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).slice(0, decimals);
  return `${value < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${fraction}` : ''}`;
}

function zeroPad(text: string, width: number): string {
  return text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');
}

function formatOf(io: Io, format: string | null): ((value: number) => string) | null {
  if (format === null) return null;
  const q = io.quote(format);
  const m = /^((?:[^%]|%%)*)%([-+ #0']*)(\d*)(?:\.(\d*))?L?(.?)((?:[^%]|%%)*)(%?)/s.exec(format);
  if (!m) throw new Failure(`format ${q} has no % directive`);
  const [, before = '', flags = '', width = '', precision, letter = '', after = '', second] = m;
  if (letter === '') throw new Failure(`format ${q} ends in %`);
  if (!/[aAeEfFgG]/.test(letter)) throw new Failure(`format ${q} has unknown %${letter} directive`);
  if (second) throw new Failure(`format ${q} has too many % directives`);
  const how = { flags, width: Number(width), precision: precision === undefined ? -1 : Number(precision), letter };
  const plain = (text: string): string => text.replaceAll('%%', '%');
  return (value) => plain(before) + formatFloat(value, how) + plain(after);
}
