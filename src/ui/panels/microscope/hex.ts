/** The window as rows of bytes, with one overlay under them. Screen readers get the same as sentences. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { classMap } from 'lit-html/directives/class-map.js';
import { type Cell, type CellState, hexByte, hexBytes, type Overlay, printable, tellingRows, type WindowView } from './bytes.ts';
import { overlaySentence } from './text.ts';

export interface HexChoice {
  /** Bytes in a row. */
  readonly columns: number;
  /** Which overlay lies over the bytes. */
  readonly laid: number;
  readonly whole: boolean;
  lay(overlay: number): void;
  showWhole(whole: boolean): void;
}

/** Overlays that have a button of their own here; all others have one in the list of rules. */
const BUTTONS = 6;

export function hexView(view: WindowView, choice: HexChoice): TemplateResult {
  const overlay = view.overlays[choice.laid];
  const all = Math.ceil(view.bytes.length / choice.columns);
  const rows = choice.whole ? Array.from({ length: all }, (_, i) => i) : tellingRows(overlay, choice.columns).filter((r) => r < all);
  return html`
    ${picker(view.overlays, choice)}
    <div class="hex" aria-hidden="true" .style=${`--n:${choice.columns}`}>${rows.map((row, i) => [gap(rows, i), ...lines(view, overlay, row, choice.columns)])}</div>
    <p class="sr">${spoken(view, rows, choice.columns, overlay)}</p>
    <div class="legend">${legend(view, overlay, rows, choice.columns)}
      <button type="button" class="link" aria-expanded=${choice.whole} @click=${() => choice.showWhole(!choice.whole)}>
        ${choice.whole ? 'only the bytes that decide' : `all ${view.bytes.length} bytes`}
      </button>
    </div>`;
}

function picker(overlays: readonly Overlay[], { laid, lay }: HexChoice): TemplateResult | typeof nothing {
  const shown = overlays.map((o, i) => ({ o, i })).filter(({ o, i }) => !o.rule || i === laid || overlays.length <= BUTTONS);
  if (shown.length < 2) return nothing;
  return html`<div class="lay" role="group" aria-label="Whose bytes are laid over the file">
    ${shown.map(({ o, i }) => html`<button type="button" aria-pressed=${i === laid} @click=${() => lay(i)}>${o.who}</button>`)}
  </div>`;
}

const gap = (rows: readonly number[], i: number): TemplateResult | typeof nothing =>
  i > 0 && rows[i] !== (rows[i - 1] ?? 0) + 1 ? html`<div class="gap">⋯</div>` : nothing;

function lines(view: WindowView, overlay: Overlay | undefined, row: number, columns: number): readonly TemplateResult[] {
  const start = row * columns;
  const places = Array.from({ length: columns }, (_, i) => start + i);
  const cells = new Map((overlay?.cells ?? []).map((c) => [c.at, c]));
  const file = html`<div class="row">
    <i>${start.toString(16).padStart(4, '0')}</i>${places.map((at) => byte(view, at, cells.get(at)?.state))}
    <span class="chars">${places.map((at) => char(view, at, cells.get(at)?.state))}</span>
  </div>`;
  const wants = places.some((at) => (cells.get(at)?.wants ?? null) !== null);
  if (overlay === undefined || !wants) return [file];
  return [file, wanted(overlay, places, cells)];
}

const look = (state: CellState | undefined, behind: boolean): ReturnType<typeof classMap> =>
  classMap({ b: true, ...(state === undefined ? {} : { [state]: true }), behind });

const byte = ({ bytes, size }: WindowView, at: number, state: CellState | undefined): TemplateResult =>
  html`<span class=${look(state, at >= size)}>${hexByte(bytes[at] ?? 0)}</span>`;

const char = ({ bytes, size }: WindowView, at: number, state: CellState | undefined): TemplateResult =>
  html`<span class=${look(state, at >= size)}>${printable(bytes[at] ?? 0)}</span>`;

/** What is wanted, under the bytes that it is compared with. */
function wanted(overlay: Overlay, places: readonly number[], cells: ReadonlyMap<number, Cell>): TemplateResult {
  const cell = (at: number): TemplateResult => {
    const { state, wants = null } = cells.get(at) ?? {};
    return wants === null ? html`<span></span>` : html`<span class=${look(state, false)}>${hexByte(wants)}</span>`;
  };
  return html`<div class="row wants"><i>${overlay.rule ? 'rule' : 'want'}</i>${places.map(cell)}<span class="chars who">${overlay.who}</span></div>`;
}

const MEANS: readonly (readonly [CellState, string])[] = [
  ['match', 'matches'],
  ['differs', 'decided against it'],
  ['masked', 'masked out'],
  ['unread', 'not compared any more'],
];

function legend(view: WindowView, overlay: Overlay | undefined, rows: readonly number[], columns: number): TemplateResult {
  const present = new Set(overlay?.cells.map((c) => c.state));
  const behind = rows.some((row) => (row + 1) * columns > view.size);
  return html`<span aria-hidden="true">
    ${MEANS.filter(([state]) => present.has(state)).map(([state, means]) => html`<span class="key"><span class="b ${state}">00</span> ${means}</span>`)}
    ${behind ? html`<span class="key"><span class="b behind">00</span> behind the end of the file</span>` : nothing}
  </span>`;
}

function spoken(view: WindowView, rows: readonly number[], columns: number, overlay: Overlay | undefined): string {
  const bytes = rows.map((row) => `From byte ${row * columns}: ${hexBytes(view.bytes, row * columns, (row + 1) * columns)}.`);
  const end = view.size < view.bytes.length ? [`The file ends before byte ${view.size}; what follows are zeros.`] : [];
  return [...bytes, ...end, ...(overlay === undefined ? [] : [`${overlaySentence(overlay, view)}.`])].join(' ');
}
