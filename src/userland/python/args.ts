/** python3's command line, as far as we must know it before CPython reads it itself. */

export interface CommandLine {
  /** What is run: code, a module, a file, or standard input. */
  readonly kind: 'command' | 'module' | 'file' | 'stdin' | 'information';
  /** The code, the module's name, the file. */
  readonly what: string;
  readonly args: readonly string[];
  /** -i */
  readonly inspect: boolean;
  readonly quiet: boolean;
}

const INFORMATION = new Set(['--version', '--help', '--help-all', '--help-env', '--help-xoptions']);
const TAKE_ARGUMENT = 'cmWX';

export function parseCommandLine(argv: readonly string[]): CommandLine {
  let inspect = false;
  let quiet = false;
  const line = (kind: CommandLine['kind'], what: string, rest: number): CommandLine => ({
    kind,
    what,
    args: argv.slice(rest),
    inspect,
    quiet,
  });
  let i = 1;
  for (; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--') return operand(i + 1);
    if (!arg.startsWith('-') || arg === '-') return operand(i);
    if (INFORMATION.has(arg)) return line('information', arg, i + 1);
    if (arg === '--check-hash-based-pycs') i++;
    if (arg.startsWith('--')) continue;
    for (let k = 1; k < arg.length; k++) {
      const letter = arg[k] ?? '';
      if (letter === 'i') inspect = true;
      if (letter === 'q') quiet = true;
      if (letter === 'V' || letter === 'h' || letter === '?') return line('information', letter, i + 1);
      if (!TAKE_ARGUMENT.includes(letter)) continue;
      const value = k + 1 < arg.length ? arg.slice(k + 1) : (argv[++i] ?? '');
      if (letter === 'c') return line('command', value, i + 1);
      if (letter === 'm') return line('module', value, i + 1);
      break;
    }
  }
  return line('stdin', '-', argv.length);

  function operand(at: number): CommandLine {
    const what = argv[at];
    return what === undefined || what === '-' ? line('stdin', '-', at + 1) : line('file', what, at + 1);
  }
}
