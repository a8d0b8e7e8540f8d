/** test(1), also called "[": the expression grammar of POSIX with coreutils' messages. */
import { encode } from '../../uapi/bytes.ts';
import type { Program } from '../../uapi/syscalls.ts';
import { charsetOf } from '../lib/charset.ts';
import { command } from '../lib/command.ts';
import { quote } from '../lib/quote.ts';
import { writeAll } from '../lib/stdio.ts';
import { Expression, TestError } from '../lib/test-expression.ts';

const help = command(
  {
    name: '[',
    usage: ['EXPRESSION ]', '[ OPTION'],
    summary: 'Answers with its exit status whether the expression is true.',
    notes: [
      '  ( E )   ! E   E1 -a E2   E1 -o E2',
      '  -n S  S   -z S   S1 = S2   S1 != S2',
      '  N1 -eq N2, and -ne -gt -ge -lt -le',
      '  F1 -ef F2   F1 -nt F2   F1 -ot F2',
      '  -b -c -d -e -f -g -G -h -k -L -N -O -p -r -s -S -u -w -x FILE   -t FD',
    ],
  },
  async () => 0,
);

export const main: Program = async (sys, argv, envp) => {
  const name = argv[0] ?? 'test';
  const charset = charsetOf(envp);
  const quoted = (word: string): string => quote(word, charset);
  let args = argv.slice(1);
  if (/(^|\/)\[$/.test(name)) {
    if (args.length === 1 && (args[0] === '--help' || args[0] === '--version')) return await help(sys, argv, envp);
    if (args.at(-1) !== ']') return await complain(`missing ${quoted(']')}`);
    args = args.slice(0, -1);
  }
  try {
    return new Expression(sys, args, quoted).evaluate() ? 0 : 1;
  } catch (e) {
    if (e instanceof TestError) return await complain(e.message);
    throw e;
  }

  async function complain(message: string): Promise<2> {
    await writeAll(sys, 2, encode(`${name}: ${message}\n`));
    return 2;
  }
};
