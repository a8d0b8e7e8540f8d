/** Mounts, roots and namespaces: where the table is seen, and where the interpreter is looked up. */
import type { Case } from '../case.ts';

const BM = '/proc/sys/fs/binfmt_misc';
const setup = `r() { printf '%s' "$1" > ${BM}/register; }; f() { printf "$2" > $1; chmod +x $1; }; `;
const row = (what: string, script: string): Case => ({ id: `namespaces/${what}`, script: setup + script });

export const namespaces: readonly Case[] = [
  row(
    'one table is seen from two mount namespaces',
    `r ':a:E::foo::/bin/echo:'; f x.foo ''; unshare -m sh -c 'ls ${BM}; ./x.foo inside; echo 0 > ${BM}/a'; head -1 ${BM}/a`,
  ),
  row(
    'the interpreter is looked up in the namespace of the caller',
    `mkdir i; cp /bin/echo i/e; r ':a:E::foo::/root/i/e:'; f x.foo ''; unshare -m sh -c 'mount -t tmpfs none i; ./x.foo inside; echo $?'; ./x.foo outside`,
  ),
  row(
    'F works where the interpreter is not',
    `mkdir i; cp /bin/echo i/e; r ':a:E::foo::/root/i/e:F'; f x.foo ''; unshare -m sh -c 'mount -t tmpfs none i; ./x.foo inside; echo $?'`,
  ),
  row(
    'unmounting the last mount forgets the rules',
    `r ':a:E::foo::/bin/echo:'; umount ${BM}; ls ${BM} | wc -l; mount -t binfmt_misc none ${BM}; ls ${BM}`,
  ),
  row('a second mount shows the same entries', `r ':a:E::foo::/bin/echo:'; mkdir m; mount -t binfmt_misc none m; ls m; umount ${BM}; ls m`),
  row('without a mount the directory is empty', `umount ${BM}; ls -ld ${BM} | cut -c1-10; echo x > ${BM}/register; echo $?`),
  row('a mount twice at one place is busy', `mount -t binfmt_misc binfmt_misc ${BM} 2>/dev/null; echo $?`),
  row('a read-only mount cannot be written', `umount ${BM}; mount -t binfmt_misc -o ro none ${BM}; r ':a:E::foo::/bin/echo:'; echo $?`),
  row('a child user namespace uses the rules of its parent', `r ':a:E::foo::/bin/echo:'; f x.foo ''; unshare -Ur ./x.foo inside`),
  row(
    'a child user namespace with a mount has its own table',
    `r ':a:E::foo::/bin/echo:'; f x.foo 'echo text\\n'; unshare -Urm sh -c 'mount -t binfmt_misc none ${BM}; ls ${BM}; ./x.foo; echo $?'`,
  ),
  row(
    'an own table hides the one of the parent for ever',
    `r ':a:E::foo::/bin/echo:'; f x.foo 'echo text\\n'; unshare -Urm bash -c 'mount -t binfmt_misc none ${BM}; umount ${BM}; ./x.foo; echo $?'`,
  ),
  row(
    'mount and findmnt show it',
    `mount | grep binfmt_misc | tail -1; findmnt -n -o TARGET,FSTYPE binfmt_misc | tail -1; grep binfmt /proc/filesystems`,
  ),
  row('mountpoint knows', `mountpoint ${BM}; echo $?; mountpoint -q /root/no; echo $?`),
  row('bind mounts show the same file', `mkdir a b; echo hi > a/f; mount --bind a b; cat b/f; echo more >> b/f; cat a/f; umount b; ls b`),
  row(
    'a read-only bind mount',
    `mkdir a b; echo hi > a/f; mount --bind a b; mount -o remount,bind,ro b; echo x > b/f; echo $?; echo y > a/f; cat b/f`,
  ),
  row('umount of a busy mount', `mkdir m; mount -t tmpfs none m; cd m; umount /root/m; echo $?; cd ..; umount m; echo $?`),
  row('umount of what is not mounted', `mkdir m; umount m; echo $?; umount /root/no; echo $?`),
  row('a mount in a namespace is not seen outside', `mkdir m; unshare -m sh -c 'mount -t tmpfs none m; touch m/in; ls m'; ls m`),
  row('chroot of a missing directory', `chroot /root/no true; echo $?`),
  row('chroot without the program', `mkdir c; chroot c /x; echo $?`),
  row('a user namespace maps root', `unshare -Ur sh -c 'id -u; cat /proc/self/uid_map | tr -s " "'`),
  row('an unmapped user is nobody', `unshare -U id -u`),
  row('another host name', `unshare -u sh -c 'hostname inner; hostname'; hostname`),
];
