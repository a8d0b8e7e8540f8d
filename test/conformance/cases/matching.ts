/** Which rule takes a file, and what the interpreter is given. /bin/echo as interpreter shows its arguments. */
import type { Case } from '../case.ts';

const BM = '/proc/sys/fs/binfmt_misc';
const setup = `r() { printf '%s' "$1" > ${BM}/register; }; f() { printf "$2" > $1; chmod +x $1; }; `;
const row = (what: string, script: string): Case => ({ id: `matching/${what}`, script: setup + script });

export const matching: readonly Case[] = [
  row('an extension rule passes the path', `r ':a:E::foo::/bin/echo:'; f x.foo ''; ./x.foo 1 '2 3'; /root/x.foo`),
  row(
    'the extension is what follows the last dot',
    `r ':a:E::foo::/bin/echo:'; for n in x.foo .foo x..foo x.bar.foo x.FOO x.foo.bar xfoo; do f $n 'echo text $0\\n'; ./$n; done`,
  ),
  row('a name in PATH is passed with its directory', `r ':a:E::foo::/bin/echo:'; mkdir b; f b/x.foo ''; PATH=$PWD/b:$PATH x.foo`),
  row(
    'a symlink counts by its own name',
    `r ':a:E::foo::/bin/echo:'; f t 'echo text\\n'; ln -s t l.foo; ./l.foo; f u.foo 'echo text2\\n'; ln -s u.foo m; ./m`,
  ),
  row('an extension with a dot never matches', `r ':a:E::foo.bar::/bin/echo:'; f x.foo.bar 'echo text\\n'; ./x.foo.bar`),
  row('a magic rule looks at the bytes', `r ':a:M::AB::/bin/echo:'; f x 'ABC'; f y 'BAC\\n'; ./x; ./y; echo $?`),
  row('an offset is counted from the start', `r ':a:M:2:CD::/bin/echo:'; f x 'ABCD'; ./x; f y 'CD\\n'; ./y; echo $?`),
  row('mask bits of zero are not compared', `r ':a:M::\\x00Z:\\x00\\xff:/bin/echo:'; f x 'qZ'; f y 'qY\\n'; ./x; ./y; echo $?`),
  row('a shorter file is padded with zeros', `r ':a:M::ab\\x00::/bin/echo:'; f x 'ab'; ./x; f y 'abc\\n'; ./y; echo $?`),
  row('an empty file matches a rule of zeros', `r ':a:M::\\x00::/bin/echo:'; f x ''; ./x`),
  row('an empty file without a rule is nothing', `f x ''; ./x; echo $?`),
  row(
    'the newest rule wins',
    `r ':a:E::foo::/bin/false:'; r ':b:E::foo::/bin/echo:'; f x.foo ''; ./x.foo; echo -1 > ${BM}/b; ./x.foo; echo $?`,
  ),
  row(
    'toggling does not move a rule',
    `r ':a:E::foo::/bin/false:'; r ':b:E::foo::/bin/echo:'; echo 0 > ${BM}/a; echo 1 > ${BM}/a; f x.foo ''; ./x.foo`,
  ),
  row('a disabled rule is passed over', `r ':a:E::foo::/bin/echo:'; echo 0 > ${BM}/a; f x.foo 'echo text\\n'; ./x.foo`),
  row('status off disables all', `r ':a:E::foo::/bin/echo:'; echo 0 > ${BM}/status; f x.foo 'echo text\\n'; ./x.foo`),
  row('no x bit, no rule', `r ':a:E::foo::/bin/echo:'; printf '' > x.foo; ./x.foo; echo $?`),
  row('a directory is no file', `r ':a:E::foo::/bin/echo:'; mkdir d.foo; ./d.foo; echo $?`),
  row('a missing interpreter is a required file', `r ':a:E::foo::/no/such:'; f x.foo ''; ./x.foo; echo $?`),
  row('an interpreter without x bit is refused', `printf '' > i; r ':a:E::foo::/root/i:'; f x.foo ''; ./x.foo; echo $?`),
  row('an interpreter that is a directory is refused', `r ':a:E::foo::/tmp:'; f x.foo ''; ./x.foo; echo $?`),
  row(
    'an interpreter that is text is not a format',
    `f i 'plain\\n'; r ':a:E::foo::/root/i:'; f x.foo 'echo as text\\n'; ./x.foo; echo $?`,
  ),
  row('an interpreter may be a script', `f i '#!/bin/echo via\\n'; r ':a:E::foo::/root/i:'; f x.foo ''; ./x.foo 1`),
  row('a script may lead to a rule', `r ':a:E::foo::/bin/echo:'; f i.foo ''; f s '#!/root/i.foo -q\\n'; ./s 1`),
  row('a rule may lead to a rule', `r ':a:E::foo::/bin/echo:'; r ':b:E::bar::/root/i.foo:'; f i.foo ''; f x.bar ''; ./x.bar 1`),
  row('a rule that takes its own interpreter loops', `r ':a:E::foo::/root/i.foo:'; f i.foo ''; f x.foo ''; ./x.foo; echo $?`),
  row('P keeps the name it was called by', `r ':a:E::foo::/bin/echo:P'; f x.foo ''; ./x.foo 1; (exec -a other ./x.foo 1)`),
  row('without P the name is lost', `r ':a:E::foo::/bin/echo:'; f x.foo ''; (exec -a other ./x.foo 1)`),
  row('a rule on #! takes scripts over', `r ':a:M::#!::/bin/echo:'; f s '#!/bin/sh\\necho script\\n'; ./s`),
  row('O and then a script is refused', `f i '#!/bin/echo via\\n'; r ':a:E::foo::/root/i:O'; f x.foo 'echo text\\n'; ./x.foo; echo $?`),
  row('O to a program runs', `r ':a:E::foo::/bin/echo:O'; f x.foo ''; ./x.foo`),
  row('C implies O: a script is refused', `f i '#!/bin/echo via\\n'; r ':a:E::foo::/root/i:C'; f x.foo 'echo text\\n'; ./x.foo; echo $?`),
  row('F keeps the file that was there', `cp /bin/echo i; r ':a:E::foo::/root/i:F'; rm i; f x.foo ''; ./x.foo 1`),
  row(
    'F holds when the file is replaced',
    `cp /bin/echo i; r ':a:E::foo::/root/i:F'; mv i j; cp /bin/false i; f x.foo ''; ./x.foo 1; echo $?`,
  ),
  row('without F the path decides', `cp /bin/echo i; r ':a:E::foo::/root/i:'; rm i; f x.foo ''; ./x.foo 1; echo $?`),
  row(
    'F denies writing to the interpreter',
    `cp /bin/echo i; r ':a:E::foo::/root/i:F'; echo x > i; echo $?; echo -1 > ${BM}/a; echo x > i; echo $?`,
  ),
  row(
    'a relative interpreter depends on the directory',
    `cp /bin/echo i; r ':a:E::foo::./i:'; f x.foo ''; ./x.foo; cd /tmp; /root/x.foo; echo $?`,
  ),
  row(
    'five rewrites run',
    `cp /bin/echo e; for n in 1 2 3 4 5; do p=$((n-1)); [ $p = 0 ] && t=/root/e || t=/root/s$p; f s$n "#!$t\\n"; done; ./s5 end`,
  ),
  row(
    'six rewrites loop',
    `for n in 1 2 3 4 5 6; do p=$((n-1)); [ $p = 0 ] && t=/bin/echo || t=/root/s$p; f s$n "#!$t\\n"; done; ./s6 end; echo $?`,
  ),
  row(
    'an own ELF rule with a zero mask breaks every program',
    `r ':a:M::a:\\x00:/no/such:'; /bin/true; echo $?; echo -1 > ${BM}/a; /bin/true; echo $?`,
  ),
  row('an ELF magic rule that takes its interpreter loops', `r ':a:M::\\x7fELF::/bin/echo:'; /bin/true; echo $?; echo -1 > ${BM}/a`),
];
