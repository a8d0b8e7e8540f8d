/** What changed between Linux releases: each of these is answered differently by some kernel (src/kernel/init/version.ts). */
import type { Case } from '../case.ts';

const BM = '/proc/sys/fs/binfmt_misc';
const setup = `r() { printf '%s' "$1" > ${BM}/register; }; f() { printf "$2" > $1; chmod +x $1; }; x() { head -c $1 /dev/zero | tr '\\0' \${2:-x}; }; `;
const row = (what: string, script: string): Case => ({ id: `kernels/${what}`, script: setup + script });

/** An ELF file of `count` empty program headers: too many to be looked at, or a program that cannot live. */
const headers = (count: number): string => {
  const low = `\\x${(count % 256).toString(16).padStart(2, '0')}\\x0${Math.floor(count / 256)}`;
  const ident = '\\x7fELF\\x02\\x01\\x01\\0\\0\\0\\0\\0\\0\\0\\0\\0';
  const head = `${ident}\\x02\\0\\x3e\\0\\x01\\0\\0\\0\\0\\0\\x40\\0\\0\\0\\0\\0\\x40\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\x40\\0\\x38\\0${low}\\0\\0\\0\\0\\0\\0`;
  return `{ printf '${head}'; head -c ${count * 56} /dev/zero; } > e; chmod +x e; ./e; echo $?`;
};

export const kernels: readonly Case[] = [
  row('an interpreter path of 100 bytes', `d=/root/$(x 92); cp /bin/echo $d; f s "#!$d -a\\n"; ./s; echo $?`),
  row(
    'an interpreter path that 128 bytes cut is another file',
    `d=/root/$(x 119); cp /bin/echo $d; cp /bin/echo $d$(x 20 y); f s "#!$d$(x 20 y) cut\\n"; ./s; echo $?`,
  ),
  row('an argument of 300 bytes', `f s "#!/bin/echo $(x 300)\\n"; ./s | wc -c`),
  row('#! at the end of the file', `f s '#!'; ./s; echo $?; f s '#!   '; ./s; echo $?`),
  row('a blank at the end of the file is an argument', `f s '#!/usr/bin/printf '; ./s; echo $?; f s '#!/bin/echo -n '; ./s; echo $?`),
  row('a zero byte in the line', `f s '#!/bin/echo a\\0b\\n'; ./s; f s '#!/bin/echo \\0b\\n'; ./s; f s '#!\\0/bin/echo\\n'; ./s; echo $?`),
  row(
    'six scripts in a row',
    `f s1 '#!/bin/echo\\n'; for i in 2 3 4 5 6; do f s$i "#!/root/s$((i-1))\\n"; done; ./s5; ./s6; echo $?; rm s1; ln -s /no s1; ./s6; echo $?`,
  ),
  row('a file that a module might know', `f b '\\xff\\xfe\\x01\\x02\\0'; ./b; echo $?; f t 'echo text\\n'; ./t`),
  row('73 program headers', headers(73)),
  row('74 program headers', headers(74)),
  row('1171 program headers', headers(1171)),
  row('a magic behind byte 128', `{ x 200; printf FOO; } > a; chmod +x a; r ':a:M:200:FOO::/bin/echo:'; echo $?; ./a`),
  row('a line of 1920 bytes, and one more', `n=:a:E::b::/$(x 1909); r "$n:"; echo $?; echo -1 > ${BM}/a; r "\${n}x:"; echo $?`),
  row('an interpreter path of 200 bytes in a rule', `d=/root/$(x 194); cp /bin/echo $d; r ":a:E::foo::$d:"; f x.foo ''; ./x.foo; echo $?`),
  row('a name twice', `r ':a:E::foo::/bin/echo:'; r ':a:E::bar::/bin/true:'; echo $?; cat ${BM}/a`),
  row(
    'an offset that is no int',
    `for o in 4294967296 2147483648 -1 +1 007 ' 1' 0x1; do r ":a:M:$o:FOO::/bin/echo:"; echo "$o $?"; test -e ${BM}/a && echo -1 > ${BM}/a; done`,
  ),
  row('flag F', `r ':a:E::foo::/bin/echo:F'; echo $?; grep flags ${BM}/a`),
  row('two backslashes in a magic', `r ':a:M::a\\\\x41::/bin/echo:'; grep magic ${BM}/a`),
  row('all rules removed', `r ':a:E::foo::/bin/echo:'; printf -- -1 > ${BM}/status; echo $?; echo -1 > ${BM}/status; echo $?; ls ${BM}`),
  row(
    'O before a script',
    `f i '#!/bin/echo i\\n'; r ':a:E::foo::/root/i:O'; f x.foo 'echo text\\n'; ./x.foo; echo $?; echo -1 > ${BM}/a; r ':a:E::foo::/root/i:C'; ./x.foo; echo $?`,
  ),
  row(
    'O before another rule with O',
    `f i.bar ''; r ':a:E::foo::/root/i.bar:O'; r ':b:E::bar::/bin/echo:O'; f x.foo 'echo text\\n'; ./x.foo; echo $?`,
  ),
  row(
    'the number of the descriptor',
    `r ':a:E::foo::/bin/ls:O'; f x.foo ''; exec 3</dev/null 5</dev/null; ./x.foo -l /proc/self/fd 2>/dev/null | grep -o '[0-9]* -> /root/x.foo'`,
  ),
  row(
    'status survives the last umount, or does not',
    `echo 0 > ${BM}/status; umount ${BM}; mount -t binfmt_misc none ${BM}; cat ${BM}/status`,
  ),
  row(
    'a rule survives the last umount, or does not',
    `r ':a:E::foo::/bin/echo:'; umount ${BM}; f x.foo 'echo text\\n'; ./x.foo; mount -t binfmt_misc none ${BM}; ls ${BM}`,
  ),
  row(
    'a file of the mount is executed',
    `r ':a:E::foo::/bin/echo:'; mkdir m; mount -t binfmt_misc none m; chmod +x m/a; m/a 2>&1 | head -1; m/a 2>/dev/null; echo $?`,
  ),
  row('an option of mount', `umount ${BM}; mount -t binfmt_misc -o foo=1 none ${BM} 2>/dev/null; echo $?`),
  row('a mount by a user namespace', `unshare -Urm sh -c 'mount -t binfmt_misc none ${BM} 2>/dev/null; echo $?; ls ${BM}'`),
  row(
    'a rule of a user namespace',
    `r ':a:E::foo::/bin/echo:'; f x.foo ''; unshare -Urm sh -c 'echo 0 > ${BM}/a; echo $?'; ./x.foo; cat ${BM}/a | head -1`,
  ),
  row(
    'F opens with rights',
    `mkdir -m 700 d; cp /bin/echo d/e; chmod 711 /root; exec 7> ${BM}/register; chroot --userspec=nobody / sh -c 'printf :a:E::foo::/root/d/e:F >&7; echo $?'; ls ${BM}`,
  ),
  row(
    'the strings have a bound',
    `ulimit -s 65536; /bin/true $(yes $(x 1000) | head -n 6230); echo $?; /bin/true $(yes $(x 1000) | head -n 6400); echo $?`,
  ),
];
