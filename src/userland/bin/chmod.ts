/** chmod(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR, S_ISLNK, type Stat } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { type ModeChange, modeString, parseMode } from '../lib/mode.ts';
import { visitTree } from '../lib/tree.ts';

export const main = command(
  {
    name: 'chmod',
    usage: ['[OPTION]... MODE[,MODE]... FILE...', '[OPTION]... OCTAL-MODE FILE...', '[OPTION]... --reference=RFILE FILE...'],
    summary: 'Changes the permissions of files.',
    options: [
      ['-c, --changes', 'say what is changed'],
      ['-f, --silent, --quiet', 'say little about errors'],
      ['-v, --verbose', 'say what is done with each file'],
      ['--no-preserve-root', 'treat / as any other directory'],
      ['--preserve-root', 'do not operate recursively on /'],
      ['--reference=RFILE', 'the mode of RFILE instead of MODE'],
      ['-R, --recursive', 'directories and what is in them'],
    ],
    notes: ['A MODE is octal, or of the form [ugoa]*([-+=]([rwxXst]*|[ugo]))+.'],
    // "-w" and "-rwx" are modes, not options.
    special: (argument) => (/^-[rwxXstugoa,+=0-7]/.test(argument) ? { key: 'mode', value: argument } : null),
  },
  async (io, options, operands) => {
    const { change, files, fromOption } = readLine(io, options, operands);
    const umask = io.sys.umask(0);
    io.sys.umask(umask);
    const changer = new Changer(io, options, change, umask, fromOption);
    const how = { recursive: options.has('R'), follow: 'none', preserveRoot: options.has('preserve-root') } as const;
    for (const file of files) {
      await visitTree(io, file, how, options.has('f'), (path, st, operand) => changer.visit(path, st, operand));
    }
    return undefined;
  },
);

interface Line {
  readonly change: ModeChange;
  readonly files: readonly string[];
  /** The mode looked like an option: the umask's share of it deserves a warning. */
  readonly fromOption: boolean;
}

function readLine(io: Io, options: Options, operands: readonly string[]): Line {
  const reference = options.value('reference');
  const optionModes = options.values('mode');
  const text = optionModes.length > 0 ? optionModes.join(',') : reference === null ? operands[0] : undefined;
  const files = text === undefined || optionModes.length > 0 ? operands : operands.slice(1);
  if (text === undefined && reference === null) throw new UsageError('missing operand');
  if (files.length === 0) throw new UsageError(text === undefined ? 'missing operand' : `missing operand after ${io.quote(text)}`);
  if (reference !== null) return { change: referenceMode(io, reference), files, fromOption: false };
  const change = parseMode(text ?? '');
  if (!change) throw new UsageError(`invalid mode: ${io.quote(text ?? '')}`);
  return { change, files, fromOption: optionModes.length > 0 };
}

function referenceMode(io: Io, path: string): ModeChange {
  const st = io.sys.stat(path);
  if (IS_ERR(st)) throw new Failure(`failed to get attributes of ${io.quoteAlways(path)}: ${st.message}`);
  return () => st.st_mode & 0o7777;
}

class Changer {
  constructor(
    private readonly io: Io,
    private readonly options: Options,
    private readonly change: ModeChange,
    private readonly umask: number,
    private readonly fromOption: boolean,
  ) {}

  async visit(path: string, lstat: Stat, operand: boolean): Promise<void> {
    const { sys } = this.io;
    if (S_ISLNK(lstat.st_mode) && !operand) return this.report(path, 'link', 0, 0);
    const st = S_ISLNK(lstat.st_mode) ? sys.stat(path) : lstat;
    if (IS_ERR(st)) return await this.fail(`cannot operate on dangling symlink ${this.io.quoteAlways(path)}`);
    const isDirectory = S_ISDIR(st.st_mode);
    const wanted = this.change(st.st_mode, isDirectory, this.umask);
    const status = sys.chmod(path, wanted);
    if (IS_ERR(status)) {
      await this.fail(`changing permissions of ${this.io.quoteAlways(path)}`, status);
      return this.report(path, 'failed', st.st_mode, wanted);
    }
    this.report(path, 'done', st.st_mode, wanted);
    if (this.fromOption) await this.warnAboutUmask(path, st.st_mode, wanted, isDirectory);
  }

  private async warnAboutUmask(path: string, old: number, wanted: number, isDirectory: boolean): Promise<void> {
    const naive = this.change(old, isDirectory, 0);
    if ((wanted & ~naive) === 0) return;
    const show = (mode: number): string => modeString(mode).slice(1);
    await this.io.fail(`${this.io.quoteIfNeeded(path)}: new permissions are ${show(wanted)}, not ${show(naive)}`);
  }

  private async fail(message: string, error?: Errno): Promise<void> {
    this.io.status = 1;
    if (!this.options.has('f')) await this.io.fail(message, error);
  }

  private report(path: string, what: 'done' | 'failed' | 'link', old: number, wanted: number): void {
    const changed = what === 'done' && (old & 0o7777) !== (wanted & 0o7777);
    if (!(this.options.has('v') || (this.options.has('c') && changed))) return;
    const name = this.io.quoteAlways(path);
    const show = (mode: number): string => `${(mode & 0o7777).toString(8).padStart(4, '0')} (${modeString(mode).slice(1)})`;
    if (what === 'link') this.io.stdout.put(`neither symbolic link ${name} nor referent has been changed\n`);
    else if (what === 'failed') this.io.stdout.put(`failed to change mode of ${name} from ${show(old)} to ${show(wanted)}\n`);
    else if (changed) this.io.stdout.put(`mode of ${name} changed from ${show(old)} to ${show(wanted)}\n`);
    else this.io.stdout.put(`mode of ${name} retained as ${show(wanted)}\n`);
  }
}
