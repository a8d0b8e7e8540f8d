/** What bash and its kin do and say when execve fails. */
import type { Case } from '../case.ts';

const setup = `f() { printf "$2" > $1; chmod +x $1; }; `;
const row = (what: string, script: string): Case => ({ id: `second act/${what}`, script: setup + script });

export const secondAct: readonly Case[] = [
  row('text without #! is run by bash itself', `f s 'echo "$0 $1 $-"\\n'; ./s a; echo $?`),
  row('a NUL in the first line is binary', `f s 'ab\\000cd\\n'; ./s; echo $?`),
  row('a NUL after the first line is text', `f s 'echo one\\nab\\000cd\\n'; ./s; echo $?`),
  row('four bytes of ELF are binary', `f s '\\177ELF'; ./s; echo $?`),
  row('a Python magic of 3.11 is text', `f s '\\247\\r\\r\\n\\000'; ./s; echo $?`),
  row('a Python magic of 3.6 is text', `f s '3\\r\\r\\n\\000'; ./s; echo $?`),
  row('a Lua chunk is binary', `f s '\\033LuaT\\000\\031\\223'; ./s; echo $?`),
  row('exec of a binary says it twice', `f s '\\177ELF\\000'; exec ./s; echo not reached`),
  row('exec of a missing command ends the script', `exec nosuch; echo not reached`),
  row('functions and variables are gone in the text', `g() { echo f; }; v=1; export w=2; f s 'g; echo "[$v][$w]"\\n'; ./s; echo $?`),
  row('a syntax error in the text', `f s 'echo before\\nif )\\n'; ./s; echo $?`),
  row('bash FILE looks for NUL too', `f s 'ab\\000cd\\n'; bash ./s; echo $?`),
  row('bash of a missing file', `bash nosuch; echo $?; bash /tmp; echo $?`),
  row('env falls back to sh', `f s 'echo "by sh: $0"\\n'; env ./s; echo $?`),
  row('xargs falls back to sh', `f s 'echo "by sh: $1"\\n'; echo x | xargs ./s; echo $?`),
  row('env words a missing file', `env ./nosuch; echo $?; env nosuch; echo $?`),
  row('env words a missing right', `printf '' > a; env ./a; echo $?`),
  row('sh words a missing file', `sh -c './nosuch; echo $?; nosuch; echo $?'`),
  row('sh words a binary', `f s '\\177ELF\\000'; sh -c './s; echo $?'`),
  row('sh runs text', `f s 'echo "by sh: $0"\\n'; sh -c './s; echo $?'`),
  row('a status over 255 wraps', `f s 'exit 256\\n'; ./s; echo $?; f t 'exit -1\\n'; ./t; echo $?`),
  row('the background says nothing', `f s '\\177ELF\\000'; ./s & wait $!; echo $?`),
  row('a pipeline takes the last status', `f s '\\177ELF\\000'; ./s | cat; echo "$? \${PIPESTATUS[*]}"`),
];
