import { describe, expect, it } from 'vitest';
import { encode } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import { O_CLOEXEC, O_CREAT, O_DIRECTORY, O_RDWR, O_TRUNC } from '../../../src/uapi/fcntl.ts';
import { SIGTERM, WNOHANG } from '../../../src/uapi/signal.ts';
import type { Program } from '../../../src/uapi/syscalls.ts';
import { machine } from '../../support/kernel.ts';

/** The trace of a program, a line a call, as strace puts enter and exit together; addresses replaced. */
async function traced(main: Program): Promise<string[]> {
  const m = machine({ programs: { '/bin/true': async () => 0 } });
  const events = m.trace();
  await m.exec(main, { cwd: '/tmp' });
  const lines: string[] = [];
  let open: { name: string; args: readonly string[] } | null = null;
  for (const e of events) {
    if (e.ev === 'sys_enter') open = e;
    else if (e.ev === 'sys_exit' && open) {
      lines.push(`${open.name}(${[...open.args, ...(e.out ?? [])].join(', ')}) = ${typeof e.ret === 'string' ? `-1 ${e.ret}` : e.ret}`);
      open = null;
    } else if (e.ev === 'signal_deliver') lines.push(`--- ${e.info} ${e.action}`);
  }
  return lines.map((l) => l.replace(/0x[0-9a-f]{6,}/g, 'PTR'));
}

describe('the trace', () => {
  it('says what strace 6.1 says of the same calls', async () => {
    const lines = await traced(async (sys) => {
      const fd = await sys.open('x', O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644);
      if (IS_ERR(fd)) return 1;
      await sys.write(fd, encode(`h\x01\x001\n\t"\\${'z'.repeat(40)}`));
      sys.lseek(fd, 0, 0);
      await sys.read(fd, 100);
      sys.pread64(fd, 3, 1);
      sys.fcntl(fd, 2, 1);
      sys.stat('x');
      sys.lstat('/dev/null');
      sys.fstat(fd);
      sys.stat('nope');
      sys.access('x', 5);
      sys.mkdir('d', 0o755);
      sys.pipe2(O_CLOEXEC);
      sys.uname();
      sys.kill(sys.getpid(), 0);
      sys.getcwd();
      sys.rt_sigaction(SIGTERM, { handler: 'SIG_IGN' });
      sys.kill(sys.getpid(), SIGTERM);
      await sys.wait4(-1, WNOHANG);
      await sys.open('/tmp', O_DIRECTORY);
      await sys.execve('/nope', ['nope', 'a'.repeat(40)], ['A=1']);
      await sys.execve('/bin/true', ['true', 'x y'], ['A=1', 'B=2']);
      return 0;
    });
    expect(lines).toEqual([
      'openat(AT_FDCWD, "x", O_RDWR|O_CREAT|O_TRUNC|O_CLOEXEC, 0644) = 3',
      'write(3, "h\\1\\0001\\n\\t\\"\\\\zzzzzzzzzzzzzzzzzzzzzzzz"..., 48) = 48',
      'lseek(3, 0, SEEK_SET) = 0',
      'read(3, "h\\1\\0001\\n\\t\\"\\\\zzzzzzzzzzzzzzzzzzzzzzzz"..., 100) = 48',
      'pread64(3, "\\1\\0001", 3, 1) = 3',
      'fcntl(3, F_SETFD, FD_CLOEXEC) = 0',
      'newfstatat(AT_FDCWD, "x", {st_mode=S_IFREG|0644, st_size=48, ...}, 0) = 0',
      'newfstatat(AT_FDCWD, "/dev/null", {st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), ...}, AT_SYMLINK_NOFOLLOW) = 0',
      'newfstatat(3, "", {st_mode=S_IFREG|0644, st_size=48, ...}, AT_EMPTY_PATH) = 0',
      'newfstatat(AT_FDCWD, "nope", PTR, 0) = -1 ENOENT',
      'access("x", R_OK|X_OK) = -1 EACCES',
      'mkdir("d", 0755) = 0',
      'pipe2([4, 5], O_CLOEXEC) = 0',
      'uname({sysname="Linux", nodename="lab", ...}) = 0',
      'getpid() = 2',
      'kill(2, 0) = 0',
      'getcwd("/tmp", 4096) = 5',
      'rt_sigaction(SIGTERM, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=SA_RESTORER, sa_restorer=PTR}, ' +
        '{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0',
      'getpid() = 2',
      '--- {si_signo=SIGTERM, si_code=SI_USER, si_pid=2, si_uid=0} ignore',
      'kill(2, SIGTERM) = 0',
      'wait4(-1, PTR, WNOHANG, NULL) = -1 ECHILD',
      'openat(AT_FDCWD, "/tmp", O_RDONLY|O_DIRECTORY) = 6',
      'execve("/nope", ["nope", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"...], PTR /* 1 var */) = -1 ENOENT',
      'execve("/bin/true", ["true", "x y"], PTR /* 2 vars */) = 0',
    ]);
  });

  it('shows a child born, its end, and SIGCHLD before the parent learns', async () => {
    const lines = await traced(async (sys) => {
      const pid = sys.clone(0, async () => 3);
      await sys.wait4(IS_ERR(pid) ? -1 : pid, 0);
      return 0;
    });
    expect(lines).toEqual([
      'clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=PTR) = 3',
      '--- {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=3, si_uid=0, si_status=3, si_utime=0, si_stime=0} ignore',
      'wait4(3, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 3',
    ]);
  });

  it('costs nothing when nobody listens, and ends with its listeners', async () => {
    const m = machine();
    const events = m.trace();
    m.kernel.listeners.clear();
    await m.exec(async (sys) => sys.getpid() * 0);
    expect(events).toEqual([]);
  });
});
