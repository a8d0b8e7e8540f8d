/** file: says what files are. Follows file 5.44. */

import { concat } from '../../uapi/bytes.ts';
import { EISDIR, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import * as stat from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Bytes } from '../../uapi/types.ts';
import { type Identity, identify } from '../file/identify.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';

const USAGE = `Usage: file [-bhiLN0] [--mime-encoding] [--mime-type] [-F <separator>] [-f <namefile>]
            <file> ...
       file [--help]
`;
/** As many bytes as the real one looks at. */
const LIMIT = 1048576;

export const main = command(
  {
    name: 'file',
    usage: ['[OPTION...] [FILE...]'],
    summary: 'Determine type of FILEs.',
    follows: 'file 5.44',
    shortName: true,
    hint: () => USAGE,
    options: [
      ['-b, --brief', 'do not prepend filenames to output lines'],
      ['-F, --separator=STRING', 'use string as separator instead of ":"'],
      ['-f, --files-from=FILE', 'read the filenames to be examined from FILE'],
      ['-h, --no-dereference', "don't follow symlinks (default)"],
      ['-i, --mime', 'output MIME type strings'],
      ['--mime-type', 'output the MIME type'],
      ['--mime-encoding', 'output the MIME encoding'],
      ['-L, --dereference', 'follow symlinks'],
      ['-N, --no-pad', 'do not pad output'],
      ['-0, --print0', 'terminate filenames with ASCII NUL'],
      ['-v', 'output version information and exit'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('v')) {
      io.stdout.put('file-5.44\nmodelled in binfmt-lab\n');
      return 0;
    }
    const names = [...(await namesFrom(io, options)), ...operands];
    if (names.length === 0 && !options.has('f')) throw new UsageError('');
    for (const name of names) await io.stdout.write(await line(io, options, name, names));
    return 0;
  },
);

async function namesFrom(io: Io, options: Options): Promise<string[]> {
  const from = options.value('f');
  if (from === null) return [];
  const fd = from === '-' ? 0 : await io.sys.open(from, O_RDONLY);
  const bytes = IS_ERR(fd) ? fd : await head(io.sys, fd);
  if (IS_ERR(bytes)) throw new UsageError(`Cannot open \`${from}' (${bytes.message})`);
  return io.charset
    .decode(bytes)
    .split('\n')
    .filter((name) => name !== '');
}

async function line(io: Io, options: Options, name: string, all: readonly string[]): Promise<string> {
  const answer = shown(options, await examine(io.sys, name, options.has('L')));
  if (options.has('b')) return `${answer}\n`;
  const label = (n: string): string => (n === '-' ? '/dev/stdin' : n);
  const separator = options.value('F') ?? ':';
  const nul = options.has('0') ? '\0' : separator;
  const width = Math.max(...all.map((n) => [...label(n)].length));
  const padding = options.has('N') ? '' : ' '.repeat(width - [...label(name)].length);
  return `${label(name)}${nul}${options.has('0') ? '' : padding} ${answer}\n`;
}

type Answer = Identity | { readonly text: string; readonly mime: string; readonly charset: null };

function shown(options: Options, answer: Answer): string {
  const kind = options.last('i', 'mime-type', 'mime-encoding');
  if (kind === null) return answer.text;
  if (answer.mime === '' || (kind === 'mime-type' && answer.charset === null)) return answer.mime || answer.text;
  if (kind === 'mime-type') return answer.mime;
  if (kind === 'mime-encoding') return answer.charset ?? 'binary';
  return answer.charset === null ? answer.mime : `${answer.mime}; charset=${answer.charset}`;
}

async function examine(sys: Syscalls, name: string, follow: boolean): Promise<Answer> {
  if (name === '-') return await content(sys, 0, name);
  const st = follow ? sys.stat(name) : sys.lstat(name);
  if (IS_ERR(st)) return { text: `cannot open \`${name}' (${st.message})`, mime: '', charset: null };
  const special = await specialFile(sys, name, st);
  if (special) return special;
  if (st.st_size === 0) return { text: `${setIdWords(st.st_mode, ' ')}empty`, mime: 'inode/x-empty', charset: 'binary' };
  const fd = await sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) return unreadable(st);
  const answer = await content(sys, fd, name);
  sys.close(fd);
  return { ...answer, text: setIdWords(st.st_mode, ' ') + answer.text } as Answer;
}

async function content(sys: Syscalls, fd: number, name: string): Promise<Answer> {
  const bytes = await head(sys, fd);
  if (!IS_ERR(bytes)) return identify(bytes);
  const text = bytes === EISDIR ? 'directory' : `cannot read \`${name}' (${bytes.message})`;
  return { text, mime: bytes === EISDIR ? 'inode/directory' : '', charset: null };
}

function unreadable(st: stat.Stat): Answer {
  const words = ['regular file', 'no read permission'];
  if (st.st_mode & 0o222) words.unshift('writable');
  if (st.st_mode & 0o111) words.splice(-2, 0, 'executable');
  return { text: words.join(', '), mime: 'application/octet-stream', charset: null };
}

function setIdWords(mode: number, separator: string): string {
  const words = [mode & stat.S_ISUID ? 'setuid' : '', mode & stat.S_ISGID ? 'setgid' : '', mode & stat.S_ISVTX ? 'sticky' : ''];
  return words
    .filter((w) => w !== '')
    .map((w) => w + separator)
    .join('');
}

/** What the file system says without a look inside; null for a regular file. */
async function specialFile(sys: Syscalls, name: string, st: stat.Stat): Promise<Answer | null> {
  const mode = st.st_mode;
  const inode = (text: string, kind: string): Answer => ({
    text: setIdWords(mode, ', ') + text,
    mime: `inode/${kind}`,
    charset: 'binary',
  });
  const device = `(${stat.major(st.st_rdev)}/${stat.minor(st.st_rdev)})`;
  if (stat.S_ISDIR(mode)) return inode('directory', 'directory');
  if (stat.S_ISCHR(mode)) return inode(`character special ${device}`, 'chardevice');
  if (stat.S_ISBLK(mode)) return inode(`block special ${device}`, 'blockdevice');
  if (stat.S_ISFIFO(mode)) return inode('fifo (named pipe)', 'fifo');
  if (stat.S_ISSOCK(mode)) return inode('socket', 'socket');
  if (!stat.S_ISLNK(mode)) return null;
  const target = sys.readlink(name);
  const text = IS_ERR(target) ? `unreadable symlink \`${name}' (${target.message})` : target;
  if (IS_ERR(sys.stat(name))) return { text: `broken symbolic link to ${text}`, mime: 'inode/symlink', charset: null };
  return { text: `symbolic link to ${text}`, mime: 'inode/symlink', charset: 'binary' };
}

async function head(sys: Syscalls, fd: number): Promise<Bytes | Errno> {
  const chunks: Bytes[] = [];
  for (let size = 0; size < LIMIT; ) {
    const chunk = await sys.read(fd, LIMIT - size);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) break;
    chunks.push(chunk);
    size += chunk.length;
  }
  return concat(chunks);
}
