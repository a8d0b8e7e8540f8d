/** gzip. Follows gzip 1.12; deflate itself is a library's, so compressed files may differ in size. */
import { Gunzip, Gzip, gunzipSync } from 'fflate';
import { concat, latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { S_ISDIR, S_ISLNK, S_ISREG, type Stat } from '../../uapi/stat.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { basename, join } from '../lib/path.ts';
import { confirm } from '../lib/prompt.ts';
import { BUFSIZ, isatty, readAll, writeAll } from '../lib/stdio.ts';
import { readNames } from '../lib/walk.ts';

export const main = command(
  {
    name: 'gzip',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Compress or uncompress FILEs (by default, compress FILES in-place).',
    follows: 'gzip 1.12',
    shortName: true,
    hint: () => "Try `gzip --help' for more information.\n",
    options: [
      ['-c, --stdout, --to-stdout', 'write on standard output, keep original files unchanged'],
      ['-d, --decompress, --uncompress', 'decompress'],
      ['-f, --force', 'force overwrite of output file and compress links'],
      ['-k, --keep', "keep (don't delete) input files"],
      ['-l, --list', 'list compressed file contents'],
      ['-n, --no-name', 'do not save or restore the original name and timestamp'],
      ['-N, --name', 'save or restore the original name and timestamp'],
      ['-q, --quiet', 'suppress all warnings'],
      ['-r, --recursive', 'operate recursively on directories'],
      ['-S, --suffix=SUF', 'use suffix SUF on compressed files'],
      ['-t, --test', 'test compressed file integrity'],
      ['-v, --verbose', 'verbose mode'],
      ['-1, --fast', 'compress faster'],
      ...['2', '3', '4', '5', '6', '7', '8'].map((n): [string, string] => [`-${n}`, 'between faster and better']),
      ['-9, --best', 'compress better'],
    ],
  },
  async (io, options, operands) => await new Gzipper(io, options).run(operands),
);

type Mode = 'compress' | 'decompress' | 'test' | 'list';

class Gzipper {
  private readonly mode: Mode;
  private readonly toStdout: boolean;
  private readonly suffix: string;
  private totals = { packed: 0, plain: 0, files: 0 };

  constructor(
    private readonly io: Io,
    private readonly options: Options,
  ) {
    this.mode = options.has('l') ? 'list' : options.has('t') ? 'test' : options.has('d') ? 'decompress' : 'compress';
    this.toStdout = options.has('c');
    this.suffix = options.value('S') ?? '.gz';
  }

  async run(operands: readonly string[]): Promise<number> {
    for (const name of operands.length === 0 ? ['-'] : operands) await (name === '-' ? this.standard() : this.operand(name));
    if (this.mode === 'list' && this.totals.files > 1) this.row(this.totals.packed, this.totals.plain, '(totals)');
    return this.io.status;
  }

  private warn(message: string): Promise<void> {
    this.io.status ||= 2;
    return this.options.has('q') ? Promise.resolve() : this.io.warn(message);
  }
  private async error(message: string): Promise<void> {
    this.io.status = 1;
    await this.io.complain(`\n${this.io.name}: ${message}\n`);
  }
  private async fail(message: string): Promise<void> {
    this.io.status = 1;
    await this.io.warn(message);
  }

  private async standard(): Promise<void> {
    const { io } = this;
    if (this.mode === 'compress' && isatty(io.sys, 1) && !this.options.has('f'))
      throw new Failure(terminal('not written to', 'compression'));
    if (this.mode !== 'compress' && isatty(io.sys, 0) && !this.options.has('f'))
      throw new Failure(terminal('not read from', 'decompression'));
    const bytes = await readAll(io.sys, 0);
    if (IS_ERR(bytes)) return await this.fail(`stdin: ${bytes.message}`);
    if (this.mode === 'compress') await this.put(1, pack(bytes, { level: this.level, mtime: 0, name: null }));
    else await this.unpackTo(bytes, 'stdin', this.mode === 'test' ? null : 1);
  }

  private get level(): number {
    const digit = this.options.last(...'123456789');
    return digit === null ? 6 : Number(digit);
  }

  private async operand(name: string): Promise<void> {
    const found = await this.find(name);
    if (found === null) return;
    const [path, stat] = found;
    if (S_ISDIR(stat.st_mode)) return await this.directory(path);
    if (!S_ISREG(stat.st_mode) && !this.toStdout) return await this.warn(`${path} is not a directory or a regular file - ignored`);
    if (this.mode === 'compress' && path.endsWith(this.suffix) && !this.toStdout && !this.options.has('f')) return await this.already(path);
    await this.file(path, stat);
  }

  private async already(path: string): Promise<void> {
    if (!this.options.has('q')) await this.io.warn(`${path} already has ${this.suffix} suffix -- unchanged`);
  }

  /** To decompress, NAME may stand for NAME.gz. */
  private async find(name: string): Promise<[string, Stat] | null> {
    const { sys } = this.io;
    const follow = this.toStdout || this.options.has('f') || this.mode === 'test' || this.mode === 'list';
    const look = (path: string): Stat | null => {
      const st = follow ? sys.stat(path) : sys.lstat(path);
      return IS_ERR(st) ? null : st;
    };
    const direct = look(name);
    if (direct && S_ISLNK(direct.st_mode)) {
      await this.fail(`${name}: Too many levels of symbolic links`);
      return null;
    }
    if (direct) return [name, direct];
    const longer = this.mode === 'compress' || name.endsWith(this.suffix) ? name : name + this.suffix;
    const other = longer === name ? null : look(longer);
    if (other) return [longer, other];
    const error = sys.stat(longer);
    await this.fail(`${longer}: ${IS_ERR(error) ? error.message : 'No such file or directory'}`);
    return null;
  }

  private async directory(path: string): Promise<void> {
    if (!this.options.has('r')) return await this.warn(`${path} is a directory -- ignored`);
    const names = await readNames(this.io.sys, path);
    if (IS_ERR(names)) return await this.fail(`${path}: ${names.message}`);
    for (const name of names) await this.operand(join(path, name));
  }

  private async file(path: string, stat: Stat): Promise<void> {
    const { sys } = this.io;
    const fd = await sys.open(path, O_RDONLY);
    const bytes = IS_ERR(fd) ? fd : await readAll(sys, fd);
    if (!IS_ERR(fd)) sys.close(fd);
    if (IS_ERR(bytes)) return await this.fail(`${path}: ${bytes.message}`);
    const target = this.mode === 'compress' ? path + this.suffix : this.plainName(path);
    if (this.mode === 'test' || this.mode === 'list' || this.toStdout) return await this.stream(path, stat, bytes);
    if (target === null) return await this.unknownSuffix(path);
    const [size, output] = await this.convert(path, stat, bytes);
    if (output === null || !(await this.write(target, output, stat))) return;
    if (this.options.has('v')) await this.tell(path, target, bytes.length, size);
    if (!this.options.has('k')) sys.unlink(path);
  }

  private plainName(path: string): string | null {
    if (path.endsWith('.tgz')) return `${path.slice(0, -3)}tar`;
    return path.endsWith(this.suffix) && path.length > this.suffix.length ? path.slice(0, -this.suffix.length) : null;
  }

  private async unknownSuffix(path: string): Promise<void> {
    if (this.options.has('r')) return;
    await this.warn(`${path}: unknown suffix -- ignored`);
  }

  private async stream(path: string, stat: Stat, bytes: Bytes): Promise<void> {
    if (this.mode === 'compress') return await this.put(1, pack(bytes, this.header(path, stat)));
    if (this.mode === 'list') return await this.list(path, bytes);
    const ok = await this.unpackTo(bytes, path, this.mode === 'test' ? null : 1);
    if (ok && this.mode === 'test' && this.options.has('v')) await this.io.complain(`${path}:\t OK\n`);
  }

  private header(path: string, stat: Stat): Header {
    const bare = this.options.has('n');
    return { level: this.level, mtime: bare ? 0 : Math.floor(stat.st_mtime / 1000), name: bare ? null : basename(path) };
  }

  private async convert(path: string, stat: Stat, bytes: Bytes): Promise<[size: number, Bytes | null]> {
    if (this.mode === 'compress') {
      const packed = pack(bytes, this.header(path, stat));
      return [packed.length, packed];
    }
    const { plain, error } = unpack(bytes);
    if (error === null) return [plain.length, plain];
    await this.error(`${path}: ${error}`);
    return [0, null];
  }

  private async write(target: string, bytes: Bytes, stat: Stat): Promise<boolean> {
    const { sys } = this.io;
    if (!IS_ERR(sys.lstat(target)) && !this.options.has('f')) {
      if (!isatty(sys, 0)) {
        await this.warn(`${target} already exists;\tnot overwritten`);
        return false;
      }
      if (!(await confirm(this.io, `${target} already exists; do you wish to overwrite (y or n)?`))) return false;
    }
    const fd = await sys.open(target, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
    if (IS_ERR(fd)) {
      await this.fail(`${target}: ${fd.message}`);
      return false;
    }
    await this.put(fd, bytes);
    sys.fchown(fd, stat.st_uid, stat.st_gid);
    sys.fchmod(fd, stat.st_mode & 0o7777);
    sys.close(fd);
    sys.utimensat(target, stat.st_atime, stat.st_mtime);
    return true;
  }

  private async put(fd: Fd, bytes: Bytes): Promise<void> {
    await this.io.stdout.flush();
    const error = await writeAll(this.io.sys, fd, bytes);
    if (IS_ERR(error)) throw new Failure(`write error: ${error.message}`, 1);
  }

  /** Writes what it can even of data that ends too early. */
  private async unpackTo(bytes: Bytes, name: string, fd: Fd | null): Promise<boolean> {
    const { plain, error } = unpack(bytes);
    if (fd !== null) await this.put(fd, plain);
    if (error !== null) await this.error(`${name}: ${error}`);
    return error === null;
  }

  private async list(path: string, bytes: Bytes): Promise<void> {
    const { plain, error } = unpack(bytes);
    if (error !== null) return await this.error(`${path}: ${error}`);
    if (this.totals.files++ === 0) this.io.stdout.put('         compressed        uncompressed  ratio uncompressed_name\n');
    this.totals.packed += bytes.length;
    this.totals.plain += plain.length;
    this.row(bytes.length, plain.length, this.plainName(path) ?? path);
  }

  private row(packed: number, plain: number, name: string): void {
    const overhead = name === '(totals)' ? 0 : HEADER_AND_TRAILER + name.length;
    this.io.stdout.put(
      `${String(packed).padStart(19)} ${String(plain).padStart(19)} ${ratio(plain - (packed - overhead), plain)} ${name}\n`,
    );
  }

  private async tell(path: string, target: string, before: number, after: number): Promise<void> {
    const [plain, packed] = this.mode === 'compress' ? [before, after] : [after, before];
    const overhead = HEADER_AND_TRAILER + basename(this.mode === 'compress' ? path : target).length;
    const verb = this.options.has('k') ? 'created' : 'replaced with';
    await this.io.complain(`${path}:\t${ratio(plain - (packed - overhead), plain)} -- ${verb} ${target}\n`);
  }
}

const terminal = (what: string, doing: string): string =>
  `compressed data ${what} a terminal. Use -f to force ${doing}.\nFor help, type: gzip -h`;

const HEADER_AND_TRAILER = 10 + 8 + 1;

function ratio(saved: number, of: number): string {
  return `${(of === 0 ? 0 : (saved * 100) / of).toFixed(1).padStart(5)}%`;
}

interface Header {
  readonly level: number;
  readonly mtime: number;
  readonly name: string | null;
}

function pack(bytes: Bytes, { level, mtime, name }: Header): Bytes {
  const chunks: Bytes[] = [];
  const stream = new Gzip({ level: level as 6, mtime: mtime === 0 ? 0 : mtime * 1000, ...(name === null ? {} : { filename: name }) });
  stream.ondata = (chunk) => void chunks.push(chunk);
  for (let at = 0; at === 0 || at < bytes.length; at += BUFSIZ) stream.push(bytes.subarray(at, at + BUFSIZ), at + BUFSIZ >= bytes.length);
  return concat(chunks);
}

interface Unpacked {
  /** As far as it could be read. */
  readonly plain: Bytes;
  readonly error: string | null;
}

function unpack(bytes: Bytes): Unpacked {
  const chunks: Bytes[] = [];
  const bad = (error: string): Unpacked => ({ plain: concat(chunks), error });
  if (bytes.length < 2) return bad('unexpected end of file');
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bad('not in gzip format');
  const stream = new Gunzip((chunk) => void chunks.push(chunk));
  try {
    // Without the library's "last piece" it gives all that it could read.
    stream.push(bytes);
  } catch (e) {
    return bad((e as { code?: number }).code === 0 ? 'unexpected end of file' : 'invalid compressed data--format violated');
  }
  const plain = concat(chunks);
  return { plain, error: bytes.length < 18 ? 'unexpected end of file' : trailerError(bytes, plain) };
}

/** The last member's size and sum; the library looks at neither. */
function trailerError(bytes: Bytes, plain: Bytes): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getUint32(bytes.length - 4, true);
  const single = size === plain.length % 2 ** 32;
  if (!single && latin1(bytes).indexOf('\x1f\x8b\x08', 10) < 0)
    return endsEarly(bytes, plain.length) ? 'unexpected end of file' : 'invalid compressed data--length error';
  if (single && view.getUint32(bytes.length - 8, true) !== crc32(plain)) return 'invalid compressed data--crc error';
  return null;
}

/** The library notices that only where it is given all at once. */
function endsEarly(bytes: Bytes, size: number): boolean {
  try {
    gunzipSync(bytes, { out: new Uint8Array(size + BUFSIZ) });
    return false;
  } catch {
    return true;
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Bytes): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}
