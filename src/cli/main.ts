/** binfmt-lab: the command. One row a subcommand. */
import { parseRun, UsageError } from './args.ts';
import { lesson } from './lesson.ts';
import { rule } from './rule.ts';
import { run } from './run.ts';
import { shell } from './shell.ts';
import { version } from './version.ts';

const USAGE = `usage: binfmt-lab run   [OPTION]... (-c SCRIPT [NAME [ARG]...] | FILE [ARG]...)
       binfmt-lab shell [OPTION]...
       binfmt-lab rule  [--kernel V] [--host ARCH] [--file FILE] [--json] LINE
       binfmt-lab lesson list | test [DIR]...
       binfmt-lab --version | --help
`;

const HELP = `${USAGE}
Boots a simulated Linux machine and runs bash on it: the script's input, output
and exit status are passed through unchanged (128+n for a signal).

  run      runs SCRIPT, or FILE, which is copied to /root with its mode
  shell    an interactive bash in this terminal
  rule     explains and checks one line for binfmt_misc's register: its fields,
           the kernel's answer and why, warnings, the rule laid over FILE, and the
           same rule as a shell command, a binfmt.d file and for update-binfmts;
           LINE may be any of these forms, or - for standard input; status 0 if
           the kernel takes the line, 1 if not
  lesson   lists the lessons, or proves that they work (lesson --help)

  --kernel V             lab (default), 2.6.29, 2.6.32, 4.9, 4.19, 5.4, 6.1, 6.12, 6.18
  --host ARCH            x86_64 (default), aarch64, armv7l, riscv64, i686
  --user NAME            a user of the machine's /etc/passwd (default root)
  -e NAME=VALUE          sets a variable of the environment
  -v HOSTPATH:LABPATH    copies a file, or what is in a directory, into the machine
  --out LABPATH:HOSTPATH copies a file or a directory out at the end
  --trace FILE           writes the kernel's events, one JSON object a line
  --timeout S            ends with status 124 after S seconds
  --                     ends the options

Not built yet: explain.
`;

const LATER = new Set(['explain']);

/** Runs the command line `argv` (without node and the script's name) and ends the process with its status. */
export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await command(argv);
  // Timers of background tasks, or an open standard input, do not keep a finished machine alive.
  process.exit();
}

async function command(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--help' || name === '-h') return say(process.stdout, HELP, 0);
  if (name === '--version') return say(process.stdout, `binfmt-lab ${version}\n`, 0);
  if (name === undefined) return usage('which subcommand?');
  if (LATER.has(name)) return say(process.stderr, `binfmt-lab: '${name}' is not built yet\n`, 2);
  if (name === 'lesson') return outcomeOf(lesson(rest));
  if (name === 'rule') return rest[0] === '--help' || rest[0] === '-h' ? say(process.stdout, HELP, 0) : outcomeOf(rule(rest));
  if (name !== 'run' && name !== 'shell') return usage(`unknown subcommand '${name}'`);
  if (rest[0] === '--help' || rest[0] === '-h') return say(process.stdout, HELP, 0);
  const options = parseRun(rest);
  if (options instanceof UsageError) return usage(options.message);
  return outcomeOf(name === 'run' ? run(options) : shell(options));
}

async function outcomeOf(work: Promise<number | UsageError>): Promise<number> {
  const outcome = await work;
  return outcome instanceof UsageError ? usage(outcome.message) : outcome;
}

function usage(message: string): Promise<number> {
  return say(process.stderr, `binfmt-lab: ${message}\n${USAGE}`, 2);
}

function say(stream: NodeJS.WriteStream, text: string, status: number): Promise<number> {
  return new Promise((resolve) => stream.write(text, () => resolve(status)));
}
