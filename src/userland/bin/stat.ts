/** stat(1): its own format language over stat(2) and statfs(2). */
import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISBLK, S_ISCHR, S_ISLNK } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { readEscapes } from '../lib/escapes.ts';
import { loadUsers, type Users } from '../lib/users.ts';
import { expandFile, expandFileSystem, type FileContext } from './stat-format.ts';

const FILE_FORMAT = `  File: %N
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: %Hd,%Ld\tInode: %-11i Links: %h
Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
 Birth: %w
`;
const DEVICE_FORMAT = FILE_FORMAT.replace('Links: %h\n', 'Links: %-5h Device type: %Hr,%Lr\n');
const TERSE_FORMAT = '%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n';
const FS_FORMAT = `  File: "%n"
    ID: %-8i Namelen: %-7l Type: %T
Block size: %-10s Fundamental block size: %S
Blocks: Total: %-10b Free: %-10f Available: %a
Inodes: Total: %-10c Free: %d
`;
const TERSE_FS_FORMAT = '%n %i %l %t %s %S %b %f %a %c %d\n';

export const main = command(
  {
    name: 'stat',
    usage: ['[OPTION]... FILE...'],
    summary: 'Prints what the kernel knows about a file or a file system.',
    options: [
      ['-L, --dereference', 'follow links'],
      ['-f, --file-system', 'the file system instead of the file'],
      ['--cached=MODE', 'always, never or default; makes no difference here'],
      ['-c, --format=FORMAT', 'print FORMAT and a newline for each file'],
      ['--printf=FORMAT', 'print FORMAT, with backslash escapes, and no newline'],
      ['-t, --terse', 'all on one line'],
    ],
    notes: [
      'For files: %a %A mode, %b %B blocks, %d %D %Hd %Ld device, %f raw mode, %F type, %g %G group, %h links, %i inode,',
      '%m mount point, %n name, %N quoted name, %o block size, %r %R %t %T device type, %s size, %u %U owner,',
      '%w %W birth, %x %X access, %y %Y modification, %z %Z change.',
      'For file systems: %a %b %f blocks, %c %d inodes, %i id, %l name length, %n name, %s %S block size, %t %T type.',
    ],
  },
  async (io, options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    const users = await loadUsers(io.sys);
    for (const name of operands) {
      if (options.has('f')) await showFileSystem(io, options, name);
      else await showFile(io, options, users, name);
    }
    return undefined;
  },
);

function formatOf(options: Options, standard: string, terse: string): string {
  const last = options.last('c', 'printf');
  if (last === 'c') return `${options.value('c')}\n`;
  if (last === 'printf') return readEscapes(options.value('printf') ?? '', 'format').text;
  return options.has('t') ? terse : standard;
}

async function showFile(io: Io, options: Options, users: Users, name: string): Promise<void> {
  const st = name === '-' ? io.sys.fstat(0) : options.has('L') ? io.sys.stat(name) : io.sys.lstat(name);
  if (IS_ERR(st)) return await io.fail(`cannot statx ${io.quoteAlways(name)}`, st);
  const device = S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode);
  const target = S_ISLNK(st.st_mode) ? io.sys.readlink(name) : null;
  const context: FileContext = { io, name, st, users, target: target === null || IS_ERR(target) ? null : target };
  const isDefault = options.last('c', 'printf') === null && !options.has('t');
  const format = formatOf(options, device ? DEVICE_FORMAT : FILE_FORMAT, TERSE_FORMAT);
  io.stdout.put(await expandFile(isDefault ? format.replace('%N', bareName(context)) : format, context));
}

/** The heading shows names as they are unless a shell would need quotes. */
function bareName({ io, name, target }: FileContext): string {
  const shown = io.quoteIfNeeded(name).replaceAll('%', '%%');
  return target === null ? shown : `${shown} -> ${io.quoteIfNeeded(target).replaceAll('%', '%%')}`;
}

async function showFileSystem(io: Io, options: Options, name: string): Promise<void> {
  if (name === '-') throw new Failure(`using ${io.quote('-')} to denote standard input does not work in file system mode`);
  const st = io.sys.statfs(name);
  if (IS_ERR(st)) return await io.fail(`cannot read file system information for ${io.quoteAlways(name)}`, st);
  io.stdout.put(await expandFileSystem(formatOf(options, FS_FORMAT, TERSE_FS_FORMAT), io, name, st));
}
