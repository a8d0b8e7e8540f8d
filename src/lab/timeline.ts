/**
 * States of a machine from prompt to prompt, and ways back to them. An entry is the whole machine and its shell as plain data;
 * what did not change is shared with the entry before. Going back boots a new machine from an entry and ends the old one.
 */
import type { ShellPrompt, ShellSession, ShellState } from '../shell/bash.ts';
import type { HostArch } from '../uapi/host.ts';
import { LabError } from './error.ts';
import type { BootOptions, Lab, LabSnapshot, LabTerminal } from './lab.ts';
import { difference, snapshotBytes } from './snapshot-bytes.ts';

export interface TimelineEntry {
  readonly id: number;
  /** Made by a command at the prompt, by the start of a machine, or by a change from outside while the prompt stood. */
  readonly kind: 'boot' | 'command' | 'change';
  /** The command as typed, after history expansion; what `reboot` or `mark` was told. */
  readonly line: string;
  readonly status: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly cwd: string;
  readonly kernel: string;
  readonly host: HostArch;
  /** Bytes that this entry added to those before it. */
  readonly cost: number;
  /** What will not come back, in sentences; empty: all does. */
  readonly note: string;
  readonly snapshot: LabSnapshot;
  readonly shell: ShellState;
}

/** An entry without its weight. */
export interface TimelineRow extends Omit<TimelineEntry, 'snapshot' | 'shell'> {
  /** Where it is seen from the machine that runs. */
  readonly place: 'past' | 'here' | 'future';
}

/** All that a time line knows, as plain data: it can be structured-cloned. */
export interface TimelineState {
  readonly version: typeof TIMELINE_VERSION;
  /** Id of the entry that the machine stood at. */
  readonly here: number;
  readonly entries: readonly TimelineEntry[];
}
export const TIMELINE_VERSION = 2;

export interface TimelineLimits {
  readonly entries: number;
  /** Bytes that entries own beyond what the running machine holds. */
  readonly bytes: number;
}
const LIMITS: TimelineLimits = { entries: 200, bytes: 64 << 20 };

/** Milliseconds from a machine's first prompt to its entry. */
const FIRST_MS = 200;

/** What a time line asks of those around it. */
export interface TimelineHost {
  boot(options: BootOptions): Lab;
  /** Opens the terminal that the time line follows, with `session` among its options: called anew for each machine. */
  show(lab: Lab, session: ShellSession): LabTerminal;
  /** The rows are others now. `dropped` entries were the oldest of too many. */
  changed(news: { readonly dropped: number }): void;
}

/** What going elsewhere ended. */
export interface Arrival {
  readonly row: TimelineRow;
  /** Programs that ran, by name. */
  readonly ended: readonly string[];
}

/** The machine that runs now, and the terminal that is followed. */
interface Now {
  readonly lab: Lab;
  readonly terminal: LabTerminal;
}

export class Timeline {
  private list: TimelineEntry[] = [];
  private at = -1;
  private nextId = 1;
  private now: Now;
  /** A command runs, or the shell has ended. */
  private away = true;
  /** The prompt that stands. */
  private standing: ShellPrompt | null = null;
  /** The same, while it has no entry yet. */
  private waiting: { readonly prompt: ShellPrompt; readonly kind: TimelineEntry['kind']; readonly line: string } | null = null;
  /** Bytes of all entries together, and of the one that the machine stands at. What is in two entries is in all between. */
  private total = 0;
  private held = 0;

  /** Boots a machine: as `first` says, or as the time line `kept` stood. */
  constructor(
    private readonly host: TimelineHost,
    first: BootOptions | { readonly kept: TimelineState },
    private readonly limits: TimelineLimits = LIMITS,
  ) {
    if (!('kept' in first)) this.now = this.start(first, '');
    else this.now = this.resume(first.kept);
  }

  get lab(): Lab {
    return this.now.lab;
  }

  rows(): readonly TimelineRow[] {
    this.take();
    return this.list.map((entry, i) => rowOf(entry, i, this.at));
  }

  entries(): readonly TimelineEntry[] {
    this.take();
    return this.list;
  }

  /** The newest entry's id and all entries; null before the first prompt. */
  state(): TimelineState | null {
    this.take();
    const here = this.list[this.at];
    return here ? { version: TIMELINE_VERSION, here: here.id, entries: [...this.list] } : null;
  }

  /** Bytes that entries own beyond what the running machine holds. */
  get bytes(): number {
    this.take();
    return this.total - this.held;
  }

  /** While a command runs: back to before it. */
  get canUndo(): boolean {
    this.take();
    return this.list.length > 0 && (this.away || this.at > 0);
  }

  get canRedo(): boolean {
    this.take();
    return this.at < this.list.length - 1;
  }

  undo(): Arrival {
    this.take();
    return this.goTo(this.away ? this.at : this.at - 1);
  }

  redo(): Arrival {
    this.take();
    return this.goTo(this.at + 1);
  }

  /** Ends the machine and boots the one of that entry. */
  go(id: number): Arrival {
    this.take();
    return this.goTo(this.list.findIndex((entry) => entry.id === id));
  }

  /** Another machine in the place of this one, as one more entry called `line`: another kernel, a fresh start. */
  reboot(options: BootOptions, line: string): void {
    this.take();
    this.now.lab.dispose();
    this.now = this.start(options, line);
  }

  /**
   * Something was changed from outside: it becomes an entry of its own called `line`, so that going back and forth keeps it.
   * While a command runs that is left to the entry of the command.
   */
  mark(line: string): void {
    this.take();
    if (this.standing === null) return;
    this.wait(this.standing, 'change', line);
    this.take();
  }

  dispose(): void {
    this.waiting = null;
    this.now.lab.dispose();
  }

  private start(options: BootOptions, line: string): Now {
    return this.show(this.host.boot(options), undefined, line);
  }

  private resume({ here, entries }: TimelineState): Now {
    this.total = snapshotBytes(entries.map((entry) => entry.snapshot));
    this.list = [...entries];
    this.nextId = Math.max(0, ...entries.map((e) => e.id)) + 1;
    return this.arrive(entries.findIndex((e) => e.id === here));
  }

  private goTo(index: number): Arrival {
    const entry = this.list[index];
    if (!entry) throw new LabError('the time line has no such entry');
    const { lab, terminal } = this.now;
    const ended = lab.running(terminal.pid);
    lab.dispose();
    this.now = this.arrive(index);
    this.host.changed({ dropped: 0 });
    return { row: rowOf(entry, index, index), ended };
  }

  private arrive(index: number): Now {
    const entry = this.list[index];
    if (!entry) throw new LabError('the time line has no such entry');
    const { kernel, host, snapshot, shell } = entry;
    const lab = this.host.boot({ kernel, host, snapshot });
    this.at = index;
    this.held = snapshotBytes([snapshot]);
    return this.show(lab, shell, null);
  }

  /** `line` null: the first prompt is no entry, since one stands for it already. */
  private show(lab: Lab, state: ShellState | undefined, line: string | null): Now {
    this.away = line !== null;
    this.standing = null;
    return { lab, terminal: this.host.show(lab, this.follow(lab, state, line)) };
  }

  private follow(lab: Lab, state: ShellState | undefined, line: string | null): ShellSession {
    let first = line;
    let typed = '';
    /** The line by which `exec` put another shell in the place of this one, which has then run nothing itself. */
    let replaced: string | null = null;
    let begin = state;
    return {
      start: () => {
        const given = begin;
        begin = undefined;
        if (typed !== '') replaced = typed;
        return given;
      },
      prompt: (prompt) => {
        if (lab !== this.now.lab) return;
        this.away = false;
        this.standing = prompt;
        const command = prompt.command ?? replaced;
        if (first !== null) this.wait(prompt, 'boot', first);
        else if (command !== null) this.wait(prompt, 'command', command);
        first = replaced = null;
      },
      left: (text) => {
        if (lab !== this.now.lab) return;
        this.take();
        this.away = true;
        this.standing = null;
        typed = text;
      },
    };
  }

  /** The prompt is drawn first; a machine's first one by somebody who is still opening a terminal for it. */
  private wait(prompt: ShellPrompt, kind: TimelineEntry['kind'], line: string): void {
    const waiting = { prompt, kind, line };
    this.waiting = waiting;
    setTimeout(() => this.waiting === waiting && this.take(), kind === 'boot' ? FIRST_MS : 0);
  }

  private take(): void {
    if (!this.waiting) return;
    const { prompt, kind, line } = this.waiting;
    this.waiting = null;
    this.cut();
    this.add(this.entryOf(prompt, kind, line));
    this.host.changed({ dropped: this.drop() });
  }

  /** What was undone does not come again. */
  private cut(): void {
    for (let last = this.list.length - 1; last > this.at; last--) {
      const [before, gone] = [this.list[last - 1], this.list.pop()];
      if (before && gone) this.total -= difference(before.snapshot, gone.snapshot).added;
    }
  }

  private entryOf(prompt: ShellPrompt, kind: TimelineEntry['kind'], line: string): TimelineEntry {
    const { lab, terminal } = this.now;
    const { cwd } = prompt;
    const status = kind === 'command' ? prompt.status : 0;
    const snapshot = lab.snapshot();
    const note = lab.leftover(terminal.pid).join(' ');
    const cost = this.weigh(snapshot);
    const { kernel, host } = snapshot;
    return { id: this.nextId++, kind, line, status, time: Date.now(), cwd, kernel, host, cost, note, snapshot, shell: prompt.capture() };
  }

  /** Books the newest snapshot; answers the bytes that it adds. */
  private weigh(snapshot: LabSnapshot): number {
    const before = this.list[this.at]?.snapshot;
    const { added, removed } = before ? difference(before, snapshot) : { added: snapshotBytes([snapshot]), removed: 0 };
    this.held += added - removed;
    this.total += added;
    return added;
  }

  private add(entry: TimelineEntry): void {
    this.list.push(entry);
    this.at = this.list.length - 1;
  }

  /** The oldest go while there are too many; the one that the machine stands at stays. */
  private drop(): number {
    let n = 0;
    for (; this.at > 0 && (this.list.length > this.limits.entries || this.bytes > this.limits.bytes); n++) {
      const [oldest, next] = [this.list.shift(), this.list[0]];
      if (oldest && next) this.total -= difference(oldest.snapshot, next.snapshot).removed;
      this.at--;
    }
    return n;
  }
}

function rowOf({ snapshot: _, shell: __, ...row }: TimelineEntry, index: number, at: number): TimelineRow {
  return { ...row, place: index < at ? 'past' : index === at ? 'here' : 'future' };
}
