/** env: a command in a changed environment. Follows GNU coreutils 9.1. */
import { encode } from '../../uapi/bytes.ts';
import { ENOENT, IS_ERR } from '../../uapi/errno.ts';
import { splitString } from '../env/split.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import { writeAll } from '../lib/stdio.ts';

const CANNOT_START = 125;

const inner = command(
  {
    name: 'env',
    usage: ['[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]'],
    summary: 'Set each NAME to VALUE in the environment and run COMMAND.',
    failure: CANNOT_START,
    permute: false,
    options: [
      ['-i, --ignore-environment', 'start with an empty environment'],
      ['-0, --null', 'end each output line with NUL, not newline'],
      ['-u, --unset=NAME', 'remove variable from the environment'],
      ['-C, --chdir=DIR', 'change working directory to DIR'],
      ['-S, --split-string=S', 'process and split S into separate arguments; used to pass multiple arguments on shebang lines'],
      ['-v, --debug', 'print verbose information for each processing step'],
    ],
  },
  async (io, options, operands) => {
    const dash = operands[0] === '-';
    const words = dash ? operands.slice(1) : operands;
    let env = options.has('i') || dash ? [] : [...io.envp];
    for (const name of options.values('u')) env = unset(io, env, name);
    const assignments = words.findIndex((word) => !word.includes('='));
    const set = assignments < 0 ? words : words.slice(0, assignments);
    for (const entry of set) env = putenv(env, entry);
    const argv = assignments < 0 ? [] : words.slice(assignments);
    check(options, argv);
    changeDirectory(io, options);
    if (argv.length > 0) return await run(io, options, argv, env);
    for (const entry of env) await io.stdout.write(entry + (options.has('0') ? '\0' : '\n'));
    return 0;
  },
);

/** What -S asks for is put in its place before the options are read, so that it may hold options itself. */
export const main: typeof inner = async (sys, argv, envp) => {
  const split = splitOption(argv, envp);
  if (typeof split !== 'string') return await inner(sys, split, envp);
  await writeAll(sys, 2, encode(`${argv[0] ?? 'env'}: ${split}\n`));
  return CANNOT_START;
};

function splitOption(argv: readonly string[], envp: readonly string[]): string[] | string {
  const [self = 'env', ...args] = argv;
  const lookUp = (name: string): string => getenv(envp, name) ?? '';
  for (let i = 0; i < args.length && (args[i] ?? '').startsWith('-') && args[i] !== '-' && args[i] !== '--'; i++) {
    const arg = args[i] ?? '';
    const [text, from] = splitText(arg, args[i + 1]);
    if (text === null) {
      if (/^-[uC]$/.test(arg) || arg === '--unset' || arg === '--chdir') i++;
      continue;
    }
    const rest = args.slice(i + from);
    const words = splitString(text, lookUp);
    if (typeof words === 'string') return words;
    const before = arg.startsWith('--') ? [] : arg.slice(1, arg.indexOf('S')) === '' ? [] : [arg.slice(0, arg.indexOf('S'))];
    const after = splitOption([self, ...words, ...rest], envp);
    return typeof after === 'string' ? after : [self, ...args.slice(0, i), ...before, ...after.slice(1)];
  }
  return [...argv];
}

/** The string of a -S in this argument and how many arguments it takes; null if there is none. */
function splitText(arg: string, next: string | undefined): [string | null, number] {
  const long = /^--split-string(?:=(.*))?$/s.exec(arg);
  if (long) return long[1] === undefined ? [next ?? null, 2] : [long[1], 1];
  const short = /^-[i0v]*S(.*)$/s.exec(arg);
  if (!short) return [null, 0];
  return short[1] === '' ? [next ?? null, 2] : [short[1] ?? '', 1];
}

function unset(io: Io, env: readonly string[], name: string): string[] {
  if (name === '' || name.includes('=')) throw new Failure(`cannot unset ${io.quote(name)}: Invalid argument`);
  return env.filter((entry) => !entry.startsWith(`${name}=`));
}

/** A variable that is there keeps its place. */
function putenv(env: readonly string[], entry: string): string[] {
  const name = entry.slice(0, entry.indexOf('=') + 1);
  const at = env.findIndex((e) => e.startsWith(name));
  return at < 0 ? [...env, entry] : env.with(at, entry);
}

function check(options: Options, argv: readonly string[]): void {
  if (options.has('0') && argv.length > 0) throw new UsageError('cannot specify --null (-0) with command');
  if (options.has('C') && argv.length === 0) throw new UsageError('must specify command with --chdir (-C)');
}

function changeDirectory(io: Io, options: Options): void {
  const to = options.value('C');
  if (to === null) return;
  const error = io.sys.chdir(to);
  if (IS_ERR(error)) throw new Failure(`cannot change directory to ${io.quoteAlways(to)}: ${error.message}`);
}

async function run(io: Io, options: Options, argv: readonly string[], env: readonly string[]): Promise<number> {
  const file = argv[0] ?? '';
  if (options.has('v')) {
    const shown = argv.map((arg, i) => `   arg[${i}]= ${io.quote(arg)}\n`);
    await io.complain(`executing: ${file}\n${shown.join('')}`);
  }
  const error = await execvp(io.sys, file, argv, env);
  await io.warn(io.quote(file), error);
  if (error === ENOENT && /\s/.test(file)) await io.warn('use -[v]S to pass options in shebang lines');
  return error === ENOENT ? 127 : 126;
}
