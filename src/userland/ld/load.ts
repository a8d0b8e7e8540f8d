/** ld.so's work before a program's first instruction: its libraries, their versions, what LD_… asks for. Wording of glibc 2.36. */
import { encode } from '../../uapi/bytes.ts';
import type { Arch } from '../../uapi/host.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Fd } from '../../uapi/types.ts';
import type { ElfFile } from '../elf/elf_file.ts';
import { getenv } from '../lib/environ.ts';
import { dirname } from '../lib/path.ts';
import { writeAll } from '../lib/stdio.ts';
import { auxvText } from './auxv.ts';
import { listing } from './list.ts';
import { isLoaded, isMissing, type LoadedObject, type LoaderContext, loadObjects, type Missing } from './objects.ts';
import { findPreloads } from './preload.ts';
import { splitPath } from './search.ts';
import { missingVersions } from './versions.ts';

export interface ProgramToLoad {
  readonly sys: Syscalls;
  readonly arch: Arch;
  readonly envp: readonly string[];
  /** argv[0], which messages begin with. */
  readonly name: string;
  /** Where the file is. */
  readonly path: string;
  readonly elf: ElfFile;
  /** A list complains of what is missing; a trace, which LD_TRACE_LOADED_OBJECTS asks for as well, shows it. */
  readonly mode?: 'run' | 'list' | 'trace';
  /** Where complaints go. */
  readonly errors?: Fd;
  /** Instead of LD_LIBRARY_PATH and LD_PRELOAD. */
  readonly libraryPath?: string;
  readonly preload?: string;
}

/** 0 when the program may start, else the status that ld.so ends with, everything said. */
export async function loadProgram(program: ProgramToLoad): Promise<number> {
  const { sys, arch, name, path, elf } = program;
  if (variable(program, 'LD_SHOW_AUXV') !== undefined) await writeAll(sys, 1, encode(auxvText(sys.getauxval())));
  const context: LoaderContext = { sys, arch, errors: program.errors ?? 2, libraryPath: libraryPath(program) };
  const main: LoadedObject = { name, path: name, elf, loader: null, ...(path.startsWith('/') ? { directory: dirname(path) } : {}) };
  const mode = program.mode === 'trace' || variable(program, 'LD_TRACE_LOADED_OBJECTS') !== undefined ? 'trace' : program.mode;
  await findPreloads(context, main, program.preload ?? variable(program, 'LD_PRELOAD') ?? '');
  const objects = await loadObjects(context, main);
  const missing = objects.find(isMissing);
  if (missing !== undefined && mode !== 'trace') return await refuse(context, name, missing);
  const unversioned = await checkVersions(context, name, objects.filter(isLoaded));
  if (mode !== 'list' && mode !== 'trace') return unversioned ? 1 : 0;
  await writeAll(sys, 1, encode(elf.interp === null && elf.needed().length === 0 ? '\tstatically linked\n' : listing(objects, arch)));
  return LISTED;
}

/** The list was asked for, and the program is not to start. */
export const LISTED = -1;

/** A program that gained rights takes no advice from its environment. */
function variable({ sys, envp }: ProgramToLoad, name: string): string | undefined {
  return sys.getauxval().AT_SECURE ? undefined : getenv(envp, name);
}

function libraryPath(program: ProgramToLoad): string[] {
  const path = program.libraryPath ?? variable(program, 'LD_LIBRARY_PATH') ?? '';
  return path === '' ? [] : splitPath(path);
}

async function refuse({ sys, errors }: LoaderContext, name: string, missing: Missing): Promise<number> {
  await writeAll(
    sys,
    errors,
    encode(`${name}: error while loading shared libraries: ${missing.file ?? missing.name}: ${missing.trouble}\n`),
  );
  return 127;
}

/** True if a version is missing. */
async function checkVersions({ sys, arch, errors }: LoaderContext, name: string, objects: readonly LoadedObject[]): Promise<boolean> {
  const troubles = missingVersions(objects, arch);
  if (troubles.length > 0) await writeAll(sys, errors, encode(troubles.map(({ text }) => `${name}: ${text}\n`).join('')));
  return troubles.some(({ fatal }) => fatal);
}
