/**
 * Scripts, and what Debian 12's tools printed for them (util-linux 2.38.1, coreutils 9.1, procps 4.0.2, strace 6.1, qemu-user 7.2).
 * LC_ALL=C; what depends on the machine (its mounts, its name) is not asked. ENV, N: see system-commands.test.ts.
 */
type Session = readonly [title: string, script: string, stdout: string, stderr?: string];

const TRY = (name: string): string => `Try '${name} --help' for more information.\n`;
const DMESG = '       dmesg(1) may have more information after failed mount system call.\n';
const CHLD = (status: number): string =>
  `--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid= N, si_uid=0, si_status=${status}, si_utime=0, si_stime=0} ---\n`;

export const SESSIONS: readonly Session[] = [
  ['uname and arch', 'uname; uname -s -m; uname -pi; uname -o; arch', 'Linux\nLinux x86_64\nunknown unknown\nGNU/Linux\nx86_64\n'],
  ['uname with an operand', 'uname x; echo $?', '1\n', `uname: extra operand 'x'\n${TRY('uname')}`],
  [
    'id',
    'id; id nobody; id -un; id -G',
    'uid=0(root) gid=0(root) groups=0(root)\nuid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\nroot\n0\n',
  ],
  [
    'id of two things',
    'id -ug; id -n; echo $?',
    '1\n',
    'id: cannot print "only" of more than one choice\nid: cannot print only names or real IDs in default format\n',
  ],
  ['id of nobody known', 'id nosuch; echo $?', '1\n', "id: 'nosuch': no such user\n"],
  ['env', 'env -i A=1 B=2; env -u HOME -i A=1; env -S \'echo a  "b c"\'; env -i A=1 B=2 A=3', 'A=1\nB=2\nA=1\na b c\nA=3\nB=2\n'],
  [
    'env without its command',
    'env nosuchcmd; echo $?; env /etc/passwd; echo $?',
    '127\n126\n',
    "env: 'nosuchcmd': No such file or directory\nenv: '/etc/passwd': Permission denied\n",
  ],
  [
    'env of one word with a blank',
    "env 'python3 -u'; echo $?",
    '127\n',
    "env: 'python3 -u': No such file or directory\nenv: use -[v]S to pass options in shebang lines\n",
  ],
  [
    'env -S refuses',
    "env -S 'a\"b'; env -S 'a\\q'; echo $?",
    '125\n',
    "env: no terminating quote in -S string\nenv: invalid sequence '\\q' in -S\n",
  ],
  ['env -C', 'env -C / pwd; env -C /; echo $?', '/\n125\n', `env: must specify command with --chdir (-C)\n${TRY('env')}`],
  [
    'kill',
    '/bin/kill -l; /bin/kill -l 9; /bin/kill -l TERM; /bin/kill 999999; /bin/kill x; echo $?',
    'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT\nCHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS\nKILL\n15\n1\n',
    "/bin/kill: (999999): No such process\n/bin/kill: failed to parse argument: 'x'\n",
  ],
  [
    'ps of one process',
    'sleep 9 & ps -o comm= -p $!; ps -o args= -p $!; ps -p 9999; echo $?; kill $!',
    'sleep\nsleep 9\n  PID TTY          TIME CMD\n1\n',
  ],
  ['mount without a mount point', 'mount -t tmpfs none /nosuch; echo $?', '32\n', `mount: /nosuch: mount point does not exist.\n${DMESG}`],
  ['mount of an unknown type', 'mount -t foo none /mnt; echo $?', '32\n', `mount: /mnt: unknown filesystem type 'foo'.\n${DMESG}`],
  ['mount without fstab', 'mount /mnt; echo $?', '1\n', "mount: /mnt: can't find in /etc/fstab.\n"],
  [
    'bind mounts that cannot be',
    'mount --bind /nosuch /mnt; mount --bind /etc/passwd /mnt; mount --make-private /etc',
    '',
    `mount: /mnt: special device /nosuch does not exist.\n${DMESG}mount: /mnt: mount(2) system call failed: Not a directory.\n${DMESG}mount: /etc: not mount point or bad option.\n${DMESG}`,
  ],
  [
    'a second binfmt_misc',
    'B=/proc/sys/fs/binfmt_misc; mount -t binfmt_misc none $B; mount -t binfmt_misc binfmt_misc $B',
    '',
    `mount: /proc/sys/fs/binfmt_misc: none already mounted or mount point busy.\n${DMESG}mount: /proc/sys/fs/binfmt_misc: binfmt_misc already mounted on /proc/sys/fs/binfmt_misc.\n${DMESG}`,
  ],
  [
    'umount',
    'umount /etc; umount /nosuch; umount; echo $?',
    '1\n',
    `umount: /etc: not mounted.\numount: /nosuch: no mount point specified.\numount: bad usage\n${TRY('umount')}`,
  ],
  [
    'a busy mount',
    'mount -t tmpfs none /mnt; cd /mnt; umount /mnt; echo $?; cd /; umount /mnt; echo $?',
    '32\n0\n',
    'umount: /mnt: target is busy.\n',
  ],
  [
    'mountpoint',
    'mountpoint /; mountpoint /etc; echo $?; mountpoint /nosuch; echo $?; mountpoint -q /etc; echo $?',
    '/ is a mountpoint\n/etc is not a mountpoint\n32\n1\n32\n',
    'mountpoint: /nosuch: No such file or directory\n',
  ],
  [
    'findmnt',
    'mount -t tmpfs -o nosuid none /mnt; findmnt /mnt; findmnt -n -o TARGET,FSTYPE /mnt; findmnt nosuch; echo $?; findmnt -o BAD /; umount /mnt',
    'TARGET SOURCE FSTYPE OPTIONS\n/mnt   none   tmpfs  rw,nosuid,relatime\n/mnt tmpfs\n1\n',
    'findmnt: unknown column: BAD\n',
  ],
  [
    'a user is no superuser',
    'sudo -u student mount -t tmpfs none /mnt; echo $?; sudo -u student umount /proc',
    '32\n',
    `mount: /mnt: must be superuser to use mount.\n${DMESG}umount: /proc: must be superuser to unmount.\n`,
  ],
  [
    'unshare',
    'unshare -Ur id; unshare -U id; unshare -U --map-user=1000 id -u',
    'uid=0(root) gid=0(root) groups=0(root)\nuid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n1000\n',
  ],
  [
    'unshare without its command',
    'unshare -m nosuchcmd; echo $?',
    '127\n',
    'unshare: failed to execute nosuchcmd: No such file or directory\n',
  ],
  [
    'a binfmt_misc of one’s own',
    "unshare -Urm bash -c 'B=/proc/sys/fs/binfmt_misc; mount -t binfmt_misc none $B && echo :inner:E::inn::/bin/cat: > $B/register && cat $B/inner'; ls /proc/sys/fs/binfmt_misc",
    'enabled\ninterpreter /bin/cat\nflags: \nextension .inn\nregister\nstatus\n',
  ],
  [
    'nsenter',
    'nsenter -t x -m ls; nsenter -t 999999 -m ls; nsenter -m ls; echo $?',
    '1\n',
    "nsenter: failed to parse pid: 'x'\nnsenter: cannot open /proc/999999/ns/mnt: No such file or directory\nnsenter: neither filename nor target pid supplied for ns/mnt\n",
  ],
  [
    'chroot',
    'chroot; echo $?; chroot /nosuch ls; echo $?; chroot / nosuchcmd; echo $?',
    '125\n125\n127\n',
    `chroot: missing operand\n${TRY('chroot')}chroot: cannot change root directory to '/nosuch': No such file or directory\nchroot: failed to run command 'nosuchcmd': No such file or directory\n`,
  ],
  [
    'lsmod',
    'lsmod; cat /proc/modules; umount /proc/sys/fs/binfmt_misc; lsmod | tail -n 1; lsmod --help; echo $?',
    'Module                  Size  Used by\nbinfmt_misc            24576  1\nbinfmt_misc 24576 1 - Live 0x0000000000000000\nbinfmt_misc            24576  0\n1\n',
    'Usage: lsmod\n',
  ],
  ['dpkg', 'dpkg --print-architecture; dpkg --print-foreign-architectures', 'amd64\n'],
  [
    'strace follows children',
    "strace -f -e trace=execve bash -c '/bin/true; :'",
    '',
    `execve("/usr/bin/bash", ["bash", "-c", "/bin/true; :"], ENV) = 0\nstrace: Process N attached\n[pid N] execve("/bin/true", ["/bin/true"], ENV) = 0\n[pid N] +++ exited with 0 +++\n${CHLD(0)}+++ exited with 0 +++\n`,
  ],
  [
    'strace has no second act',
    'cd samples; chmod +x hello.pyc; strace ./hello.pyc; echo $?; strace ./nosuch; echo $?',
    '1\n1\n',
    'execve("./hello.pyc", ["./hello.pyc"], ENV) = -1 ENOEXEC (Exec format error)\nstrace: exec: Exec format error\n+++ exited with 1 +++\nstrace: Can\'t stat \'./nosuch\': No such file or directory\n',
  ],
  [
    'strace cuts strings',
    'strace -s 5 -e execve echo abcdefghijkl',
    'abcdefghijkl\n',
    'execve("/usr/bin/echo", ["echo", "abcde"...], ENV) = 0\n+++ exited with 0 +++\n',
  ],
  [
    'strace refuses',
    'strace; strace -e trace=nosuch true; strace -p x; echo $?',
    '1\n',
    "strace: must have PROG [ARGS] or -p PID\nTry 'strace -h' for more information.\nstrace: invalid system call 'nosuch'\nstrace: Invalid process id: 'x'\n",
  ],
  [
    'qemu by hand',
    'cd samples; qemu-aarch64-static ./hello-aarch64; qemu-aarch64-static ./hello-x86_64; echo $?; qemu-aarch64-static; echo $?; qemu-aarch64-static ./hello-aarch64-dyn; echo $?; qemu-aarch64-static ./nosuch; echo $?',
    'Hello container!\nThis is aarch64.\n255\n1\n255\n1\n',
    "qemu-aarch64-static: ./hello-x86_64: Invalid ELF image for this architecture\nqemu: no user program specified\nqemu-aarch64-static: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory\n",
  ],
  [
    'qemu by rules that the script registers',
    '/usr/sbin/qemu-binfmt-conf.sh --qemu-path /usr/bin --qemu-suffix -static -p yes 2>/dev/null | sed -n 1p; cat /proc/sys/fs/binfmt_misc/qemu-arm; for a in aarch64 armhf riscv64 ppc64le s390x mips mipsel; do samples/hello-$a | tail -1; done',
    'Setting /usr/bin/qemu-alpha-static as binfmt interpreter for alpha\nenabled\ninterpreter /usr/bin/qemu-arm-static\nflags: F\noffset 0\nmagic 7f454c4601010100000000000000000002002800\nmask ffffffffffffff00fffffffffffffffffeffffff\n' +
      ['aarch64', 'armv7l', 'riscv64', 'ppc64le', 's390x', 'mips', 'mips'].map((m) => `This is ${m}.\n`).join(''),
  ],
  [
    'a rule of the package',
    'cat /usr/lib/binfmt.d/qemu-arm.conf > /proc/sys/fs/binfmt_misc/register; samples/hello-armhf; samples/hello-armhf-dyn; echo $?; /usr/libexec/qemu-binfmt/arm-binfmt-P x; echo $?',
    'Hello container!\nThis is armv7l.\n255\n1\n',
    "arm-binfmt-P: Could not open '/lib/ld-linux-armhf.so.3': No such file or directory\nqemu: /usr/libexec/qemu-binfmt/arm-binfmt-P has to be run using kernel binfmt-misc subsystem\n",
  ],
  [
    'awk and other processes',
    `printf 'b 2\na 1\n' > t; awk '{print $2, $1 | "sort"} END{close("sort"); print "end"; system("echo sys; exit 3"); "echo from" | getline x; print x; print system("exit 3")}' t; yes | awk 'NR==2{print;exit}'; readlink -f /usr/bin/awk`,
    '1 a\n2 b\nend\nsys\nfrom\n3\ny\n/usr/bin/mawk\n',
  ],
  [
    'su',
    "su nosuch; su -c id nobody; echo $?; su -s /bin/sh -c id nobody; su -s /bin/sh nobody -c 'echo $HOME $USER'; su - root -c pwd; su -z; echo $?",
    'This account is currently not available.\n1\nuid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n/nonexistent nobody\n/root\n1\n',
    `su: user nosuch does not exist or the user entry does not contain all the required fields\nsu: invalid option -- 'z'\n${TRY('su')}`,
  ],
  [
    'pgrep and pkill',
    'sleep 50 & pgrep -x sleep | wc -l; pgrep -l sleep | cut -d" " -f2; pgrep -a sleep | cut -d" " -f2-; pgrep -c sleep; pkill -x sleep; echo $?; wait; pgrep sleep; echo $?',
    '1\nsleep\nsleep 50\n1\n0\n1\n',
  ],
  [
    'pivot_root',
    'pivot_root; pivot_root a b c; pivot_root /nosuch /x; echo $?; unshare -m bash -c "mount -t tmpfs none /mnt; mkdir /mnt/old; cd /mnt; pivot_root . old; echo *; cd /old; echo etc*"',
    '1\nold\netc\n',
    `pivot_root: bad usage\n${TRY('pivot_root')}pivot_root: bad usage\n${TRY('pivot_root')}pivot_root: failed to change root from \`/nosuch' to \`/x': No such file or directory\n`,
  ],
  [
    'gzip and back',
    'echo abc > f; gzip f; ls f*; zcat f.gz; cat f.gz f.gz | gunzip; gunzip -v f.gz; cat f; gzip -k f; gzip -l f.gz | wc -l; gzip -k f; echo $?; head -c 25 f.gz > g.gz; gunzip g.gz; echo $?; gzip f.gz; gunzip -t f.gz; echo $?',
    'f.gz\nabc\nabc\nabc\nabc\n2\n2\n1\n0\n',
    'f.gz:\t-50.0% -- replaced with f\ngzip: f.gz already exists;\tnot overwritten\n\ngzip: g.gz: unexpected end of file\ngzip: f.gz already has .gz suffix -- unchanged\n',
  ],
  [
    'lsns',
    'unshare -m bash -c "lsns -n -t mnt -o TYPE,COMMAND | tail -n 1"; lsns -x; echo $?',
    'mnt  bash -c lsns -n -t mnt -o TYPE,COMMAND | tail -n 1\n1\n',
    `lsns: invalid option -- 'x'\n${TRY('lsns')}`,
  ],
  [
    'tar',
    `exec 2>&1
mkdir w; cd w; mkdir -p d/sub; echo hi > d/f; echo x > d/sub/g; ln -s f d/l; chmod 750 d/sub; touch -d @1700000000 d/f d/sub/g d/sub d; touch -h -d @1700000000 d/l
tar cf a.tar d; echo $?; ln d/f h; tar cf h.tar d/f h; tar tvf h.tar; rm h
tar tf a.tar | sort
tar tvf a.tar | sort -k6 | cut -c1-70
mkdir o; tar xf a.tar -C o; ls -lR o | grep -v total | sed 's/  */ /g'
tar xvf a.tar d/f -C /tmp | cat; tar -xOf a.tar d/sub/g
tar czf a.tgz d; tar tzf a.tgz | wc -l; tar xzf a.tgz --strip-components=1 -C o; ls o
cat a.tar | tar tf - d/sub | sort
tar cf /dev/null /etc/hostname; tar cvf b.tar d/f; tar c d/f | tar t
tar --exclude=sub -cvf c.tar d | sort
tar; echo $?; tar cf x.tar; echo $?; tar tf nosuch.tar; echo $?; tar xf a.tar nosuch; echo $?; tar cf y.tar nosuch; echo $?; echo junk > j; tar tf j; echo $?; tar -ctf a.tar; tar xf a.tar -C /nosuch; echo $?`,
    `0
-rw-r--r-- root/root         3 2023-11-14 22:13 d/f
hrw-r--r-- root/root         0 2023-11-14 22:13 h link to d/f
d/
d/f
d/l
d/sub/
d/sub/g
drwxr-xr-x root/root         0 2023-11-14 22:13 d/
-rw-r--r-- root/root         3 2023-11-14 22:13 d/f
lrwxrwxrwx root/root         0 2023-11-14 22:13 d/l -> f
drwxr-x--- root/root         0 2023-11-14 22:13 d/sub/
-rw-r--r-- root/root         2 2023-11-14 22:13 d/sub/g
o:
drwxr-xr-x 3 root root 4096 Nov 14 2023 d

o/d:
-rw-r--r-- 1 root root 3 Nov 14 2023 f
lrwxrwxrwx 1 root root 1 Nov 14 2023 l -> f
drwxr-x--- 2 root root 4096 Nov 14 2023 sub

o/d/sub:
-rw-r--r-- 1 root root 2 Nov 14 2023 g
d/f
x
5
d
f
l
sub
d/sub/
d/sub/g
tar: Removing leading \`/' from member names
d/f
d/f
d/
d/f
d/l
tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options
Try 'tar --help' or 'tar --usage' for more information.
2
tar: Cowardly refusing to create an empty archive
Try 'tar --help' or 'tar --usage' for more information.
2
tar: nosuch.tar: Cannot open: No such file or directory
tar: Error is not recoverable: exiting now
2
tar: nosuch: Not found in archive
tar: Exiting with failure status due to previous errors
2
tar: nosuch: Cannot stat: No such file or directory
tar: Exiting with failure status due to previous errors
2
tar: This does not look like a tar archive
tar: Exiting with failure status due to previous errors
2
tar: You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option
Try 'tar --help' or 'tar --usage' for more information.
tar: /nosuch: Cannot open: No such file or directory
tar: Error is not recoverable: exiting now
2
`,
  ],
  [
    'man',
    'man; echo $?; man nosuch; echo $?; man 3 execve; man execve | sed -n "1p;3,4p"; man 5 binfmt_misc | grep -c .; man ls | sed -n 3,4p; man -k x; echo $?',
    '1\n16\nEXECVE(2)                               System Calls Manual                               EXECVE(2)\nNAME\n       execve - execute a program\n34\nNAME\n       ls\n1\n',
    "What manual page do you want?\nFor example, try 'man man'.\nNo manual entry for nosuch\nNo manual entry for execve in section 3\nman: -k is not supported here\n",
  ],
];
