/** lsmod: the loaded kernel modules. Follows kmod 30. */
import { encode, latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import { readFile, writeAll } from '../lib/stdio.ts';

export const main: Program = async (sys, argv) => {
  if (argv.length !== 1) return await fail(sys, `Usage: ${argv[0] ?? 'lsmod'}\n`);
  const bytes = await readFile(sys, '/proc/modules');
  if (IS_ERR(bytes)) return await fail(sys, `${CANNOT_OPEN}: ${bytes.message}\nError: could not get list of modules: ${bytes.message}\n`);
  const rows = latin1(bytes).split('\n').slice(0, -1).map(row);
  await writeAll(sys, 1, encode(`Module                  Size  Used by\n${rows.join('')}`));
  return 0;
};

const CANNOT_OPEN = 'libkmod: ERROR ../libkmod/libkmod-module.c:1725 kmod_module_new_from_loaded: could not open /proc/modules';

async function fail(sys: Syscalls, message: string): Promise<number> {
  await writeAll(sys, 2, encode(message));
  return 1;
}

/** `NAME SIZE USES USER,USER, STATE ADDRESS` of /proc/modules. */
function row(line: string): string {
  const [name = '', size = '', uses = '', users = '-'] = line.split(' ');
  const by = users === '-' ? '' : ` ${users.replace(/,$/, '')}`;
  return `${name.padEnd(19)} ${size.padStart(8)}  ${uses}${by}\n`;
}
