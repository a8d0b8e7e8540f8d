/** The list of commands typed, and its file. Follows readline's history.c and bash's bashhist.c. */

/** A line of the list that was changed while browsing and not yet accepted. */
export interface HistoryEdit {
  readonly text: string;
  readonly undo: import('./undo.ts').UndoRecord[];
}

export interface HistorySettings {
  /** HISTCONTROL, parted at colons; `ignoreboth` means both. */
  readonly control: ReadonlySet<string>;
  /** HISTSIZE: how many entries to keep; Infinity when it is negative or unset. */
  readonly size: number;
  /** True when HISTIGNORE has a pattern for this line. */
  ignored?(line: string): boolean;
}

export class HistoryList {
  /** Oldest first. */
  readonly entries: string[] = [];
  /** Number of `entries[0]`. */
  base = 1;
  /** Entries added since the file was last read or written. */
  fresh = 0;
  /** By number. */
  readonly edits = new Map<number, HistoryEdit>();
  /** When an entry was typed, in seconds, by number. */
  readonly times = new Map<number, number>();

  /** Adds a command as HISTCONTROL allows; false when it was left out. */
  add(line: string, settings: HistorySettings, time?: number): boolean {
    if (!this.wanted(line, settings)) return false;
    if (settings.control.has('erasedups')) this.erase(line);
    this.push(line, settings.size);
    if (time !== undefined) this.times.set(this.base + this.entries.length - 1, time);
    return true;
  }

  push(line: string, size = Number.POSITIVE_INFINITY): void {
    this.entries.push(line);
    this.fresh++;
    this.stifle(size);
  }

  /** Drops the oldest entries beyond `size`; those left keep their numbers. */
  stifle(size: number): void {
    const surplus = this.entries.length - size;
    if (surplus <= 0) return;
    this.entries.splice(0, surplus);
    this.base += surplus;
  }

  /** Replaces the newest entry: lines of one command are joined into it. */
  replaceLast(line: string): void {
    if (this.entries.length > 0) this.entries[this.entries.length - 1] = line;
  }

  delete(index: number): void {
    this.entries.splice(index, 1);
    this.edits.clear();
  }

  clear(): void {
    this.entries.length = 0;
    this.base = 1;
    this.edits.clear();
    this.times.clear();
  }

  private wanted(line: string, { control, ignored }: HistorySettings): boolean {
    if (line === '') return false;
    const both = control.has('ignoreboth');
    if ((both || control.has('ignorespace')) && /^[ \t]/.test(line)) return false;
    if ((both || control.has('ignoredups')) && line === this.entries.at(-1)) return false;
    return !ignored?.(line);
  }

  private erase(line: string): void {
    for (let i = this.entries.length - 1; i >= 0; i--) if (this.entries[i] === line) this.delete(i);
  }
}

/** The entries in a history file: one a line; `#` and digits in front of one is its time, and then lines up to the next time are one entry. */
export function parseHistoryFile(text: string): { line: string; time?: number }[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const stamped = /^#\d/.test(lines[0] ?? '');
  const out: { line: string; time?: number }[] = [];
  let time: number | undefined;
  let fresh = true;
  for (const line of lines) {
    const stamp = /^#(\d+)/.exec(line);
    const last = out.at(-1);
    if (stamp) {
      time = Number(stamp[1]);
      fresh = true;
    } else if (line !== '' || stamped) {
      if (stamped && !fresh && last) last.line += `\n${line}`;
      else out.push(time === undefined ? { line } : { line, time });
      fresh = false;
    }
  }
  return out;
}

/** The text of a history file: with a time in front of each entry that has one, when times are wanted. */
export function formatHistoryFile(entries: readonly { line: string; time?: number | undefined }[], withTimes: boolean): string {
  return entries.map(({ line, time }) => `${withTimes && time !== undefined ? `#${time}\n` : ''}${line}\n`).join('');
}
