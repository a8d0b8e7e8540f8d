/** rm(1). */
import { command, type Io, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { confirm } from '../lib/prompt.ts';
import { isDangerous, type RemoveHow, remove } from '../lib/remove.ts';
import { isatty } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'rm',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Removes files; with -r directories and what is in them.',
    options: [
      ['-f, --force', 'missing files are no error; never ask'],
      ['-i', 'ask before each removal'],
      ['-I', 'ask once before removing more than three files or a tree'],
      ['--interactive[=WHEN]', 'never, once (-I) or always (-i)'],
      ['--no-preserve-root', 'treat / as any other directory'],
      ['--preserve-root[=all]', 'do not remove / (the default)'],
      ['-r, -R, --recursive', 'directories and what is in them'],
      ['-d, --dir', 'empty directories too'],
      ['-v, --verbose', 'say what is removed'],
    ],
  },
  async (io, options, operands) => {
    const how = howOf(io, options);
    if (operands.length === 0) {
      if (how.force) return 0;
      throw new UsageError('missing operand');
    }
    if (promptKind(options) === 'once' && !(await confirmOnce(io, how, operands.length))) return 0;
    for (const name of operands) if (!(await isDangerous(io, how, name))) await remove(io, how, name);
    return undefined;
  },
);

type PromptKind = 'always' | 'never' | 'once' | 'protected';

function promptKind(options: Options): PromptKind {
  switch (options.last('f', 'i', 'I', 'interactive')) {
    case 'f':
      return 'never';
    case 'i':
      return 'always';
    case 'I':
      return 'once';
    case 'interactive':
      return ({ never: 'never', no: 'never', none: 'never', once: 'once' } as const)[options.value('interactive') as 'no'] ?? 'always';
    default:
      return 'protected';
  }
}

function howOf(io: Io, options: Options): RemoveHow {
  const kind = promptKind(options);
  return {
    recursive: options.has('r'),
    emptyDirectories: options.has('d'),
    force: kind === 'never' && options.has('f'),
    ask: kind === 'once' || (kind === 'protected' && !isatty(io.sys, 0)) ? 'never' : kind,
    verbose: options.has('v'),
    preserveRoot: options.last('no-preserve-root', 'preserve-root') !== 'no-preserve-root',
  };
}

async function confirmOnce(io: Io, how: RemoveHow, count: number): Promise<boolean> {
  if (!how.recursive && count <= 3) return true;
  const what = count === 1 ? 'argument' : 'arguments';
  return await confirm(io, `remove ${count} ${what}${how.recursive ? ' recursively' : ''}?`);
}
