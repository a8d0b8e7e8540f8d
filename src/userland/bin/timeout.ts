/** timeout(1). */

import { encode } from '../../uapi/bytes.ts';
import { EINTR, ENOENT, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { SIGALRM, SIGCONT, SIGKILL, SIGTERM, SIGTTIN, SIGTTOU, WEXITSTATUS, WIFEXITED, WTERMSIG } from '../../uapi/signal.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { startChild } from '../lib/execvp.ts';
import { signalName, signalNumber } from '../lib/signal-name.ts';
import { writeAll } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'timeout',
    usage: ['[OPTION] DURATION COMMAND [ARG]...'],
    summary: 'Runs a command and ends it if it still runs after a time.',
    options: [
      ['--foreground', 'only the command itself is signalled'],
      ['-k, --kill-after=DURATION', 'KILL if it still runs so long after the first signal'],
      ['--preserve-status', "exit with the command's status also when the time was over"],
      ['-s, --signal=SIGNAL', 'the signal (TERM)'],
      ['-v, --verbose', 'say when a signal is sent'],
    ],
    permute: false,
    failure: 125,
  },
  async (io, options, operands) => {
    const [duration, name] = operands;
    const killAfter = options.value('k') === null ? 0 : seconds(io, options.value('k') ?? '');
    const signal = options.value('s') === null ? SIGTERM : signalNumber(options.value('s') ?? '');
    if (signal === null) throw new UsageError(`${io.quote(options.value('s') ?? '')}: invalid signal`);
    if (duration === undefined || name === undefined) throw new UsageError('');
    const limit = seconds(io, duration);
    if (!options.has('foreground')) io.sys.setpgid(0, 0);
    for (const sig of [SIGTTIN, SIGTTOU]) io.sys.rt_sigaction(sig, { handler: 'SIG_IGN' });
    const pid = startChild(io.sys, operands.slice(1), io.envp, async (child, error) => await cannotRun(io, child, name, error));
    if (IS_ERR(pid)) throw new Failure(`fork system call failed: ${pid.message}`);
    return await watch(io, options, pid, name, limit, [signal, ...(killAfter > 0 ? [SIGKILL] : [])], killAfter);
  },
);

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 };

function seconds(io: Io, text: string): number {
  const m = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (!m) throw new UsageError(`invalid time interval ${io.quote(text)}`);
  return Number(m[1]) * (UNITS[m[2] ?? ''] ?? 1);
}

async function cannotRun(io: Io, child: Io['sys'], name: string, error: Errno): Promise<number> {
  await writeAll(child, 2, encode(`${io.name}: failed to run command ${io.quote(name)}: ${error.message}\n`));
  return error === ENOENT ? 127 : 126;
}

async function watch(
  io: Io,
  options: Options,
  pid: number,
  name: string,
  limit: number,
  signals: number[],
  killAfter: number,
): Promise<number> {
  let timedOut = false;
  let last = 0;
  let said: Promise<void> | null = null;
  const handler = (): void => {
    last = signals.shift() ?? SIGKILL;
    timedOut = true;
    if (options.has('v')) said = io.complain(`${io.name}: sending signal ${signalName(last)} to command ${io.quote(name)}\n`);
    send(io, pid, last, options.has('foreground'));
    if (signals.length > 0) io.sys.alarm(killAfter);
  };
  io.sys.rt_sigaction(SIGALRM, { handler });
  if (limit > 0) io.sys.alarm(limit);
  for (;;) {
    const result = await io.sys.wait4(pid, 0);
    if (said) await said;
    if (result === EINTR) continue;
    if (IS_ERR(result)) throw new Failure(`error waiting for command: ${result.message}`);
    io.sys.alarm(0);
    if (timedOut && last === SIGKILL && !options.has('foreground')) io.sys.kill(io.sys.getpid(), SIGKILL);
    return exitStatus(options, result.status, timedOut, last);
  }
}

/** The command, and all of its group; this process is one of it and must not end of it. */
function send(io: Io, pid: number, sig: number, foreground: boolean): void {
  io.sys.kill(pid, sig);
  if (!foreground && sig !== SIGKILL) {
    io.sys.rt_sigaction(sig, { handler: 'SIG_IGN' });
    io.sys.kill(0, sig);
  }
  if (sig !== SIGKILL && sig !== SIGCONT) io.sys.kill(pid, SIGCONT);
}

function exitStatus(options: Options, status: number, timedOut: boolean, last: number): number {
  const own = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (!timedOut || options.has('preserve-status')) return own;
  return last === SIGKILL ? 137 : 124;
}
