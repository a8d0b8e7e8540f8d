/** /proc/PID/fd and fdinfo: open files by number. Follows fs/proc/fd.c. */
import { EACCES, ENOENT, type Errno } from '../../../uapi/errno.ts';
import { O_ACCMODE, O_CLOEXEC, O_PATH, O_RDONLY, O_WRONLY } from '../../../uapi/fcntl.ts';
import { S_IFLNK, S_IFREG } from '../../../uapi/stat.ts';
import type { OpenFile, Path } from '../../include/fs.ts';
import type { Task } from '../../include/sched.ts';
import { ptrace_may_access } from '../../kernel/lab.ts';
import { d_path } from '../namespace.ts';
import { type Entry, file as text_file } from './generic.ts';

const numbers = (target: Task): number[] => [...target.files.fd.keys()].sort((a, b) => a - b);
const slot = (target: Task, name: string) => (/^(0|[1-9]\d*)$/.test(name) ? target.files.fd.get(Number(name)) : undefined);

/** @linux fs/proc/fd.c proc_fd_operations #Y */
export function fd_directory(target: Task): Entry {
  return {
    kind: 'dir',
    mode: 0o500,
    list: () => numbers(target).map((n) => ({ name: String(n), type: S_IFLNK })),
    find: (name) => {
      const open = slot(target, name);
      return open && fd_link(target, Number(name), open.file);
    },
  };
}

/** The link's mode says how the file is open. */
function link_mode(open: OpenFile): number {
  if (open.f_flags & O_PATH) return 0;
  const acc = open.f_flags & O_ACCMODE;
  return (acc === O_WRONLY ? 0 : 0o500) | (acc === O_RDONLY ? 0 : 0o300);
}

/** Behind the link lies the very place that was opened, whatever its path says now. */
function fd_link(target: Task, n: number, open: OpenFile): Entry {
  const path = (task: Task): Path | Errno => {
    if (!ptrace_may_access(task, target)) return EACCES;
    return target.files.fd.get(n)?.file.f_path ?? ENOENT;
  };
  return { kind: 'link', mode: link_mode(open), size: 64, text: (task) => textOf(task, path(task)), jump: path };
}

export function textOf(task: Task, path: Path | Errno): string | Errno {
  return 'mnt' in path ? d_path(task, path) : path;
}

/** @linux fs/proc/fd.c proc_fdinfo_operations #P[pos, flags, mnt_id, ino] */
export function fdinfo_directory(target: Task): Entry {
  return {
    kind: 'dir',
    mode: 0o555,
    list: () => numbers(target).map((n) => ({ name: String(n), type: S_IFREG })),
    find: (name) => {
      const open = slot(target, name);
      return open && text_file(() => fdinfo(open.file, open.close_on_exec));
    },
  };
}

function fdinfo(open: OpenFile, close_on_exec: boolean): string {
  const flags = (open.f_flags | (close_on_exec ? O_CLOEXEC : 0)).toString(8);
  return `pos:\t${open.f_pos}\nflags:\t0${flags}\nmnt_id:\t${open.f_path.mnt.mnt_id}\nino:\t${open.f_inode.i_ino}\n`;
}
