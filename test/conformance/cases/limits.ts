/** Limits of a process, where they are felt. */
import type { Case } from '../case.ts';

const setup = `x() { head -c $1 /dev/zero | tr '\\0' x; }; as() { chroot --userspec=1234:1000 / "$@"; }; `;
const row = (what: string, script: string): Case => ({ id: `limits/${what}`, script: setup + script });

export const limits: readonly Case[] = [
  row('processor time, soft', `{ (ulimit -St 1; while :; do :; done); } 2>/dev/null; echo $?`),
  row('processor time, hard', `{ (ulimit -t 1; while :; do :; done); } 2>/dev/null; echo $?`),
  row('processor time, caught', `(ulimit -St 1; trap 'echo caught; exit 3' XCPU; while :; do :; done); echo $?`),
  row('the size of a file', `(ulimit -f 1; head -c 2000 /dev/zero > f) 2>/dev/null; echo $?; stat -c %s f`),
  row('the size of a file, signal ignored', `(ulimit -f 1; trap '' XFSZ; head -c 2000 /dev/zero > f; echo $?); stat -c %s f`),
  row(
    'too many tasks of a user',
    `as sleep 3 & as sleep 3 & sleep 0.5; (ulimit -u 1; as /bin/echo hi; echo $?; as /root/nosuch; echo $?; chroot / /bin/echo root); (ulimit -u 2; as /bin/echo hi); kill %1 %2`,
  ),
  row(
    'a small stack leaves little room for arguments',
    `ulimit -s 512; for n in 100 125 135; do /bin/true $(yes $(x 1000) | head -n $n); echo $?; done`,
  ),
  row(
    'many arguments through a script',
    `printf '#!/bin/true\\n' > s; chmod +x s; ulimit -s 512; for n in 100 135; do ./s $(yes $(x 1000) | head -n $n); echo $?; done`,
  ),
  row('open files', `(ulimit -n 5; exec 3</dev/null 4</dev/null; exec 5</dev/null; echo $?); echo $?`),
];
