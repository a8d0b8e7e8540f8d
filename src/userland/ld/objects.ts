/** Which files a program is made of: the program, then breadth-first what each object needs. Follows glibc's elf/dl-deps.c. */
import { EISDIR, ENOENT, IS_ERR } from '../../uapi/errno.ts';
import type { Arch } from '../../uapi/host.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { DT_SONAME, ElfFile } from '../elf/elf_file.ts';
import { basename } from '../lib/path.ts';
import { readFile } from '../lib/stdio.ts';
import { ARCH } from '../rootfs/arch.ts';
import { isOwnLibc } from './own.ts';
import { searchPaths } from './search.ts';

export interface LoadedObject {
  /** What asked for it calls it; the program's is argv[0]. */
  readonly name: string;
  /** Where it was found; the program's is argv[0], too. */
  readonly path: string;
  /** What $ORIGIN is, of the program. */
  readonly directory?: string;
  readonly elf: ElfFile;
  /** Who needed it first. */
  readonly loader: LoadedObject | null;
}

/** A name that led to no object, and the end of ld.so's sentence about it. */
export interface Missing {
  readonly name: string;
  /** The file that is there and no library. */
  readonly file?: string;
  readonly trouble: string;
}
export const isMissing = (found: LoadedObject | Missing): found is Missing => 'trouble' in found;

export const isLoaded = (found: LoadedObject | Missing): found is LoadedObject => !isMissing(found);

export interface LoaderContext {
  readonly sys: Syscalls;
  readonly arch: Arch;
  /** Where complaints go. */
  readonly errors: Fd;
  /** LD_LIBRARY_PATH or --library-path; empty where a set-user-id program ignores it. */
  readonly libraryPath: readonly string[];
}

/** The program first; a missing library stands in the place where it would be. */
export async function loadObjects(context: LoaderContext, program: LoadedObject): Promise<(LoadedObject | Missing)[]> {
  const all: (LoadedObject | Missing)[] = [program];
  for (let i = 0; i < all.length; i++) {
    const object = all[i];
    if (object === undefined || isMissing(object)) continue;
    for (const name of neededBy(context, object)) {
      if (!all.some((known) => answersTo(known, name))) all.push(await findObject(context, object, name));
    }
  }
  return all;
}

/** The loader itself is there already. */
function neededBy({ arch }: LoaderContext, { elf }: LoadedObject): readonly string[] {
  return elf.needed().filter((name) => name !== loaderName(arch));
}
export const needsLoader = ({ elf }: LoadedObject, arch: Arch): boolean => isOwnLibc(elf) || elf.needed().includes(loaderName(arch));
const loaderName = (arch: Arch): string => basename(ARCH[arch].interp);

function answersTo(known: LoadedObject | Missing, name: string): boolean {
  if (known.name === name) return true;
  return !isMissing(known) && (known.path === name || known.elf.dynamicStrings(DT_SONAME).includes(name));
}

/** The program itself, where it was named by hand. */
export async function openProgram(sys: Syscalls, path: string, arch: Arch): Promise<LoadedObject | Missing> {
  const bytes = await readFile(sys, path);
  if (IS_ERR(bytes)) return { name: path, trouble: `cannot open shared object file: ${bytes.message}` };
  const found = verify(bytes, arch);
  if (found instanceof ElfFile) return { name: path, path, elf: found, loader: null };
  return { name: path, trouble: found.trouble || NOT_FOUND };
}

const NOT_FOUND = `cannot open shared object file: ${ENOENT.message}`;

export async function findObject(context: LoaderContext, loader: LoadedObject, name: string): Promise<LoadedObject | Missing> {
  let trouble = NOT_FOUND;
  for (const path of searchPaths(context, loader, name)) {
    const bytes = await readFile(context.sys, path);
    const found = bytes === EISDIR ? A_DIRECTORY : IS_ERR(bytes) ? null : verify(bytes, context.arch);
    if (found === null) continue;
    if (found instanceof ElfFile) return { name, path, elf: found, loader };
    if (found.fatal) return { name, file: path, trouble: found.trouble };
    if (found.trouble !== '') trouble = found.trouble;
  }
  return { name, trouble };
}

/** What ends the search, and what is only remembered until it fails. */
interface Unfit {
  readonly fatal: boolean;
  readonly trouble: string;
}

const A_DIRECTORY: Unfit = { fatal: true, trouble: 'cannot read file data: Error 21' };

/** A file of another class or machine is passed over. */
function verify(bytes: Bytes, arch: Arch): ElfFile | Unfit {
  const elf = ElfFile.parse(bytes);
  if (elf === null) return { fatal: true, trouble: bytes.length < 64 ? 'file too short' : 'invalid ELF header' };
  if (elf.isFor(arch)) return elf;
  return { fatal: false, trouble: elf.hasClassOf(arch) ? '' : `wrong ELF class: ${elf.is64 ? 'ELFCLASS64' : 'ELFCLASS32'}` };
}
