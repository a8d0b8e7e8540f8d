/** cp(1). */
import { command, type Io, type Options } from '../lib/command.ts';
import { Copier, type CopyHow } from '../lib/copy.ts';
import { destinationRows, pairs } from '../lib/destination.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { dirname, join, stripSlashes } from '../lib/path.ts';

export const main = command(
  {
    name: 'cp',
    usage: ['[OPTION]... [-T] SOURCE DEST', '[OPTION]... SOURCE... DIRECTORY', '[OPTION]... -t DIRECTORY SOURCE...'],
    summary: 'Copies files, and with -r directories.',
    options: [
      ['-a, --archive', 'the same as -dR --preserve=all'],
      ['-d', 'the same as --no-dereference --preserve=links'],
      ['-f, --force', 'remove a destination that cannot be opened, and try again'],
      ['-H', 'follow links named on the command line'],
      ['-i, --interactive', 'ask before overwriting'],
      ['-l, --link', 'make hard links instead of copies'],
      ['-L, --dereference', 'always follow links'],
      ['-n, --no-clobber', 'do not overwrite'],
      ['-p', 'the same as --preserve=mode,ownership,timestamps'],
      ['-P, --no-dereference', 'never follow links'],
      ['--preserve[=ATTR_LIST]', 'keep mode, ownership, timestamps, links or all'],
      ['--no-preserve=ATTR_LIST', 'do not keep these'],
      ['--parents', 'make the source name under the directory'],
      ['-r, -R, --recursive', 'directories and what is in them'],
      ['--remove-destination', 'remove each destination first'],
      ['-s, --symbolic-link', 'make symbolic links instead of copies'],
      ['-u, --update', 'only where the source is newer or the destination missing'],
      ['-v, --verbose', 'say what is done'],
      ...destinationRows,
    ],
  },
  async (io, options, operands) => {
    const copier = new Copier(io, howOf(io, options));
    for (const { source, destination } of options.has('parents') ? underParents(io, options, operands) : pairs(io, options, operands)) {
      await copier.copy(source, destination);
    }
    return undefined;
  },
);

function howOf(io: Io, options: Options): CopyHow {
  const recursive = options.has('r') || options.has('a');
  const asked = options.last('i', 'n');
  return {
    recursive,
    dereference: dereferenceOf(options, recursive),
    preserve: preserveOf(io, options),
    existing: asked === 'i' ? 'ask' : asked === 'n' ? 'keep' : options.has('u') ? 'update' : 'replace',
    force: options.has('f'),
    removeFirst: options.has('remove-destination'),
    make: options.has('s') ? 'symlink' : options.has('l') ? 'link' : 'copy',
    verbose: options.has('v'),
    moving: false,
    contentsOfSpecial: !recursive,
  };
}

function dereferenceOf(options: Options, recursive: boolean): CopyHow['dereference'] {
  const last = options.last('L', 'P', 'H', 'd', 'a');
  if (last === 'L') return 'always';
  if (last === 'H') return 'operands';
  if (last !== null) return 'never';
  return recursive || options.has('l') ? 'never' : 'always';
}

const ATTRIBUTES = ['mode', 'timestamps', 'ownership', 'links', 'context', 'xattr', 'all'];
const VALID = ATTRIBUTES.map((a) => `  - '${a}'`).join('\n');

function preserveOf(io: Io, options: Options): CopyHow['preserve'] {
  const kept = new Set<string>();
  const keep = (list: string): void => {
    for (const attribute of expand(list)) kept.add(attribute);
  };
  for (const { key, value } of options.list) {
    if (key === 'a') keep('all');
    else if (key === 'd') keep('links');
    else if (key === 'p') keep('mode,ownership,timestamps');
    else if (key === 'preserve') keep(checked(io, value ?? 'mode,ownership,timestamps', 'preserve'));
    else if (key === 'no-preserve') for (const attribute of expand(checked(io, value ?? '', 'no-preserve'))) kept.delete(attribute);
  }
  return { mode: kept.has('mode'), ownership: kept.has('ownership'), timestamps: kept.has('timestamps'), links: kept.has('links') };
}

function expand(list: string): string[] {
  return list.split(',').flatMap((a) => (a === 'all' ? ['mode', 'ownership', 'timestamps', 'links'] : [a]));
}

function checked(io: Io, list: string, option: string): string {
  const wrong = list.split(',').find((a) => !ATTRIBUTES.includes(a));
  if (wrong !== undefined)
    throw new UsageError(`invalid argument ${io.quote(wrong)} for ${io.quote(`--${option}`)}\nValid arguments are:\n${VALID}`);
  return list;
}

/** cp --parents: the whole source name under the directory, its parents made. */
function underParents(io: Io, options: Options, operands: readonly string[]): { source: string; destination: string }[] {
  const directory = options.value('t') ?? operands.at(-1);
  const sources = options.has('t') ? operands : operands.slice(0, -1);
  if (directory === undefined || sources.length === 0) return pairs(io, options, operands);
  return sources.map((source) => {
    const destination = join(directory, stripSlashes(source).replace(/^\/+/, ''));
    makeParents(io, directory, dirname(destination));
    return { source, destination };
  });
}

function makeParents(io: Io, directory: string, path: string): void {
  if (path.length <= stripSlashes(directory).length) return;
  makeParents(io, directory, dirname(path));
  const status = io.sys.mkdir(path, 0o777);
  if (status !== 0 && status.code !== 'EEXIST') throw new Failure(`cannot make directory ${io.quoteAlways(path)}: ${status.message}`);
}
