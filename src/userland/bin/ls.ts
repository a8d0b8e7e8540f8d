/** ls(1): what is listed and in which order. How it looks: ls-format.ts, ls-color.ts. */
import { ENOENT, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR, S_ISLNK, type Stat } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { basename, join } from '../lib/path.ts';
import { loadUsers } from '../lib/users.ts';
import { scandir } from '../lib/walk.ts';
import { Listing } from './ls-format.ts';
import { compareEntries, type LsOptions, lsOptions, optionRows } from './ls-options.ts';

/** One name to show. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  /** Null where it was not asked for or could not be had. */
  readonly stat: Stat | null;
  /** The file type bits; 0 if unknown. */
  readonly type: number;
  readonly target: string | null;
  /** What a symbolic link leads to; null for a broken one. */
  readonly targetStat: Stat | null;
}

export const main = command(
  {
    name: 'ls',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Lists files, and what is in directories (the current one unless told), sorted by name.',
    options: optionRows,
    failure: 2,
  },
  async (io, options, operands) => await new Ls(io, await lsOptions(io, options), options).list(operands),
);

class Ls {
  private readonly listing: Listing;
  private readonly seen = new Set<string>();
  private printed = false;

  constructor(
    private readonly io: Io,
    private readonly how: LsOptions,
    options: Options,
  ) {
    this.listing = new Listing(io, how, options);
  }

  async list(operands: readonly string[]): Promise<undefined> {
    if (this.how.long) this.listing.users = await loadUsers(this.io.sys);
    const names = operands.length === 0 ? ['.'] : operands;
    const files: Entry[] = [];
    const directories: Entry[] = [];
    for (const name of names) {
      const entry = await this.operand(name);
      if (entry) (S_ISDIR(entry.type) && !this.how.directoriesAsFiles ? directories : files).push(entry);
    }
    if (files.length > 0) {
      this.listing.print(this.sorted(files));
      this.printed = true;
    }
    const titled = names.length > 1 || this.how.recursive;
    for (const directory of this.sorted(directories)) await this.directory(directory, titled);
  }

  /** A name of the command line: a link to a directory counts as the directory unless -l, -d or -F say otherwise. */
  private async operand(name: string): Promise<Entry | null> {
    const { sys } = this.io;
    const follow = this.how.dereference !== 'never';
    let st = follow ? sys.stat(name) : sys.lstat(name);
    const onlyDirectories = this.how.dereference === 'directories';
    if (follow && (IS_ERR(st) ? st === ENOENT || onlyDirectories : onlyDirectories && !S_ISDIR(st.st_mode))) st = sys.lstat(name);
    if (IS_ERR(st)) {
      await this.io.fail(`cannot access ${this.io.quoteAlways(name)}`, st);
      return null;
    }
    return this.entry(name, name, st, st.st_mode);
  }

  private entry(name: string, path: string, stat: Stat | null, type: number): Entry {
    const wantsTarget =
      stat !== null && S_ISLNK(stat.st_mode) && (this.how.long || this.how.color !== null || this.how.indicator !== 'none');
    if (!wantsTarget) return { name, path, stat, type, target: null, targetStat: null };
    const target = this.io.sys.readlink(path);
    const targetStat = this.io.sys.stat(path);
    return { name, path, stat, type, target: IS_ERR(target) ? null : target, targetStat: IS_ERR(targetStat) ? null : targetStat };
  }

  private async directory(directory: Entry, titled: boolean): Promise<void> {
    const dirents = await scandir(this.io.sys, directory.path);
    if (IS_ERR(dirents)) return await this.minorOrMajor(`cannot open directory ${this.io.quoteAlways(directory.path)}`, dirents, titled);
    if (this.how.recursive && this.isLoop(directory)) {
      return await this.io.fail(`${this.io.quoteIfNeeded(directory.path)}: not listing already-listed directory`);
    }
    if (titled) this.listing.title(directory.path, this.printed);
    this.printed = true;
    const entries: Entry[] = [];
    for (const dirent of dirents) {
      if (this.how.isHidden(dirent.d_name)) continue;
      const entry = await this.child(directory.path, dirent.d_name, dirent.d_type);
      if (entry) entries.push(entry);
    }
    const sorted = this.sorted(entries);
    this.listing.total(sorted);
    this.listing.print(sorted);
    if (this.io.stdout.full) await this.io.stdout.flush();
    if (this.how.recursive) await this.children(sorted);
  }

  private async children(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      if (S_ISDIR(entry.type) && entry.name !== '.' && entry.name !== '..') await this.directory(entry, true);
    }
  }

  private async child(directory: string, name: string, type: number): Promise<Entry | null> {
    const path = join(directory, name);
    if (!this.how.needsStat && type !== 0) return this.entry(name, path, null, type);
    const followed = this.how.dereference === 'always' ? this.io.sys.stat(path) : this.io.sys.lstat(path);
    const st = followed === ENOENT && this.how.dereference === 'always' ? this.io.sys.lstat(path) : followed;
    if (!IS_ERR(st)) return this.entry(name, path, st, st.st_mode);
    await this.minorOrMajor(`cannot access ${this.io.quoteAlways(path)}`, st, true);
    return this.entry(name, path, null, type);
  }

  /** Trouble below the command line is minor: status 1. */
  private async minorOrMajor(message: string, error: Errno, below: boolean): Promise<void> {
    const before = this.io.status;
    await this.io.fail(message, error);
    if (below && this.how.recursive) this.io.status = before || 1;
  }

  private isLoop(directory: Entry): boolean {
    const st = this.io.sys.stat(directory.path);
    if (IS_ERR(st)) return false;
    const key = `${st.st_dev}:${st.st_ino}`;
    const known = this.how.dereference === 'always' && this.seen.has(key);
    this.seen.add(key);
    return known;
  }

  private sorted(entries: readonly Entry[]): Entry[] {
    return this.how.sort === 'none' ? [...entries] : [...entries].sort((a, b) => compareEntries(a, b, this.how));
  }
}

/** The extension with its dot, for -X. */
export function extensionOf(name: string): string {
  const base = basename(name);
  const dot = base.lastIndexOf('.');
  return dot < 0 ? '' : base.slice(dot);
}
