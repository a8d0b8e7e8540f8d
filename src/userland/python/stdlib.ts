/**
 * The interpreter's own library: a tree of files of which no other process knows, at the place where Debian has it.
 * It comes as a zip archive whose members are inflated when first read; what the interpreter compiles (`__pycache__`) is kept
 * here too, so that the second start need not compile.
 */
import { decode } from '../../uapi/bytes.ts';
import { EEXIST, ENOENT, ENOTDIR, EROFS, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { O_ACCMODE, O_CREAT, O_EXCL, O_TRUNC } from '../../uapi/fcntl.ts';
import { type Dirent, S_IFDIR, S_IFREG, type Stat } from '../../uapi/stat.ts';
import type { Bytes } from '../../uapi/types.ts';

export const STDLIB = '/usr/lib/python3.11';
/** When 3.11.3 was released; the library's files are of that age. */
const MTIME = Date.UTC(2023, 3, 5);
const DEVICE = 0x7079;
/** The build's variables are found under the name of the machine that we are. */
const LINUX_SYSCONFIG = /_sysconfigdata__linux_[-\w]+\.py$/;
const BUILD_SYSCONFIG = '_sysconfigdata__emscripten_wasm32-emscripten.py';

export type Inflate = (deflated: Uint8Array, size: number) => Bytes;

interface Member {
  readonly method: number;
  readonly data: Uint8Array;
  readonly size: number;
}
export interface LibraryFile {
  readonly ino: number;
  readonly isDirectory: boolean;
  content: Bytes | Member;
}

export class StandardLibrary {
  private readonly nodes = new Map<string, LibraryFile>();

  constructor(zip: Bytes) {
    this.add(STDLIB, true);
    this.add(`${STDLIB}/lib-dynload`, true);
    for (const [name, member] of members(zip)) {
      const path = `${STDLIB}/${name.replace(/\/$/, '')}`;
      this.addParents(path);
      if (!name.endsWith('/')) this.add(path, false, member);
    }
  }
  private add(path: string, isDirectory: boolean, content: Bytes | Member = new Uint8Array(0)): LibraryFile {
    const node: LibraryFile = { ino: this.nodes.size + 1, isDirectory, content };
    this.nodes.set(path, node);
    return node;
  }
  private addParents(path: string): void {
    for (let i = path.indexOf('/', STDLIB.length + 1); i >= 0; i = path.indexOf('/', i + 1)) {
      const parent = path.slice(0, i);
      if (!this.nodes.has(parent)) this.add(parent, true);
    }
  }

  static owns(path: string): boolean {
    return path === STDLIB || path.startsWith(`${STDLIB}/`);
  }

  find(path: string): LibraryFile | Errno {
    return this.nodes.get(path.replace(/\/+$/, '').replace(LINUX_SYSCONFIG, BUILD_SYSCONFIG)) ?? ENOENT;
  }

  open(path: string, flags: number): LibraryFile | Errno {
    const node = this.find(path);
    const writes = (flags & O_ACCMODE) !== 0 || (flags & O_CREAT) !== 0;
    if (!writes) return node;
    if (!isCache(path)) return EROFS;
    if (!IS_ERR(node) && flags & O_EXCL) return EEXIST;
    const file = IS_ERR(node) ? this.add(path, false) : node;
    if (flags & O_TRUNC) file.content = new Uint8Array(0);
    return file;
  }

  contentOf(file: LibraryFile, inflate: Inflate): Bytes {
    const { content } = file;
    if (content instanceof Uint8Array) return content;
    const data = content.method === 0 ? content.data.slice() : inflate(content.data, content.size);
    file.content = data;
    return data;
  }
  write(file: LibraryFile, data: Uint8Array, offset: number): void {
    const old = file.content instanceof Uint8Array ? file.content : new Uint8Array(0);
    const grown = new Uint8Array(Math.max(old.length, offset + data.length));
    grown.set(old);
    grown.set(data, offset);
    file.content = grown;
  }

  mkdir(path: string): Status {
    if (!path.endsWith('/__pycache__')) return EROFS;
    if (this.nodes.has(path)) return EEXIST;
    this.add(path, true);
    return 0;
  }
  rename(from: string, to: string): Status {
    const node = this.nodes.get(from);
    if (node === undefined) return ENOENT;
    if (!isCache(from) || !isCache(to)) return EROFS;
    this.nodes.delete(from);
    this.nodes.set(to, node);
    return 0;
  }
  unlink(path: string): Status {
    if (!isCache(path)) return EROFS;
    return this.nodes.delete(path) ? 0 : ENOENT;
  }

  list(path: string): readonly Dirent[] | Errno {
    const node = this.find(path);
    if (IS_ERR(node)) return node;
    if (!node.isDirectory) return ENOTDIR;
    const prefix = `${path.replace(/\/+$/, '')}/`;
    const out: Dirent[] = [];
    for (const [name, { ino, isDirectory }] of this.nodes) {
      if (!name.startsWith(prefix) || name.includes('/', prefix.length)) continue;
      out.push({ d_name: name.slice(prefix.length), d_ino: ino, d_type: isDirectory ? S_IFDIR : S_IFREG });
    }
    return out;
  }

  stat(file: LibraryFile): Stat {
    const size = file.content instanceof Uint8Array ? file.content.length : file.content.size;
    return {
      st_dev: DEVICE,
      st_ino: file.ino,
      st_mode: file.isDirectory ? S_IFDIR | 0o755 : S_IFREG | 0o644,
      st_nlink: 1,
      st_uid: 0,
      st_gid: 0,
      st_rdev: 0,
      st_size: file.isDirectory ? 4096 : size,
      st_blksize: 4096,
      st_blocks: Math.ceil(size / 512),
      st_atime: MTIME,
      st_mtime: MTIME,
      st_ctime: MTIME,
    };
  }
}

const isCache = (path: string): boolean => path.includes('/__pycache__/');

const END_OF_DIRECTORY = 0x06054b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;

/** The archive's central directory. */
function* members(zip: Bytes): Iterable<readonly [name: string, member: Member]> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let end = zip.length - END_SIZE;
  while (end > 0 && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    const nameLength = view.getUint16(at + 28, true);
    const name = decode(zip.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength));
    const local = view.getUint32(at + 42, true);
    const start = local + LOCAL_SIZE + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const data = zip.subarray(start, start + view.getUint32(at + 20, true));
    yield [name, { method: view.getUint16(at + 10, true), data, size: view.getUint32(at + 24, true) }];
    at += ENTRY_SIZE + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}
