/** lsmod: the loaded kernel modules. Follows kmod 30. */
import { latin1 } from '../../uapi/bytes.ts';
import { ENOENT, IS_ERR } from '../../uapi/errno.ts';
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { readFile } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'lsmod',
    usage: [''],
    summary: 'Show the status of modules in the Linux kernel.',
    follows: 'kmod 30',
    shortName: true,
    hint: () => 'Usage: lsmod\n',
  },
  async (io, _options, operands) => {
    if (operands.length > 0) throw new UsageError('too many arguments provided.');
    const bytes = await readFile(io.sys, '/proc/modules');
    if (IS_ERR(bytes)) {
      await io.complain(`libkmod: kmod_module_new_from_loaded: could not open /proc/modules: ${bytes.message}\n`);
      await io.complain(`Error: could not get list of modules: ${(bytes === ENOENT ? ENOENT : bytes).message}\n`);
      return 1;
    }
    io.stdout.put('Module                  Size  Used by\n');
    for (const line of latin1(bytes).split('\n')) if (line !== '') io.stdout.put(row(line));
    return 0;
  },
);

/** `NAME SIZE USES USER,USER, STATE ADDRESS` of /proc/modules. */
function row(line: string): string {
  const [name = '', size = '', uses = '', users = '-'] = line.split(' ');
  const by = users === '-' ? '' : ` ${users.replace(/,$/, '')}`;
  return `${name.padEnd(19)} ${size.padStart(8)}  ${uses}${by}\n`;
}
