/** The executions of the machine as a list, newest last. Only the rows in sight exist, so ten thousand scroll like ten. */
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Execution, Executions } from '../../executions.ts';
import { verdictOf } from './reduce.ts';
import { visible } from './text.ts';

/** Pixels; the style sheet has the same number. */
const ROW = 26;
/** Rows beyond both edges, for the eye that is faster than the frame. */
const SPARE = 6;

export interface TimelineActions {
  /** The one that is shown. */
  shown(): Execution | undefined;
  /** True while the newest is followed. */
  following(): boolean;
  /** null: the newest, from now on. */
  select(execution: Execution | null): void;
}

export class Timeline {
  private failuresOnly = false;
  private rows: readonly Execution[] = [];
  private dropped = 0;
  private frame = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly executions: Executions,
    private readonly actions: TimelineActions,
  ) {}

  /** After executions came, or another one was chosen. */
  update(): void {
    const { list, dropped } = this.executions;
    this.rows = this.failuresOnly ? list.filter((e) => verdictOf(e).outcome !== 'runs') : list;
    this.draw();
    if (this.actions.following()) this.scroller.scrollTop = this.rows.length * ROW;
    else if (dropped > this.dropped && !this.failuresOnly) this.scroller.scrollTop -= (dropped - this.dropped) * ROW;
    this.dropped = dropped;
    this.draw();
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
  }

  private get scroller(): HTMLElement {
    return this.box.querySelector<HTMLElement>('.rows') ?? this.box;
  }

  private readonly onScroll = (): void => {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  };

  private draw(): void {
    const { rows, actions } = this;
    const shown = actions.shown();
    const scroller = this.box.querySelector<HTMLElement>('.rows');
    const top = scroller?.scrollTop ?? 0;
    const seen = Math.ceil((scroller?.clientHeight ?? 0) / ROW) + 2 * SPARE;
    const first = Math.max(0, Math.floor(top / ROW) - SPARE);
    const inSight = rows.slice(first, first + seen);
    const active = shown !== undefined && inSight.includes(shown) ? `exec-${shown.id}` : nothing;
    render(
      html`<div class="bar">
          <h3>${rows.length.toLocaleString('en')} ${this.failuresOnly ? 'failures' : rows.length === 1 ? 'execution' : 'executions'}</h3>
          <label><input type="checkbox" .checked=${this.failuresOnly} @change=${this.onFilter} /> failures only</label>
          <button type="button" class="link" aria-pressed=${actions.following()} @click=${() => actions.select(null)}>follow the newest</button>
        </div>
        ${missing(this.executions)}
        <div class="rows" role="listbox" tabindex="0" aria-label="Executions, the newest last" aria-activedescendant=${active} @scroll=${this.onScroll} @keydown=${this.onKey}>
          <div class="all" role="presentation" .style=${`height:${rows.length * ROW}px`}>
            ${this.ring(inSight, first, shown)}
          </div>
        </div>`,
      this.box,
    );
  }

  /** A row keeps its element while it is in sight; one that comes into sight takes over that of one that left. */
  private ring(inSight: readonly Execution[], first: number, shown: Execution | undefined): readonly TemplateResult[] {
    const places: TemplateResult[] = [];
    for (const [i, e] of inSight.entries()) places[(first + i) % inSight.length] = this.row(e, first + i, shown);
    return places;
  }

  private row(e: Execution, at: number, shown: Execution | undefined): TemplateResult {
    const { outcome, verdict } = verdictOf(e);
    const rest = e.argv.slice(1).join(' ').slice(0, 200);
    return html`<div class="exec ${outcome}" role="option" id="exec-${e.id}" aria-selected=${e === shown} aria-posinset=${at + 1} aria-setsize=${this.rows.length}
      .style=${`transform:translateY(${at * ROW}px)`} @click=${() => this.actions.select(e)}>
      <span class="pid">${e.pid}</span><span class="what">${visible(e.path)}${rest === '' ? nothing : html` <span class="rest">${visible(rest)}</span>`}</span><span class="came">${short(outcome, verdict)}</span>
    </div>`;
  }

  private readonly onFilter = (event: Event): void => {
    this.failuresOnly = (event.target as HTMLInputElement).checked;
    this.update();
    this.reveal();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const shown = this.actions.shown();
    const at = shown === undefined ? -1 : this.rows.indexOf(shown);
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 1);
    const step = STEPS[event.key]?.(at, page, this.rows.length);
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const chosen = this.rows[Math.min(Math.max(step, 0), this.rows.length - 1)];
    if (chosen === undefined) return;
    this.actions.select(event.key === 'End' && !this.failuresOnly ? null : chosen);
    this.reveal();
  };

  /** Scrolls so far that the shown one is in sight. */
  reveal(): void {
    const shown = this.actions.shown();
    const at = shown === undefined ? -1 : this.rows.indexOf(shown);
    if (at < 0) return;
    const { scroller } = this;
    const [top, height] = [scroller.scrollTop, scroller.clientHeight];
    if (at * ROW < top) scroller.scrollTop = at * ROW;
    else if ((at + 1) * ROW > top + height) scroller.scrollTop = (at + 1) * ROW - height;
    this.draw();
  }
}

const STEPS: Readonly<Record<string, (at: number, page: number, length: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  PageUp: (at, page) => at - page,
  PageDown: (at, page) => at + page,
  Home: () => 0,
  End: (_at, _page, length) => length - 1,
};

/** What the list does not have. */
function missing({ dropped, lost }: Executions): TemplateResult | typeof nothing {
  if (dropped + lost === 0) return nothing;
  const why = [dropped > 0 ? 'the oldest of more than ten thousand' : '', lost > 0 ? 'more at once than could be told' : ''];
  const were = dropped + lost === 1 ? 'execution was' : 'executions were';
  return html`<p class="missing">${(dropped + lost).toLocaleString('en')} ${were} not kept: ${why.filter((w) => w !== '').join(', or ')}.</p>`;
}

/** "0", or the errno. */
const short = (outcome: string, verdict: string): string =>
  outcome === 'none' ? '?' : (verdict.split(' · killed at once by ')[1] ?? verdict.split(' ')[0] ?? '');
