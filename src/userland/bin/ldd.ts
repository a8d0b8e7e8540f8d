/** ldd: the shared libraries of programs. Follows the shell script of glibc 2.36; -d, -r, -u and -v need machine code to look at. */

import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import { machineArch } from '../elf/machine.ts';
import { kindOf } from '../ld/ld_so.ts';
import { loadProgram } from '../ld/load.ts';
import { isMissing, openProgram } from '../ld/objects.ts';
import { writeAll } from '../lib/stdio.ts';

const HELP = `Usage: ldd [OPTION]... FILE...
      --help              print this help and exit
      --version           print version information and exit
`;
const VERSION = 'ldd (Debian GLIBC 2.36-9+deb12u14) 2.36\n';
/** Options of the real one that are not modelled. */
const UNSUPPORTED = /^(-[druv]|--(data-relocs|function-relocs|unused|verbose))$/;

export const main: Program = async (sys, argv, envp) => {
  const args = argv.slice(1);
  const option = args[0] ?? '';
  if (option === '--help') return await say(sys, 1, HELP, 0);
  if (option === '--version') return await say(sys, 1, VERSION, 0);
  if (UNSUPPORTED.test(option)) return await say(sys, 2, `ldd: option \`${option}' is not supported\n`, 1);
  if (option.startsWith('-') && option !== '--') return await misuse(sys, `unrecognized option \`${option}'`);
  const files = option === '--' ? args.slice(1) : args;
  if (files.length === 0) return await misuse(sys, 'missing file arguments');
  let status = 0;
  for (const file of files) {
    if (files.length > 1) await say(sys, 1, `${file}:\n`, 0);
    status = (await list(sys, file.includes('/') ? file : `./${file}`, envp)) || status;
  }
  return status;
};

async function list(sys: Syscalls, path: string, envp: readonly string[]): Promise<number> {
  const st = sys.stat(path);
  if (IS_ERR(st)) return await say(sys, 2, `ldd: ${path}: No such file or directory\n`, 1);
  if (!S_ISREG(st.st_mode)) return await say(sys, 2, `ldd: ${path}: not regular file\n`, 1);
  const arch = machineArch(sys);
  const found = await openProgram(sys, path, arch);
  if (isMissing(found) || kindOf(found.elf) === 1) return await say(sys, 2, '\tnot a dynamic executable\n', 1);
  await loadProgram({ sys, arch, envp, name: path, path, elf: found.elf, mode: 'trace', errors: 1 });
  return 0;
}

const misuse = (sys: Syscalls, what: string): Promise<number> => say(sys, 2, `ldd: ${what}\nTry \`ldd --help' for more information.\n`, 1);

async function say(sys: Syscalls, fd: number, text: string, status: number): Promise<number> {
  await writeAll(sys, fd, encode(text));
  return status;
}
