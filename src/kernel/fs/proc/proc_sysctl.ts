/** /proc/sys: values that can be read, a few that can be set. Follows fs/proc/proc_sysctl.c and kernel/sysctl.c. */

import { hex } from '../../../uapi/bytes.ts';
import { EINVAL, type Status } from '../../../uapi/errno.ts';
import { get_random_bytes } from '../../drivers/char/mem.ts';
import type { Task } from '../../include/sched.ts';
import { PID_MAX } from '../../kernel/fork.ts';
import { OVERFLOW_ID } from '../../kernel/user_namespace.ts';
import { sys_sethostname } from '../../kernel/utsname.ts';
import { MMAP_MIN_ADDR } from '../binfmt_elf_map.ts';
import { directory, type Entry, type Store } from './generic.ts';

/** A value of /proc/sys, whose mode binds root too. */
const sysctl = (show: (task: Task) => string, mode = 0o444, store?: Store): Entry => ({
  kind: 'text',
  strict: true,
  mode,
  show: (task) => `${show(task)}\n`,
  ...(store ? { store } : {}),
});
const value = (show: string | number): Entry => sysctl(() => String(show));

/** A random UUID of version 4. @linux drivers/char/random.c proc_do_uuid #Y */
export function uuid(task: Task): string {
  const b = get_random_bytes(task.kernel, 16);
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40;
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  const h = hex(b);
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join('-');
}

const boot_ids = new WeakMap<Task['kernel'], string>();
function boot_id(task: Task): string {
  const id = boot_ids.get(task.kernel) ?? uuid(task);
  boot_ids.set(task.kernel, id);
  return id;
}

function set_hostname(text: string, task: Task): Status {
  const name = text.split('\n', 1).join('');
  return name.length > 64 ? EINVAL : sys_sethostname(task, name);
}

const kernel = directory({
  hostname: sysctl(
    (task) => task.nsproxy.uts_ns.nodename,
    0o644,
    (text, _file, task) => set_hostname(text, task),
  ),
  osrelease: sysctl((task) => task.kernel.version.release),
  ostype: value('Linux'),
  overflowgid: value(OVERFLOW_ID),
  overflowuid: value(OVERFLOW_ID),
  pid_max: value(PID_MAX),
  random: directory({
    boot_id: sysctl((task) => boot_id(task)),
    uuid: sysctl((task) => uuid(task)),
  }),
  'threads-max': sysctl((task) => String(task.kernel.limits.max_tasks)),
  version: sysctl((task) => task.kernel.version.utsversion),
});

/** The mount point for binfmt_misc: an empty directory in which nothing can be made (N12). */
const fs = directory({ binfmt_misc: directory({}), 'pipe-max-size': value(1048576) });

const vm = directory({ mmap_min_addr: value(MMAP_MIN_ADDR), overcommit_memory: value(0) });

export const proc_sys = directory({ fs, kernel, vm });
