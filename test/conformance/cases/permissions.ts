/** Path walk, permissions and file kinds, before any format is asked. */
import type { Case } from '../case.ts';

const setup = `f() { printf "$2" > $1; chmod \${3:-755} $1; }; `;
const row = (what: string, script: string): Case => ({ id: `exec/${what}`, script: setup + script });

export const permissions: readonly Case[] = [
  row('a missing file', `./nosuch; echo $?; nosuch; echo $?`),
  row('a file without x bit', `f a 'echo hi\\n' 644; ./a; echo $?`),
  row('a directory', `mkdir d; ./d; echo $?; ./d/; echo $?`),
  row('a file as directory', `f a 'echo hi\\n'; ./a/b; echo $?; ./a/; echo $?`),
  row('a dangling link', `ln -s nosuch l; ./l; echo $?`),
  row('a link to itself', `ln -s l l; ./l; echo $?`),
  row(
    'a chain of links',
    `cp /bin/echo e; p=e; for i in $(seq 40); do ln -s $p l$i; p=l$i; done; ./l40 runs; ln -s l40 l41; ./l41; echo $?`,
  ),
  row('a fifo', `mkfifo p; ./p; echo $?`),
  row('a device', `/dev/null; echo $?`),
  row('root needs one x bit', `cp /bin/echo e; for m in 644 000 001 010 100; do chmod $m e; ./e $m; echo $?; done`),
  row('a name that is too long', `./$(printf '%0256d' 0); echo $?`),
  row(
    'a noexec mount',
    `mkdir n; mount -t tmpfs -o noexec none n; cp /bin/echo n/e; n/e; echo $?; printf '#!/bin/echo\\n' > n/s; chmod +x n/s; n/s; echo $?`,
  ),
  row('a noexec mount does not hinder sh', `mkdir n; mount -t tmpfs -o noexec none n; echo 'echo read' > n/s; sh n/s`),
  row('nosuid and nodev do not matter', `mkdir n; mount -t tmpfs -o nosuid,nodev none n; cp /bin/echo n/e; n/e yes`),
  row('a file open for writing is busy', `cp /bin/echo e; exec 3>>e; ./e; echo $?; exec 3>&-; ./e free`),
  row('a running program cannot be written', `cp /bin/sleep s; ./s 1 & sleep 0.2; echo x > s; echo $?; kill $!`),
  row(
    'a running script can be written',
    `printf '#!/bin/sh\\nsleep 1\\n' > s; chmod +x s; ./s & sleep 0.2; echo : >> s; echo $?; wait; echo $?`,
  ),
  row(
    'others need their x bit',
    `chmod 755 /root; f a '#!/bin/echo\\n' 744; chroot --userspec=nobody / /bin/bash -c '/root/a; echo $?'; chmod 711 a; chroot --userspec=nobody / /bin/bash -c '/root/a; echo $?'`,
  ),
  row(
    'a directory without search permission',
    `mkdir -m 700 d; f d/a '#!/bin/echo\\n'; chmod 755 /root; chroot --userspec=nobody / /bin/bash -c '/root/d/a; echo $?; /root/d/no; echo $?'`,
  ),
  row('an argument of 131071 bytes runs, one more is too long', `x=$(printf '%0131071d' 0); /bin/echo $x | wc -c; /bin/echo 0$x; echo $?`),
  row('proc is never executed', `/proc/version; echo $?; /proc/self/status; echo $?`),
  row(
    'the name of a task is its file',
    `printf '#!/bin/cat /proc/self/comm\\n' > script-with-a-long-name; chmod +x script*; ./script-with-a-long-name 2>/dev/null | head -1`,
  ),
];
