/** The panels beside the terminal: a row of tabs, each panel loaded when it is first opened. Loaded after the prompt. */

import { messageOf } from './message-of.ts';
import { PANELS, type PanelRow } from './panels/index.ts';
import type { LabContext, PanelHandle, PanelId } from './panels/panel.ts';
import { adopt } from './sheets.ts';

interface Slot {
  readonly row: PanelRow;
  readonly tab: HTMLButtonElement;
  readonly box: HTMLElement;
  mounted: Promise<PanelHandle> | null;
  handle: PanelHandle | null;
}

export class PanelArea {
  private readonly slots: Slot[];
  private readonly states = new Map<string, unknown>();
  private open_: PanelId | null = null;

  /** `ids` says which panels there are. */
  constructor(
    area: HTMLElement,
    private readonly lab: LabContext,
    ids: readonly string[],
  ) {
    this.slots = PANELS.filter((row) => ids.includes(row.id)).map((row) => this.slot(row));
    const list = document.createElement('div');
    list.className = 'tabs';
    list.setAttribute('role', 'tablist');
    list.setAttribute('aria-label', 'Panels');
    list.append(...this.slots.map((s) => s.tab));
    list.addEventListener('keydown', (e) => this.arrows(e));
    area.replaceChildren(list, ...this.slots.map((s) => s.box));
  }

  get current(): PanelId | null {
    return this.open_;
  }

  /** Brings a panel to the front, loads it if need be, and hands `what` to it. */
  async open(id: PanelId, what?: unknown): Promise<void> {
    const slot = this.slots.find((s) => s.row.id === id);
    if (slot === undefined) return;
    this.open_ = id;
    for (const s of this.slots) this.mark(s, s === slot);
    slot.mounted ??= this.mount(slot);
    const handle = await slot.mounted;
    if (what !== undefined) handle.show?.(what);
  }

  /** What a permalink keeps. */
  state(): Record<string, unknown> {
    const kept = this.slots.flatMap(({ row, handle }) => {
      const state = handle?.state?.();
      return state === undefined ? [] : [[row.id, state] as const];
    });
    return Object.fromEntries(kept);
  }

  /** Shows what a permalink has kept: panels that stand already are made anew. */
  async restore(front: PanelId, states: Readonly<Record<string, unknown>>): Promise<void> {
    this.states.clear();
    for (const [id, state] of Object.entries(states)) this.states.set(id, state);
    for (const slot of this.slots) {
      slot.handle?.dispose();
      slot.handle = slot.mounted = null;
    }
    await this.open(front);
  }

  dispose(): void {
    for (const s of this.slots) s.handle?.dispose();
  }

  private slot(row: PanelRow): Slot {
    const tab = Object.assign(document.createElement('button'), { type: 'button', id: `tab-${row.id}`, textContent: row.label });
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', `panel-${row.id}`);
    tab.onclick = () => void this.open(row.id);
    const box = Object.assign(document.createElement('div'), { id: `panel-${row.id}`, className: 'panel', tabIndex: 0 });
    box.setAttribute('role', 'tabpanel');
    box.setAttribute('aria-labelledby', tab.id);
    const slot: Slot = { row, tab, box, mounted: null, handle: null };
    this.mark(slot, false);
    return slot;
  }

  private mark({ tab, box }: Slot, chosen: boolean): void {
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    box.hidden = !chosen;
  }

  private async mount(slot: Slot): Promise<PanelHandle> {
    slot.box.textContent = 'Loading…';
    try {
      const module = await slot.row.load();
      adopt(slot.box.getRootNode() as ShadowRoot, module.styles);
      slot.box.replaceChildren();
      slot.handle = module.mount(slot.box, this.lab, this.states.get(slot.row.id));
      return slot.handle;
    } catch (e) {
      slot.mounted = null;
      slot.box.textContent = `This panel could not be loaded: ${messageOf(e)}. Choose its tab to try again.`;
      return { dispose: () => {} };
    }
  }

  private arrows(e: KeyboardEvent): void {
    const at = this.slots.findIndex((s) => s.row.id === this.open_);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + this.slots.length, Home: 0, End: this.slots.length - 1 }[e.key];
    const next = to === undefined ? undefined : this.slots[to % this.slots.length];
    if (next === undefined) return;
    e.preventDefault();
    void this.open(next.row.id);
    next.tab.focus();
  }
}
