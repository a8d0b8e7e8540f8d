/** What writing to register, status and entries does, as a shell sees it. */
import type { Case } from '../case.ts';

const cd = 'cd /proc/sys/fs/binfmt_misc; ';
const row = (what: string, script: string): Case => ({ id: `register/${what}`, script: cd + script });
/** Writes `line` raw, says bash's status, shows the entry if there is one. */
const tries = (what: string, line: string, name = 'a'): Case =>
  row(what, `printf '%s' '${line}' > register; echo "status $?"; cat ${name} 2>/dev/null; ls`);

export const register: readonly Case[] = [
  row('an extension rule shows its fields', `echo ':py:E::pyc::/bin/true:' > register; ls -l | wc -l; cat py`),
  row('a magic rule shows offset and magic', `echo ':m:M:4:\\x7fELF::/bin/true:' > register; cat m`),
  row('a mask is shown in hex', `echo ':m:M::\\xff\\x00A:\\xff\\x0f\\xff:/bin/true:' > register; cat m`),
  row('flags come in the order P O C F', `echo ':m:M::ab::/bin/true:FCOP' > register; cat m`),
  row('C alone shows as OC', `echo ':m:M::ab::/bin/true:C' > register; cat m | grep flags`),
  row('a duplicate name is refused', `echo ':a:E::x::/bin/true:' > register; echo ':a:E::x::/bin/true:' > register; echo $?`),
  row('names status and register exist already', `for n in status register; do echo ":$n:E::x::/bin/true:" > register; echo $?; done`),
  row(
    'a user without rights may read but not write',
    `cat status; chroot --userspec=nobody / /bin/bash -c 'cd /proc/sys/fs/binfmt_misc; cat status; echo 1 > status'; echo $?`,
  ),
  tries('any first byte is the delimiter', ',a,E,,x,,/bin/true,'),
  tries('a letter may be the delimiter', 'qaqEqqxqq/bin/trueq'),
  tries('P may not be the delimiter', 'PaPEPPxPP/bin/trueP'),
  tries('an empty name is refused', '::E::x::/bin/true:'),
  tries('a dot is no name', ':.:E::x::/bin/true:'),
  tries('a slash in the name is refused', ':a/b:E::x::/bin/true:'),
  tries('a space in the name is fine', ':a b:E::x::/bin/true:', "'a b'"),
  tries('a lower-case type is refused', ':a:e::x::/bin/true:'),
  tries('a missing last delimiter is refused', ':a:E::x::/bin/true'),
  tries('an unknown flag is refused', ':a:E::x::/bin/true:X'),
  tries('a blank after the flags is refused', ':a:E::x::/bin/true:P '),
  tries('an empty interpreter is refused', ':a:E::x:::'),
  tries('a relative interpreter is accepted', ':a:E::x::bin/true:'),
  tries('an interpreter with a blank is one path', ':a:E::x::/bin/true -x:'),
  tries('a missing interpreter is accepted', ':a:E::x::/no/such:'),
  tries('a missing interpreter with F is refused', ':a:E::x::/no/such:F'),
  tries('a directory with F is refused', ':a:E::x::/tmp:F'),
  tries('an extension with a slash is refused', ':a:E::x/y::/bin/true:'),
  tries('an empty magic is refused', ':a:M::::/bin/true:'),
  tries('a mask of another length is refused', ':a:M::abc:\\xff:/bin/true:'),
  tries('an offset beyond the window is refused', ':a:M:256:a::/bin/true:'),
  tries('offset 255 with one byte is the last', ':a:M:255:a::/bin/true:'),
  tries('a negative offset is refused', ':a:M:-1:a::/bin/true:'),
  tries('an offset with a plus sign counts', ':a:M:+3:a::/bin/true:'),
  tries('leading zeros are not octal', ':a:M:010:a::/bin/true:'),
  tries('a hexadecimal offset is refused', ':a:M:0x1:a::/bin/true:'),
  tries('an incomplete escape in a magic is refused', ':a:M::\\xzz::/bin/true:'),
  tries('a double backslash stays two', ':a:M::\\\\x41::/bin/true:'),
  tries('ten bytes are too short', ':a:E::b::/'),
  row(
    '1920 bytes are the most',
    `printf ':a:E::x::/%01907d:' 0 > register; echo $?; printf ':b:E::x::/%01910d:' 0 > register; echo $?; ls`,
  ),
  row(
    'bash writes line by line, so two lines are two rules',
    `printf ':a:E::x::/bin/true:\\n:b:E::y::/bin/true:\\n' > register; echo $?; ls`,
  ),
  row(
    'a loop of writes registers each',
    `printf '%s\\n' ':a:E::x::/bin/true:' ':b:E::y::/bin/true:' | while read -r l; do echo "$l" > register; done; ls`,
  ),
  row('a rule split over two writes fails', `{ printf ':a:E::'; printf 'x::/bin/true:'; } > register; echo $?; ls`),
  row('echo -e puts a raw NUL that ends the magic', `echo -e ':a:M::ab\\x00cd::/bin/true:' > register; cat a`),
  row('tee says why', `echo ':a:E::x' | tee register; echo $?`),
  row('cat says why', `echo ':a:E::x' > /tmp/r; cat /tmp/r > register; echo $?`),
  row('cp says why', `echo ':a:E::x' > /tmp/r; cp /tmp/r register; echo $?`),
  row('register cannot be read', `cat register; echo $?`),
  row('an entry is switched off and on', `echo ':a:E::x::/bin/true:' > register; echo 0 > a; head -1 a; echo 1 > a; head -1 a`),
  row('minus one removes an entry', `echo ':a:E::x::/bin/true:' > register; echo -1 > a; ls; cat a`),
  row(
    'status switches everything',
    `echo ':a:E::x::/bin/true:' > register; echo 0 > status; cat status; head -1 a; echo 1 > status; cat status`,
  ),
  row(
    'minus one to status removes all',
    `for i in 1 2 3; do echo ":a$i:E::x::/bin/true:" > register; done; ls; echo -1 > status; ls; cat status`,
  ),
  row(
    'other words are refused',
    `echo ':a:E::x::/bin/true:' > register; for w in 2 on -0 01 '' 'x y'; do echo "$w" > a; echo $?; done; head -1 a`,
  ),
  row('files cannot be made or removed', `echo ':a:E::x::/bin/true:' > register; touch new; rm a; mkdir d; mv a b; ln -s a l; echo $?`),
  row(
    'an entry can be made read-only and back',
    `echo ':a:E::x::/bin/true:' > register; chmod 400 a; stat -c '%a %s %U' a register status; echo 0 > a; head -1 a`,
  ),
  row('nothing here can be executed', `echo ':a:E::x::/bin/true:' > register; chmod +x a; ./a; echo $?`),
  row('the newest entry is listed first', `for i in b a c; do echo ":$i:E::$i::/bin/true:" > register; done; ls -U`),
  row('stat -f names the file system', `stat -f -c '%T' .; stat -c '%F' register .`),
];
