/** Lesson folders: those of this machine, and those that come along. */
import { access, readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { INDEX } from '../lessons/index-json.ts';
import type { LessonFiles } from '../lessons/lesson.ts';
import { RECORDING } from '../lessons/recording.ts';
import { HostFileError } from './copy.ts';

export interface Folder {
  readonly id: string;
  /** On this machine; empty for a lesson that comes along. */
  readonly dir: string;
  readonly files: LessonFiles;
  /** The text of real.json. */
  readonly recording: string | null;
}

export async function readFolder(dir: string): Promise<Folder> {
  const files = new Map<string, string>();
  for (const path of await filesBelow(dir)) {
    files.set(relative(dir, path).split(sep).join('/'), await readFile(path, 'utf8'));
  }
  const recording = files.get(RECORDING) ?? null;
  files.delete(RECORDING);
  return { id: basename(resolve(dir)), dir, files, recording };
}

/** Names that begin with a dot are no part of a lesson. */
async function filesBelow(dir: string): Promise<string[]> {
  try {
    await access(join(dir, INDEX));
    const entries = await readdir(dir, { withFileTypes: true, recursive: true });
    const paths = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
    return paths.filter(
      (path) =>
        !relative(dir, path)
          .split(sep)
          .some((part) => part.startsWith('.')),
    );
  } catch (e) {
    throw HostFileError.from(e, join(dir, INDEX));
  }
}

export async function shippedFolders(): Promise<Folder[]> {
  const [{ shippedLessons }, { shippedRecordings }] = await Promise.all([
    import('../lessons/shipped.ts'),
    import('../lessons/shipped-recordings.ts'),
  ]);
  const recordings = shippedRecordings();
  return [...shippedLessons()].map(([id, files]) => ({ id, dir: '', files, recording: recordings.get(id) ?? null }));
}
