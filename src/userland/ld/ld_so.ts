/** The dynamic loader started by hand: `ld.so [OPTION]… PROGRAM [ARG]…`. Wording of glibc 2.36. */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import { ElfFile } from '../elf/elf_file.ts';
import { machineArch } from '../elf/machine.ts';
import { readFile, writeAll } from '../lib/stdio.ts';
import { missingLibrary } from './needed.ts';

const VERSION = `ld.so (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.
This one stands in a lab: it checks a program's needs and asks the kernel to run it.
`;

export const main: Program = async (sys, argv, envp) => {
  const self = argv[0] ?? 'ld.so';
  const program = argv[1];
  if (program === undefined) return await usage(sys, self, 'missing program name');
  if (program === '--version') return await say(sys, 1, VERSION, 0);
  if (program.startsWith('-')) return await usage(sys, self, `${isReal(program) ? 'unsupported' : 'unrecognized'} option '${program}'`);
  return await load(sys, program, argv.slice(1), envp);
};

/** Options of the real one that are not modelled. */
const REAL = /^--(list|verify|inhibit-cache|library-path|glibc-hwcaps-.*|inhibit-rpath|audit|preload|argv0|list-.*|help)$/;
const isReal = (option: string): boolean => REAL.test(option);

async function load(sys: Syscalls, program: string, argv: readonly string[], envp: readonly string[]): Promise<number> {
  const fail = (text: string): Promise<number> => say(sys, 2, `${program}: ${text}\n`, 127);
  const cannot = `error while loading shared libraries: ${program}: `;
  const bytes = await readFile(sys, program);
  if (IS_ERR(bytes)) return await fail(`${cannot}cannot open shared object file: ${bytes.message}`);
  const elf = ElfFile.parse(bytes);
  if (!elf) return await fail(cannot + (bytes.length < 64 ? 'file too short' : 'invalid ELF header'));
  const arch = machineArch(sys);
  if (!elf.isFor(arch)) return await fail(`${cannot}cannot open shared object file: No such file or directory`);
  const trouble = await missingLibrary(sys, elf, arch, envp);
  if (trouble) return await fail(trouble);
  const applet = elf.applet;
  if (applet === null) return await say(sys, 2, `${program}: machine code is not supported yet\n`, 1);
  const error = await sys.lab_run_applet(applet, arch, argv, envp);
  return await fail(`cannot run the applet ${applet}: ${error.message}`);
}

async function usage(sys: Syscalls, self: string, what: string): Promise<number> {
  return await say(sys, 2, `${self}: ${what}\nTry '${self} --help' for more information.\n`, 1);
}

async function say(sys: Syscalls, fd: number, text: string, status: number): Promise<number> {
  await writeAll(sys, fd, encode(text));
  return status;
}
