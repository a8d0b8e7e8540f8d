/**
 * Another kernel than this machine's, to be asked by npm run conformance:record -- --kernel V: Debian's own, under qemu, with the shell
 * and the tools of this machine in its first file system. Needs Debian 12 with qemu-system-x86, busybox-static and cpio; no KVM.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Of each kernel that can be asked: the package that brings it. */
const KERNELS = { 6.1: 'linux-image-cloud-amd64' };
/** Whose files the scripts find. */
const PACKAGES =
  'bash dash coreutils util-linux util-linux-extra mount bsdextrautils bsdutils grep sed mawk findutils hostname procps file libmagic-mgc ' +
  'binutils binutils-x86-64-linux-gnu xxd strace perl-base login passwd diffutils tar gzip base-files libc-bin ncurses-bin ncurses-base debianutils';
const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });

/** What the scripts say there: by id, in the form of Outcome. `setup` is run before each, in its own mount, pid and uts namespaces. */
export function askOtherKernel(version, cases, setup, environment) {
  const image = kernelFiles(KERNELS[version] ?? fail(`no kernel ${version} to be had: one of ${Object.keys(KERNELS).join(', ')}`));
  const work = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const tree = join(work, 'tree');
    copyTools(tree);
    cpSync(image.module, join(tree, 'binfmt_misc.ko'));
    writeCases(tree, cases, setup, environment);
    const outcomes = boot(work, image.vmlinuz, pack(work, tree));
    return { release: image.release, outcomes: new Map(cases.map((c, i) => [c.id, outcomes.get(i) ?? fail(`${c.id}: no answer`)])) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function fail(why) {
  throw new Error(why);
}

/** Downloads the kernel once. */
function kernelFiles(meta) {
  const kept = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'binfmt-lab', meta);
  if (!existsSync(kept)) {
    const name = /Depends: (linux-image-\S+)/.exec(run('apt-cache', 'depends', meta))?.[1] ?? fail(`apt-get update knows no ${meta}`);
    mkdirSync(kept, { recursive: true });
    execFileSync('apt-get', ['download', name], { cwd: kept, stdio: 'ignore' });
    run('dpkg', '-x', join(kept, readdirSync(kept)[0]), kept);
  }
  const vmlinuz = join(
    kept,
    'boot',
    readdirSync(join(kept, 'boot')).find((f) => f.startsWith('vmlinuz-')),
  );
  const release = basename(vmlinuz).replace('vmlinuz-', '');
  return { release, vmlinuz, module: join(kept, 'lib/modules', release, 'kernel/fs/binfmt_misc.ko') };
}

/** The packages' programs with the libraries that ldd names, and what they read at run time. */
function copyTools(tree) {
  for (const dir of ['usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'proc', 'sys', 'dev', 'tmp', 'root', 'etc', 'run', 'var', 'answers']) {
    mkdirSync(join(tree, dir), { recursive: true });
  }
  run('cp', '-a', '/bin', '/sbin', '/lib', '/lib64', tree);
  for (const f of ['passwd', 'group', 'shadow', 'os-release', 'debian_version', 'shells']) cpSync(`/etc/${f}`, join(tree, 'etc', f));
  const installed = PACKAGES.split(' ').flatMap((p) => run('dpkg', '-L', p).split('\n'));
  const wanted = installed.filter((f) => /^(\/usr)?\/(bin|sbin|lib\/(file|terminfo)|share\/misc|lib\/.*perl)\/./.test(f));
  const programs = wanted.filter((f) => /bin\//.test(f));
  const libraries = run('sh', '-c', 'ldd "$@" 2>/dev/null | grep -o "/[^ ]*" | tr -d :', 'sh', ...programs).split('\n');
  const files = [...new Set([...wanted, ...libraries, '/usr/bin/which', '/usr/bin/awk'])].filter((f) => f.startsWith('/') && existsSync(f));
  for (const f of files) copyFile(tree, f.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/'));
}

function copyFile(tree, file) {
  mkdirSync(join(tree, dirname(file)), { recursive: true });
  run('cp', '-a', '--no-clobber', file, join(tree, dirname(file)));
  const target = run('realpath', file).trim();
  if (target !== file && existsSync(target) && !existsSync(join(tree, target))) copyFile(tree, target);
}

function writeCases(tree, cases, setup, environment) {
  cases.forEach((one, i) => {
    const dir = join(tree, 'cases', String(i));
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'script'), one.script);
    writeFileSync(join(dir, 'stdin'), one.stdin ?? '');
  });
  const env = Object.entries(environment).map(([k, v]) => `'${k}=${v}'`);
  const inside = `${setup} exec env -i ${env.join(' ')} bash --norc -c "$SCRIPT"`;
  writeFileSync(join(tree, 'inside'), inside);
  writeFileSync(join(tree, 'init'), INIT, { mode: 0o755 });
}

/** Process 1. One table of rules for all: it is emptied between two scripts, with builtins where a rule might take every program. */
const INIT = `#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C TZ=UTC
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev; mkdir -p /dev/pts; mount -t devpts devpts /dev/pts
ln -sf /proc/self/fd /dev/fd; ln -sf /proc/self/fd/0 /dev/stdin; ln -sf /proc/self/fd/1 /dev/stdout; ln -sf /proc/self/fd/2 /dev/stderr
busybox insmod /binfmt_misc.ko
BM=/proc/sys/fs/binfmt_misc
export INSIDE=$(< /inside)
for dir in $(cd /cases; ls | sort -n); do
  export SCRIPT=$(< /cases/$dir/script)
  SECONDS=0
  timeout -s KILL 240 unshare --mount --uts --pid --fork --kill-child sh -c "$INSIDE" < /cases/$dir/stdin > /answers/$dir.out 2> /answers/$dir.err
  status=$?
  [ $SECONDS -lt 240 ] && echo $status > /answers/$dir.status
  mount -t binfmt_misc binfmt_misc $BM && { echo -1 > $BM/status; echo 1 > $BM/status; umount $BM; }
  echo "case $dir" > /dev/ttyS0
done
tar -C /answers -c . | gzip | base64 > /dev/ttyS1
sync; busybox poweroff -f
`;

function pack(work, tree) {
  run('cp', '-a', '/usr/bin/busybox', join(tree, 'usr/bin/busybox'));
  const initrd = join(work, 'initrd');
  execFileSync('sh', ['-c', 'find . | cpio -o -H newc --quiet > "$1"', 'sh', initrd], { cwd: tree });
  return initrd;
}

function boot(work, vmlinuz, initrd) {
  const [console_, answers] = [join(work, 'console'), join(work, 'answers')];
  const args = '-M q35,accel=tcg -cpu max -m 2048 -display none -monitor none -no-reboot -append'.split(' ');
  const serial = ['-serial', `file:${console_}`, '-serial', `file:${answers}`];
  const done = spawnSync('qemu-system-x86_64', [...args, 'console=ttyS0 panic=-1', '-kernel', vmlinuz, '-initrd', initrd, ...serial], {
    stdio: 'inherit',
    timeout: 3_600_000,
  });
  if (done.status !== 0 || !existsSync(answers)) fail(`qemu: ${done.error ?? done.status}`);
  writeFileSync(join(work, 'a.tgz'), Buffer.from(readFileSync(answers, 'latin1'), 'base64'));
  mkdirSync(join(work, 'answered'));
  run('tar', '-C', join(work, 'answered'), '-xzf', join(work, 'a.tgz'));
  return outcomesIn(join(work, 'answered'));
}

/** A script that did not end in time has no status, and so no answer. */

function outcomesIn(dir) {
  const read = (i, what) => readFileSync(join(dir, `${i}.${what}`), 'latin1');
  const ended = readdirSync(dir).filter((f) => f.endsWith('.status'));
  return new Map(
    ended
      .map((f) => Number.parseInt(f, 10))
      .map((i) => [i, { stdout: read(i, 'out'), stderr: read(i, 'err'), status: Number(read(i, 'status')) }]),
  );
}
