/** lscpu: what /proc/cpuinfo says of the processors, as a table. Follows util-linux 2.38.1. */
import { latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { command } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { readFile } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'lscpu',
    usage: ['[options]'],
    summary: '\nDisplay information about the CPU architecture.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    options: [
      ['-J, --json', 'use JSON for default or extended format'],
      ['-p, --parse[=LIST]', 'print out a parsable format (not supported here)'],
      ['-e, --extended[=LIST]', 'print out an extended readable format (not supported here)'],
    ],
  },
  async (io, options, operands) => {
    if (operands.length > 0) throw new Failure('bad usage');
    const unsupported = ['p', 'e'].find((key) => options.has(key));
    if (unsupported) throw new Failure(`-${unsupported} is not supported here`);
    const bytes = await readFile(io.sys, '/proc/cpuinfo');
    if (IS_ERR(bytes)) throw new Failure(`cannot open /proc/cpuinfo: ${bytes.message}`);
    const rows = table(io.sys.uname().machine, latin1(bytes));
    io.stdout.put(options.has('J') ? json(rows) : rows.map(([label, value]) => `${`${label}:`.padEnd(24)} ${value}\n`).join(''));
    return 0;
  },
);

type Row = readonly [label: string, value: string];

/** Fields of cpuinfo, where they have another name. */
const FIELDS: readonly Row[] = [
  ['Vendor ID', 'vendor_id'],
  ['Model name', 'model name'],
  ['CPU family', 'cpu family'],
  ['Model', 'model'],
  ['Stepping', 'stepping'],
  ['BogoMIPS', '(?:bogomips|BogoMIPS)'],
  ['Flags', '(?:flags|Features)'],
];

function table(machine: string, text: string): Row[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(text)?.[1];
  const count = Math.max(1, text.match(/^processor\s*:/gm)?.length ?? 1);
  const modes: Row[] =
    machine === 'x86_64' || machine === 'aarch64'
      ? [['CPU op-mode(s)', '32-bit, 64-bit']]
      : machine === 'i686'
        ? [['CPU op-mode(s)', '32-bit']]
        : [];
  const fields = FIELDS.flatMap(([label, name]): Row[] => {
    const value = field(name);
    return value === undefined ? [] : [[label, value]];
  });
  return [
    ['Architecture', machine],
    ...modes,
    ['Byte Order', 'Little Endian'],
    ['CPU(s)', String(count)],
    ['On-line CPU(s) list', count === 1 ? '0' : `0-${count - 1}`],
    ...fields,
  ];
}

function json(rows: readonly Row[]): string {
  const items = rows.map(
    ([label, value]) => `      {\n         "field": ${JSON.stringify(`${label}:`)},\n         "data": ${JSON.stringify(value)}\n      }`,
  );
  return `{\n   "lscpu": [\n${items.join(',')}\n   ]\n}\n`;
}
