/** Whether libraries define the versions that others need of them. Follows glibc's elf/dl-version.c. */
import type { Arch } from '../../uapi/host.ts';
import { DT_VERDEF, DT_VERDEFNUM, DT_VERNEED, DT_VERNEEDNUM, type ElfFile } from '../elf/elf_file.ts';
import type { LoadedObject } from './objects.ts';
import { isOwnLibc, ownVersions } from './own.ts';

interface VersionNeed {
  readonly file: string;
  readonly version: string;
  readonly weak: boolean;
}

const VER_FLG_WEAK = 2;

export interface VersionTrouble {
  /** ld.so's sentence. */
  readonly text: string;
  /** Only said, where a library has no versions at all. */
  readonly fatal: boolean;
}

export function missingVersions(objects: readonly LoadedObject[], arch: Arch): VersionTrouble[] {
  return objects.flatMap((object) =>
    versionsNeeded(object.elf).flatMap((need) => {
      const library = objects.find((candidate) => candidate.name === need.file);
      return library === undefined ? [] : complaint(library, need, object, arch);
    }),
  );
}

function complaint(library: LoadedObject, { version, weak }: VersionNeed, object: LoadedObject, arch: Arch): VersionTrouble[] {
  const defined = isOwnLibc(library.elf) ? ownVersions(arch) : versionsDefined(library.elf);
  const by = `(required by ${object.path})`;
  if (defined === null) return [{ text: `${library.path}: no version information available ${by}`, fatal: false }];
  return defined.has(version) || weak ? [] : [{ text: `${library.path}: version \`${version}' not found ${by}`, fatal: true }];
}

/** Elf_Verneed: version, count, file, first auxiliary entry, next; Elf_Vernaux: hash, flags, other, name, next. */
function versionsNeeded(elf: ElfFile): VersionNeed[] {
  return records(elf, DT_VERNEED, DT_VERNEEDNUM, 12).flatMap((at) => {
    const file = elf.dynamicString(elf.u32(at + 4));
    return linked(elf, at + elf.u32(at + 8), elf.u16(at + 2), 12).map((aux) => ({
      file,
      version: elf.dynamicString(elf.u32(aux + 8)),
      weak: (elf.u16(aux + 4) & VER_FLG_WEAK) !== 0,
    }));
  });
}

/** Elf_Verdef: version, flags, index, count, hash, first auxiliary entry, next; Elf_Verdaux: name, next. Null where there are none. */
function versionsDefined(elf: ElfFile): ReadonlySet<string> | null {
  const all = records(elf, DT_VERDEF, DT_VERDEFNUM, 16);
  return all.length === 0 ? null : new Set(all.map((at) => elf.dynamicString(elf.u32(at + elf.u32(at + 12)))));
}

function records(elf: ElfFile, table: number, count: number, next: number): number[] {
  const address = elf.dynamicValue(table);
  return address === null ? [] : linked(elf, elf.offsetOf(address), elf.dynamicValue(count) ?? 0, next);
}

/** The offsets of up to `count` records, each of which says at `next` how far the following one is. */
function linked(elf: ElfFile, first: number, count: number, next: number): number[] {
  const out: number[] = [];
  for (let at = first; at >= 0 && at < elf.bytes.length && out.length < count; at += elf.u32(at + next)) {
    out.push(at);
    if (elf.u32(at + next) === 0) break;
  }
  return out;
}
