/** pgrep and pkill: processes by what they are. Follows procps-ng 4.0.2. */
import { IS_ERR } from '../../uapi/errno.ts';
import { SIGTERM } from '../../uapi/signal.ts';
import type { Program } from '../../uapi/syscalls.ts';
import { command, type Io, type OptionRow, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { compileRegex } from '../lib/regex.ts';
import { signalNumber } from '../lib/signal-name.ts';
import { loadUsers, type Users } from '../lib/users.ts';
import { type Process, readProcesses, ttyName } from './process.ts';

const COMMON: readonly OptionRow[] = [
  ['-f, --full', 'use full process name to match'],
  ['-x, --exact', 'match exactly with the command name'],
  ['-i, --ignore-case', 'match case insensitively'],
  ['-v, --inverse', 'negates the matching'],
  ['-n, --newest', 'select most recently started'],
  ['-o, --oldest', 'select least recently started'],
  ['-P, --parent=PPID', 'match only child processes of the given parent'],
  ['-g, --pgroup=PGID', 'match listed process group IDs'],
  ['-s, --session=SID', 'match session IDs'],
  ['-t, --terminal=TTY', 'match by controlling terminal'],
  ['-u, --euid=ID', 'match by effective IDs'],
  ['-U, --uid=ID', 'match by real IDs'],
  ['-c, --count', 'count of matching processes'],
];
const PGREP: readonly OptionRow[] = [
  ['-l, --list-name', 'list PID and process name'],
  ['-a, --list-full', 'list PID and full command line'],
  ['-d, --delimiter=STRING', 'specify output delimiter'],
];
const PKILL: readonly OptionRow[] = [['-e, --echo', 'display what is killed']];

export function matcher(name: 'pgrep' | 'pkill'): Program {
  return command(
    {
      name,
      usage: ['[options] <pattern>'],
      summary: name === 'pgrep' ? 'Lists processes by name and other things.' : 'Signals processes by name and other things.',
      follows: 'procps-ng 4.0.2',
      failure: 2,
      hint: () => `\nUsage:\n ${name} [options] <pattern>\n\nFor more details see pgrep(1).\n`,
      options: [...COMMON, ...(name === 'pgrep' ? PGREP : PKILL), ['--signal=SIG', 'signal to send']],
      special: (argument) =>
        name === 'pkill' && /^-(\d+|(?:SIG)?[A-Z]\w+)$/.test(argument) ? { key: 'signal', value: argument.slice(1) } : null,
    },
    async (io, options, operands) => {
      if (operands.length > 1) throw usage(name, 'only one pattern can be provided');
      const found = await select(io, options, operands[0], name);
      if (name === 'pgrep') print(io, options, found);
      else await signal(io, options, found);
      return found.length > 0 ? 0 : 1;
    },
  );
}

const usage = (name: string, message: string): Failure => new Failure(`${message}\nTry \`${name} --help' for more information.`, 2);

async function select(io: Io, options: Options, pattern: string | undefined, name: string): Promise<Process[]> {
  const tests = testsOf(options, await loadUsers(io.sys));
  if (pattern === undefined && tests.length === 0 && !options.has('n') && !options.has('o'))
    throw usage(name, 'no matching criteria specified');
  if (pattern !== undefined) tests.push(patternTest(options, pattern));
  const fits = (p: Process): boolean => tests.every((test) => test(p)) !== options.has('v');
  const found = (await readProcesses(io.sys)).filter((p) => p.pid !== io.sys.getpid() && fits(p));
  const latest = (a: Process, b: Process): Process => (b.start > a.start || (b.start === a.start && b.pid > a.pid) ? b : a);
  if (found.length > 0 && options.has('n')) return [found.reduce(latest)];
  return found.length > 0 && options.has('o') ? found.slice(0, 1) : found;
}

type Test = (p: Process) => boolean;

function testsOf(options: Options, users: Users): Test[] {
  const numbers = (key: string): number[] | null => options.value(key)?.split(',').map(Number) ?? null;
  const ids = (key: string): number[] | null =>
    options
      .value(key)
      ?.split(',')
      .map((id) => users.getpwnam(id)?.uid ?? idNumber(id)) ?? null;
  const ttys = options.value('t')?.split(',');
  const of = (list: number[] | null, get: (p: Process) => number): Test[] => (list ? [(p) => list.includes(get(p))] : []);
  return [
    ...of(numbers('P'), (p) => p.ppid),
    ...of(numbers('g'), (p) => p.pgrp),
    ...of(numbers('s'), (p) => p.session),
    ...of(ids('u'), (p) => p.euid),
    ...of(ids('U'), (p) => p.ruid),
    ...(ttys ? [(p: Process) => ttys.includes(ttyName(p.tty))] : []),
  ];
}

function idNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new Failure(`invalid user name: ${text}`);
  return Number(text);
}

function patternTest(options: Options, pattern: string): Test {
  const source = options.has('x') ? `^(${pattern})$` : pattern;
  const compiled = compileRegex(source, { extended: true, utf8: true, ignoreCase: options.has('i') });
  if (typeof compiled === 'string') throw new Failure(`${compiled}`);
  return (p) => (options.has('f') && p.argv.length > 0 ? p.argv.join(' ') : p.comm).search(compiled.regexp) >= 0;
}

function print(io: Io, options: Options, found: readonly Process[]): void {
  if (options.has('c')) {
    io.stdout.put(`${found.length}\n`);
    return;
  }
  const line = (p: Process): string => `${p.pid}${options.has('a') ? ` ${p.argv.join(' ')}` : options.has('l') ? ` ${p.comm}` : ''}`;
  if (found.length > 0) io.stdout.put(`${found.map(line).join(options.value('d') ?? '\n')}\n`);
}

async function signal(io: Io, options: Options, found: readonly Process[]): Promise<void> {
  const text = options.value('signal');
  const number = text === null ? SIGTERM : signalNumber(text);
  if (number === null) throw new Failure(`Unknown signal "${text}".`);
  for (const { pid, comm } of found) {
    const error = io.sys.kill(pid, number);
    if (IS_ERR(error)) await io.warn(`killing pid ${pid} failed: ${error.message}`);
    else if (options.has('e')) io.stdout.put(`${comm} killed (pid ${pid})\n`);
  }
  if (options.has('c')) io.stdout.put(`${found.length}\n`);
}
