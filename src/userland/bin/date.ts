/** date(1). The only time zone here is UTC. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { CLOCK_REALTIME } from '../../uapi/syscalls.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { parseDate } from '../lib/parse-date.ts';
import { readAll, readFile } from '../lib/stdio.ts';
import { strftime } from '../lib/time.ts';

export const main = command(
  {
    name: 'date',
    usage: ['[OPTION]... [+FORMAT]'],
    summary: 'Prints the date and time, or those that -d describes.',
    options: [
      ['-d, --date=STRING', 'this time instead of now'],
      ['-f, --file=DATEFILE', 'as -d for each line of a file'],
      ['-I, --iso-8601[=FMT]', 'ISO 8601: date, hours, minutes, seconds or ns'],
      ['--resolution', 'the resolution of time stamps'],
      ['-R, --rfc-email', 'RFC 5322'],
      ['--rfc-3339=FMT', 'RFC 3339: date, seconds or ns'],
      ['-r, --reference=FILE', 'when a file was modified'],
      ['-s, --set=STRING', 'set the clock, which this machine does not let one do'],
      ['-u, --utc, --universal', 'UTC, as always here'],
    ],
  },
  async (io, options, operands) => {
    const format = formatOf(io, options, operands);
    if (options.has('resolution')) io.stdout.put('0.000001000\n');
    else if (options.has('s')) return await refuseToSet(io, options);
    else for (const time of await timesOf(io, options)) if (time !== null) io.stdout.put(`${strftime(format, time)}\n`);
    return undefined;
  },
);

const ISO: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};
const RFC_3339: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  seconds: '%Y-%m-%d %H:%M:%S%:z',
  ns: '%Y-%m-%d %H:%M:%S.%N%:z',
};

function formatOf(io: Io, options: Options, operands: readonly string[]): string {
  const [operand, extra] = operands;
  if (extra !== undefined) throw new UsageError(`extra operand ${io.quote(extra)}`);
  if (operand?.startsWith('+')) return operand.slice(1);
  if (operand !== undefined) throw invalidOperand(io, options, operand);
  switch (options.last('I', 'R', 'rfc-3339')) {
    case 'I':
      return choose(ISO, options.value('I') ?? 'date', 'iso-8601');
    case 'R':
      return '%a, %d %b %Y %H:%M:%S %z';
    case 'rfc-3339':
      return choose(RFC_3339, options.value('rfc-3339') ?? '', 'rfc-3339');
    default:
      return '%a %b %e %H:%M:%S %Z %Y';
  }
}

function choose(formats: Readonly<Record<string, string>>, name: string, option: string): string {
  const key = Object.keys(formats).find((k) => name !== '' && k.startsWith(name));
  if (key) return formats[key] as string;
  const order = Object.keys(formats);
  const listed = option === 'iso-8601' ? ['hours', 'minutes', 'date', 'seconds', 'ns'] : order;
  throw new UsageError(`invalid argument '${name}' for '--${option}'\nValid arguments are:\n${listed.map((k) => `  - '${k}'`).join('\n')}`);
}

function invalidOperand(io: Io, options: Options, operand: string): Failure {
  if (options.last('d', 'f', 'r') === null) {
    return /^\d{8}(\d\d)?(\d\d)?(\.\d\d)?$/.test(operand)
      ? new Failure('cannot set date: Operation not permitted')
      : new Failure(`invalid date ${io.quote(operand)}`);
  }
  return new UsageError(
    `the argument ${io.quote(operand)} lacks a leading '+';\nwhen using an option to specify date(s), any non-option\nargument must be a format string beginning with '+'`,
  );
}

async function refuseToSet(io: Io, options: Options): Promise<1> {
  const text = options.value('s') ?? '';
  if (parseDate(text, io.sys.clock_gettime(CLOCK_REALTIME)) === null) throw new Failure(`invalid date ${io.quote(text)}`);
  await io.warn('cannot set date: Operation not permitted');
  return 1;
}

async function timesOf(io: Io, options: Options): Promise<(number | null)[]> {
  const now = io.sys.clock_gettime(CLOCK_REALTIME);
  switch (options.last('d', 'f', 'r')) {
    case 'd':
      return [await parsed(io, options.value('d') ?? '', now)];
    case 'f':
      return await fromFile(io, options.value('f') ?? '', now);
    case 'r':
      return [fileTime(io, options.value('r') ?? '')];
    default:
      return [now];
  }
}

async function parsed(io: Io, text: string, now: number): Promise<number | null> {
  const time = parseDate(text, now);
  if (time === null) await io.fail(`invalid date ${io.quote(text)}`);
  return time;
}

async function fromFile(io: Io, name: string, now: number): Promise<(number | null)[]> {
  const bytes = name === '-' ? await readAll(io.sys, 0) : await readFile(io.sys, name);
  if (IS_ERR(bytes)) throw new Failure(`${io.quoteIfNeeded(name)}: ${bytes.message}`);
  const times: (number | null)[] = [];
  for (const line of decode(bytes).replace(/\n$/, '').split('\n')) times.push(await parsed(io, line, now));
  return times;
}

function fileTime(io: Io, name: string): number {
  const st = io.sys.stat(name);
  if (IS_ERR(st)) throw new Failure(`${io.quoteIfNeeded(name)}: ${st.message}`);
  return st.st_mtime;
}
