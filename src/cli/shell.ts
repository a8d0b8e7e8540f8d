/** binfmt-lab shell: an interactive bash of a fresh machine in this terminal. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { LabError, type LabTerminal } from '../lab/index.ts';
import { type RunOptions, UsageError } from './args.ts';
import { copyOut, HostFileError } from './copy.ts';
import { bootFor, run } from './run.ts';
import { stdout } from './stdio.ts';

/** The shell's status. Without a terminal on standard input it reads a script from there, as bash does. */
export async function shell(options: RunOptions): Promise<number | UsageError> {
  if (options.rest.length > 0 || options.command !== undefined) return new UsageError('shell takes options only; run takes a script');
  if (!process.stdin.isTTY) return run({ ...options, command: 'exec bash -s' });
  const keys = keyboard();
  try {
    const lab = await bootFor(options, () => keys.poll());
    const terminal = lab.openTerminal({
      rows: process.stdout.rows,
      cols: process.stdout.columns,
      output: stdout(process.stdout),
      ...(options.user === undefined ? {} : { user: options.user }),
    });
    process.stdout.on('resize', () => terminal.resize(process.stdout.rows, process.stdout.columns));
    keys.attach(terminal);
    const status = await terminal.exited;
    for (const { from, to } of options.outs) await copyOut(lab, from, to);
    return status;
  } catch (e) {
    if (e instanceof LabError) return new UsageError(e.message);
    if (e instanceof HostFileError) {
      process.stderr.write(`binfmt-lab: ${e.message}\n`);
      return 1;
    }
    throw e;
  } finally {
    keys.release();
  }
}

interface Keyboard {
  attach(terminal: LabTerminal): void;
  /** Fetches waiting keys at once: a payload that never gives way asks for them, so that ^C is heard; true if there were any. */
  poll(): boolean;
  release(): void;
}

/** This terminal's keys, raw: ^C and its kin are the machine's business. */
function keyboard(): Keyboard {
  let terminal: LabTerminal | undefined;
  const fd = openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = new Uint8Array(4096);
  process.stdin.setRawMode(true);
  return {
    attach: (to) => {
      terminal = to;
      process.stdin.on('data', (data: Buffer) => to.input(data));
    },
    poll: () => {
      const n = readWaiting(fd, buffer);
      if (n > 0) terminal?.input(buffer.slice(0, n));
      return n > 0;
    },
    release: () => {
      process.stdin.setRawMode(false);
      closeSync(fd);
    },
  };
}

function readWaiting(fd: number, buffer: Uint8Array): number {
  try {
    return readSync(fd, buffer);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw e;
  }
}
