/** binfmt-lab run: one script on a freshly booted machine, its streams and status passed through unchanged. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { boot, type Lab, LabError, type Process } from '../lab/index.ts';
import { type RunOptions, UsageError } from './args.ts';
import { copyIn, copyOut, HostFileError } from './copy.ts';
import { stdin, stdout } from './stdio.ts';

const TIMED_OUT = 124;

/** The script's status; 2 for bad options, 124 when --timeout ended it, 1 when a file of this machine fails. */
export async function run(options: RunOptions): Promise<number | UsageError> {
  if (options.command === undefined && options.rest[0] === undefined) return new UsageError('what shall run? FILE, or -c SCRIPT');
  try {
    const deadline = options.timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.timeout * 1000;
    const lab = await bootFor(options, () => performance.now() > deadline && timeOut(options));
    const trace = options.trace === undefined ? undefined : traceTo(lab, options.trace);
    const status = await limited(await start(lab, options), options);
    for (const { from, to } of options.outs) await copyOut(lab, from, to);
    await trace?.end();
    return status;
  } catch (e) {
    if (e instanceof LabError) return new UsageError(e.message);
    if (e instanceof HostFileError) return complain(e.message, 1);
    throw e;
  }
}

/** Boots what `run` and `shell` are asked for; `onBusy` is called by payloads that compute without giving way. */
export async function bootFor(options: RunOptions, onBusy: () => boolean): Promise<Lab> {
  const lab = await boot({
    ...(options.kernel === undefined ? {} : { kernel: options.kernel }),
    ...(options.host === undefined ? {} : { host: options.host }),
    env: options.env,
    onBusy,
  });
  for (const { from, to } of options.volumes) await copyIn(lab, from, to);
  return lab;
}

async function start(lab: Lab, options: RunOptions): Promise<Process> {
  const streams = { stdin: stdin(), stdout: stdout(process.stdout), stderr: stdout(process.stderr) };
  const user = options.user === undefined ? {} : { user: options.user };
  const { command, rest } = options;
  if (command !== undefined) {
    return lab.spawn('/usr/bin/bash', ['bash', '-c', command, ...(rest.length > 0 ? rest : ['bash'])], { ...streams, ...user });
  }
  const [file = '', ...args] = rest;
  await copyFile(lab, file);
  return lab.spawn('/usr/bin/bash', ['bash', basename(file), ...args], { ...streams, ...user, cwd: '/root' });
}

async function copyFile(lab: Lab, file: string): Promise<void> {
  try {
    const { mode } = await stat(file);
    lab.writeFile(`/root/${basename(file)}`, await readFile(file), mode & 0o7777);
  } catch (e) {
    throw HostFileError.from(e, file);
  }
}

async function limited(process: Process, options: RunOptions): Promise<number> {
  if (options.timeout === undefined) return process.exited;
  const late = new Promise<number>((resolve) => {
    setTimeout(() => resolve(-1), (options.timeout ?? 0) * 1000).unref();
  });
  const status = await Promise.race([process.exited, late]);
  return status === -1 ? complain(timeOutText(options), TIMED_OUT) : status;
}

const timeOutText = (options: RunOptions): string => `timed out after ${options.timeout} s`;

/** From inside a payload that never gives way: nothing else would run again, so the process ends here. */
function timeOut(options: RunOptions): never {
  complain(timeOutText(options), TIMED_OUT);
  process.exit(TIMED_OUT);
}

function complain(message: string, status: number): number {
  process.stderr.write(`binfmt-lab: ${message}\n`);
  return status;
}

function traceTo(lab: Lab, path: string): { end(): Promise<void> } {
  const out: WriteStream = createWriteStream(path);
  let failed: Error | undefined;
  out.on('error', (e) => {
    failed = e;
  });
  const stop = lab.on('event', (event) => out.write(`${JSON.stringify(event)}\n`));
  return {
    end: async () => {
      stop();
      await new Promise<void>((resolve) => out.end(() => resolve()));
      if (failed !== undefined) throw new HostFileError(failed.message);
    },
  };
}
