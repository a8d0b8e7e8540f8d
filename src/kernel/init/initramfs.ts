/** Fills the first root file system before any task runs. Follows init/initramfs.c. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { RootEntry } from '../../uapi/rootfs.ts';
import { S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, S_ISDIR } from '../../uapi/stat.ts';
import { ramfsPopulate, ramfsSet } from '../fs/ramfs.ts';
import type { Dentry, Inode } from '../include/fs.ts';
import type { Kernel } from '../include/sched.ts';
import { panic } from '../kernel/panic.ts';

const TYPES = { dir: S_IFDIR, file: S_IFREG, symlink: S_IFLNK, chr: S_IFCHR, fifo: S_IFIFO } as const;

/** The directories made or met so far, by path: most entries' parents were just used. */
type Dirs = Map<string, Inode>;

/**
 * Makes every entry under the root of init_task. Later entries replace earlier ones; a directory met twice keeps its content.
 * @linux init/initramfs.c populate_rootfs #P[a list, not a cpio archive]
 */
export function populate_rootfs(kernel: Kernel, entries: readonly RootEntry[]): void {
  const root: Dentry = kernel.init_task.fs.root.dentry;
  const dirs: Dirs = new Map([['', root.d_inode as Inode]]);
  for (const entry of entries) make_entry(kernel, dirs, entry);
  for (const entry of entries) if (entry.kind === 'dir' && entry.mtime !== undefined) stamp(dirs.get(clean(entry.path)), entry.mtime);
}

const clean = (path: string): string => (path.startsWith('/') ? path : `/${path}`).replace(/\/+$/, '');

function stamp(inode: Inode | undefined, mtime: number): void {
  if (inode) inode.i_mtime = mtime;
}

function make_entry(kernel: Kernel, dirs: Dirs, entry: RootEntry): void {
  const path = clean(entry.path);
  if (entry.kind === 'dir') {
    const dir = directory(kernel, dirs, path);
    dir.i_mode = S_IFDIR | (entry.mode & 0o7777);
    dir.i_uid = entry.uid ?? 0;
    dir.i_gid = entry.gid ?? 0;
    return;
  }
  const cut = path.lastIndexOf('/');
  const parent = directory(kernel, dirs, path.slice(0, cut));
  const name = path.slice(cut + 1);
  const old = parent.i_op.lookup?.(parent, name, kernel.init_task);
  if (old && !IS_ERR(old)) replace(parent, name, path);
  const inode = made(add(parent, name, entry), path);
  if (entry.mtime !== undefined) stamp(inode, entry.mtime);
}

function add(parent: Inode, name: string, entry: RootEntry): Inode | Errno {
  const mode = TYPES[entry.kind] | (entry.kind === 'symlink' ? 0o777 : entry.mode & 0o7777);
  const data = entry.kind === 'file' ? (entry.data ?? new Uint8Array(0)) : null;
  const inode = ramfsPopulate(parent, name, mode, entry.uid ?? 0, entry.gid ?? 0, data);
  if (!IS_ERR(inode)) {
    if (entry.kind === 'symlink') ramfsSet(inode, { symlink: entry.target ?? '' });
    if (entry.kind === 'chr') ramfsSet(inode, { rdev: entry.rdev ?? 0 });
  }
  return inode;
}

function replace(parent: Inode, name: string, path: string): void {
  const status = parent.i_op.unlink?.(parent, name);
  if (status !== 0) panic(`initramfs: cannot replace ${path}`);
}

/** The directory at `path`, made with its parents where missing. */
function directory(kernel: Kernel, dirs: Dirs, path: string): Inode {
  const known = dirs.get(path);
  if (known) return known;
  const cut = path.lastIndexOf('/');
  const parent = directory(kernel, dirs, path.slice(0, cut));
  const name = path.slice(cut + 1);
  const old = parent.i_op.lookup?.(parent, name, kernel.init_task);
  const dir =
    old && !IS_ERR(old) ? through_link(kernel, dirs, path, old) : made(ramfsPopulate(parent, name, S_IFDIR | 0o755, 0, 0, null), path);
  dirs.set(path, dir);
  return dir;
}

/** A parent may be a link to a directory, as /bin is on a merged /usr. */
function through_link(kernel: Kernel, dirs: Dirs, path: string, inode: Inode): Inode {
  const target = inode.i_op.readlink?.(inode, kernel.init_task);
  if (target === undefined || IS_ERR(target)) return S_ISDIR(inode.i_mode) ? inode : panic(`initramfs: ${path} is not a directory`);
  return directory(kernel, dirs, clean(target.startsWith('/') ? target : `${path.slice(0, path.lastIndexOf('/'))}/${target}`));
}

function made(inode: Inode | Errno, path: string): Inode {
  return IS_ERR(inode) ? panic(`initramfs: ${path}: ${inode.message}`) : inode;
}
