/** The microscope: the verdict on top, the stations below it, the executions at the foot. Follows the newest unless one is chosen. */
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { toClipboard } from '../../clipboard.ts';
import type { Execution } from '../../executions.ts';
import type { LabContext } from '../panel.ts';
import type { HexChoice } from './hex.ts';
import type { Model, Station } from './model.ts';
import { reduce } from './reduce.ts';
import { levelView, type StationActions } from './stations.ts';
import { asText, plain, saidBy, visible } from './text.ts';
import { Timeline } from './timeline.ts';

/** What a permalink keeps: the how-manieth execution, and the step. */
export interface MicroscopeState {
  readonly execution: number | null;
  readonly step: number | null;
}

/** Milliseconds between two drawings while programs are started in a loop. */
const DELAY = 100;
/** The width that sixteen bytes in a row need. */
const WIDE = 505;
const TRY = 'chmod +x samples/luac.out; samples/luac.out';

export class Microscope {
  private model: Model | null = null;
  private step: number | null = null;
  /** By level: the overlay that lies over the bytes, if one was chosen; and what is unfolded. */
  private readonly laid = new Map<number, number>();
  private readonly whole = new Set<number>();
  private readonly everyRule = new Set<number>();
  private columns = 16;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly timeline: Timeline;
  private readonly story: HTMLElement;
  private readonly head: HTMLElement;
  private readonly undo: (() => void)[];
  private readonly resize: ResizeObserver;

  constructor(
    private readonly box: HTMLElement,
    private readonly lab: LabContext,
    private wish: MicroscopeState | null,
  ) {
    const root = document.createElement('div');
    root.className = 'microscope';
    // Its own bars reach to the edges, and it scrolls inside.
    box.style.cssText = 'padding:0;overflow:hidden';
    box.replaceChildren(root);
    root.innerHTML =
      '<div class="head"></div><div class="story" tabindex="0" role="region" aria-label="What the kernel did, station by station"></div><section class="list" aria-label="Executions"></section>';
    [this.head, this.story] = [piece(root, '.head'), piece(root, '.story')];
    this.timeline = new Timeline(piece(root, '.list'), lab.executions, {
      shown: () => this.shown,
      following: () => lab.selected === null,
      select: (execution) => lab.select(execution),
    });
    box.addEventListener('keydown', this.onKey);
    this.undo = [lab.executions.onChange(() => this.soon()), lab.on('select', () => this.show()), lab.on('boot', () => this.show())];
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.story);
    this.show();
  }

  /** Another panel asks for an execution: by its id, or the execution itself. */
  open(what: unknown): void {
    const id = typeof what === 'number' ? what : typeof what === 'object' && what !== null && 'id' in what ? what.id : null;
    const found = typeof id === 'number' ? this.lab.executions.byId(id) : undefined;
    if (found !== undefined) this.lab.select(found);
  }

  state(): MicroscopeState {
    const { selected, executions } = this.lab;
    const at = selected === null ? -1 : executions.list.indexOf(selected);
    return { execution: at < 0 ? null : at + executions.dropped, step: this.step };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.resize.disconnect();
    this.box.removeEventListener('keydown', this.onKey);
    for (const undo of this.undo) undo();
    this.timeline.dispose();
    this.box.replaceChildren();
    this.box.style.cssText = '';
  }

  private get shown(): Execution | undefined {
    return this.lab.selected ?? this.lab.executions.last;
  }

  /** Draws soon; not while the panel is hidden, since it is drawn when it appears. */
  private soon(): void {
    if (this.story.clientHeight > 0) this.timer ??= setTimeout(() => this.show(), DELAY);
  }

  private show(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.grantWish();
    const { shown } = this;
    if (shown === undefined) this.model = null;
    else if (shown.id !== this.model?.id || shown.path !== this.model.path) this.take(reduce(shown));
    this.draw();
    this.timeline.update();
  }

  /** A permalink's execution may come only when its script has run. */
  private grantWish(): void {
    const { executions } = this.lab;
    const { execution, step } = this.wish ?? {};
    if (typeof execution !== 'number') return;
    const found = executions.list[execution - executions.dropped];
    if (found === undefined) return;
    this.wish = null;
    this.lab.select(found);
    this.take(reduce(found));
    if (typeof step === 'number') this.goto(step);
  }

  private take(model: Model): void {
    this.model = model;
    this.step = null;
    for (const choice of [this.laid, this.whole, this.everyRule]) choice.clear();
    this.story.scrollTop = 0;
  }

  private fit(): void {
    if (this.story.clientHeight === 0) return;
    this.columns = this.story.clientWidth >= WIDE ? 16 : 8;
    this.show();
  }

  // Drawing

  private draw(): void {
    const { model } = this;
    render(model === null ? nothing : this.headView(model), this.head);
    render(model === null ? this.emptyView() : model.levels.map((l) => levelView(l, this.actions)), this.story);
  }

  private headView(model: Model): TemplateResult {
    const at = this.step === null ? `${model.stations.length} steps` : `step ${this.step + 1} of ${model.stations.length}`;
    return html`
      <h2><code>execve("${visible(model.path)}")</code> <span class="tag ${TAGS[model.outcome]}">${visible(model.verdict)}</span></h2>
      ${this.hintView(model)}
      <div class="tools">
        <span class="who">process ${model.pid} in <code>${model.cwd}</code></span>
        <span class="move" role="group" aria-label="Steps">
          <button type="button" aria-label="Step back" aria-keyshortcuts="ArrowLeft k" title="Step back (← or k)" @click=${() => this.move(-1)}>←</button>
          <span class="at">${at}</span>
          <button type="button" aria-label="Step forward" aria-keyshortcuts="ArrowRight j" title="Step forward (→ or j)" @click=${() => this.move(1)}>→</button>
        </span>
        <button type="button" class="copy" @click=${() => void this.copy(model)}>Copy as text</button>
      </div>`;
  }

  /** What to do about it, before anybody scrolls. */
  private hintView({ stations }: Model): TemplateResult | typeof nothing {
    const last = stations.at(-1);
    if (last?.next === undefined || last.next === null) return nothing;
    return html`<p class="hint">${visible(last.next.text)} <button type="button" class="link" @click=${() => this.goto(last.n)}>Show how</button></p>`;
  }

  private emptyView(): TemplateResult {
    return html`<div class="empty">
      <p class="big">Nothing has been executed yet.</p>
      <p>Run any program. Here you see what the kernel did with it: the way to the file, its first bytes, who was asked, and who took it.</p>
      <pre>${TRY}</pre>
      <button type="button" @click=${() => this.run(`${TRY}\r`)}>Run it in the terminal</button>
    </div>`;
  }

  private get actions(): StationActions {
    return {
      current: this.step,
      rule: (number) => this.lab.rule(number),
      choose: (station) => this.goto(station),
      hex: (level) => this.hexChoice(level),
      everyRule: this.everyRule,
      toggleRules: (level) => this.toggle(this.everyRule, level),
      type: (command) => this.run(command),
      workbench: (rule) => this.lab.openPanel('workbench', rule),
    };
  }

  private hexChoice(level: number): HexChoice {
    const window = this.model?.stations.find((s) => s.window !== undefined && this.levelOf(s) === level)?.window;
    return {
      columns: this.columns,
      laid: this.laid.get(level) ?? window?.first ?? 0,
      whole: this.whole.has(level),
      lay: (overlay) => {
        this.laid.set(level, overlay);
        this.draw();
      },
      showWhole: () => this.toggle(this.whole, level),
    };
  }

  private levelOf(station: Station): number | undefined {
    return this.model?.levels.find((l) => l.stations.includes(station))?.level;
  }

  private toggle(set: Set<number>, level: number): void {
    if (!set.delete(level)) set.add(level);
    this.draw();
  }

  // Steps

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || (target instanceof Element && target.closest('input, select, textarea') !== null))
      return;
    const count = this.model?.stations.length ?? 0;
    const to = MOVES[event.key]?.(this.step, count);
    if (to === undefined || count === 0) return;
    event.preventDefault();
    this.goto(to);
  };

  private move(by: 1 | -1): void {
    const count = this.model?.stations.length ?? 0;
    this.goto(by > 0 ? forward(this.step, count) : back(this.step, count));
  }

  private goto(step: number): void {
    const { model } = this;
    const station = model?.stations[Math.min(Math.max(step, 0), model.stations.length - 1)];
    if (model === null || station === undefined) return;
    this.step = station.n;
    this.draw();
    this.story.querySelector(`#station-${station.n}`)?.scrollIntoView({ block: 'nearest' });
    const said = saidBy(station) === '' ? '' : ` ${saidBy(station)}.`;
    const fact = station.facts[0] === undefined ? '' : ` ${plain(station.facts[0])}`;
    this.lab.say(`Step ${station.n + 1} of ${model.stations.length}: ${station.title}.${said}${fact}`);
  }

  // What leaves the panel

  private run(command: string): void {
    this.lab.type(command);
    this.lab.focusTerminal();
  }

  private async copy(model: Model): Promise<void> {
    this.lab.say(await toClipboard(asText(model), 'The story'));
  }
}

const TAGS = { runs: 'takes', dies: 'refused', fails: 'refused', none: 'off' } as const;

const forward = (step: number | null, count: number): number => (step === null ? 0 : Math.min(step + 1, count - 1));
const back = (step: number | null, count: number): number => (step === null ? count - 1 : Math.max(step - 1, 0));

const MOVES: Readonly<Record<string, (step: number | null, count: number) => number>> = {
  j: forward,
  ArrowRight: forward,
  k: back,
  ArrowLeft: back,
  Home: () => 0,
  End: (_step, count) => count - 1,
};

function piece(root: HTMLElement, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`the microscope has no ${selector}`);
  return found;
}
