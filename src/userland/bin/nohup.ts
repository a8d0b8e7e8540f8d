/** nohup(1). */
import { ENOENT, IS_ERR } from '../../uapi/errno.ts';
import { O_APPEND, O_CREAT, O_WRONLY } from '../../uapi/fcntl.ts';
import { SIGHUP } from '../../uapi/signal.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, type Io } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import { isatty } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'nohup',
    usage: ['COMMAND [ARG]...'],
    summary: 'Runs a command that a hangup does not end.',
    permute: false,
    failure: 125,
  },
  async (io, _options, operands) => {
    const [name] = operands;
    if (name === undefined) throw new UsageError('missing operand');
    await redirect(io);
    io.sys.rt_sigaction(SIGHUP, { handler: 'SIG_IGN' });
    const error = await execvp(io.sys, name, operands, io.envp);
    await io.warn(`failed to run command ${io.quote(name)}`, error);
    return error === ENOENT ? 127 : 126;
  },
);

/** What is a terminal is one no more: nothing to read, output to nohup.out. */
async function redirect(io: Io): Promise<void> {
  const [input, output, errors] = [0, 1, 2].map((fd) => isatty(io.sys, fd));
  if (input) {
    const fd = await io.sys.open('/dev/null', O_WRONLY);
    if (!IS_ERR(fd)) move(io, fd, 0);
    if (!output) await io.warn(errors ? 'ignoring input and redirecting stderr to stdout' : 'ignoring input');
  }
  if (output) await toFile(io, input === true);
  if (errors) io.sys.dup2(1, 2);
}

async function toFile(io: Io, ignored: boolean): Promise<void> {
  const home = getenv(io.envp, 'HOME');
  for (const path of ['nohup.out', ...(home === undefined ? [] : [`${home}/nohup.out`])]) {
    const fd = await io.sys.open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600);
    if (IS_ERR(fd)) {
      await io.warn(`failed to open ${io.quoteAlways(path)}`, fd);
      continue;
    }
    await io.warn(`${ignored ? 'ignoring input and appending' : 'appending'} output to ${io.quoteAlways(path)}`);
    return move(io, fd, 1);
  }
  throw new Failure('');
}

function move(io: Io, from: Fd, to: Fd): void {
  io.sys.dup2(from, to);
  if (from !== to) io.sys.close(from);
}
