/** Which calls and signals are shown: `-e trace=LIST`, `-e signal=LIST`. */
import { SIGNAL_NAMES } from '../../uapi/signal.ts';

/** The calls that this kernel makes known, under the names that strace has for x86-64. */
const CALLS =
  'access alarm chdir chmod chown chroot clock_gettime clone close dup dup2 dup3 execve execveat exit_group faccessat2 fchdir fchmod fchown ' +
  'fcntl fsync ftruncate getcwd getdents64 getegid geteuid getgid getgroups getpgid getpid getppid getrusage getsid getuid ioctl kill ' +
  'lchown link lseek mkdir mknod mount nanosleep newfstatat nice openat pipe2 pivot_root poll prctl pread64 prlimit64 pwrite64 ' +
  'read readlink rename rmdir rt_sigaction rt_sigprocmask rt_sigsuspend sched_yield sethostname setgid setgroups setns setpgid setresgid ' +
  'setresuid setsid setuid statfs symlink sync truncate umask umount2 uname unlink unshare utimensat wait4 write';
/** Calls of a real x86-64 that programs here never make: they may be named. */
const NEVER =
  'arch_prctl brk clone3 creat eventfd2 exit fadvise64 fallocate fchmodat fchownat fork fstat fstatfs futex getrandom getrlimit lstat ' +
  'madvise mkdirat mknodat mmap mprotect mremap munmap open pipe ppoll pselect6 readlinkat readv rename renameat renameat2 rseq select ' +
  'set_robust_list set_tid_address setrlimit sigaltstack socket stat statx symlinkat sysinfo tgkill time times unlinkat vfork waitid writev';

const FILE =
  'access chdir chmod chown chroot execve execveat faccessat2 getcwd lchown link mkdir mknod mount newfstatat openat pivot_root readlink ' +
  'rename rmdir statfs symlink truncate umount2 unlink utimensat';
const CLASSES: Readonly<Record<string, string>> = {
  file: FILE,
  process: 'clone execve execveat exit_group kill wait4',
  signal: 'kill rt_sigaction rt_sigprocmask rt_sigsuspend',
  desc: 'close dup dup2 dup3 fchdir fchmod fchown fcntl fsync ftruncate getdents64 ioctl lseek newfstatat openat pipe2 poll pread64 pwrite64 read setns write',
  creds: 'getegid geteuid getgid getgroups getuid prctl setgid setgroups setresgid setresuid setuid',
  clock: 'clock_gettime',
  stat: '',
  lstat: '',
  fstat: 'newfstatat',
  statfs: 'statfs',
  network: '',
  net: '',
  ipc: '',
  memory: '',
  pure: 'getegid geteuid getgid getpid getppid getuid',
};

const words = (text: string): string[] => text.split(' ').filter((w) => w !== '');
const KNOWN = new Set([...words(CALLS), ...words(NEVER)]);

export type Filter = (name: string) => boolean;

/** A list such as `execve,%file,!read`; the word that is wrong otherwise. */
export function callFilter(list: string): Filter | { readonly bad: string } {
  if (list === 'all') return () => true;
  if (list === 'none') return () => false;
  const not = list.startsWith('!');
  const names = new Set<string>();
  for (const word of (not ? list.slice(1) : list).split(',')) {
    const members = membersOf(word);
    if (members === null) return { bad: word };
    for (const name of members) names.add(name);
  }
  return (name) => names.has(name) !== not;
}

function membersOf(word: string): string[] | null {
  if (word === 'none') return [];
  if (word === 'all') return [...KNOWN];
  const group = CLASSES[word.replace(/^%/, '')];
  if (group !== undefined && (word.startsWith('%') || !KNOWN.has(word))) return words(group);
  if (word.startsWith('/')) return matching(word.slice(1));
  const name = word.replace(/^\?/, '');
  if (KNOWN.has(name)) return [name];
  return word.startsWith('?') ? [] : null;
}

function matching(pattern: string): string[] | null {
  try {
    const regexp = new RegExp(pattern);
    return [...KNOWN].filter((name) => regexp.test(name));
  } catch {
    return null;
  }
}

export function signalFilter(list: string): Filter | { readonly bad: string } {
  if (list === 'all') return () => true;
  if (list === 'none') return () => false;
  const not = list.startsWith('!');
  const names = (not ? list.slice(1) : list).split(',').map((n) => n.toUpperCase().replace(/^SIG/, ''));
  const bad = names.find((n) => !(SIGNAL_NAMES as readonly string[]).includes(n) || n === '');
  if (bad !== undefined) return { bad };
  return (name) => names.includes(name) !== not;
}
