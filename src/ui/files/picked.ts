/** What a visitor dropped or chose, as files by path; folders are walked. */
import type { Picked } from './upload.ts';

const fromFile = (file: File, path: string): Picked => ({ path, data: file, mtime: file.lastModified });

/** From a file dialog; with a folder, each file knows its path in it. */
export function fromInput(files: FileList): Picked[] {
  return [...files].map((file) => fromFile(file, file.webkitRelativePath || file.name));
}

/** From a drop. Must be called while the event is handled: afterwards the list is empty. */
export function fromDrop(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return Promise.resolve([...transfer.files].map((file) => fromFile(file, file.name)));
  return walkAll(entries, '');
}

async function walkAll(entries: readonly FileSystemEntry[], under: string): Promise<Picked[]> {
  const found: Picked[] = [];
  for (const entry of entries) found.push(...(await walk(entry, under)));
  return found;
}

async function walk(entry: FileSystemEntry, under: string): Promise<Picked[]> {
  const path = `${under}${entry.name}`;
  if (entry.isFile) return [fromFile(await fileOf(entry as FileSystemFileEntry), path)];
  const inside = await walkAll(await namesIn(entry as FileSystemDirectoryEntry), `${path}/`);
  return [{ path, data: null }, ...inside];
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));

/** The browser gives the names in portions; the empty one is the last. */
async function namesIn(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
