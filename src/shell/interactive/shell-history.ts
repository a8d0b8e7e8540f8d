/** The history of a shell: kept as its variables say, read from and written to its file. Follows bash's bashhist.c. */
import { concat, decode, encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_APPEND, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { CLOCK_REALTIME, type Syscalls } from '../../uapi/syscalls.ts';
import { loadedEngine } from '../load-engine.ts';
import type { History, Shell } from '../shell.ts';
import { formatHistoryFile, HistoryList, type HistorySettings, parseHistoryFile } from './history.ts';
import type { ModifierMemory } from './history-modifiers.ts';

const CHUNK = 65536;
const DEFAULT_HISTSIZE = '500';

export class ShellHistory extends HistoryList implements History {
  /** The text of the command whose lines are being typed, when its first line was remembered. */
  private source: string | undefined;
  private readonly memory: ModifierMemory = {};

  constructor(private readonly sh: Shell) {
    super();
  }

  /** HISTSIZE, HISTFILESIZE and HISTFILE get their defaults, and the file is read. */
  async start(): Promise<void> {
    const { sh } = this;
    if (sh.get('HISTSIZE') === undefined) sh.set('HISTSIZE', DEFAULT_HISTSIZE);
    if (sh.get('HISTFILESIZE') === undefined) sh.set('HISTFILESIZE', sh.get('HISTSIZE') ?? DEFAULT_HISTSIZE);
    if (sh.get('HISTFILE') === undefined) sh.set('HISTFILE', `${sh.get('HOME') ?? ''}/.bash_history`);
    const file = sh.get('HISTFILE');
    if (file) await this.load(file);
    this.fresh = 0;
  }

  /** Remembers the first line of a command. */
  addLine(line: string): void {
    if (!this.sh.options.get('history')) return;
    const time = Math.floor(this.sh.sys.clock_gettime(CLOCK_REALTIME) / 1000);
    this.source = this.add(line, this.settings(), time) ? line : undefined;
  }

  /** Remembers a further line: joined to the first as cmdhist and lithist say. */
  addContinuation(line: string): void {
    if (this.source === undefined) return;
    const { options } = this.sh;
    if (!options.shopt('cmdhist')) this.push(line, this.settings().size);
    else if (options.shopt('lithist')) this.replaceLast(`${this.entries.at(-1) ?? ''}\n${line}`);
    else this.replaceLast(loadedEngine().joinLine(this.entries.at(-1) ?? '', this.source, line));
    this.source += `\n${line}`;
  }

  /** On exit: what is new goes to the end of the file, which is cut to HISTFILESIZE. */
  async finish(): Promise<void> {
    const file = this.sh.get('HISTFILE');
    if (!file || this.fresh === 0) return;
    await this.save(file, this.sh.options.shopt('histappend') || this.fresh <= this.entries.length);
    await this.truncate(file);
  }

  async load(file: string): Promise<boolean> {
    const text = await readFile(this.sh.sys, file);
    if (text === undefined) return false;
    const { size } = this.settings();
    for (const { line, time } of parseHistoryFile(text)) {
      this.push(line, size);
      if (time !== undefined) this.times.set(this.base + this.entries.length - 1, time);
    }
    return true;
  }

  /** Writes all entries, or puts those added since the last time at the end. */
  async save(file: string, append: boolean): Promise<boolean> {
    const first = append ? Math.max(0, this.entries.length - this.fresh) : 0;
    const written = await writeFile(this.sh.sys, file, this.format(first), append ? O_APPEND : O_TRUNC);
    if (written) this.fresh = 0;
    return written;
  }

  private format(first: number): string {
    const rows = this.entries.slice(first).map((line, i) => ({ line, time: this.times.get(this.base + first + i) }));
    return formatHistoryFile(rows, this.sh.get('HISTTIMEFORMAT') !== undefined);
  }

  private async truncate(file: string): Promise<void> {
    const limit = sizeOf(this.sh.get('HISTFILESIZE'));
    const text = limit === Number.POSITIVE_INFINITY ? undefined : await readFile(this.sh.sys, file);
    const entries = text === undefined ? [] : parseHistoryFile(text);
    if (entries.length <= limit) return;
    const kept = entries.slice(entries.length - limit);
    const timed = kept.some(({ time }) => time !== undefined);
    await writeFile(this.sh.sys, file, formatHistoryFile(kept, timed), O_TRUNC);
  }

  /** `history -p`: the text with events expanded, without the entry of the command that asks; undefined when that fails. */
  expand(text: string): string | undefined {
    const expansion = loadedEngine().expandHistory(text, { entries: this.entries.slice(0, -1), base: this.base, memory: this.memory });
    if (expansion.kind === 'error') return undefined;
    return expansion.kind === 'same' ? text : expansion.line;
  }

  /** HISTIGNORE: patterns for whole lines, parted at colons; `&` stands for the entry before. */
  private ignored(line: string): boolean {
    const patterns = (this.sh.get('HISTIGNORE') ?? '').split(':').filter((pattern) => pattern !== '');
    if (patterns.length === 0) return false;
    const { patternRegExp, quotePattern } = loadedEngine();
    const last = quotePattern(this.entries.at(-1) ?? '');
    const options = { extglob: this.sh.options.shopt('extglob'), ignoreCase: false, pathname: false };
    return patterns.some((p) =>
      patternRegExp(
        p.replace(/\\&|&/g, (m) => (m === '&' ? last : '&')),
        options,
      ).test(line),
    );
  }

  private settings(): HistorySettings {
    const control = new Set((this.sh.get('HISTCONTROL') ?? '').split(':'));
    return { control, size: sizeOf(this.sh.get('HISTSIZE')), ignored: (line) => this.ignored(line) };
  }
}

/** A size as HISTSIZE gives it: negative or no number means no limit. */
function sizeOf(text: string | undefined): number {
  return text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
}

export async function readFile(sys: Syscalls, path: string): Promise<string | undefined> {
  const fd = await sys.open(path, O_RDONLY);
  if (IS_ERR(fd)) return undefined;
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await sys.read(fd, CHUNK);
    if (IS_ERR(bytes)) break;
    if (bytes.length === 0) break;
    chunks.push(bytes);
  }
  sys.close(fd);
  return decode(concat(chunks));
}

async function writeFile(sys: Syscalls, path: string, text: string, flags: number): Promise<boolean> {
  const fd = await sys.open(path, O_WRONLY | O_CREAT | flags, 0o600);
  if (IS_ERR(fd)) return false;
  const bytes = encode(text);
  let at = 0;
  while (at < bytes.length) {
    const n = await sys.write(fd, bytes.subarray(at));
    if (IS_ERR(n)) break;
    at += n;
  }
  sys.close(fd);
  return at === bytes.length;
}
