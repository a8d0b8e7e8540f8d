/** The table of kernels: complete, every column read, and what each of them changes to be seen from outside. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fget } from '../../../src/kernel/fs/file.ts';
import { do_mount, do_umount } from '../../../src/kernel/fs/namespace.ts';
import { do_fchmodat, do_sys_open } from '../../../src/kernel/fs/open.ts';
import { vfs_write } from '../../../src/kernel/fs/read_write.ts';
import { kernelVersion, LINUX, versions } from '../../../src/kernel/init/version.ts';
import { EVIDENCE, evidence } from '../../../src/kernel/init/version_evidence.ts';
import { new_cred } from '../../../src/kernel/kernel/cred.ts';
import { sys_unshare } from '../../../src/kernel/kernel/nsproxy.ts';
import { sys_setrlimit } from '../../../src/kernel/kernel/sys.ts';
import { boot } from '../../../src/lab/index.ts';
import { decode, encode, fromLatin1, latin1 } from '../../../src/uapi/bytes.ts';
import { PT_LOAD } from '../../../src/uapi/elf.ts';
import { type Errno, IS_ERR } from '../../../src/uapi/errno.ts';
import { AT_EMPTY_PATH, AT_EXECVE_CHECK, AT_FDCWD, O_CLOEXEC, O_RDONLY, O_WRONLY } from '../../../src/uapi/fcntl.ts';
import { CLONE_NEWNS, CLONE_NEWUSER } from '../../../src/uapi/mount.ts';
import type { RootEntry } from '../../../src/uapi/rootfs.ts';
import { writeElf } from '../../../src/userland/rootfs/elf_writer.ts';
import { argvOf, BM, control, exec, fork, register } from '../../support/exec.ts';
import { type Machine, machine, program } from '../../support/kernel.ts';

const file = (path: string, content: string | Uint8Array, mode = 0o755): RootEntry => {
  return { kind: 'file', path, mode, data: typeof content === 'string' ? encode(content) : content };
};
/** An interpreter path that 128 bytes hold in part only; both parts are files. */
const CUT = `/${'p'.repeat(124)}`;
const LONG = `${CUT}${'q'.repeat(20)}`;

/** A 64-bit header with a table of `count` empty headers, of the size that the file has. */
function manyHeaders(count: number): Uint8Array {
  const bytes = new Uint8Array(64 + count * 56);
  bytes.set(writeElf({ arch: 'x86_64', linkage: 'static', applet: 'show' }).subarray(0, 64));
  new DataView(bytes.buffer).setUint16(56, count, true);
  return bytes;
}
function withoutHeaders(): Uint8Array {
  const bytes = manyHeaders(2);
  new DataView(bytes.buffer).setUint16(56, 0, true);
  return bytes;
}
const tableBeyondTheEnd = (): Uint8Array => manyHeaders(3).subarray(0, 120);

/** A program that names `interp` as its PT_INTERP. */
function dynamic(interp: string): Uint8Array {
  const usual = '/lib64/ld-linux-x86-64.so.2';
  const text = latin1(writeElf({ arch: 'x86_64', linkage: 'pie', applet: 'show' }));
  return fromLatin1(text.replace(usual, interp.padEnd(usual.length, '\0')));
}

/** A program whose one segment takes more from the file than it has room for. */
function unmappable(): Uint8Array {
  const bytes = manyHeaders(1);
  const header = new DataView(bytes.buffer, 64);
  header.setUint32(0, PT_LOAD, true);
  header.setUint32(32, 5, true);
  header.setUint32(40, 1, true);
  return bytes;
}

const entries: RootEntry[] = [
  program('/i', 'show'),
  program(CUT, 'show'),
  program(LONG, 'show'),
  file('/foo.foo', '#!/i script\n'),
  file('/text', 'text\n'),
  file('/s-long', `#!${LONG}\n`),
  file('/s-eof', '#!'),
  file('/s-blank', '#!/i '),
  file('/s-wide', `#!/i ${'a'.repeat(300)}\n`),
  file('/binary', Uint8Array.of(0x80, 0x81, 0x82, 0x83)),
  file('/at200', `${'x'.repeat(200)}FOO`),
  ...[1, 2, 3, 4, 5, 6].map((n) => file(`/c${n}`, `#!${n === 1 ? '/i' : `/c${n - 1}`}\n`)),
  file('/headers74', manyHeaders(74)),
  file('/headers-short', tableBeyondTheEnd()),
  file('/needs-short', dynamic('/ld-short')),
  file('/ld-short', writeElf({ arch: 'x86_64', linkage: 'loader', applet: 'show' }).subarray(0, 100)),
  file('/needs-bad', dynamic('/ld-bad')),
  file('/ld-bad', withoutHeaders()),
  file('/needs-74', dynamic('/headers74')),
  file('/dies', unmappable()),
  { kind: 'dir', path: '/d', mode: 0o700 },
  program('/d/i', 'show'),
  { kind: 'dir', path: '/m', mode: 0o755 },
];
const make = (version: string): Machine => machine({ version, entries, applets: { show: () => async () => 0 } });

type Told = string | number | readonly unknown[];
const said = (argv: readonly string[] | string): string => (typeof argv === 'string' ? argv : argv.join(' ').replace(/(.)\1{15,}/g, '$1…'));
const reg = (m: Machine, ...lines: readonly string[]): string => lines.map((line) => register(m, line)).join(' ');
const runs = (m: Machine, path: string, argv = [path]): string => said(argvOf(m, path, { argv }));

/** The descriptors of a program and its AT_EXECFD, started through a rule with O, while 5 is close-on-exec. */
function execfd(m: Machine): Told {
  reg(m, ':o:E::foo::/i:O');
  const task = fork(m);
  do_sys_open(task, AT_FDCWD, '/text', O_RDONLY | O_CLOEXEC, 0);
  exec(m, '/foo.foo', { task });
  return [...task.files.fd.keys(), task.image?.auxv.AT_EXECFD ?? 'none'];
}

function commOfDescriptor(m: Machine): Told {
  const task = fork(m);
  const dfd = do_sys_open(task, AT_FDCWD, '/i', O_RDONLY, 0) as number;
  const answer = exec(m, '', { task, dfd, flags: AT_EMPTY_PATH });
  return `${answer} ${task.comm}`;
}

async function execveat(m: Machine): Promise<Told> {
  let told = '';
  await m.exec(async (sys) => {
    const status = await sys.execveat(AT_FDCWD, '/no', ['/no'], [], 0);
    told = IS_ERR(status) ? status.code : 'ran';
    return 0;
  });
  return told;
}

const settled = (n: number | Errno | Promise<unknown>): Told => (typeof n === 'number' ? n : IS_ERR(n) ? n.code : 'sleeps');

function flushed(m: Machine): Told {
  const { init_task } = m.kernel;
  const fd = do_sys_open(init_task, AT_FDCWD, `${BM}/status`, O_WRONLY, 0) as number;
  const status = fget(init_task, fd);
  const count = IS_ERR(status) ? status : vfs_write(init_task, status, encode('-1'));
  return settled(count);
}

/** An unprivileged write to a register file that root opened, with F and an interpreter that only root can reach. */
function pinned(m: Machine): Told {
  const task = fork(m);
  const fd = do_sys_open(task, AT_FDCWD, `${BM}/register`, O_WRONLY, 0) as number;
  task.cred = new_cred(m.kernel.init_user_ns, 1000, 1000, []);
  const open = fget(task, fd);
  const written = IS_ERR(open) ? open : vfs_write(task, open, encode(':f:E::foo::/d/i:F'));
  return settled(written);
}

function flagsOfP(m: Machine): Told {
  reg(m, ':p:E::foo::/i:P');
  const task = fork(m);
  exec(m, '/foo.foo', { task });
  return task.image?.auxv.AT_FLAGS ?? 'none';
}

function afterUmount(m: Machine): Told {
  const { init_task } = m.kernel;
  reg(m, ':r:E::foo::/i:');
  const gone = do_umount(init_task, BM, 0);
  return [gone, runs(m, '/foo.foo')];
}

async function switchAfterUmount(m: Machine): Promise<Told> {
  let status = '';
  await m.exec(async (sys) => {
    control(m.kernel.init_task, `${BM}/status`, '0');
    sys.umount2(BM, 0);
    sys.mount('none', BM, 'binfmt_misc', 0);
    const fd = await sys.open(`${BM}/status`, O_RDONLY);
    const read = IS_ERR(fd) ? fd : await sys.read(fd, 100);
    status = IS_ERR(read) ? read.code : decode(read);
    return 0;
  });
  return status;
}

function mountInside(m: Machine): Told {
  reg(m, ':r:E::foo::/i:');
  const task = fork(m);
  const left = sys_unshare(task, CLONE_NEWUSER | CLONE_NEWNS);
  if (left !== 0) return `unshare ${left.code}`;
  task.cred.user_ns.uid_map = task.cred.user_ns.gid_map = [{ first: 0, lower_first: 0, count: 1 }];
  const mounted = do_mount(task, 'none', '/m', 'binfmt_misc', 0, '');
  return [IS_ERR(mounted) ? mounted.code : mounted, said(argvOf(m, '/foo.foo', { task }))];
}

function executedEntry(m: Machine): Told {
  const { init_task } = m.kernel;
  reg(m, ':r:E::foo::/i:');
  do_mount(init_task, 'none', '/m', 'binfmt_misc', 0, '');
  do_fchmodat(init_task, AT_FDCWD, '/m/r', 0o755);
  return exec(m, '/m/r');
}

/** How many arguments of 1000 bytes fit under a stack of 64 MiB. */
function argumentsThatFit(m: Machine): Told {
  const task = fork(m);
  expect(sys_setrlimit(task, 'RLIMIT_STACK', { rlim_cur: 64 << 20, rlim_max: 64 << 20 })).toBe(0);
  const fits = (count: number): boolean => exec(m, '/text', { task, argv: Array(count).fill('x'.repeat(999)) }) === 'ENOEXEC';
  return [6200, 6290, 16700, 16800].filter(fits);
}

/** What is asked, and from which kernel on the answer is what. */
const QUESTIONS: Readonly<Record<string, readonly [ask: (m: Machine) => Told | Promise<Told>, answers: Readonly<Record<string, Told>>]>> = {
  'who takes a script with an extension that a rule names': [
    (m) => [reg(m, ':r:E::foo::/i:'), runs(m, '/foo.foo')],
    { '2.6.29': ['ok', '/i script /foo.foo'], '2.6.32': ['ok', '/i /foo.foo'], lab: ['ok', '/i script /foo.foo'] },
  ],
  'a magic at byte 200': [
    (m) => [reg(m, ':r:M:200:FOO::/i:'), exec(m, '/at200')],
    { '2.6.29': ['EINVAL', 'ENOEXEC'], '5.4': ['ok', 'ok'] },
  ],
  'a #! path that 128 bytes cut': [(m) => runs(m, '/s-long'), { '2.6.29': '/p… /s-long', '5.4': '/p…q… /s-long' }],
  'a #! argument of 300 bytes': [(m) => (argvOf(m, '/s-wide')[1] ?? '').length, { '2.6.29': 127 - 5, '5.4': 255 - 5 }],
  '#! at the end of a file': [(m) => exec(m, '/s-eof'), { '2.6.29': 'ENOEXEC', '6.1': 'EACCES' }],
  'a blank at the end of a file': [(m) => argvOf(m, '/s-blank').length, { '2.6.29': 2, '6.1': 3 }],
  'five and six interpreters': [(m) => [exec(m, '/c5'), exec(m, '/c6')], { '2.6.29': ['ok', 'ENOEXEC'], '2.6.32': ['ok', 'ELOOP'] }],
  'why a binary is not run': [
    (m) => {
      const trace = m.trace();
      exec(m, '/binary');
      return trace.flatMap((e) => (e.ev === 'exec_fail' ? [e.message] : []));
    },
    { '2.6.29': ['no format recognised the file, nor is there a module binfmt-8382'], '6.18': ['no format recognised the file'] },
  ],
  'no argv at all': [(m) => argvOf(m, '/i', { argv: [] }).length, { '2.6.29': 0, '6.1': 1 }],
  execveat: [execveat, { '2.6.29': 'ENOSYS', '4.9': 'ENOENT' }],
  AT_EXECVE_CHECK: [(m) => exec(m, '/text', { flags: AT_EXECVE_CHECK }), { '2.6.29': 'EINVAL', '6.18': 'ok' }],
  'comm of a program started by descriptor': [commOfDescriptor, { '2.6.29': 'ok 0', '6.1': 'ok i' }],
  'arguments under a stack of 64 MiB': [argumentsThatFit, { '2.6.29': [6200, 6290, 16700], '4.19': [6200] }],
  '74 program headers': [(m) => exec(m, '/headers74'), { '2.6.29': 'SIGSEGV', '4.9': 'ENOEXEC', '6.18': 'SIGSEGV' }],
  'a header table beyond the end': [(m) => exec(m, '/headers-short'), { '2.6.29': 'EIO', '4.9': 'ENOEXEC' }],
  'a PT_INTERP of 100 bytes': [(m) => exec(m, '/needs-short'), { '2.6.29': 'EIO', '4.9': 'ELIBBAD' }],
  'a PT_INTERP without headers': [(m) => exec(m, '/needs-bad'), { '2.6.29': 'SIGKILL', '4.9': 'ELIBBAD' }],
  'a PT_INTERP with 74 headers': [(m) => exec(m, '/needs-74'), { '2.6.29': 'SIGKILL', '4.9': 'ELIBBAD', '6.18': 'SIGSEGV' }],
  'a program that cannot be mapped': [(m) => exec(m, '/dies'), { '2.6.29': 'SIGKILL', '4.9': 'SIGSEGV' }],
  'lines of 256, 257 and 1921 bytes': [
    (m) => reg(m, ...[256, 257, 1921].map((n, i) => `:${i}:E::foo::/${'x'.repeat(n - 13)}:`)),
    { '2.6.29': 'ok EINVAL EINVAL', '4.9': 'ok ok EINVAL' },
  ],
  'a name twice': [(m) => reg(m, ':r:E::foo::/i:', ':r:E::bar::/i:'), { '2.6.29': 'ok EINVAL', '4.9': 'ok EEXIST' }],
  'an offset of 2 to the 32nd, and one with a sign': [
    (m) => reg(m, ':a:M:4294967296:FOO::/i:', ':b:M:+1:FOO::/i:'),
    { '2.6.29': 'ok EINVAL', '4.19': 'EINVAL ok' },
  ],
  'flag F': [(m) => reg(m, ':r:E::foo::/i:F'), { '2.6.29': 'EINVAL', '4.9': 'ok' }],
  'who opens the interpreter of F': [pinned, { '2.6.29': 'EINVAL', '4.9': 'EACCES', '6.12': 17 }],
  'an interpreter path of 145 bytes in a rule': [
    (m) => [reg(m, `:r:E::foo::${LONG}:`), runs(m, '/foo.foo').replace('script ', '')],
    { '2.6.29': ['ok', '/i /foo.foo'], '2.6.32': ['ok', 'ENOENT'], '4.19': ['ok', '/p…q… /foo.foo'], lab: ['ok', '/i /foo.foo'] },
  ],
  'two backslashes in a magic': [
    (m) => [reg(m, ':r:M::\\\\x41::/i:'), control(m.kernel.init_task, '/nowhere', '')],
    { '2.6.29': ['ok', 'open: ENOENT'] },
  ],
  'what -1 to status returns': [flushed, { '2.6.29': 3, '4.9': 2 }],
  'AT_FLAGS under P': [flagsOfP, { '2.6.29': 0, '6.1': 1, lab: 0 }],
  'O before a script': [
    (m) => [reg(m, ':o:M::text::/foo.foo:O'), runs(m, '/text')],
    { '2.6.29': ['ok', '/i script /foo.foo /text'], '6.1': ['ok', 'ENOEXEC'] },
  ],
  'the number of AT_EXECFD': [execfd, { '2.6.29': ['none'], '2.6.32': [1, 1], '6.1': [0, 0], lab: ['none'] }],
  'rules after the last umount': [
    afterUmount,
    { '2.6.29': [0, '/i script /foo.foo'], '2.6.32': [0, '/i /foo.foo'], '6.1': [0, '/i script /foo.foo'] },
  ],
  'the switch after the last umount': [switchAfterUmount, { '2.6.29': 'disabled\n', '6.12': 'enabled\n' }],
  'a mount inside a user namespace': [
    mountInside,
    { '2.6.29': 'unshare EINVAL', '4.9': ['EPERM', '/i /foo.foo'], '6.12': [0, '/i script /foo.foo'] },
  ],
  'a file of the mount is executed': [executedEntry, { '2.6.29': 'ENOEXEC', '6.1': 'EINVAL', '6.12': 'EACCES' }],
};

/** The answer that holds for a kernel: the last change up to it. */
function expected(answers: Readonly<Record<string, Told>>, name: string): Told {
  const order: readonly string[] = [...LINUX, 'lab'];
  const changed = order.slice(0, order.indexOf(name) + 1).findLast((n) => n in answers) ?? '2.6.29';
  return answers[changed] as Told;
}

describe.each(Object.keys(versions))('kernel %s', (name) => {
  it.each(Object.entries(QUESTIONS))('%s', async (_what, [ask, answers]) => {
    expect(await ask(make(name))).toEqual(expected(answers, name));
  });

  it('says who it is', async () => {
    const lab = await boot({ kernel: name });
    const { release, utsversion } = versions[name as keyof typeof versions];
    const told = await lab.run('uname -r; uname -v; cat /proc/version /proc/sys/kernel/osrelease /proc/sys/kernel/version');
    lab.dispose();
    expect(told.stdout.text).toBe(
      `${release}\n${utsversion}\nLinux version ${release} (binfmt-lab) ${utsversion}\n${release}\n${utsversion}\n`,
    );
  });
});

describe('the table', () => {
  it('says of each cell how it is known, and what changed it', () => {
    for (const [column, { known, change }] of Object.entries(evidence)) {
      expect(known, column).toHaveLength(LINUX.length);
      expect(
        [...known].filter((letter) => !(letter in EVIDENCE)),
        column,
      ).toEqual([]);
      expect(change, column).not.toBe('');
    }
  });

  it('has no column that nothing reads', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && !f.includes('init/version'));
    const source = files.map((f) => readFileSync(join('src', f), 'utf8')).join('\n');
    expect(Object.keys(evidence).filter((column) => !new RegExp(`\\b${column}\\b`).test(source))).toEqual([]);
  });

  it('answers for no other kernel', () => {
    expect(kernelVersion('7.0')).toBe('unknown kernel 7.0: choose one of lab, 2.6.29, 2.6.32, 4.9, 4.19, 5.4, 6.1, 6.12, 6.18');
    expect(kernelVersion('toString')).toMatch(/^unknown kernel/);
  });
});
