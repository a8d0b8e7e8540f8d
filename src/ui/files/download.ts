/** Files of the machine to the visitor: one as it is, a folder as one .tar. */

import type { TarEntry } from 'modern-tar';
import type { FileInfo, LabHost } from '../host.ts';
import { messageOf } from '../message-of.ts';
import { shownSize } from './names.ts';

/** The most that one download may have. */
const LIMIT = 256 * 1024 * 1024;
/** Made anew at each look: never part of a folder that merely contains them. */
const VIRTUAL: readonly string[] = ['/proc', '/sys', '/dev'];

export interface Download {
  readonly name: string;
  readonly data: Uint8Array<ArrayBuffer>;
  /** What could not be taken along, and why. */
  readonly left: readonly string[];
}

export type Source = Pick<LabHost, 'readFile' | 'list' | 'stat' | 'readlink'>;

export async function download(machine: Source, path: string, progress: (files: number) => void, signal: AbortSignal): Promise<Download> {
  const clean = `/${path
    .split('/')
    .filter((p) => p !== '')
    .join('/')}`;
  const name = clean.split('/').at(-1) || 'root';
  if (!(await isDirectory(machine, clean))) return { name, data: own(await machine.readFile(clean)), left: [] };
  const walk = new Walk(machine, progress, signal);
  await walk.directory(clean, `${name}/`);
  const { packTar } = await import('modern-tar');
  return { name: `${name}.tar`, data: await packTar(walk.entries), left: walk.left };
}

/** Through a link, too. */
async function isDirectory(machine: Source, path: string): Promise<boolean> {
  const { kind } = await machine.stat(path);
  if (kind !== 'symlink') return kind === 'directory';
  return machine.list(path).then(
    () => true,
    () => false,
  );
}

const own = (data: Uint8Array): Uint8Array<ArrayBuffer> =>
  data.buffer instanceof ArrayBuffer ? (data as Uint8Array<ArrayBuffer>) : new Uint8Array(data);

class Walk {
  readonly entries: TarEntry[] = [];
  readonly left: string[] = [];
  private bytes = 0;

  constructor(
    private readonly machine: Source,
    private readonly progress: (files: number) => void,
    private readonly signal: AbortSignal,
  ) {}

  async directory(path: string, name: string): Promise<void> {
    this.add({ name, size: 0, type: 'directory', ...meta(await this.machine.stat(path)) });
    for (const child of [...(await this.machine.list(path))].sort()) {
      const at = `${path === '/' ? '' : path}/${child}`;
      if (VIRTUAL.includes(at)) this.left.push(`${at}: made anew at each look`);
      else await this.entry(at, `${name}${child}`);
    }
  }

  private async entry(path: string, name: string): Promise<void> {
    if (this.signal.aborted) throw new Error('cancelled');
    const info = await this.machine.stat(path);
    if (info.kind === 'directory') return this.directory(path, `${name}/`);
    if (info.kind === 'symlink') {
      const linkname = await this.machine.readlink(path);
      return this.add({ name, size: 0, type: 'symlink', linkname, ...meta(info) });
    }
    if (info.kind === 'other') return void this.left.push(`${path}: neither a file, nor a directory, nor a link`);
    const data = await this.machine.readFile(path).catch(messageOf);
    if (typeof data === 'string') return void this.left.push(data);
    this.bytes += data.length;
    if (this.bytes > LIMIT) throw new Error(`the folder has more than ${shownSize(LIMIT)}`);
    this.add({ name, size: data.length, type: 'file', ...meta(info) }, data);
  }

  private add(header: TarEntry['header'], body?: Uint8Array): void {
    this.entries.push(body === undefined ? { header } : { header, body });
    this.progress(this.entries.length);
  }
}

const meta = ({ mode, uid, gid, mtime }: FileInfo): Pick<TarEntry['header'], 'mode' | 'uid' | 'gid' | 'mtime'> => ({
  mode,
  uid,
  gid,
  mtime: new Date(mtime),
});

/** Hands the bytes to the browser, which asks or saves. */
export function save({ name, data }: Download): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([data]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
