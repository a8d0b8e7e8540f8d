/** Tasks, namespaces and the kernel object. Follows include/linux/sched.h, nsproxy.h, user_namespace.h. */
import type { Auxv } from '../../uapi/auxv.ts';
import type { Arch, HostArch } from '../../uapi/host.ts';
import type { SigAction } from '../../uapi/signal.ts';
import type { ProgramLoader, Rlimit, RlimitValue } from '../../uapi/syscalls.ts';
import type { TraceEvent, TraceEventBody } from '../../uapi/trace.ts';
import type { Mode, Pid } from '../../uapi/types.ts';
import type { BinfmtMisc } from '../fs/binfmt_misc.ts';
import type { KernelVersion } from '../init/version.ts';
import type { Notation } from '../kernel/notation.ts';
import type { WaitQueue } from '../kernel/sched/wait.ts';
import type { LinuxBinfmt } from './binfmts.ts';
import type { Cred, FileSystemType, MntNamespace, OpenFile, Path, SuperBlock } from './fs.ts';

/** struct files_struct: descriptors and their close-on-exec bits. */
export interface FilesStruct {
  readonly fd: Map<number, { file: OpenFile; close_on_exec: boolean }>;
}

export interface UidGidExtent {
  readonly first: number;
  readonly lower_first: number;
  readonly count: number;
}
export interface UserNamespace {
  readonly ns_id: number;
  readonly parent: UserNamespace | null;
  readonly level: number;
  /** kuid of the creator. */
  readonly owner: number;
  uid_map: readonly UidGidExtent[];
  gid_map: readonly UidGidExtent[];
  setgroups_allowed: boolean;
  /** This namespace's own instance once it has (or ever had) one; the initial namespace always has it (N5, N11). */
  binfmt_misc: BinfmtMisc | null;
}
export interface UtsNamespace {
  readonly ns_id: number;
  nodename: string;
  readonly user_ns: UserNamespace;
}
export interface NsProxy {
  readonly mnt_ns: MntNamespace;
  readonly uts_ns: UtsNamespace;
}

/** What runs after a successful execve. */
export interface Image {
  /** The final ELF file: /proc/PID/exe. */
  readonly exe: OpenFile;
  readonly argv: readonly string[];
  readonly envp: readonly string[];
  readonly auxv: Auxv;
  /** The applet of the ELF note; null: machine code of somebody else. */
  readonly applet: string | null;
  /** Deadly signal that meets the image at once (E15, E16): SIGSEGV, SIGBUS; 0 otherwise. */
  readonly fatal_signal: number;
  /** Set by lab_run_applet: the CPU that qemu-user pretends. */
  readonly guest: Arch | null;
  /** What the guest program gets as its arguments; the task's own stay those of the emulator. */
  readonly guest_args?: { readonly argv: readonly string[]; readonly envp: readonly string[] };
}

/** The part of siginfo_t that strace shows. */
export interface SigInfo {
  readonly si_code: 'SI_USER' | 'SI_KERNEL' | 'CLD_EXITED' | 'CLD_KILLED' | 'CLD_STOPPED' | 'CLD_CONTINUED';
  readonly si_pid?: Pid;
  readonly si_uid?: number;
  readonly si_status?: number;
}

/** The part of a process that its threads would share: signal state, group, session. */
export interface Task {
  readonly kernel: Kernel;
  readonly pid: Pid;
  parent: Task;
  readonly children: Set<Task>;
  comm: string;
  cred: Cred;
  files: FilesStruct;
  /** struct fs_struct. */
  fs: { root: Path; pwd: Path; umask: Mode };
  nsproxy: NsProxy;
  image: Image | null;

  pgrp: Pid;
  session: Pid;
  /** The controlling terminal (drivers/tty/tty_io.ts TtyStruct). */
  tty: unknown;

  state: 'running' | 'sleeping' | 'stopped' | 'zombie' | 'dead';
  /** A wait status once zombie; the stop signal while stopped. */
  exit_code: number;
  /** What wait4 has yet to report of this task: a stop or a continue. */
  report: 'stopped' | 'continued' | null;
  did_exec: boolean;

  readonly sighand: SigAction[];
  blocked: number;
  pending: number;
  /** Where each pending signal came from. */
  readonly siginfo: Map<number, SigInfo>;
  /** What it goes back to when continued. */
  resume_state: 'running' | 'sleeping';
  /** The call that is under way; null in the program's own code. */
  syscall: string | null;
  /** Told the wait status when the task ends: how the lab waits for what it started. */
  on_exit: ((status: number) => void) | null;
  /** Woken by signals and by the end of stopping. */
  readonly signal_wait: WaitQueue;
  /** Woken when a child changes state. */
  readonly wait_chldexit: WaitQueue;
  alarm_timer: unknown;
  /** When SIGALRM is due, by the clock. */
  alarm_at: number | null;

  readonly rlim: Record<Rlimit, RlimitValue>;
  readonly start_time: number;
  utime: number;
  cutime: number;
  nice: number;
  /** Set by a payload whose frames cannot wait: its calls do not give way at the end of a slice (lab_preemptible). */
  preempt_disabled: boolean;
  /** Grows at each exec: frames of an older image unwind at their next call. */
  exec_id: number;
  /** PF_NPROC_EXCEEDED: became a user that had too many tasks. */
  nproc_exceeded: boolean;
  /** Those who asked lab_trace for this task's events. */
  readonly tracers: Set<{ sink: (event: TraceEvent) => void; follow: boolean }>;
}

/** What the machine's host lends the kernel: time, and turns of its event loop. */
export interface Clock {
  /** Milliseconds since the epoch, with fractions. */
  now(): number;
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Runs `fn` after the host has seen its own events (keys, messages, timers). */
  macrotask(fn: () => void): void;
}

/** One machine. */
export interface Kernel {
  readonly version: KernelVersion;
  readonly host: HostArch;
  /** In the order execve asks them: data, from the version's row. */
  readonly formats: LinuxBinfmt[];
  readonly filesystems: FileSystemType[];
  readonly tasks: Map<Pid, Task>;
  readonly programs: Readonly<Record<string, ProgramLoader>>;
  readonly init_user_ns: UserNamespace;
  readonly init_task: Task;
  readonly superblocks: Set<SuperBlock>;
  readonly clock: Clock;
  /** clock.now() at boot. */
  readonly boot_time: number;
  /** True when somebody listens to `task`'s events: ask before building one. */
  tracing(task: Task): boolean;
  /** True when somebody listens to every system call of `task`, which costs more. */
  tracing_syscalls(task: Task): boolean;
  emit(task: Task, event: TraceEventBody): void;
  /** How system calls are written; null until somebody listens to them. */
  notation: Notation | null;
  /** Machine-wide listeners to everything. */
  readonly listeners: Set<(event: TraceEvent) => void>;
  /** Machine-wide listeners that do not want the system calls themselves. */
  readonly exec_listeners: Set<(event: TraceEvent) => void>;
  /** The scheduler's own state (kernel/sched/core.ts). */
  readonly rq: { slice_start: number; mark: number; calls: number; turn: Promise<void> | null };
  /** The pid given out last. */
  last_pid: Pid;
  next_id(): number;
  next_dev(): number;
  readonly host_interrupt: (() => boolean) | undefined;
  readonly limits: { readonly max_tasks: number; readonly max_bytes: number };
}
