/** What the flags O, C and F bring about: descriptors, credentials, interpreters that stay. */
import type { Case } from '../case.ts';

const BM = '/proc/sys/fs/binfmt_misc';
const setup = `r() { printf '%s' "$1" > ${BM}/register; }; f() { printf "$2" > $1; chmod \${3:-755} $1; }; as() { chroot --userspec=1000:1000 / sh -c "cd /root; $*"; }; chmod 755 /root; `;
const row = (what: string, script: string): Case => ({ id: `flags/${what}`, script: setup + script });

const execfd = `cp /bin/ls i; r ':a:E::foo::/root/i:O'; `;

/** What the program hears from the kernel, without addresses and what is the processor's. */
const heard = `grep -E '^AT_(PAGESZ|CLKTCK|PHENT|FLAGS|UID|EUID|SECURE|EXECFN|PLATFORM|EXECFD):'`;

export const flags: readonly Case[] = [
  row('a setuid interpreter counts', `cp /usr/bin/id i; chmod 4755 i; as './i -u; ./i -ru'`),
  row(
    'whom C makes of it',
    `cp /bin/cat c; f x.foo '' 4755; for flags in '' P O F C CF; do r ":a:E::foo::/root/c:$flags"; as 'exec ./x.foo /proc/self/status' | grep -E '^(Uid|Gid)'; echo -1 > ${BM}/a; done`,
  ),
  row(
    'a setuid interpreter counts without C, and not with it',
    `cp /bin/cat c; chmod 4755 c; f x.foo ''; for flags in '' O C; do r ":a:E::foo::/root/c:$flags"; as 'exec ./x.foo /proc/self/status' | grep -E '^Uid'; echo -1 > ${BM}/a; done`,
  ),
  row(
    'set-group-id needs the x bit of the group',
    `cp /bin/cat c; r ":a:E::foo::/root/c:C"; for mode in 2755 2745; do f x.foo '' $mode; as 'exec ./x.foo /proc/self/status' | grep -E '^Gid'; done`,
  ),
  row(
    'nosuid takes the bits away',
    `mkdir n; mount -t tmpfs -o nosuid,mode=755 none n; cp /bin/cat c; r ":a:E::foo::/root/c:C"; f n/x.foo '' 4755; as 'exec n/x.foo /proc/self/status' | grep -E '^Uid'; cp c n; chmod 4755 n/c; as 'n/c /proc/self/status' | grep -E '^Uid'`,
  ),
  row('a script has no set-id bits', `f s '#!/bin/cat /proc/self/status\\n' 4755; as ./s | grep -E '^Uid'`),
  row(
    'a descriptor of a file that nobody may read',
    `f x.foo 'secret\\n' 711; ${execfd} as './x.foo -l /proc/self/fd 2>/dev/null | grep -o "[^ ]* -> /root/x.foo"'`,
  ),
  row(
    'without O there is no descriptor',
    `cp /bin/ls i; r ':a:E::foo::/root/i:'; f x.foo ''; ./x.foo -l /proc/self/fd 2>/dev/null | grep -c -- '-> /root/x.foo'`,
  ),
  row('the lowest free number', `${execfd} f x.foo ''; ./x.foo -l /proc/self/fd 0<&- 2>/dev/null | grep -o "[^ ]* -> /root/x.foo"`),
  row(
    'a rule, then a rule with O: the file of the second',
    `cp /bin/ls i; r ':a:E::foo::/root/m.bar:'; r ':b:E::bar::/root/i:O'; f x.foo ''; f m.bar ''; ./x.foo -l /proc/self/fd 2>/dev/null | grep -o "/root/[mx][.a-z]*$"`,
  ),
  row(
    'a script, then a rule with O',
    `cp /bin/ls i; r ':b:E::bar::/root/i:O'; f s '#!/root/m.bar\\n'; f m.bar ''; ./s -l /proc/self/fd 2>/dev/null | grep -o "/root/[ms][.a-z]*$"`,
  ),
  row('what a program hears', `LD_SHOW_AUXV=1 /bin/true | ${heard}`),
  row(
    'what an interpreter hears',
    `f x.foo ''; for flags in '' P O PO; do r ":a:E::foo::/bin/true:$flags"; LD_SHOW_AUXV=1 ./x.foo | ${heard}; echo -1 > ${BM}/a; done`,
  ),
  row('what an interpreter of a script hears', `f s '#!/bin/true\\n'; LD_SHOW_AUXV=1 ./s | grep EXEC`),
  row(
    'a program with rights hears no wish',
    `cp /bin/true t; chmod 4755 t; as 'LD_SHOW_AUXV=1 ./t'; LD_SHOW_AUXV=1 ./t | grep -c AT_FLAGS`,
  ),
  row('the vector in proc', `od -A n -t u8 -w16 -v /proc/self/auxv | grep -E '^ +(6|17|4|8|11|23|0) '`),
  row('P, then a script', `f i '#!/bin/echo -s\\n'; r ':a:E::foo::/root/i:P'; f x.foo ''; (exec -a zero ./x.foo a)`),
  row('a script, then P', `r ':a:E::foo::/bin/echo:P'; f i.foo ''; f s '#!/root/i.foo -q\\n'; (exec -a zero ./s a)`),
  row(
    'F: gone from its name',
    `mkdir d; cp /bin/echo d/e; r ':a:E::foo::/root/d/e:F'; f x.foo ''; rm d/e; ./x.foo unlinked; echo $?; rmdir d; ./x.foo; cat ${BM}/a | head -2`,
  ),
  row(
    'F: renamed and replaced',
    `cp /bin/echo e; r ':a:E::foo::/root/e:F'; f x.foo ''; mv e old; cp /bin/false e; ./x.foo replaced; echo $?`,
  ),
  row('F: the x bit is gone', `cp /bin/echo e; r ':a:E::foo::/root/e:F'; f x.foo ''; chmod 644 e; ./x.foo still; echo $?`),
  row(
    'F: bound over',
    `cp /bin/echo e; r ':a:E::foo::/root/e:F'; f x.foo ''; mount --bind /bin/false e; ./x.foo under; echo $?; ./e; echo $?`,
  ),
  row(
    'F: in another root',
    `mkdir -p c/root c/lib64 c/lib; cp /bin/echo e; r ':a:E::foo::/root/e:F'; f c/x.foo ''; for l in $(ldd /bin/echo | grep -o '/[^ ]*'); do mkdir -p c$(dirname $l); cp $l c$l; done; chroot c /x.foo inside; echo $?`,
  ),
  row(
    'F: a mount that was let go',
    `mkdir m; mount -t tmpfs none m; cp /bin/echo m/e; r ':a:E::foo::/root/m/e:F'; f x.foo ''; umount m 2>/dev/null; echo $?; umount -l m; ./x.foo lazy; echo $?; echo -1 > ${BM}/a; ./x.foo; echo $?`,
  ),
  row(
    'F: noexec afterwards',
    `mkdir m; mount -t tmpfs none m; cp /bin/echo m/e; r ':a:E::foo::/root/m/e:F'; f x.foo ''; mount -o remount,noexec m; ./x.foo; echo $?`,
  ),
  row(
    'F: cannot be written while the rule stands',
    `cp /bin/echo e; r ':a:E::foo::/root/e:F'; echo x >> e; echo $?; echo 0 > ${BM}/a; echo x >> e; echo $?; echo -1 > ${BM}/a; : >> e; echo $?`,
  ),
  row(
    'F: while it is written',
    `cp /bin/echo e; exec 3>>e; r ':a:E::foo::/root/e:F'; echo $?; exec 3>&-; r ':a:E::foo::/root/e:F'; echo $?`,
  ),
  row(
    'F: a script, whose interpreter is looked up',
    `f i '#!/root/e\\n'; cp /bin/echo e; r ':a:E::foo::/root/i:F'; f x.foo ''; rm i; ./x.foo; rm e; ./x.foo; echo $?`,
  ),
  row(
    'a rule whose interpreter is relative',
    `cp /bin/echo e; r ':a:E::foo::e:'; f x.foo ''; mkdir d; ./x.foo here; cd d; ../x.foo there; echo $?`,
  ),
  row(
    'a namespace that is left takes its rules along',
    `f x.foo 'echo text\\n'; unshare -Urm bash -c "mount -t binfmt_misc none ${BM} 2>/dev/null && echo ':a:E::foo::/bin/echo:' > ${BM}/register && ./x.foo; echo \\$?"; ./x.foo; ls ${BM}`,
  ),
  row(
    "a grandchild uses its parent's rules",
    `f x.foo 'echo text\\n'; unshare -Urm bash -c "mount -t binfmt_misc none ${BM} 2>/dev/null && echo ':a:E::foo::/bin/echo:' > ${BM}/register; unshare -Ur ./x.foo"`,
  ),
  row(
    'a rule of the parent, by its open file',
    `exec 9> ${BM}/register; f x.foo 'echo text\\n'; unshare -Urm bash -c "mount -t binfmt_misc none ${BM} 2>/dev/null; echo ':a:E::foo::/bin/echo:' >&9; ls ${BM}; ./x.foo"; exec 9>&-; ./x.foo; ls ${BM}`,
  ),
  row('umount while a file is open', `exec 9< ${BM}/status; umount ${BM} 2>/dev/null; echo $?; exec 9<&-; umount ${BM}; echo $?`),
];
