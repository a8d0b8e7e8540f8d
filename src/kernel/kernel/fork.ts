/** New tasks. Follows kernel/fork.c and kernel/pid.c. */
import { EAGAIN, EINVAL, type Errno, IS_ERR } from '../../uapi/errno.ts';
import * as M from '../../uapi/mount.ts';
import { SIGCHLD } from '../../uapi/signal.ts';
import { RLIM_INFINITY, type Rlimit, type RlimitValue, type Syscalls } from '../../uapi/syscalls.ts';
import type { ExitCode, Pid } from '../../uapi/types.ts';
import { dup_mm_exe_file } from '../fs/exec.ts';
import { dup_fd } from '../fs/file.ts';
import { copy_fs_struct } from '../fs/fs_struct.ts';
import type { Cred } from '../include/fs.ts';
import type { Kernel, NsProxy, Task } from '../include/sched.ts';
import { capable } from './cred.ts';
import { do_exit } from './exit.ts';
import { get_nsproxy, sys_unshare } from './nsproxy.ts';
import { runFrames } from './run.ts';
import { WaitQueue } from './sched/wait.ts';
import { new_sighand } from './signal.ts';

/** /proc/sys/kernel/pid_max */
export const PID_MAX = 32768;
const RESERVED_PIDS = 300;
const CSIGNAL = 0xff;
const CLONE_NEW = M.CLONE_NEWNS | M.CLONE_NEWUTS | M.CLONE_NEWUSER | M.CLONE_NEWIPC | M.CLONE_NEWNET | M.CLONE_NEWCGROUP;

/**
 * A child with copies of everything, running `fn`. It starts when the caller next gives way.
 * @linux kernel/fork.c kernel_clone #P[a copy always: no threads, no shared memory or files]
 */
export function kernel_clone(task: Task, flags: number, fn: (sys: Syscalls) => Promise<ExitCode>): Pid | Errno {
  const signal = flags & CSIGNAL;
  if (flags & ~(CLONE_NEW | CSIGNAL) || (signal !== 0 && signal !== SIGCHLD)) return EINVAL;
  const child = copy_process(task);
  if (IS_ERR(child)) return child;
  const status = sys_unshare(child, flags & CLONE_NEW);
  if (IS_ERR(status)) {
    abandon(child);
    return status;
  }
  if (task.kernel.tracing(task)) task.kernel.emit(task, { ev: 'sched_process_fork', child_pid: child.pid });
  runFrames(child, fn);
  return child.pid;
}

/** A child that never ran: nobody is told. */
function abandon(child: Task): void {
  child.parent.children.delete(child);
  child.parent = child.kernel.init_task;
  do_exit(child, 0);
}

/** @linux kernel/fork.c copy_process #P[processes only] */
export function copy_process(parent: Task): Task | Errno {
  const { kernel } = parent;
  if (kernel.tasks.size >= kernel.limits.max_tasks || too_many_processes(parent)) return EAGAIN;
  dup_mm_exe_file(parent.image);
  const child = dup_task_struct(parent, parent, {
    pid: alloc_pid(kernel),
    files: dup_fd(parent.files),
    fs: copy_fs_struct(parent.fs),
    nsproxy: get_nsproxy(parent.nsproxy),
    sighand: parent.sighand.slice(),
    rlim: { ...parent.rlim },
    tracers: new Set([...parent.tracers].filter((t) => t.follow)),
  });
  kernel.tasks.set(child.pid, child);
  parent.children.add(child);
  return child;
}

/** What a child takes from its parent as it is, and what it gets a copy of. */
type Shared = Pick<Task, 'kernel' | 'comm' | 'cred' | 'image' | 'pgrp' | 'session' | 'tty' | 'blocked' | 'nice'>;
type Own = Pick<Task, 'pid' | 'files' | 'fs' | 'nsproxy' | 'sighand' | 'rlim' | 'tracers'>;

/**
 * Field by field: what is spread comes out many times slower.
 * @linux kernel/fork.c dup_task_struct #Y
 */
function dup_task_struct(orig: Shared, parent: Task | null, own: Own): Task {
  return {
    kernel: orig.kernel,
    pid: own.pid,
    parent: parent as Task,
    children: new Set(),
    comm: orig.comm,
    cred: orig.cred,
    files: own.files,
    fs: own.fs,
    nsproxy: own.nsproxy,
    image: orig.image,
    pgrp: orig.pgrp,
    session: orig.session,
    tty: orig.tty,
    state: 'running',
    exit_code: 0,
    report: null,
    did_exec: false,
    sighand: own.sighand,
    blocked: orig.blocked,
    pending: 0,
    siginfo: new Map(),
    resume_state: 'running',
    syscall: null,
    on_exit: null,
    signal_wait: new WaitQueue(),
    wait_chldexit: new WaitQueue(),
    alarm_timer: undefined,
    alarm_at: null,
    rlim: own.rlim,
    start_time: orig.kernel.clock.now(),
    utime: 0,
    cutime: 0,
    nice: orig.nice,
    preempt_disabled: false,
    exec_id: 0,
    nproc_exceeded: false,
    tracers: own.tracers,
  };
}

function too_many_processes(task: Task): boolean {
  const limit = task.rlim.RLIMIT_NPROC.rlim_cur;
  if (limit === RLIM_INFINITY || task.cred.uid === 0 || capable(task)) return false;
  return [...task.kernel.tasks.values()].filter((t) => t.cred.uid === task.cred.uid).length >= limit;
}

/** @linux kernel/pid.c alloc_pid #P[one pid namespace] */
function alloc_pid(kernel: Kernel): Pid {
  const taken = new Set<Pid>();
  if (kernel.last_pid < kernel.tasks.size) for (const t of kernel.tasks.values()) taken.add(t.pgrp).add(t.session);
  do {
    kernel.last_pid = kernel.last_pid + 1 >= PID_MAX ? RESERVED_PIDS : kernel.last_pid + 1;
  } while (kernel.tasks.has(kernel.last_pid) || taken.has(kernel.last_pid));
  return kernel.last_pid;
}

const unlimited: RlimitValue = { rlim_cur: RLIM_INFINITY, rlim_max: RLIM_INFINITY };
function init_rlimits(max_tasks: number): Record<Rlimit, RlimitValue> {
  return {
    RLIMIT_CPU: unlimited,
    RLIMIT_FSIZE: unlimited,
    RLIMIT_STACK: { rlim_cur: 8 * 1024 * 1024, rlim_max: RLIM_INFINITY },
    RLIMIT_NPROC: { rlim_cur: max_tasks, rlim_max: max_tasks },
    RLIMIT_NOFILE: { rlim_cur: 1024, rlim_max: 1024 * 1024 },
    RLIMIT_CORE: { rlim_cur: 0, rlim_max: RLIM_INFINITY },
  };
}

/**
 * Process 1: the kernel's own. It adopts orphans and buries them; what the lab starts are its children.
 * @linux init/init_task.c init_task #P[has no program]
 */
export function new_init_task(kernel: Kernel, cred: Cred, nsproxy: NsProxy, root: Task['fs']['root']): Task {
  const orig: Shared = { kernel, comm: 'init', cred, image: null, pgrp: 1, session: 1, tty: null, blocked: 0, nice: 0 };
  const task = dup_task_struct(orig, null, {
    pid: 1,
    files: { fd: new Map() },
    fs: { root, pwd: root, umask: 0o022 },
    nsproxy,
    sighand: new_sighand(),
    rlim: init_rlimits(kernel.limits.max_tasks),
    tracers: new Set(),
  });
  task.parent = task;
  task.state = 'sleeping';
  kernel.tasks.set(1, task);
  return task;
}
