/** The machine's names and uname(2). Follows kernel/utsname.c and the calls of kernel/sys.c. */
import { EINVAL, EPERM, type Status } from '../../uapi/errno.ts';
import type { Arch, HostArch } from '../../uapi/host.ts';
import type { Utsname } from '../../uapi/syscalls.ts';
import type { Kernel, Task, UtsNamespace } from '../include/sched.ts';
import { ns_capable } from './cred.ts';

const NEW_UTS_LEN = 64;

/** @linux kernel/utsname.c copy_utsname #Y */
export function copy_utsname(kernel: Kernel, old: UtsNamespace, user_ns: UtsNamespace['user_ns']): UtsNamespace {
  return { ns_id: kernel.next_id(), nodename: old.nodename, user_ns };
}

/** What uname -m says on a machine, or under qemu-user for one. */
const MACHINES: Readonly<Record<Arch | HostArch, string>> = {
  x86_64: 'x86_64',
  i386: 'i686',
  i686: 'i686',
  aarch64: 'aarch64',
  arm: 'armv7l',
  armv7l: 'armv7l',
  riscv64: 'riscv64',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  mips: 'mips',
  mipsel: 'mips',
};

/** @linux kernel/sys.c SYSCALL_DEFINE1(newuname) #P[no personality] */
export function sys_newuname(task: Task): Utsname {
  const { version, host } = task.kernel;
  const machine = MACHINES[task.image?.guest ?? host];
  return { sysname: 'Linux', nodename: task.nsproxy.uts_ns.nodename, release: version.release, version: version.utsversion, machine };
}

/** @linux kernel/sys.c SYSCALL_DEFINE2(sethostname) #Y */
export function sys_sethostname(task: Task, name: string): Status {
  const { uts_ns } = task.nsproxy;
  if (!ns_capable(task.cred, uts_ns.user_ns)) return EPERM;
  if (name.length > NEW_UTS_LEN) return EINVAL;
  uts_ns.nodename = name;
  return 0;
}
