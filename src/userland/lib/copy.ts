/** Copying files and trees: cp(1), and mv(1) across file systems. Follows coreutils' copy.c in order and wording. */
import { EEXIST, EISDIR, ENOENT, ENOTDIR, EPERM, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { O_CREAT, O_EXCL, O_RDONLY, O_TRUNC, O_WRONLY, W_OK } from '../../uapi/fcntl.ts';
import { S_ISDIR, S_ISLNK, S_ISREG, S_ISUID, type Stat } from '../../uapi/stat.ts';
import type { Fd } from '../../uapi/types.ts';
import type { Io } from './command.ts';
import { sameFile } from './file-type.ts';
import { modeString } from './mode.ts';
import { join } from './path.ts';
import { confirm } from './prompt.ts';
import { writeAll } from './stdio.ts';
import { readNames } from './walk.ts';

export interface CopyHow {
  readonly recursive: boolean;
  readonly dereference: 'always' | 'operands' | 'never';
  readonly preserve: { readonly mode: boolean; readonly ownership: boolean; readonly timestamps: boolean; readonly links: boolean };
  /** What to do about a destination that is there. */
  readonly existing: 'replace' | 'ask' | 'keep' | 'update';
  /** Remove a destination that cannot be opened and try again. */
  readonly force: boolean;
  readonly removeFirst: boolean;
  readonly make: 'copy' | 'link' | 'symlink';
  readonly verbose: boolean;
  /** A copy as part of mv says "copied". */
  readonly moving: boolean;
  /** Copy the contents of special files, as without -r. */
  readonly contentsOfSpecial: boolean;
}

const CHUNK = 131072;

export class Copier {
  private readonly umask: number;
  /** Where hard-linked sources went already. */
  private readonly copied = new Map<string, string>();
  /** Directories made by this copy: their own copies are not descended into. */
  private readonly made = new Set<string>();
  /** What is being copied, as the command line named it. */
  private operand = { source: '', destination: '' };

  constructor(
    private readonly io: Io,
    private readonly how: CopyHow,
  ) {
    this.umask = io.sys.umask(0);
    io.sys.umask(this.umask);
  }

  /** Answers whether it worked; what went wrong has been said. */
  async copy(source: string, destination: string, operand = true): Promise<boolean> {
    const { sys } = this.io;
    if (operand) this.operand = { source, destination };
    const follow = this.how.dereference === 'always' || (operand && this.how.dereference === 'operands');
    const src = follow ? sys.stat(source) : sys.lstat(source);
    if (IS_ERR(src)) return await this.fail(`cannot stat ${this.q(source)}`, src);
    if (S_ISDIR(src.st_mode) && !this.how.recursive) {
      return await this.fail(`-r not specified; omitting directory ${this.q(source)}`);
    }
    const dst = this.existing(destination);
    if (IS_ERR(dst)) return await this.fail(`cannot stat ${this.q(destination)}`, dst);
    if (dst) {
      const verdict = await this.meetExisting(source, src, destination, dst);
      if (verdict !== 'go on') return verdict === 'done';
    }
    return S_ISDIR(src.st_mode)
      ? await this.copyDirectory(source, src, destination, dst)
      : await this.copyOther(source, src, destination, dst);
  }

  private existing(destination: string): Stat | null | Errno {
    const st = this.followsDestination ? this.io.sys.stat(destination) : this.io.sys.lstat(destination);
    if (!IS_ERR(st)) return st;
    if (st !== ENOENT) return destination.endsWith('/') ? null : st;
    const link = this.io.sys.lstat(destination);
    return IS_ERR(link) ? null : link;
  }
  private get followsDestination(): boolean {
    return !this.how.moving && this.how.make === 'copy' && this.how.dereference !== 'never';
  }

  private async meetExisting(source: string, src: Stat, destination: string, dst: Stat): Promise<'go on' | 'done' | 'failed'> {
    if (sameFile(src, dst) && !(S_ISDIR(src.st_mode) && S_ISDIR(dst.st_mode)) && !this.how.removeFirst) {
      if (this.how.make === 'link') return 'done';
      await this.fail(`${this.q(source)} and ${this.q(destination)} are the same file`);
      return 'failed';
    }
    if (S_ISDIR(src.st_mode) && S_ISDIR(dst.st_mode)) return 'go on';
    if (this.how.existing === 'keep') return 'done';
    if (this.how.existing === 'update' && src.st_mtime <= dst.st_mtime) return 'done';
    if (S_ISDIR(src.st_mode)) {
      await this.fail(`cannot overwrite non-directory ${this.q(destination)} with directory ${this.q(source)}`);
      return 'failed';
    }
    if (S_ISDIR(dst.st_mode)) {
      await this.fail(`cannot overwrite directory ${this.q(destination)} with non-directory`);
      return 'failed';
    }
    if (this.how.existing === 'ask' && !(await confirmOverwrite(this.io, destination, dst))) return 'done';
    return 'go on';
  }

  private async copyDirectory(source: string, src: Stat, destination: string, dst: Stat | null): Promise<boolean> {
    if (!dst) {
      const made = this.io.sys.mkdir(destination, (src.st_mode & 0o777 & ~this.umask) | 0o700);
      if (IS_ERR(made)) return await this.fail(`cannot create directory ${this.q(destination)}`, made);
      this.remember(destination);
      await this.say(source, destination);
    }
    const names = await readNames(this.io.sys, source);
    if (IS_ERR(names)) return await this.fail(`cannot access ${this.q(source)}`, names);
    let good = true;
    for (const name of names) {
      good = (await this.copyChild(join(source, name), join(destination, name))) && good;
      await this.io.sys.sched_yield();
    }
    const attributes = await this.setAttributes(src, destination, dst === null);
    return good && attributes;
  }

  private async copyChild(source: string, destination: string): Promise<boolean> {
    if (!this.isOwnWork(source)) return await this.copy(source, destination, false);
    const { source: from, destination: to } = this.operand;
    return await this.fail(`cannot copy a directory, ${this.q(from)}, into itself, ${this.q(to)}`);
  }

  private remember(path: string): void {
    const st = this.io.sys.lstat(path);
    if (!IS_ERR(st)) this.made.add(`${st.st_dev}:${st.st_ino}`);
  }
  private isOwnWork(path: string): boolean {
    const st = this.io.sys.lstat(path);
    return !IS_ERR(st) && S_ISDIR(st.st_mode) && this.made.has(`${st.st_dev}:${st.st_ino}`);
  }

  private async copyOther(source: string, src: Stat, destination: string, dst: Stat | null): Promise<boolean> {
    if (this.how.preserve.links && src.st_nlink > 1) {
      const key = `${src.st_dev}:${src.st_ino}`;
      const first = this.copied.get(key);
      if (first !== undefined) return await this.link(first, destination, dst, source);
      this.copied.set(key, destination);
    }
    if (this.how.make === 'link') return await this.link(source, destination, dst, source);
    if (this.how.make === 'symlink') return await this.symlink(source, destination, dst);
    if (S_ISLNK(src.st_mode)) return await this.copyLink(source, src, destination, dst);
    if (S_ISREG(src.st_mode) || this.how.contentsOfSpecial) return await this.copyContents(source, src, destination, dst);
    return await this.copySpecial(source, src, destination, dst);
  }

  private async link(from: string, destination: string, dst: Stat | null, source: string): Promise<boolean> {
    if (dst) this.io.sys.unlink(destination);
    const status = this.io.sys.link(from, destination);
    if (IS_ERR(status)) return await this.fail(`cannot create hard link ${this.q(destination)} to ${this.q(from)}`, status);
    await this.say(source, destination);
    return true;
  }

  private async symlink(source: string, destination: string, dst: Stat | null): Promise<boolean> {
    if (dst && (this.how.force || this.how.removeFirst)) this.io.sys.unlink(destination);
    if (!source.startsWith('/') && destination.includes('/')) {
      return await this.fail(`${this.io.quoteIfNeeded(destination)}: can make relative symbolic links only in current directory`);
    }
    const status = this.io.sys.symlink(source, destination);
    if (IS_ERR(status)) return await this.fail(`cannot create symbolic link ${this.q(destination)} to ${this.q(source)}`, status);
    await this.say(source, destination);
    return true;
  }

  private async copyLink(source: string, src: Stat, destination: string, dst: Stat | null): Promise<boolean> {
    const target = this.io.sys.readlink(source);
    if (IS_ERR(target)) return await this.fail(`cannot read symbolic link ${this.q(source)}`, target);
    if (dst) this.io.sys.unlink(destination);
    const status = this.io.sys.symlink(target, destination);
    if (IS_ERR(status)) return await this.fail(`cannot create symbolic link ${this.q(destination)}`, status);
    await this.say(source, destination);
    if (this.how.preserve.ownership) this.io.sys.lchown(destination, src.st_uid, src.st_gid);
    if (this.how.preserve.timestamps) this.io.sys.utimensat(destination, src.st_atime, src.st_mtime, 0x100);
    return true;
  }

  private async copySpecial(source: string, src: Stat, destination: string, dst: Stat | null): Promise<boolean> {
    if (dst) this.io.sys.unlink(destination);
    const status = this.io.sys.mknod(destination, src.st_mode & ~this.umask, src.st_rdev);
    if (IS_ERR(status)) return await this.fail(`cannot create special file ${this.q(destination)}`, status);
    await this.say(source, destination);
    return await this.setAttributes(src, destination, true);
  }

  private async copyContents(source: string, src: Stat, destination: string, dst: Stat | null): Promise<boolean> {
    const from = await this.io.sys.open(source, O_RDONLY);
    if (IS_ERR(from)) return await this.fail(`cannot open ${this.q(source)} for reading`, from);
    if (dst && this.how.removeFirst) this.io.sys.unlink(destination);
    const to = await this.openDestination(source, src, destination, this.how.removeFirst ? null : dst);
    if (to === null) {
      this.io.sys.close(from);
      return false;
    }
    const good = await this.pump(from, to, source, destination);
    this.io.sys.close(from);
    this.io.sys.close(to);
    return good && (await this.setAttributes(src, destination, dst === null));
  }

  private async openDestination(source: string, src: Stat, destination: string, dst: Stat | null): Promise<Fd | null> {
    if (dst && S_ISLNK(dst.st_mode) && !this.how.moving && this.how.dereference !== 'never') {
      await this.fail(`not writing through dangling symlink ${this.q(destination)}`);
      return null;
    }
    if (dst && (this.how.dereference === 'never' || this.how.moving) && S_ISLNK(dst.st_mode)) this.io.sys.unlink(destination);
    const mode = src.st_mode & 0o777 & (this.how.preserve.ownership ? 0o700 : 0o777);
    let fd = dst ? await this.io.sys.open(destination, O_WRONLY | O_TRUNC) : await this.create(destination, mode);
    if (IS_ERR(fd) && dst && this.how.force) {
      this.io.sys.unlink(destination);
      if (this.how.verbose) await this.io.stdout.write(`removed ${this.q(destination)}\n`);
      fd = await this.create(destination, mode);
    }
    if (IS_ERR(fd)) {
      const error = fd === EISDIR && destination.endsWith('/') ? ENOTDIR : fd;
      await this.fail(`cannot create regular file ${this.q(destination)}`, error);
      return null;
    }
    await this.say(source, destination);
    return fd;
  }

  private async create(destination: string, mode: number): Promise<Fd | Errno> {
    const fd = await this.io.sys.open(destination, O_WRONLY | O_CREAT | O_EXCL, mode);
    return fd === EEXIST ? await this.io.sys.open(destination, O_WRONLY | O_TRUNC) : fd;
  }

  private async pump(from: Fd, to: Fd, source: string, destination: string): Promise<boolean> {
    for (;;) {
      const chunk = await this.io.sys.read(from, CHUNK);
      if (IS_ERR(chunk)) return await this.fail(`error reading ${this.q(source)}`, chunk);
      if (chunk.length === 0) return true;
      const status = await writeAll(this.io.sys, to, chunk);
      if (IS_ERR(status)) return await this.fail(`error writing ${this.q(destination)}`, status);
    }
  }

  /** Times, owner and mode in coreutils' order: a change of owner clears the set-id bits. */
  private async setAttributes(src: Stat, destination: string, isNew: boolean): Promise<boolean> {
    const { preserve } = this.how;
    const { sys } = this.io;
    if (preserve.timestamps) {
      const status = sys.utimensat(destination, src.st_atime, src.st_mtime);
      if (IS_ERR(status)) return await this.fail(`preserving times for ${this.q(destination)}`, status);
    }
    let ownerKept = true;
    if (preserve.ownership) {
      const status = this.chown(destination, src);
      ownerKept = !IS_ERR(status);
      if (IS_ERR(status) && status !== EPERM) return await this.fail(`failed to preserve ownership for ${this.q(destination)}`, status);
    }
    if (preserve.mode) {
      const mode = src.st_mode & (ownerKept ? 0o7777 : 0o7777 & ~(S_ISUID | 0o2000));
      const status = sys.chmod(destination, mode);
      if (IS_ERR(status)) return await this.fail(`preserving permissions for ${this.q(destination)}`, status);
    } else if (isNew && S_ISDIR(src.st_mode)) sys.chmod(destination, src.st_mode & 0o7777 & ~this.umask);
    return true;
  }

  private chown(destination: string, src: Stat): Status {
    const status = this.io.sys.lchown(destination, src.st_uid, src.st_gid);
    if (status === EPERM) this.io.sys.lchown(destination, -1, src.st_gid);
    return status;
  }

  private q(name: string): string {
    return this.io.quoteAlways(name);
  }

  private async say(source: string, destination: string): Promise<void> {
    if (this.how.verbose) await this.io.stdout.write(`${this.how.moving ? 'copied ' : ''}${this.q(source)} -> ${this.q(destination)}\n`);
  }

  private async fail(message: string, error?: Errno): Promise<false> {
    await this.io.fail(message, error);
    return false;
  }
}

/** The question of cp -i and mv -i (and of mv where one may not write). */
export async function confirmOverwrite(io: Io, destination: string, dst: Stat): Promise<boolean> {
  if (S_ISLNK(dst.st_mode) || !IS_ERR(io.sys.eaccess(destination, W_OK))) {
    return await confirm(io, `overwrite ${io.quoteAlways(destination)}?`);
  }
  const octal = (dst.st_mode & 0o7777).toString(8).padStart(4, '0');
  const mode = `${octal} (${modeString(dst.st_mode).slice(1)})`;
  return await confirm(io, `replace ${io.quoteAlways(destination)}, overriding mode ${mode}?`);
}
