/** /etc and the home directories. */
import type { HostArch } from '../../uapi/host.ts';
import type { RootEntry } from '../../uapi/rootfs.ts';
import { binfmtLine, rulesOfPackage } from '../qemu/rules.ts';
import { dir, symlink, text } from './entry.ts';

const HOSTNAME = 'lab';
const GID_SHADOW = 42;
const STUDENT = { uid: 1000, gid: 1000 } as const;

export function configuration(host: HostArch): RootEntry[] {
  return [...accounts(), ...system(), ...shellStart(), ...home(), ...binfmtD(host)];
}

const NOLOGIN = '/usr/sbin/nologin';
const PASSWD: readonly (readonly [name: string, uid: number, gid: number, gecos: string, home: string, shell: string])[] = [
  ['root', 0, 0, 'root', '/root', '/bin/bash'],
  ['daemon', 1, 1, 'daemon', '/usr/sbin', NOLOGIN],
  ['bin', 2, 2, 'bin', '/bin', NOLOGIN],
  ['sys', 3, 3, 'sys', '/dev', NOLOGIN],
  ['sync', 4, 65534, 'sync', '/bin', '/bin/sync'],
  ['games', 5, 60, 'games', '/usr/games', NOLOGIN],
  ['man', 6, 12, 'man', '/var/cache/man', NOLOGIN],
  ['lp', 7, 7, 'lp', '/var/spool/lpd', NOLOGIN],
  ['mail', 8, 8, 'mail', '/var/mail', NOLOGIN],
  ['news', 9, 9, 'news', '/var/spool/news', NOLOGIN],
  ['uucp', 10, 10, 'uucp', '/var/spool/uucp', NOLOGIN],
  ['proxy', 13, 13, 'proxy', '/bin', NOLOGIN],
  ['www-data', 33, 33, 'www-data', '/var/www', NOLOGIN],
  ['backup', 34, 34, 'backup', '/var/backups', NOLOGIN],
  ['list', 38, 38, 'Mailing List Manager', '/var/list', NOLOGIN],
  ['irc', 39, 39, 'ircd', '/run/ircd', NOLOGIN],
  ['_apt', 42, 65534, '', '/nonexistent', NOLOGIN],
  ['nobody', 65534, 65534, 'nobody', '/nonexistent', NOLOGIN],
  ['student', STUDENT.uid, STUDENT.gid, 'Student,,,', '/home/student', '/bin/bash'],
];

const GROUP =
  'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 ' +
  'cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 ' +
  'video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534 student:1000';
const MEMBERS: Readonly<Record<string, string>> = { sudo: 'student' };

const SUDOERS = `Defaults	env_reset
Defaults	mail_badpass
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Defaults	use_pty
root	ALL=(ALL:ALL) ALL
%sudo	ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
`;

function accounts(): RootEntry[] {
  const passwd = PASSWD.map(([name, ...rest]) => `${[name, 'x', ...rest].join(':')}\n`);
  const groups = GROUP.split(' ').map((row) => row.split(':') as [string, string]);
  const shadow = PASSWD.map(([name]) => `${name}:*:19518:0:99999:7:::\n`);
  return [
    text('/etc/passwd', passwd.join('')),
    text('/etc/group', groups.map(([name, gid]) => `${name}:x:${gid}:${MEMBERS[name] ?? ''}\n`).join('')),
    text('/etc/shadow', shadow.join(''), 0o640, { gid: GID_SHADOW }),
    text('/etc/gshadow', groups.map(([name]) => `${name}:*::${MEMBERS[name] ?? ''}\n`).join(''), 0o640, { gid: GID_SHADOW }),
    text('/etc/sudoers', SUDOERS, 0o440),
    dir('/etc/sudoers.d'),
    text('/etc/sudoers.d/90-cloud-init-users', 'student ALL=(ALL) NOPASSWD:ALL\n', 0o440),
  ];
}

const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;

function system(): RootEntry[] {
  const shells = ['/bin/sh', '/usr/bin/sh', '/bin/bash', '/usr/bin/bash', '/bin/rbash', '/usr/bin/rbash', '/bin/dash', '/usr/bin/dash'];
  return [
    text('/etc/hostname', `${HOSTNAME}\n`),
    text('/etc/hosts', `127.0.0.1\tlocalhost\n127.0.1.1\t${HOSTNAME}\n`),
    text('/usr/lib/os-release', OS_RELEASE),
    symlink('/etc/os-release', '../usr/lib/os-release'),
    text('/etc/debian_version', '12.11\n'),
    text('/etc/issue', 'Debian GNU/Linux 12 \\n \\l\n\n'),
    text('/etc/environment', ''),
    text('/etc/fstab', ''),
    text('/etc/shells', `# /etc/shells: valid login shells\n${shells.join('\n')}\n`),
    symlink('/etc/mtab', '../proc/self/mounts'),
  ];
}

/** Short lines, which a shell can read before anything else of it has loaded. */
const PROFILE = `# Read by every login shell.
PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
[ "\${UID:-0}" = 0 ] || PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
export PATH
[ -z "$PS1" ] || [ -z "$BASH" ] || [ ! -f /etc/bash.bashrc ] || . /etc/bash.bashrc
`;
const BASH_BASHRC = `# Read by every interactive bash.
[ -z "$PS1" ] && return
PS1='\\u@\\h:\\w\\$ '
`;
const HOME_PROFILE = `# Read by login shells.
[ -z "$BASH" ] || [ ! -f ~/.bashrc ] || . ~/.bashrc
`;
const ROOT_BASHRC = `# Read by interactive shells of root. Put your aliases here, for example:
# alias ll='ls -l'
`;
const STUDENT_BASHRC = `# Read by interactive shells.
[ -z "$PS1" ] && return
HISTCONTROL=ignoreboth
HISTSIZE=1000
`;

function shellStart(): RootEntry[] {
  return [text('/etc/profile', PROFILE), text('/etc/bash.bashrc', BASH_BASHRC)];
}

function home(): RootEntry[] {
  return [
    text('/root/.bashrc', ROOT_BASHRC),
    text('/root/.profile', HOME_PROFILE),
    text('/etc/skel/.bashrc', STUDENT_BASHRC),
    text('/etc/skel/.profile', HOME_PROFILE),
    dir('/home/student', 0o755, STUDENT),
    text('/home/student/.bashrc', STUDENT_BASHRC, 0o644, STUDENT),
    text('/home/student/.profile', HOME_PROFILE, 0o644, STUDENT),
  ];
}

/** What systemd-binfmt would register: the packages' files, for the guests that have an emulator here. */
function binfmtD(host: HostArch): RootEntry[] {
  const python = ':python3.11:M::\\xa7\\x0d\\x0d\\x0a::/usr/bin/python3.11:\n';
  return [
    text('/usr/lib/binfmt.d/python3.11.conf', python),
    ...rulesOfPackage(host).map((rule) => text(`/usr/lib/binfmt.d/${rule.name}.conf`, `${binfmtLine(rule)}\n`)),
  ];
}
