/** From a place back to its pathname. Follows fs/d_path.c. */
import { ENOENT, type Errno } from '../../uapi/errno.ts';
import type { Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { IS_ROOT } from './dcache.ts';
import { mnt_has_parent } from './mount.ts';

/**
 * The text from `root` down to `path`; `reached` is false when the way up ends elsewhere.
 * @linux fs/d_path.c prepend_path #Y
 */
export function prepend_path(path: Path, root: Path): { readonly text: string; readonly reached: boolean } {
  let { mnt, dentry } = path;
  let text = '';
  while (mnt !== root.mnt || dentry !== root.dentry) {
    if (dentry !== mnt.mnt_root && !IS_ROOT(dentry)) {
      text = `/${dentry.d_name}${text}`;
      dentry = dentry.d_parent;
    } else {
      if (!mnt_has_parent(mnt)) return { text: text || '/', reached: false };
      dentry = mnt.mnt_mountpoint;
      mnt = mnt.mnt_parent;
    }
  }
  return { text: text || '/', reached: true };
}

/** Objects that never had a path (pipes) carry their text as their root's name. */
const pseudo_name = (path: Path): string => (IS_ROOT(path.dentry) ? path.dentry.d_name : '');

/**
 * The name of a place as the task sees it, " (deleted)" behind what was removed.
 * @linux fs/d_path.c d_path #Y
 */
export function d_path(task: Task, path: Path): string {
  return pseudo_name(path) || prepend_path(path, task.fs.root).text + (path.dentry.d_deleted ? ' (deleted)' : '');
}

/**
 * getcwd(2): ENOENT once it was removed, "(unreachable)" in front when it lies outside the root.
 * @linux fs/d_path.c SYSCALL_DEFINE2(getcwd) #Y
 */
export function do_getcwd(task: Task): string | Errno {
  const { pwd, root } = task.fs;
  if (pwd.dentry.d_deleted) return ENOENT;
  const { text, reached } = prepend_path(pwd, root);
  return reached ? text : `(unreachable)${text}`;
}
