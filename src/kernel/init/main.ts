/** How a machine comes up. Follows init/main.c. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { HostArch } from '../../uapi/host.ts';
import { MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RELATIME } from '../../uapi/mount.ts';
import type { RootEntry } from '../../uapi/rootfs.ts';
import type { ProgramLoader } from '../../uapi/syscalls.ts';
import { chr_dev_init } from '../drivers/char/mem.ts';
import { devpts_fs_type } from '../drivers/tty/devpts.ts';
import { tty_init } from '../drivers/tty/tty_io.ts';
import { binfmt_misc_fs_type, new_binfmt_misc } from '../fs/binfmt_misc.ts';
import { FORMATS } from '../fs/binfmts.ts';
import { do_mount, init_mount_tree } from '../fs/namespace.ts';
import { proc_fs_type } from '../fs/proc/root.ts';
import { ramfs_fs_type, rootfs_fs_type, tmpfs_fs_type } from '../fs/ramfs.ts';
import type { LinuxBinfmt } from '../include/binfmts.ts';
import type { FileSystemType } from '../include/fs.ts';
import type { Clock, Kernel, Task } from '../include/sched.ts';
import { root_cred } from '../kernel/cred.ts';
import { new_init_task } from '../kernel/fork.ts';
import type { Notation } from '../kernel/notation.ts';
import { get_nsproxy } from '../kernel/nsproxy.ts';
import { panic } from '../kernel/panic.ts';
import { newRunqueue } from '../kernel/sched/core.ts';
import { new_tracer } from '../kernel/trace.ts';
import { new_init_user_ns } from '../kernel/user_namespace.ts';
import { populate_rootfs } from './initramfs.ts';
import { type MachineSnapshot, Thaw } from './snapshot.ts';
import { type KernelVersion, kernelVersion } from './version.ts';

export interface BootOptions {
  /** A row of the version table, by name or itself. */
  readonly version: string | KernelVersion;
  readonly host: HostArch;
  readonly programs: Readonly<Record<string, ProgramLoader>>;
  readonly clock: Clock;
  readonly rootfs: readonly RootEntry[];
  readonly hostname?: string;
  readonly limits?: Partial<Kernel['limits']>;
  /** Asked by payloads that compute: may hear a key meanwhile; true if it did. */
  readonly host_interrupt?: () => boolean;
  /** Needed from the start by who listens to system calls from the start; otherwise loaded for the first tracer. */
  readonly notation?: Notation;
  /** In place of `rootfs` and `mounts`: what a machine had when it was frozen. */
  readonly snapshot?: MachineSnapshot;
  /** What is mounted at the end of boot; default BOOT_MOUNTS. */
  readonly mounts?: readonly BootMount[];
}

export interface BootMount {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly flags: number;
  readonly data?: string;
}

/** As Debian mounts them. Those whose directory the tree does not have are left out. */
export const BOOT_MOUNTS: readonly BootMount[] = [
  { source: 'proc', target: '/proc', type: 'proc', flags: MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME },
  { source: 'devpts', target: '/dev/pts', type: 'devpts', flags: MS_NOSUID | MS_NOEXEC | MS_RELATIME },
  {
    source: 'binfmt_misc',
    target: '/proc/sys/fs/binfmt_misc',
    type: 'binfmt_misc',
    flags: MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME,
  },
];

const FILESYSTEMS: readonly FileSystemType[] = [
  rootfs_fs_type,
  ramfs_fs_type,
  tmpfs_fs_type,
  proc_fs_type,
  devpts_fs_type,
  binfmt_misc_fs_type,
];

const LIMITS = { max_tasks: 512, max_bytes: 512 * 1024 * 1024 };

/**
 * Boots a machine: formats in the order of its version, file systems, process 1, the tree, devices, mounts.
 * @linux init/main.c start_kernel #P[what a machine of ours has]
 */
export function start_kernel(options: BootOptions): Kernel {
  const kernel = setup_arch(options);
  for (const name of kernel.version.formats) register_binfmt(kernel, FORMATS[name]);
  for (const type of FILESYSTEMS) register_filesystem(kernel, type);
  const thaw = options.snapshot && new Thaw(kernel, options.snapshot);
  rest_init(kernel, options.hostname ?? options.snapshot?.hostname ?? 'lab', thaw ?? init_mount_tree(kernel));
  if (!thaw) populate_rootfs(kernel, options.rootfs);
  chr_dev_init(kernel);
  tty_init(kernel);
  if (thaw) thaw.mount_all(kernel.init_task);
  else for (const mount of options.mounts ?? BOOT_MOUNTS) boot_mount(kernel.init_task, mount);
  return kernel;
}

/** The object that the machine is; `rest_init` gives it its first task. */
function setup_arch(options: BootOptions): Kernel {
  const { clock, host, programs, host_interrupt } = options;
  const boot_time = clock.now();
  const init_user_ns = { ...new_init_user_ns(FIRST_NS_ID), binfmt_misc: new_binfmt_misc() };
  const kernel: Omit<Kernel, 'init_task'> = {
    version: version_of(options.version),
    host,
    formats: [],
    filesystems: [],
    tasks: new Map(),
    programs,
    init_user_ns,
    superblocks: new Set(),
    clock,
    boot_time,
    ...new_tracer(clock, boot_time),
    rq: newRunqueue(boot_time),
    last_pid: 1,
    ...counters(),
    host_interrupt,
    notation: options.notation ?? null,
    limits: { ...LIMITS, ...options.limits },
  };
  return kernel as Kernel;
}

/** Namespaces are numbered from where Linux numbers them. */
const FIRST_NS_ID = 0xf0000000 - 3;

function counters(): Pick<Kernel, 'next_id' | 'next_dev'> {
  let id = 0;
  let dev = 0;
  return { next_id: () => ++id, next_dev: () => ++dev };
}

function version_of(version: string | KernelVersion): KernelVersion {
  const row = typeof version === 'string' ? kernelVersion(version) : version;
  return typeof row === 'string' ? panic(row) : row;
}

/** @linux fs/exec.c __register_binfmt #P[appends: the version's row is in the order of asking] */
function register_binfmt(kernel: Kernel, format: LinuxBinfmt): void {
  kernel.formats.push(format);
}

/** @linux fs/filesystems.c register_filesystem #Y */
function register_filesystem(kernel: Kernel, type: FileSystemType): void {
  kernel.filesystems.push(type);
}

/** The first mount, and with it the first task. */
function rest_init(kernel: Kernel, nodename: string, { mnt_ns, root }: ReturnType<typeof init_mount_tree>): void {
  const user_ns = kernel.init_user_ns;
  const nsproxy = { mnt_ns, uts_ns: { ns_id: FIRST_NS_ID + 1, nodename, user_ns } };
  const init_task = new_init_task(kernel, root_cred(user_ns), get_nsproxy(nsproxy), root);
  (kernel as { init_task: Task }).init_task = init_task;
}

function boot_mount(task: Task, mount: BootMount): void {
  const status = do_mount(task, mount.source, mount.target, mount.type, mount.flags, mount.data ?? '');
  if (IS_ERR(status) && status.code !== 'ENOENT') panic(`${mount.target}: ${status.message}`);
}
