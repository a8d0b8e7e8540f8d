/** The smallest machine that the VFS runs on: no scheduler, one task, a clock that the test moves. */
import { chr_dev_init } from '../../src/kernel/drivers/char/mem.ts';
import { dup_fd } from '../../src/kernel/fs/file.ts';
import { init_mount_tree } from '../../src/kernel/fs/namespace.ts';
import { ramfs_fs_type, tmpfs_fs_type } from '../../src/kernel/fs/ramfs.ts';
import type { Kernel, Task } from '../../src/kernel/include/sched.ts';
import { populate_rootfs } from '../../src/kernel/init/initramfs.ts';
import { new_cred, root_cred } from '../../src/kernel/kernel/cred.ts';
import { WaitQueue } from '../../src/kernel/kernel/sched/wait.ts';
import { new_sighand } from '../../src/kernel/kernel/signal.ts';
import { new_init_user_ns } from '../../src/kernel/kernel/user_namespace.ts';
import type { RootEntry } from '../../src/uapi/rootfs.ts';

export interface Machine {
  readonly kernel: Kernel;
  /** Root, in "/". */
  readonly root: Task;
  /** Another task, of this user. */
  user(uid: number, gid?: number, groups?: readonly number[]): Task;
  /** A copy of a task: own descriptors, same open files. */
  fork(task: Task): Task;
  /** Milliseconds since the epoch, as the kernel sees it. */
  now: number;
}

export function machine(entries: readonly RootEntry[] = [], max_bytes = 64 * 2 ** 20): Machine {
  let id = 0;
  let dev = 1;
  let pid = 0;
  const unlimited = { rlim_cur: Number.POSITIVE_INFINITY, rlim_max: Number.POSITIVE_INFINITY };
  const init_user_ns = new_init_user_ns(++id);
  const kernel = {
    filesystems: [tmpfs_fs_type, ramfs_fs_type],
    tasks: new Map(),
    init_user_ns,
    superblocks: new Set(),
    clock: {
      now: () => self.now,
      setTimeout: (fn: () => void, ms: number) => setTimeout(fn, ms),
      clearTimeout: (t: unknown) => clearTimeout(t as NodeJS.Timeout),
      macrotask: (fn: () => void) => setImmediate(fn),
    },
    boot_time: 1e12,
    next_id: () => ++id,
    next_dev: () => ++dev,
    tracing: () => false,
    emit: () => undefined,
    listeners: new Set(),
    limits: { max_tasks: 100, max_bytes },
  } as unknown as Kernel;
  const add = (task: Task): Task => {
    kernel.tasks.set(task.pid, task);
    return task;
  };
  const fork = (task: Task): Task =>
    add({
      ...task,
      pid: ++pid,
      files: dup_fd(task.files),
      fs: { ...task.fs },
      signal_wait: new WaitQueue(),
      siginfo: new Map(),
      pending: 0,
    });
  const self: Machine = {
    kernel,
    now: 1e12,
    fork,
    get root() {
      return kernel.init_task;
    },
    user(uid, gid = uid, groups = []) {
      const task = fork(kernel.init_task);
      task.cred = new_cred(init_user_ns, uid, gid, groups);
      return task;
    },
  };
  const { mnt_ns, root } = init_mount_tree(kernel);
  const init = {
    kernel,
    pid: ++pid,
    comm: 'init',
    cred: root_cred(init_user_ns),
    files: { fd: new Map() },
    fs: { root, pwd: root, umask: 0o022 },
    nsproxy: { mnt_ns, uts_ns: { ns_id: ++id, nodename: 'lab' } },
    image: null,
    children: new Set(),
    state: 'running',
    sighand: new_sighand(),
    blocked: 0,
    pending: 0,
    siginfo: new Map(),
    syscall: null,
    tracers: new Set(),
    signal_wait: new WaitQueue(),
    wait_chldexit: new WaitQueue(),
    rlim: { RLIMIT_FSIZE: unlimited, RLIMIT_NOFILE: { rlim_cur: 1024, rlim_max: 1024 } },
  } as unknown as Task;
  init.parent = init;
  (kernel as { init_task: Task }).init_task = add(init);
  chr_dev_init(kernel);
  populate_rootfs(kernel, entries);
  return self;
}
