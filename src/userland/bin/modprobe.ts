/** modprobe. The one module that can be is binfmt_misc, and it comes with its mount; nothing is loaded or unloaded by hand. Follows kmod 30. */
import { latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { command, type Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { readFile } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'modprobe',
    usage: ['[options] [-i] [-b] modulename', '[options] -a [-i] [-b] modulename [modulename...]', '[options] -r [-i] modulename'],
    summary: 'Loads a module of the kernel.',
    follows: 'kmod 30',
    shortName: true,
    hint: () => '',
    options: [
      ['-a, --all', 'every operand is a module'],
      ['-r, --remove', 'remove modules instead of inserting'],
      ['-n, --dry-run', 'do nothing'],
      ['-q, --quiet', 'say nothing of what is not found'],
      ['-v, --verbose', 'say more'],
      ['-V', 'show the version and exit'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('V')) {
      io.stdout.put('kmod version 30, modelled in binfmt-lab\n');
      return 0;
    }
    if (operands.length === 0) throw new Failure('ERROR: missing parameters. See -h.');
    const names = (options.has('a') || options.has('r') ? operands : operands.slice(0, 1)).map((name) => name.replaceAll('-', '_'));
    for (const name of names) await (options.has('r') ? remove(io, name) : insert(io, name, options.has('q')));
    return undefined;
  },
);

/** What is there already needs no loading. */
async function insert(io: Io, name: string, quiet: boolean): Promise<void> {
  if ((await loaded(io)).has(name) || (await canMount(io, name))) return;
  io.status = 1;
  if (!quiet) await io.warn(`FATAL: Module ${name} not found in directory /lib/modules/${io.sys.uname().release}`);
}

async function remove(io: Io, name: string): Promise<void> {
  const uses = (await loaded(io)).get(name);
  if (uses === undefined)
    return await io.fail(`FATAL: Module ${name} is ${(await canMount(io, name)) ? 'builtin' : 'not currently loaded'}.`);
  if (uses > 0) return await io.fail(`FATAL: Module ${name} is in use.`);
  await io.fail(`ERROR: could not remove '${name}': the lab's kernel does not unload modules`);
}

async function loaded(io: Io): Promise<Map<string, number>> {
  const bytes = await readFile(io.sys, '/proc/modules');
  const lines = IS_ERR(bytes)
    ? []
    : latin1(bytes)
        .split('\n')
        .filter((line) => line !== '');
  return new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[2])]));
}

/** A file system that the kernel has built in. */
async function canMount(io: Io, name: string): Promise<boolean> {
  const bytes = await readFile(io.sys, '/proc/filesystems');
  return !IS_ERR(bytes) && latin1(bytes).split(/\s+/).includes(name);
}
