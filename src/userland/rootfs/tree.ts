/** The directories of a Debian system, the merged /usr, and /dev. */
import type { HostArch } from '../../uapi/host.ts';
import type { RootEntry } from '../../uapi/rootfs.ts';
import { chr, dir, symlink } from './entry.ts';

const GID_TTY = 5;
const GID_MAIL = 8;
const GID_STAFF = 50;

export function directories(host: HostArch): RootEntry[] {
  return [...top(host), ...usr(), ...variable(), ...dev()];
}

function top(host: HostArch): RootEntry[] {
  const links = ['bin', 'sbin', 'lib', ...(host === 'x86_64' ? ['lib64'] : [])];
  return [
    ...links.map((name) => symlink(`/${name}`, `usr/${name}`)),
    ...['boot', 'dev', 'etc', 'home', 'media', 'mnt', 'opt', 'run', 'srv', 'usr', 'var'].map((name) => dir(`/${name}`)),
    dir('/proc', 0o555),
    dir('/sys', 0o555),
    dir('/root', 0o700),
    dir('/tmp', 0o1777),
    ...['alternatives', 'binfmt.d', 'default', 'profile.d', 'skel'].map((name) => dir(`/etc/${name}`)),
    dir('/run/lock', 0o1777),
    dir('/run/user'),
  ];
}

function usr(): RootEntry[] {
  const inUsr = ['bin', 'games', 'include', 'lib', 'libexec', 'libexec/qemu-binfmt', 'local', 'sbin', 'share', 'share/binfmts', 'src'];
  const inLocal = ['bin', 'etc', 'games', 'include', 'lib', 'sbin', 'share', 'src'];
  return [
    ...inUsr.map((name) => dir(`/usr/${name}`)),
    ...inLocal.map((name) => dir(`/usr/local/${name}`)),
    symlink('/usr/local/man', 'share/man'),
    dir('/usr/lib/binfmt.d'),
  ];
}

function variable(): RootEntry[] {
  return [
    ...['backups', 'cache', 'lib', 'lib/binfmts', 'lib/dpkg', 'lib/misc', 'log', 'opt', 'spool'].map((name) => dir(`/var/${name}`)),
    dir('/var/local', 0o2775, { gid: GID_STAFF }),
    dir('/var/mail', 0o2775, { gid: GID_MAIL }),
    dir('/var/tmp', 0o1777),
    symlink('/var/lock', '/run/lock'),
    symlink('/var/run', '/run'),
  ];
}

function dev(): RootEntry[] {
  return [
    chr('/dev/console', 5, 1, 0o600),
    chr('/dev/full', 1, 7, 0o666),
    chr('/dev/null', 1, 3, 0o666),
    chr('/dev/random', 1, 8, 0o666),
    chr('/dev/tty', 5, 0, 0o666, { gid: GID_TTY }),
    chr('/dev/urandom', 1, 9, 0o666),
    chr('/dev/zero', 1, 5, 0o666),
    dir('/dev/pts'),
    dir('/dev/shm', 0o1777),
    symlink('/dev/fd', '/proc/self/fd'),
    symlink('/dev/stdin', '/proc/self/fd/0'),
    symlink('/dev/stdout', '/proc/self/fd/1'),
    symlink('/dev/stderr', '/proc/self/fd/2'),
  ];
}
