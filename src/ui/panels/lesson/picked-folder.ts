/** A lesson's folder that was dropped on the page or chosen in its dialog: text only, nothing leaves the tab. */
import type { LessonFiles } from '../../../lessons/lesson.ts';

export interface PickedFolder {
  readonly id: string;
  readonly files: LessonFiles;
}

const MAX_FILES = 1000;
const MAX_BYTES = 4 << 20;

/** From `<input type=file webkitdirectory>`: every path begins with the folder's name. */
export async function folderOfInput(list: Iterable<File>): Promise<PickedFolder> {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return read(files);
}

/** From a drop: one folder, or the files of one. Has to be called while the event is being handled. */
export function folderOfDrop(items: DataTransferItemList): Promise<PickedFolder> | null {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const isLesson = entries.some((e) => e.isDirectory || e.name === 'index.json');
  return isLesson ? Promise.all(entries.map((e) => filesBelow(e, ''))).then((found) => read(found.flat())) : null;
}

interface Found {
  readonly path: string;
  readonly file: File;
}

async function filesBelow(entry: FileSystemEntry, above: string): Promise<Found[]> {
  if (entry.name.startsWith('.')) return [];
  const path = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Found[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || found.length > MAX_FILES) return found;
    for (const inner of some) found.push(...(await filesBelow(inner, `${path}/`)));
  }
}

async function read(found: readonly Found[]): Promise<PickedFolder> {
  const index = found.map((f) => f.path).sort((a, b) => a.length - b.length)[0] ?? '';
  const top = found.find((f) => f.path.endsWith('index.json'))?.path.slice(0, -'index.json'.length) ?? index;
  const inside = found.filter((f) => f.path.startsWith(top) && !/(^|\/)\./.test(f.path)).slice(0, MAX_FILES);
  if (inside.reduce((sum, f) => sum + f.file.size, 0) > MAX_BYTES) throw new Error('This folder is too large for a lesson.');
  const files = new Map<string, string>();
  for (const { path, file } of inside) files.set(path.slice(top.length), await file.text());
  return { id: idOf(top), files };
}

/** The name of a folder as a lesson's name. */
export function idOf(path: string): string {
  const name = path.split('/').filter(Boolean).at(-1) ?? '';
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return id === '' ? 'lesson' : id.slice(0, 64);
}
