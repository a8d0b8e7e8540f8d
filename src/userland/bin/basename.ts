/** basename(1). */
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { basename } from '../lib/path.ts';

export const main = command(
  {
    name: 'basename',
    usage: ['NAME [SUFFIX]', 'OPTION... NAME...'],
    summary: 'Prints the last component of each name, without the suffix.',
    options: [
      ['-a, --multiple', 'every operand is a name'],
      ['-s, --suffix=SUFFIX', 'the suffix to remove; implies -a'],
      ['-z, --zero', 'end each name with NUL'],
    ],
    permute: false,
  },
  async (io, options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    const several = options.has('a') || options.has('s');
    if (!several && operands.length > 2) throw new UsageError(`extra operand ${io.quote(operands[2] ?? '')}`);
    const suffix = several ? (options.value('s') ?? '') : (operands[1] ?? '');
    const end = options.has('z') ? '\0' : '\n';
    for (const name of several ? operands : operands.slice(0, 1)) io.stdout.put(withoutSuffix(basename(name), suffix) + end);
    return 0;
  },
);

function withoutSuffix(name: string, suffix: string): string {
  return name !== suffix && suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}
