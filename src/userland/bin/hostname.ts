/** hostname: shows or sets the machine's name. Follows hostname 3.23. */

import { latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { readFile } from '../lib/stdio.ts';

const USAGE = `Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-d|-f|-s]                      display formatted name
       hostname                                 display host name
`;

export const main = command(
  {
    name: 'hostname',
    usage: ['[NAME]'],
    summary: 'Show or set the host name.',
    follows: 'hostname 3.23',
    shortName: true,
    failure: 255,
    hint: () => USAGE,
    options: [
      ['-s, --short', 'short host name'],
      ['-f, --fqdn, --long', 'long host name (FQDN)'],
      ['-d, --domain', 'DNS domain name'],
      ['-b, --boot', 'set default hostname if none available'],
      ['-F, --file=FILE', 'read host name from given file'],
      ['-V', 'show the version and exit'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('V')) {
      io.stdout.put('hostname 3.23\n');
      return 0;
    }
    if (operands.length > 1) throw new UsageError('');
    const name = options.has('F') ? await fromFile(io, options.value('F') ?? '') : operands[0];
    if (name !== undefined) return await set(io, name);
    return show(io, options);
  },
);

async function fromFile(io: Io, file: string): Promise<string> {
  const bytes = await readFile(io.sys, file);
  if (IS_ERR(bytes)) throw new Failure(`can't open \`${file}'`, 1);
  return (
    latin1(bytes)
      .split('\n')
      .find((line) => line !== '' && !line.startsWith('#')) ?? ''
  ).trim();
}

async function set(io: Io, name: string): Promise<number> {
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name)) throw new Failure('the specified hostname is invalid', 1);
  const error = io.sys.sethostname(name);
  if (!IS_ERR(error)) return 0;
  throw new Failure(error.code === 'EPERM' ? 'you must be root to change the host name' : error.message, 1);
}

function show(io: Io, options: Options): number {
  const name = io.sys.uname().nodename;
  const dot = name.indexOf('.');
  const kind = options.last('s', 'f', 'd');
  if (kind === 'd') io.stdout.put(dot < 0 ? '' : `${name.slice(dot + 1)}\n`);
  else io.stdout.put(`${kind === 's' && dot >= 0 ? name.slice(0, dot) : name}\n`);
  return 0;
}
