/** mawk, which Debian's awk is: patterns and actions on records of text. Follows mawk 1.3.4. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { Program } from '../../uapi/syscalls.ts';
import { Interpreter } from '../awk/interpreter.ts';
import { parseProgram } from '../awk/parser.ts';
import { charsetOf } from '../lib/charset.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { readAll, readFile } from '../lib/stdio.ts';

const USAGE = `Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W posix_space   do not consider "\\n" a space.
    -W usage         show this message and exit.
`;

const awk = command(
  {
    name: 'mawk',
    usage: ['[-F value] [-v var=value] [--] program text [file ...]', '[-F value] [-v var=value] [-f program-file] [--] [file ...]'],
    summary: 'Does actions on the records of text that fit patterns.',
    follows: 'mawk 1.3.4',
    failure: 2,
    permute: false,
    hint: () => USAGE,
    options: [
      ['-F VALUE', 'the field separator'],
      ['-f FILE', 'read the program from a file'],
      ['-v VAR=VALUE', 'set a variable first'],
      ['-W OPTION', "mawk's own options (not supported here)"],
    ],
  },
  async (io, options, operands) => {
    if (options.has('W')) throw new Failure(`-W ${options.value('W')} is not supported here`);
    const files = options.values('f');
    const [first] = operands;
    if (files.length === 0 && first === undefined) {
      await io.complain(USAGE);
      return 0;
    }
    const bytes = charsetOf([]);
    const text = files.length > 0 ? await programFiles(io, files) : bytes.fromArgument(first ?? '');
    const rest = (files.length > 0 ? operands : operands.slice(1)).map(bytes.fromArgument);
    const program = new Interpreter(bytewise(io), parseProgram(text), [io.name, ...rest]);
    setVariables(program, options, bytes.fromArgument);
    return await program.run();
  },
);

/** Its messages always begin with its own name, whichever it was called by. */
export const main: Program = (sys, argv, envp) => awk(sys, ['mawk', ...argv.slice(1)], envp);

/** A character is a byte in every locale. */
function bytewise(io: Io): Io {
  return Object.assign(Object.create(io) as Io, { charset: charsetOf([]) });
}

async function programFiles(io: Io, names: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const name of names) {
    const bytes = name === '-' ? await readAll(io.sys, 0) : await readFile(io.sys, name);
    if (IS_ERR(bytes)) throw new Failure(`cannot open ${name} (${bytes.message})`);
    texts.push(charsetOf([]).decode(bytes));
  }
  return texts.join('\n');
}

function setVariables(program: Interpreter, options: Options, text: (argument: string) => string): void {
  const fs = options.value('F');
  if (fs !== null) program.assignText('FS', text(fs));
  for (const assignment of options.values('v')) {
    const m = /^([A-Za-z_]\w*)=(.*)$/s.exec(text(assignment));
    if (!m) throw new Failure(`improper assignment: -v ${assignment}`, 2);
    program.assignText(m[1] ?? '', m[2] ?? '');
  }
}
