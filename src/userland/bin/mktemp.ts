/** mktemp(1). */
import { EEXIST, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_EXCL, O_RDWR } from '../../uapi/fcntl.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { join } from '../lib/path.ts';

export const main = command(
  {
    name: 'mktemp',
    usage: ['[OPTION]... [TEMPLATE]'],
    summary: 'Makes a file with a new name and prints the name. Three or more X at the end of the template are replaced.',
    options: [
      ['-d, --directory', 'make a directory'],
      ['-u, --dry-run', 'make nothing'],
      ['-q, --quiet', 'no message if it fails'],
      ['--suffix=SUFF', 'put this behind the X'],
      ['-p DIR', 'in DIR'],
      ['--tmpdir[=DIR]', 'the same; TMPDIR or /tmp unless said'],
      ['-t', 'the same for a template without slashes'],
    ],
  },
  async (io, options, operands) => {
    const [given, extra] = operands;
    if (extra !== undefined) throw new UsageError('too many templates');
    const { head, marks, suffix } = splitTemplate(io, options, given ?? 'tmp.XXXXXXXXXX', given === undefined);
    return await make(io, options, head, marks, suffix);
  },
);

interface Template {
  readonly head: string;
  readonly marks: number;
  readonly suffix: string;
}

function splitTemplate(io: Io, options: Options, template: string, isDefault: boolean): Template {
  const given = options.value('suffix');
  if (given !== null && !template.endsWith('X')) throw new Failure(`with --suffix, template ${io.quote(template)} must end in X`);
  const last = /X+(?=[^X]*$)/.exec(template);
  const marks = last?.[0].length ?? 0;
  const suffix = given ?? template.slice((last?.index ?? template.length) + marks);
  if (suffix.includes('/')) throw new Failure(`invalid suffix ${io.quote(suffix)}, contains directory separator`);
  if (marks < 3) throw new Failure(`too few X's in template ${io.quote(template)}`);
  const head = template.slice(0, last?.index ?? 0);
  return { head: inDirectory(io, options, head, template, isDefault), marks, suffix };
}

function inDirectory(io: Io, options: Options, head: string, template: string, isDefault: boolean): string {
  const tmpdir = getenv(io.envp, 'TMPDIR') || '/tmp';
  if (options.has('t')) {
    if (template.includes('/')) throw new Failure(`invalid template, ${io.quote(template)}, contains directory separator`);
    return join(getenv(io.envp, 'TMPDIR') ? tmpdir : (directoryOf(options) ?? tmpdir), head);
  }
  if (options.last('p', 'tmpdir') === null && !isDefault) return head;
  if (template.startsWith('/')) throw new Failure(`invalid template, ${io.quote(template)}; with --tmpdir, it may not be absolute`);
  return join(directoryOf(options) || tmpdir, head);
}

function directoryOf(options: Options): string | null {
  const key = options.last('p', 'tmpdir');
  return key === null ? null : options.value(key);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const ATTEMPTS = 1000;

async function make(io: Io, options: Options, head: string, marks: number, suffix: string): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const letters = Array.from({ length: marks }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join('');
    const name = head + letters + suffix;
    const status = await create(io, options, name);
    if (!IS_ERR(status)) {
      io.stdout.put(`${name}\n`);
      return 0;
    }
    if (status === EEXIST && attempt < ATTEMPTS) continue;
    const what = options.has('d') ? 'directory' : 'file';
    if (!options.has('q')) await io.warn(`failed to create ${what} via template ${io.quote(head + 'X'.repeat(marks) + suffix)}`, status);
    return 1;
  }
}

async function create(io: Io, options: Options, name: string): Promise<0 | Errno> {
  if (options.has('u')) return IS_ERR(io.sys.lstat(name)) ? 0 : EEXIST;
  if (options.has('d')) return io.sys.mkdir(name, 0o700);
  const fd = await io.sys.open(name, O_RDWR | O_CREAT | O_EXCL, 0o600);
  if (IS_ERR(fd)) return fd;
  io.sys.close(fd);
  return 0;
}
