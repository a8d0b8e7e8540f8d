/** find(1): walks trees. The expression's language: find-parse.ts; its tests and actions: find-tests.ts, find-actions.ts. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { S_IFLNK, S_IFMT, S_ISDIR, type Stat } from '../../uapi/stat.ts';
import { CLOCK_REALTIME } from '../../uapi/syscalls.ts';
import { command, type Io } from '../lib/command.ts';
import { join } from '../lib/path.ts';
import { loadUsers } from '../lib/users.ts';
import { scandir } from '../lib/walk.ts';
import { Executor } from './find-actions.ts';
import { type Expression, parseExpression, type Settings } from './find-parse.ts';
import type { Found, Search } from './find-tests.ts';

export const main = command(
  {
    name: 'find',
    usage: ['[-H] [-L] [-P] [path...] [expression]'],
    summary: 'Walks directories (the current one unless told) and tells which names the expression is true of.',
    notes: [
      'Operators: ( EXPR )  ! EXPR  EXPR1 EXPR2  EXPR1 -o EXPR2  EXPR1 , EXPR2',
      'Options: -depth -maxdepth N -mindepth N -xdev -mount -follow -daystart -regextype TYPE',
      'Tests: -name -iname -path -ipath -regex -iregex -lname -ilname -type -xtype -size -empty -perm -user -group -uid -gid',
      '  -nouser -nogroup -links -inum -samefile -newer -anewer -cnewer -newerXY -mtime -atime -ctime -mmin -amin -cmin',
      '  -readable -writable -executable -true -false',
      'Actions: -print -print0 -printf FORMAT -ls -delete -prune -quit -exec CMD ; -exec CMD {} + -execdir -ok',
    ],
    follows: 'GNU findutils 4.9.0',
    permute: false,
    // Everything with a dash is the expression's, but for --help and --version.
    special: (argument) =>
      /^--?(help|version)$/.test(argument) ? { key: argument.replace(/^-+/, ''), value: null } : { key: 'word', value: argument },
  },
  async (io, options, operands) => {
    const words = [...options.values('word'), ...operands];
    const line = splitLine(words);
    const search: Search = { io, users: await loadUsers(io.sys), now: io.sys.clock_gettime(CLOCK_REALTIME), executor: new Executor(io) };
    const { expression, settings } = await parseExpression(line.rest, search, line.follow);
    const walker = new Walker(search, expression, settings);
    for (const path of line.paths) if (!(await walker.start(path))) break;
    await search.executor.finish();
    return undefined;
  },
);

interface Line {
  readonly follow: Settings['follow'];
  readonly paths: readonly string[];
  readonly rest: readonly string[];
}

function splitLine(words: readonly string[]): Line {
  let follow: Settings['follow'] = 'never';
  let i = 0;
  for (; /^-([HLP]|O\d*|D)$/.test(words[i] ?? '') || words[i] === '--'; i++) {
    const word = words[i] as string;
    if (word === '-D') i++;
    follow = word === '-H' ? 'operands' : word === '-L' ? 'always' : word === '-P' ? 'never' : follow;
  }
  let end = i;
  while (end < words.length && !/^-.|^[(),!]$/.test(words[end] as string)) end++;
  const paths = words.slice(i, end);
  return { follow, paths: paths.length === 0 ? ['.'] : paths, rest: words.slice(end) };
}

class Walker {
  private readonly above: Stat[] = [];

  constructor(
    private readonly search: Search,
    private readonly expression: Expression,
    private readonly settings: Settings,
  ) {}

  private get io(): Io {
    return this.search.io;
  }

  /** False once -quit was met. */
  async start(path: string): Promise<boolean> {
    const { sys } = this.io;
    const follow = this.settings.follow !== 'never';
    const followed = follow ? sys.stat(path) : sys.lstat(path);
    const st = IS_ERR(followed) && follow ? sys.lstat(path) : followed;
    if (IS_ERR(st)) {
      await this.complain(path, st);
      return true;
    }
    return await this.visit({ path, start: path, depth: 0, stat: st, pruned: false, quit: false }, st.st_dev);
  }

  private async complain(path: string, error: Errno): Promise<void> {
    await this.io.fail(this.io.quote(path), error);
  }

  private async visit(found: Found, device: number): Promise<boolean> {
    const deep = found.depth >= this.settings.minDepth;
    if (deep && !this.settings.depthFirst) await this.expression(found);
    if (this.io.stdout.full) await this.io.stdout.flush();
    if (this.io.stdout.error || found.quit) return false;
    const descends = S_ISDIR(found.stat.st_mode) && !(found.pruned && !this.settings.depthFirst) && found.depth < this.settings.maxDepth;
    if (descends && !(this.settings.sameDevice && found.stat.st_dev !== device) && !(await this.children(found, device))) return false;
    if (deep && this.settings.depthFirst) await this.expression(found);
    return !found.quit;
  }

  private async children(found: Found, device: number): Promise<boolean> {
    if (await this.isLoop(found)) return true;
    const entries = await scandir(this.io.sys, found.path);
    if (IS_ERR(entries)) {
      await this.complain(found.path, entries);
      return true;
    }
    this.above.push(found.stat);
    for (const { d_name } of entries) {
      if (d_name === '.' || d_name === '..') continue;
      const path = join(found.path, d_name);
      const st = this.childStat(path);
      if (IS_ERR(st)) await this.complain(path, st);
      else if (!(await this.visit({ path, start: found.start, depth: found.depth + 1, stat: st, pruned: false, quit: false }, device)))
        return false;
    }
    this.above.pop();
    return true;
  }

  private childStat(path: string): Stat | Errno {
    const own = this.io.sys.lstat(path);
    if (IS_ERR(own) || this.settings.follow !== 'always' || (own.st_mode & S_IFMT) !== S_IFLNK) return own;
    const target = this.io.sys.stat(path);
    return IS_ERR(target) ? own : target;
  }

  private async isLoop(found: Found): Promise<boolean> {
    const same = this.above.find((st) => st.st_ino === found.stat.st_ino && st.st_dev === found.stat.st_dev);
    if (!same) return false;
    await this.io.fail(
      `File system loop detected; ${this.io.quote(found.path)} is part of the same file system loop as ${this.io.quote(found.start)}.`,
    );
    return true;
  }
}
