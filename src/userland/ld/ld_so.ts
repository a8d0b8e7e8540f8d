/**
 * The dynamic loader. The kernel starts it in a program's place wherever there may be something to complain of (what is plain it
 * decides itself); or it is started by hand: `ld.so [OPTION]… PROGRAM [ARG]…`.
 */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import { ElfFile } from '../elf/elf_file.ts';
import { machineArch } from '../elf/machine.ts';
import { writeAll } from '../lib/stdio.ts';
import { LISTED, loadProgram, type ProgramToLoad } from './load.ts';
import { isLoaded, isMissing, openProgram } from './objects.ts';
import { type ByHand, parseOptions } from './options.ts';

const VERSION = `ld.so (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.
This one stands in a lab: it checks a program's needs and asks the kernel to run it.
`;
const APPLET = 'ld.so';

export const main: Program = async (sys, argv, envp) => {
  const bytes = sys.lab_image();
  const elf = IS_ERR(bytes) ? null : ElfFile.parse(bytes);
  return elf === null || elf.applet === APPLET ? await byHand(sys, argv, envp) : await interpret(sys, elf, argv, envp);
};

/** For the kernel: the program is this process's file. A 32-bit one has a loader of its own kind. */
async function interpret(sys: Syscalls, elf: ElfFile, argv: readonly string[], envp: readonly string[]): Promise<number> {
  const path = sys.readlink('/proc/self/exe');
  const name = argv[0] ?? '<main program>';
  return await start({ sys, arch: elf.arch ?? machineArch(sys), envp, name, path: IS_ERR(path) ? name : path, elf }, argv);
}

async function start(program: ProgramToLoad, argv: readonly string[]): Promise<number> {
  const { sys, name, elf, envp } = program;
  const status = await loadProgram(program);
  if (status !== 0) return status === LISTED ? 0 : status;
  const { applet } = elf;
  if (applet === null) return await say(sys, 2, `${name}: machine code is not supported yet\n`, 1);
  const error = await sys.lab_run_applet(applet, machineArch(sys), argv, envp);
  return await say(sys, 2, `${name}: cannot run the applet ${applet}: ${error.message}\n`, 127);
}

/** --verify's answer about a file that could be mapped. */
export const kindOf = (elf: ElfFile): number => (elf.dynamicSegment === undefined ? 1 : elf.interp === null ? 2 : 0);

async function byHand(sys: Syscalls, argv: readonly string[], envp: readonly string[]): Promise<number> {
  const self = argv[0] ?? APPLET;
  const options = parseOptions(argv);
  if (typeof options === 'string') return await say(sys, 2, `${self}: ${options}\nTry '${self} --help' for more information.\n`, 1);
  if (options.action === 'version') return await say(sys, 1, VERSION, 0);
  return await load(sys, options, envp);
}

async function load(sys: Syscalls, options: ByHand, envp: readonly string[]): Promise<number> {
  const { program, action, libraryPath, preload } = options;
  const arch = machineArch(sys);
  const found = await openProgram(sys, program, arch);
  if (action === 'verify') return isLoaded(found) ? kindOf(found.elf) : 1;
  if (isMissing(found)) return await say(sys, 2, `${program}: error while loading shared libraries: ${program}: ${found.trouble}\n`, 127);
  const given = { ...(libraryPath === undefined ? {} : { libraryPath }), ...(preload === undefined ? {} : { preload }) };
  const mode = action === 'list' ? 'list' : 'run';
  return await start({ sys, arch, envp, name: program, path: program, elf: found.elf, mode, ...given }, [
    options.argv0 ?? program,
    ...options.args,
  ]);
}

async function say(sys: Syscalls, fd: number, text: string, status: number): Promise<number> {
  await writeAll(sys, fd, encode(text));
  return status;
}
