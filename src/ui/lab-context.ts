/** The LabContext of an element: its calls go to the machine of the moment, its events come from whichever runs. */

import { base } from './base.ts';
import { type Execution, Executions } from './executions.ts';
import type { Arrival, BootInfo, LabHost, MachineChoice, News, RunText, TimelineRow } from './host.ts';
import type { Machine } from './machine.ts';
import { messageOf } from './message-of.ts';
import type { LabContext, LabEvents, PanelId } from './panels/panel.ts';

/** What the element around it does for the context. */
export interface Surroundings {
  type(text: string): void;
  focusTerminal(): void;
  /** The login shell of the terminal in front. */
  shell(): number | null;
  openPanel(id: PanelId, show?: unknown): void;
  say(text: string): void;
  /** The machine has been stored and would survive a reload. */
  kept(): void;
}

/** Milliseconds between two 'change' events. */
const QUIET = 100;
/** Where the rules are written out; served beside the page. */
const RULES = `${base}docs/linux-exec.html`;

type Listeners = { [K in keyof LabEvents]: Set<(detail: LabEvents[K]) => void> };

export class Context implements LabContext {
  readonly executions = new Executions();
  timeline: readonly TimelineRow[] = [];
  info: BootInfo | null = null;
  selected: Execution | null = null;
  private machine: Machine | null = null;
  private problem: string | null = null;
  private queue: Promise<unknown> = Promise.resolve();
  private changing: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners: Listeners = { boot: new Set(), change: new Set(), select: new Set(), timeline: new Set() };

  constructor(private readonly around: Surroundings) {}

  /** Calls go to `machine` from now on. */
  use(machine: Machine): void {
    this.machine = machine;
    this.executions.clear();
    this.timeline = [];
    this.select(null);
    machine.onNews = (news) => this.hear(news);
  }

  booted(info: BootInfo): void {
    this.info = info;
    this.emit('boot', info);
    this.touched();
  }

  get host(): LabHost {
    if (this.machine === null) throw new Error('the machine has been removed from the page');
    return this.machine.host;
  }

  select(execution: Execution | null): void {
    this.selected = execution;
    this.emit('select', execution);
  }

  on<K extends keyof LabEvents>(what: K, listener: (detail: LabEvents[K]) => void): () => void {
    const set = this.listeners[what] as Set<(detail: LabEvents[K]) => void>;
    set.add(listener);
    return () => set.delete(listener);
  }

  type(text: string): void {
    this.around.type(text);
  }

  /** Calls queue. */
  run(script: string): Promise<RunText> {
    const result = this.queue.then(async () => {
      const done = await this.host.run(script);
      this.touched();
      return done;
    });
    this.queue = result.catch(() => {});
    return result;
  }

  touched(line?: string): void {
    if (line !== undefined) void this.host.mark(line);
    this.changing ??= setTimeout(() => {
      this.changing = undefined;
      this.emit('change', undefined);
    }, QUIET);
  }

  get shell(): number | null {
    return this.around.shell();
  }

  focusTerminal(): void {
    this.around.focusTerminal();
  }

  openPanel(id: PanelId, show?: unknown): void {
    this.around.openPanel(id, show);
  }

  rule(number: string): string {
    return `${RULES}#${number.toLowerCase()}`;
  }

  say(text: string): void {
    this.around.say(text);
  }

  async undo(): Promise<void> {
    await this.travel((host) => host.undo());
  }

  async redo(): Promise<void> {
    await this.travel((host) => host.redo());
  }

  async go(row: number): Promise<void> {
    await this.travel((host) => host.go(row));
  }

  /** Another machine in the place of this one; undo leads back. */
  async reboot(to: MachineChoice, line: string, carry: boolean): Promise<void> {
    await this.travel((host) => host.reboot(to, line, carry));
  }

  private async travel(way: (host: LabHost) => Promise<Arrival>): Promise<void> {
    try {
      const { info, after, ended } = await way(this.host);
      this.booted(info);
      const moment = after === null ? describe(info) : `The machine as it was after “${after}”.`;
      this.say(ended.length === 0 ? moment : `${moment} Ended: ${ended.join(', ')}.`);
    } catch (e) {
      this.say(messageOf(e));
    }
  }

  private hear(news: News): void {
    switch (news.t) {
      case 'exec':
        this.executions.add(news.events, news.lost);
        break;
      case 'timeline':
        this.hearTimeline(news.rows);
        break;
      case 'kept':
        return this.kept(news.problem);
    }
    this.touched();
  }

  /** Said once, not after every command. */
  private kept(problem: string | null): void {
    if (problem !== null && problem !== this.problem) this.say(`This machine will not survive a reload: ${problem}`);
    if (problem === null) this.around.kept();
    this.problem = problem;
  }

  private hearTimeline(rows: readonly TimelineRow[]): void {
    this.timeline = rows;
    const here = rows.find((r) => r.place === 'here');
    if (here !== undefined) this.executions.assign(here.id);
    this.emit('timeline', rows);
  }

  private emit<K extends keyof LabEvents>(what: K, detail: LabEvents[K]): void {
    for (const listener of this.listeners[what] as Set<(detail: LabEvents[K]) => void>) listener(detail);
  }
}

/** The machine in a sentence. */
export function describe({ release, host }: BootInfo): string {
  return `Linux ${release} on ${host}.`;
}
