/** Warnings about the interpreter and the flags: whether it can be opened, and whether it copes with what it gets. */
import { encode, latin1 } from '../uapi/bytes.ts';
import { elfInterpreter, isElf, machineName } from './elf.ts';
import { predict } from './predict.ts';
import type { AcceptedContext, EntryRow } from './warnings.ts';
import { takesHostPrograms } from './warnings-target.ts';

export const INTERPRETER_ROWS: readonly EntryRow[] = [
  {
    id: 'matches-own-interpreter',
    rule: 'M4',
    severity: 'danger',
    fix: 'make magic and mask more exact, so that the interpreter itself does not match',
    says(c) {
      const bytes = found(c);
      if (bytes === null || takesHostPrograms(c)) return null;
      const { entry, version, facts } = c;
      const taker = predict({ name: entry.interpreter, bytes }, [entry], version, facts.host ?? 'x86_64');
      return taker?.entry === undefined
        ? null
        : `The rule takes its own interpreter, ${entry.interpreter}, too: every use goes round in circles and answers ELOOP.`;
    },
  },
  {
    id: 'interpreter-cannot-be-opened',
    rule: 'M14',
    severity: 'danger',
    fix: 'install the interpreter, make it executable, or correct the path',
    says({ entry, facts: { interpreter } }) {
      if (interpreter === undefined || 'bytes' in interpreter || entry.flags.has('F')) return null;
      return `${entry.interpreter} cannot be opened for execution: the line registers, and running a matching file answers ${interpreter.errno.code}.`;
    },
  },
  {
    id: 'interpreter-of-no-format',
    rule: 'M14',
    severity: 'danger',
    fix: 'name a program, or a script that begins with #!',
    says(c) {
      const bytes = found(c);
      if (bytes === null || bytes.length === 0)
        return bytes === null ? null : `${c.entry.interpreter} is an empty file: running a matching file answers ENOEXEC.`;
      if (predict({ name: c.entry.interpreter, bytes }, [c.entry], c.version, c.facts.host ?? 'x86_64') !== null) return null;
      const what = isElf(bytes) ? `is a program for ${machineName(bytes)}` : 'is no program and no #! script';
      return `${c.entry.interpreter} ${what}: running a matching file answers ENOEXEC, unless another rule takes the interpreter.`;
    },
  },
  {
    id: 'relative-interpreter',
    rule: 'R11',
    severity: 'careful',
    fix: 'write the full path',
    says: ({ entry }) =>
      entry.interpreter.startsWith('/')
        ? null
        : `"${entry.interpreter}" is no full path: it is looked up from the working directory of whoever runs the file.`,
  },
  {
    id: 'interpreter-with-arguments',
    rule: 'R11',
    severity: 'careful',
    fix: 'register a small #! script that calls the program with its arguments',
    says: ({ entry }) => (/ -| .*\//.test(entry.interpreter) ? 'An interpreter has no arguments: blanks are part of its path.' : null),
  },
  {
    id: 'interpreter-cut',
    rule: 'R11',
    severity: 'danger',
    fix: 'use a shorter path',
    says({ entry, version: { max_interpreter } }) {
      const length = encode(entry.interpreter).length;
      if (max_interpreter === null || length <= max_interpreter) return null;
      return `This kernel keeps ${max_interpreter} bytes of the interpreter's path, which has ${length}: a shorter path would be tried.`;
    },
  },
  {
    id: 'F-dynamic',
    rule: 'M12',
    severity: 'careful',
    fix: 'use a statically linked interpreter, such as qemu-user-static',
    says(c) {
      const bytes = found(c);
      const loader = c.entry.flags.has('F') && bytes !== null ? elfInterpreter(bytes) : null;
      return loader === null
        ? null
        : `F keeps ${c.entry.interpreter} open, but it is linked dynamically: its loader ${loader} and its libraries come from the other root, where they may be missing.`;
    },
  },
  {
    id: 'F-script',
    rule: 'M12',
    severity: 'careful',
    fix: 'register a program rather than a script',
    says(c) {
      const bytes = found(c);
      if (!c.entry.flags.has('F') || bytes === null || !isScript(bytes)) return null;
      return `F keeps the script ${c.entry.interpreter} open, but the program of its own #! line is looked up when it is used.`;
    },
  },
  {
    id: 'O-then-script',
    rule: 'D7',
    severity: 'danger',
    fix: 'leave O and C away, or register a program rather than a script',
    says(c) {
      const bytes = found(c);
      if (!c.entry.flags.has('O') || bytes === null || !isScript(bytes) || c.version.execfd_then_rewrite === 'works') return null;
      return `With O or C the interpreter must be a program. ${c.entry.interpreter} is a script, which means another rewrite: execve answers ENOEXEC.`;
    },
  },
  {
    id: 'C-implies-O',
    rule: 'M10',
    severity: 'careful',
    fix: 'leave C away unless set-uid files are meant to keep their rights',
    says: ({ entry }) =>
      entry.flags.has('C')
        ? `C implies O, and set-uid files hand their rights to ${entry.interpreter}: whoever controls it is root.`
        : null,
  },
  {
    id: 'P-changes-argv',
    rule: 'M7',
    severity: 'careful',
    fix: 'leave P away, unless the interpreter expects the old argv[0] behind the file name, as qemu and WSL do',
    says({ entry }) {
      if (!entry.flags.has('P') || /qemu|binfmt-P|^\/init$/.test(entry.interpreter)) return null;
      return `With P, argv is ${entry.interpreter}, the file, the old argv[0], and then the arguments: an ordinary interpreter takes the third for an argument.`;
    },
  },
  {
    id: 'F-opens-once',
    rule: 'R14',
    severity: 'note',
    fix: 'register the rule again after updating the interpreter',
    says: ({ entry }) =>
      entry.flags.has('F')
        ? 'F opens the interpreter once: replacing or removing the file later changes nothing, until the rule is registered again.'
        : null,
  },
];

function found({ facts: { interpreter } }: AcceptedContext): Uint8Array | null {
  return interpreter !== undefined && 'bytes' in interpreter ? interpreter.bytes : null;
}

const isScript = (bytes: Uint8Array): boolean => latin1(bytes.subarray(0, 2)) === '#!';
