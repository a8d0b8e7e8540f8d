/** tee(1). */
import { EPIPE, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { SIGINT, SIGPIPE } from '../../uapi/signal.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, type Io } from '../lib/command.ts';
import { BUFSIZ, writeAll } from '../lib/stdio.ts';

interface Sink {
  readonly fd: Fd;
  readonly name: string;
  open: boolean;
}

export const main = command(
  {
    name: 'tee',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Copies standard input to each file and to standard output.',
    options: [
      ['-a, --append', 'add to the files instead of replacing them'],
      ['-i, --ignore-interrupts', 'go on when interrupted'],
      ['-p', 'go on when a pipe breaks'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('i')) io.sys.rt_sigaction(SIGINT, { handler: 'SIG_IGN' });
    if (options.has('p')) io.sys.rt_sigaction(SIGPIPE, { handler: 'SIG_IGN' });
    const sinks = await openSinks(io, operands, options.has('a') ? O_APPEND : O_TRUNC);
    await copy(io, sinks, options.has('p'));
    return undefined;
  },
);

async function openSinks(io: Io, names: readonly string[], how: number): Promise<Sink[]> {
  const sinks: Sink[] = [{ fd: 1, name: 'standard output', open: true }];
  for (const name of names) {
    const fd = await io.sys.open(name, O_WRONLY | O_CREAT | how, 0o666);
    if (IS_ERR(fd)) await io.fail(io.quoteIfNeeded(name), fd);
    else sinks.push({ fd, name: io.quoteIfNeeded(name), open: true });
  }
  return sinks;
}

async function copy(io: Io, sinks: Sink[], pipesMayBreak: boolean): Promise<void> {
  while (sinks.some((sink) => sink.open)) {
    const chunk = await io.sys.read(0, BUFSIZ);
    if (IS_ERR(chunk)) return await io.fail('read error', chunk);
    if (chunk.length === 0) return;
    for (const sink of sinks) {
      if (!sink.open) continue;
      const status = await writeAll(io.sys, sink.fd, chunk);
      if (IS_ERR(status)) await giveUp(io, sink, status, pipesMayBreak);
    }
  }
}

async function giveUp(io: Io, sink: Sink, error: Errno, pipesMayBreak: boolean): Promise<void> {
  sink.open = false;
  if (!(pipesMayBreak && error === EPIPE)) await io.fail(sink.name, error);
}
