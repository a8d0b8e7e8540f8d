/** tar: makes, lists and unpacks archives; a library knows their format. Follows GNU tar 1.34. */
import { gunzipSync, gzipSync } from 'fflate';
import { packTar, type TarEntry, type TarHeader, unpackTar } from 'modern-tar';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, type Stat } from '../../uapi/stat.ts';
import type { Program } from '../../uapi/syscalls.ts';
import type { Bytes } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { globToRegex } from '../lib/glob.ts';
import { modeString } from '../lib/mode.ts';
import { dirname, join } from '../lib/path.ts';
import { readAll, writeAll } from '../lib/stdio.ts';
import { strftime } from '../lib/time.ts';
import { loadUsers, type Users } from '../lib/users.ts';
import { readNames } from '../lib/walk.ts';

const tar = command(
  {
    name: 'tar',
    usage: ['[OPTION...] [FILE]...'],
    summary: 'Saves many files together in a single archive, and restores them.',
    follows: 'GNU tar 1.34',
    failure: 2,
    hint: (io) => `Try '${io.name} --help' or '${io.name} --usage' for more information.\n`,
    options: [
      ['-c, --create', 'create a new archive'],
      ['-t, --list', 'list the contents of an archive'],
      ['-x, --extract, --get', 'extract files from an archive'],
      ['-f, --file=ARCHIVE', 'the archive; - is standard input or output'],
      ['-C, --directory=DIR', 'change to directory DIR'],
      ['-v, --verbose', 'list files'],
      ['-z, --gzip, --gunzip', 'filter the archive through gzip'],
      ['-O, --to-stdout', 'extract files to standard output'],
      ['-p, --preserve-permissions, --same-permissions', 'modes as they are, whatever the umask'],
      ['-k, --keep-old-files', 'do not replace existing files'],
      ['--exclude=PATTERN', 'exclude files'],
      ['--strip-components=NUMBER', 'strip NUMBER leading components from file names'],
      ['--no-same-owner', 'files are the one who extracts them'],
      ...['-r, --append', '-u, --update', '-d, --diff', '-A, --catenate', '-j, --bzip2', '-J, --xz'].map((n): [string, string] => [
        n,
        'not supported here',
      ]),
    ],
  },
  async (io, options, operands) => {
    const refused = ['r', 'u', 'd', 'A', 'j', 'J'].find((key) => options.has(key));
    if (refused) throw new Failure(`-${refused} is not supported here`);
    const modes = ['c', 't', 'x'].filter((key) => options.has(key));
    if (modes.length > 1) throw new UsageError("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option");
    if (modes.length === 0) throw new UsageError("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
    await (options.has('c') ? create(io, options, operands) : unpack(io, options, operands));
    if (io.status !== 0) await io.warn('Exiting with failure status due to previous errors');
    return undefined;
  },
);

/** "cvf" without a dash is bundled options, too. */
export const main: Program = (sys, argv, envp) => {
  const [name = 'tar', first = '', ...rest] = argv;
  const letters = /^[A-Za-z]+$/.test(first) ? [...first] : null;
  if (!letters) return tar(sys, argv, envp);
  const spread = letters.flatMap((letter) => ('fC'.includes(letter) ? [`-${letter}`, rest.shift() ?? ''] : [`-${letter}`]));
  return tar(sys, [name, ...spread, ...rest], envp);
};

const fatal = (message: string): Failure => new Failure(`${message}\ntar: Error is not recoverable: exiting now`);

function changeDirectory(io: Io, options: Options): void {
  for (const directory of options.values('C')) {
    const error = io.sys.chdir(directory);
    if (IS_ERR(error)) throw fatal(`${directory}: Cannot open: ${error.message}`);
  }
}

// ---- making

async function create(io: Io, options: Options, operands: readonly string[]): Promise<void> {
  if (operands.length === 0) throw new UsageError('Cowardly refusing to create an empty archive');
  const archive = options.value('f') ?? '-';
  const fd = archive === '-' ? 1 : await io.sys.open(archive, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  if (IS_ERR(fd)) throw fatal(`${archive}: Cannot open: ${fd.message}`);
  changeDirectory(io, options);
  const collector = new Collector(io, options, await loadUsers(io.sys));
  for (const name of operands) await collector.add(name);
  const bytes = await packTar(collector.entries);
  const error = await writeAll(io.sys, fd, options.has('z') ? gzipSync(bytes) : bytes);
  if (IS_ERR(error)) throw fatal(`${archive}: Wrote only 0 of 10240 bytes`);
}

class Collector {
  readonly entries: TarEntry[] = [];
  private readonly excluded: readonly RegExp[];
  private readonly inodes = new Map<string, string>();
  private stripped = false;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
    private readonly users: Users,
  ) {
    this.excluded = options.values('exclude').map((pattern) => globToRegex(pattern));
  }

  async add(path: string): Promise<void> {
    if (this.excluded.some((pattern) => path.split('/').some((_, i, all) => pattern.test(all.slice(i).join('/'))))) return;
    const st = this.io.sys.lstat(path);
    if (IS_ERR(st)) return await this.io.fail(`${path}: Cannot stat`, st);
    const isDirectory = (st.st_mode & S_IFMT) === S_IFDIR;
    const member = await this.member(isDirectory && !path.endsWith('/') ? `${path}/` : path);
    if (this.options.has('v')) await this.say(`${member}\n`);
    const header = this.header(member, path, st);
    const body = header.type === 'file' ? await this.contents(path) : undefined;
    if (body === null) return;
    this.entries.push({ header: { ...header, size: body?.length ?? 0 }, ...(body ? { body } : {}) });
    if (isDirectory) await this.children(path);
  }

  private async say(line: string): Promise<void> {
    if ((this.options.value('f') ?? '-') === '-') await this.io.complain(line);
    else this.io.stdout.put(line);
  }

  private async member(path: string): Promise<string> {
    const plain = path.replace(/^\/+/, '');
    if (plain !== path && !this.stripped) await this.io.warn("Removing leading `/' from member names");
    this.stripped ||= plain !== path;
    return plain === '' ? './' : plain;
  }

  private async children(path: string): Promise<void> {
    const names = await readNames(this.io.sys, path);
    if (IS_ERR(names)) return await this.io.fail(`${path}: Cannot open`, names);
    for (const name of names) await this.add(join(path, name));
  }

  private async contents(path: string): Promise<Bytes | null> {
    const fd = await this.io.sys.open(path, O_RDONLY);
    const bytes = IS_ERR(fd) ? fd : await readAll(this.io.sys, fd);
    if (!IS_ERR(fd)) this.io.sys.close(fd);
    if (!IS_ERR(bytes)) return bytes;
    await this.io.fail(`${path}: Cannot open`, bytes);
    return null;
  }

  private header(name: string, path: string, st: Stat): TarHeader {
    const common = {
      ...{
        name,
        size: 0,
        mode: st.st_mode & 0o7777,
        uid: st.st_uid,
        gid: st.st_gid,
        mtime: new Date(Math.floor(st.st_mtime / 1000) * 1000),
      },
      ...{ uname: this.users.getpwuid(st.st_uid)?.name ?? '', gname: this.users.getgrgid(st.st_gid)?.name ?? '' },
    };
    const type = TYPES.get(st.st_mode & S_IFMT) ?? 'file';
    if (type === 'symlink') {
      const target = this.io.sys.readlink(path);
      return { ...common, type, mode: 0o777, linkname: IS_ERR(target) ? '' : target };
    }
    const inode = `${st.st_dev}:${st.st_ino}`;
    const linkname = type === 'file' && st.st_nlink > 1 ? this.inodes.get(inode) : undefined;
    this.inodes.set(inode, linkname ?? name);
    return linkname === undefined ? { ...common, type } : { ...common, type: 'link', linkname };
  }
}

const TYPES = new Map<number, NonNullable<TarHeader['type']>>([
  [S_IFREG, 'file'],
  [S_IFDIR, 'directory'],
  [S_IFLNK, 'symlink'],
  [S_IFIFO, 'fifo'],
  [S_IFCHR, 'character-device'],
  [S_IFBLK, 'block-device'],
]);

// ---- reading

async function unpack(io: Io, options: Options, operands: readonly string[]): Promise<void> {
  const entries = await readArchive(io, options.value('f') ?? '-');
  changeDirectory(io, options);
  const extractor = new Extractor(io, options);
  const found = new Set<string>();
  for (const { header, data } of entries) {
    const asked = operands.find((name) => isBelow(header.name, name));
    if (operands.length > 0 && asked === undefined) continue;
    if (asked !== undefined) found.add(asked);
    if (options.has('t')) io.stdout.put(`${options.has('v') ? longLine(header) : header.name}\n`);
    else await extractor.extract(header, data ?? new Uint8Array());
    if (io.stdout.full) await io.stdout.flush();
  }
  extractor.finish();
  for (const name of operands) if (!found.has(name)) await io.fail(`${name}: Not found in archive`);
}

const isBelow = (member: string, name: string): boolean => {
  const [a, b] = [member.replace(/\/+$/, ''), name.replace(/\/+$/, '')];
  return a === b || a.startsWith(`${b}/`);
};

async function readArchive(io: Io, archive: string): Promise<Awaited<ReturnType<typeof unpackTar>>> {
  const fd = archive === '-' ? 0 : await io.sys.open(archive, O_RDONLY);
  if (IS_ERR(fd)) throw fatal(`${archive}: Cannot open: ${fd.message}`);
  const bytes = await readAll(io.sys, fd);
  if (IS_ERR(bytes)) throw fatal(`${archive}: Cannot read: ${bytes.message}`);
  try {
    return await unpackTar(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes, { strict: true });
  } catch {
    throw new Failure('This does not look like a tar archive\ntar: Exiting with failure status due to previous errors');
  }
}

const BITS: Readonly<Record<string, number>> = {
  file: S_IFREG,
  directory: S_IFDIR,
  symlink: S_IFLNK,
  fifo: S_IFIFO,
  'character-device': S_IFCHR,
  'block-device': S_IFBLK,
};

/** `-rw-r--r-- user/group  size date name`, the size as far right as there is room for. */
function longLine(h: TarHeader): string {
  const mode = modeString((BITS[h.type ?? 'file'] ?? S_IFREG) | (h.mode ?? 0o644));
  const owner = `${h.uname || h.uid}/${h.gname || h.gid}`;
  const link = h.type === 'symlink' ? ` -> ${h.linkname}` : h.type === 'link' ? ` link to ${h.linkname}` : '';
  const size = String(h.size);
  const gap = ' '.repeat(Math.max(1, 19 - owner.length - size.length));
  return `${h.type === 'link' ? `h${mode.slice(1)}` : mode} ${owner}${gap}${size} ${strftime('%F %H:%M', h.mtime?.getTime() ?? 0)} ${h.name}${link}`;
}

class Extractor {
  /** Directories have their times and modes when all else is done. */
  private readonly directories: [path: string, header: TarHeader][] = [];
  private stripped = false;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
  ) {}

  async extract(header: TarHeader, data: Bytes): Promise<void> {
    const path = await this.path(header.name);
    if (path === null) return;
    if (this.options.has('v') && this.options.has('O')) await this.io.complain(`${header.name}\n`);
    else if (this.options.has('v')) this.io.stdout.put(`${header.name}\n`);
    if (this.options.has('O')) {
      if (header.type === 'file') await this.io.stdout.write(data);
      return;
    }
    await this.place(path, header, data);
  }

  private async path(name: string): Promise<string | null> {
    const strip = Number(this.options.value('strip-components') ?? 0);
    const plain = name.replace(/^\/+/, '');
    if (plain !== name && !this.stripped) await this.io.warn("Removing leading `/' from member names");
    this.stripped ||= plain !== name;
    const parts = plain.split('/').slice(strip);
    if (plain.split('/').includes('..')) {
      await this.io.fail(`${name}: Member name contains '..'`);
      return null;
    }
    const path = parts.join('/');
    return path === '' ? null : path;
  }

  private async place(path: string, h: TarHeader, data: Bytes): Promise<void> {
    const { sys } = this.io;
    const plain = path.replace(/\/+$/, '');
    const old = sys.lstat(plain);
    const isOldDirectory = !IS_ERR(old) && (old.st_mode & S_IFMT) === S_IFDIR;
    if (h.type === 'directory') {
      const error = isOldDirectory ? 0 : this.parents(plain, () => sys.mkdir(plain, 0o755));
      if (IS_ERR(error)) return await this.io.fail(`${path}: Cannot mkdir`, error);
      this.directories.push([plain, h]);
      return;
    }
    if (!IS_ERR(old) && this.options.has('k')) return await this.io.fail(`${path}: Cannot open: File exists`);
    if (!IS_ERR(old) && !isOldDirectory) sys.unlink(plain);
    if (h.type === 'file') return await this.file(plain, h, data);
    const error = this.parents(plain, () => this.special(plain, h));
    if (IS_ERR(error))
      return await this.io.fail(
        `${path}: Cannot ${h.type === 'link' ? `hard link to '${h.linkname}'` : h.type === 'symlink' ? `create symlink to '${h.linkname}'` : 'mknod'}`,
        error,
      );
    if (h.type !== 'link') this.adorn(plain, h);
  }

  private special(path: string, h: TarHeader): ReturnType<Io['sys']['symlink']> {
    const { sys } = this.io;
    if (h.type === 'symlink') return sys.symlink(h.linkname ?? '', path);
    if (h.type === 'link') return sys.link(h.linkname ?? '', path);
    return sys.mknod(path, (BITS[h.type ?? 'file'] ?? S_IFREG) | (h.mode ?? 0o644), 0);
  }

  private async file(path: string, h: TarHeader, data: Bytes): Promise<void> {
    this.parents(path, () => 0);
    const fd = await this.io.sys.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
    if (IS_ERR(fd)) return await this.io.fail(`${path}: Cannot open`, fd);
    const error = await writeAll(this.io.sys, fd, data);
    this.io.sys.close(fd);
    if (IS_ERR(error)) return await this.io.fail(`${path}: Cannot write`, error);
    this.adorn(path, h);
  }

  /** Makes the directories above where they are missing. */
  private parents<T>(path: string, act: () => T): T {
    const above = dirname(path);
    if (above !== '.' && above !== '/' && IS_ERR(this.io.sys.stat(above))) this.parents(above, () => this.io.sys.mkdir(above, 0o777));
    return act();
  }

  private adorn(path: string, h: TarHeader): void {
    const { sys } = this.io;
    if (sys.geteuid() === 0 && !this.options.has('no-same-owner')) sys.lchown(path, h.uid ?? 0, h.gid ?? 0);
    const root = sys.geteuid() === 0 || this.options.has('p');
    const umask = sys.umask(0);
    sys.umask(umask);
    if (h.type !== 'symlink') sys.chmod(path, (h.mode ?? 0o644) & (root ? 0o7777 : 0o777 & ~umask));
    const time = h.mtime?.getTime() ?? 0;
    sys.utimensat(path, time, time, h.type === 'symlink' ? 0x100 : 0);
  }

  finish(): void {
    for (const [path, header] of this.directories.reverse()) this.adorn(path, header);
  }
}
