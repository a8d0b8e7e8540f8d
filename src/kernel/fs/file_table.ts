/** Open files and their life: from the opening to the last close. Follows fs/file_table.c. */
import { O_ACCMODE, O_PATH, O_RDONLY, O_RDWR, O_WRONLY } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import type { Cred, FileOperations, OpenFile, Path } from '../include/fs.ts';
import { d_inode } from './dcache.ts';
import { ihold, iput, put_write_access } from './inode.ts';
import { activate_super, deactivate_super } from './super.ts';

/** The access modes that read and write; O_ACCMODE itself (3) does neither, it is for ioctl only. */
const access_of = (file: OpenFile): number => file.f_flags & (O_ACCMODE | O_PATH);
/** @linux include/linux/fs.h FMODE_READ #Y */
export const can_read = (file: OpenFile): boolean => access_of(file) === O_RDONLY || access_of(file) === O_RDWR;
/** @linux include/linux/fs.h FMODE_WRITE #Y */
export const can_write = (file: OpenFile): boolean => access_of(file) === O_WRONLY || access_of(file) === O_RDWR;

/** True for the opens that count in i_writecount and keep a mount from becoming read-only. */
function is_writer(file: OpenFile): boolean {
  return can_write(file) && S_ISREG(file.f_inode.i_mode);
}

/**
 * An open file with one reference, the caller's. It keeps its mount busy and its inode alive until the last fput.
 * @linux fs/file_table.c alloc_file #Y
 */
export function alloc_file(path: Path, f_op: FileOperations, f_flags: number, f_cred: Cred): OpenFile {
  const f_inode = d_inode(path.dentry);
  const file: OpenFile = { f_path: path, f_inode, f_op, f_flags, f_pos: 0, f_count: 1, f_cred };
  ihold(f_inode);
  activate_super(path.mnt.mnt_sb);
  path.mnt.mnt_count++;
  if (is_writer(file)) path.mnt.mnt_writers++;
  return file;
}

/** @linux include/linux/fs.h get_file #Y */
export function get_file(file: OpenFile): OpenFile {
  file.f_count++;
  return file;
}

/**
 * Drops a reference; the last one closes.
 * @linux fs/file_table.c fput #Y
 */
export function fput(file: OpenFile): void {
  file.f_count--;
  if (file.f_count > 0) return;
  file.f_op.release?.(file);
  if (is_writer(file)) put_write_access(file.f_inode);
  file_free(file);
}

/**
 * Undoes alloc_file: for an open that failed, and as the end of fput.
 * @linux fs/file_table.c file_free #Y
 */
export function file_free(file: OpenFile): void {
  const { mnt } = file.f_path;
  if (is_writer(file)) mnt.mnt_writers--;
  mnt.mnt_count--;
  iput(file.f_inode);
  deactivate_super(mnt.mnt_sb);
}
