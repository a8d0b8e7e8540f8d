/** Where ld.so looks for a library, in order. Follows _dl_map_object in glibc's elf/dl-load.c; there is no ld.so.cache here. */
import type { Syscalls } from '../../uapi/syscalls.ts';
import { DT_RPATH, DT_RUNPATH } from '../elf/elf_file.ts';
import { dirname, join } from '../lib/path.ts';
import { ARCH } from '../rootfs/arch.ts';
import type { LoadedObject, LoaderContext } from './objects.ts';

export function searchPaths(context: LoaderContext, loader: LoadedObject, name: string): string[] {
  if (name.includes('/')) return [expand(context.sys, loader, name)];
  return directories(context, loader).map((directory) => (directory === '' ? name : join(directory, name)));
}

function directories(context: LoaderContext, loader: LoadedObject): string[] {
  const runpath = pathOf(context, loader, DT_RUNPATH);
  const rpath = hasRunpath(loader) ? [] : chain(loader).flatMap((object) => (hasRunpath(object) ? [] : pathOf(context, object, DT_RPATH)));
  return [...rpath, ...context.libraryPath, ...runpath, ...defaults(context)];
}

function defaults({ arch }: LoaderContext): string[] {
  const { multiarch } = ARCH[arch];
  return [`/lib/${multiarch}`, `/usr/lib/${multiarch}`, '/lib', '/usr/lib'];
}

const hasRunpath = ({ elf }: LoadedObject): boolean => elf.dynamicStrings(DT_RUNPATH).length > 0;

/** The object and those that led to it, up to the program. */
function chain(object: LoadedObject): LoadedObject[] {
  return object.loader === null ? [object] : [object, ...chain(object.loader)];
}

function pathOf({ sys }: LoaderContext, object: LoadedObject, tag: number): string[] {
  return object.elf.dynamicStrings(tag).flatMap((path) => splitPath(path).map((directory) => expand(sys, object, directory)));
}

/** The elements of a search path; an empty one is the current directory. */
export const splitPath = (path: string): string[] => path.split(/[:;]/);

/** Dynamic string tokens: $ORIGIN, $LIB, $PLATFORM. */
function expand(sys: Syscalls, object: LoadedObject, text: string): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => origin(sys, object)).replace(/\$(?:LIB\b|\{LIB\})/g, 'lib');
}

function origin(sys: Syscalls, { path, directory }: LoadedObject): string {
  if (directory !== undefined) return directory;
  const cwd = sys.getcwd();
  const absolute = path.startsWith('/') || typeof cwd !== 'string' ? path : `${cwd}/${path.replace(/^(\.\/)+/, '')}`;
  return dirname(absolute);
}
