/** The #! line, as the kernel cuts it. */
import type { Case } from '../case.ts';

const setup = `f() { printf "$2" > $1; chmod +x $1; }; `;
const row = (what: string, script: string): Case => ({ id: `script/${what}`, script: setup + script });

export const scriptLines: readonly Case[] = [
  row(
    'passes everything after the interpreter as one argument',
    `f s '#!/usr/bin/printf <%%s>\\n'; ./s; echo; f t '#!/bin/echo -a  -b\\tc d\\n'; ./t x | od -c | head -3`,
  ),
  row('blanks before the interpreter are skipped', `f s '#! \\t/bin/echo\\n'; ./s x`),
  row('blanks after it are no argument', `f s '#!/bin/echo   \\n'; ./s x`),
  row('no newline at the end is fine', `f s '#!/bin/echo'; ./s x`),
  row('a blank and then the end is an empty argument', `f s '#!/bin/echo '; ./s x | od -c`),
  row('a carriage return belongs to the name', `f s '#!/bin/echo\\r\\n'; ./s; echo $?`),
  row('a carriage return after an argument belongs to it', `f s '#!/bin/echo -a\\r\\n'; ./s | od -c`),
  row('a NUL ends the interpreter', `f s '#!/bin/echo\\000junk\\n'; ./s`),
  row('only #! and a newline is no script', `f s '#!\\necho text\\n'; ./s`),
  row('only #! and blanks is no script', `f s '#!   \\necho text\\n'; ./s`),
  row('only #! names the empty path', `f s '#!'; ./s; echo $?`),
  row('a blank before #! is text', `f s ' #!/bin/false\\necho text\\n'; ./s`),
  row('a byte order mark before #! is text', `f s '\\357\\273\\277#!/bin/false\\necho text\\n'; ./s; echo $?`),
  row('a missing interpreter', `f s '#!/no/such\\n'; ./s; echo $?`),
  row('an interpreter without x bit', `printf '' > i; f s '#!/root/i\\n'; ./s; echo $?`),
  row('a directory as interpreter', `f s '#!/tmp\\n'; ./s; echo $?`),
  row('an interpreter with a slash at its end', `f s '#!/bin/echo/\\n'; ./s; echo $?`),
  row('the interpreter is relative to the caller', `cp /bin/echo e; f s '#!e -x\\n'; ./s; mkdir d; cd d; ../s; echo $?`),
  row('no PATH search', `f s '#!echo\\n'; ./s; echo $?`),
  row('env searches PATH', `f s '#!/usr/bin/env echo\\n'; ./s x`),
  row('env gets its words as one', `f s '#!/usr/bin/env echo -n\\n'; ./s x; echo $?`),
  row('env -S splits them', `f s '#!/usr/bin/env -S echo a  b\\n'; ./s x`),
  row('a script is interpreted by a script', `f i '#!/bin/echo outer\\n'; f s '#!/root/i inner\\n'; ./s x`),
  row('a script that names itself loops', `f s '#!/root/s\\n'; ./s; echo $?`),
  row('an over-long line is no script', `printf '#!/bin/%0260d\\necho ran as text\\n' 0 > s; chmod +x s; ./s`),
  row('an over-long argument is cut', `printf '#!/bin/echo %0300d\\n' 0 > s; chmod +x s; ./s | wc -c`),
  row('name zero is dropped', `f s '#!/bin/echo\\n'; (exec -a zero ./s one)`),
  row('the comment of a shell script is its name', `f s '#!/bin/sh\\necho "$0 $1 $#"\\n'; ./s a b; /root/s`),
  row(
    'unreadable scripts start, but cannot be read',
    `f s '#!/bin/cat\\n'; chmod 111 s; chroot --userspec=nobody / /bin/sh -c 'cd /; cat /root/s'; echo $?`,
  ),
];
