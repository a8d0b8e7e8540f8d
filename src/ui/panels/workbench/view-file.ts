/** The rule laid over a file, byte by byte, and who would take the file. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Overlay, OverlayCell } from '../../../explain/overlay.ts';
import type { Taker } from '../../../explain/predict.ts';
import type { Opinion } from './model.ts';
import { type Actions, kernelName, kernelNames, ruleLink, type Shown } from './view.ts';

const ROW = 8;
/** Rows that are shown at least. */
const LEAST = 16;

export function fileSection(shown: Shown, actions: Actions): TemplateResult {
  const { picture, path, pathProblem, paths } = shown;
  const chosen = (e: Event): void => {
    const file = (e.target as HTMLInputElement).files?.[0];
    if (file !== undefined) actions.chooseFile(file);
  };
  return html`<section class="file">
    <h3>Against a file</h3>
    <div class="choose">
      <label class="sr" for="wb-path">A file of the machine</label>
      <input id="wb-path" class="code" list="wb-paths" spellcheck="false" autocapitalize="off" autocomplete="off" .value=${path} placeholder="/root/samples/…"
        aria-invalid=${pathProblem === '' ? 'false' : 'true'} aria-describedby="wb-path-problem" @change=${(e: Event) => actions.choosePath((e.target as HTMLInputElement).value)} />
      <datalist id="wb-paths">${paths.map((p) => html`<option value=${p}></option>`)}</datalist>
      <label class="pick"><input type="file" class="sr" @change=${chosen} />Your file…</label>
    </div>
    <p class="problem" id="wb-path-problem">${pathProblem}</p>
    ${picture.overlay === null ? nothing : overlayOf(picture.overlay)}
    ${takenBy(picture.opinions, actions)}
  </section>`;
}

function overlayOf(laid: Overlay): TemplateResult {
  if (laid.kind === 'extension') return nameOverlay(laid);
  const reach = laid.cells.findLastIndex((c) => c.magic !== null) + 1;
  const first = firstRow(laid.cells);
  const cells = laid.cells.slice(first, Math.max(Math.ceil(reach / ROW) * ROW, first + LEAST));
  const rows = Array.from({ length: Math.ceil(cells.length / ROW) }, (_, i) => cells.slice(i * ROW, (i + 1) * ROW));
  const summary = laid.matched ? 'Every byte that is compared matches.' : `Byte ${laid.differsAt} decides against it.`;
  return html`<p class=${laid.matched ? 'outcome yes' : 'outcome no'}>${summary}</p>
    <div class="scroll" tabindex="0" role="region" aria-label="The file's bytes under the rule">
    <table class="hex">
      <caption>${legend(cells)}</caption>
      <thead class="sr"><tr><th scope="col">offset</th>${Array.from({ length: ROW }, (_, i) => html`<th scope="col">${i}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr><th scope="row">${hex4(row[0]?.at ?? 0)}</th>${row.map(byte)}<td class="ascii" aria-hidden="true">${row.map(ascii)}</td></tr>`)}</tbody>
    </table></div>`;
}

/** A rule far into the window is shown from the row before it. */
function firstRow(cells: readonly OverlayCell[]): number {
  const start = cells.findIndex((c) => c.magic !== null);
  return Math.max(0, Math.floor(start / ROW) * ROW - ROW);
}

const hex2 = (n: number): string => n.toString(16).padStart(2, '0');
const hex4 = (n: number): string => n.toString(16).padStart(4, '0');
const WORDS = { match: 'matches', differs: 'differs from', masked: 'not compared with', outside: '' } as const;

function byte(c: OverlayCell): TemplateResult {
  const wanted = c.magic === null ? '' : hex2(c.magic);
  const mask = c.mask === null || c.mask === 0xff || c.mask === 0 ? nothing : html`<small class="mask">&amp;${hex2(c.mask)}</small>`;
  const what = c.state === 'outside' ? nothing : html`<span class="sr"> ${WORDS[c.state]} </span><small>${wanted}</small>${mask}`;
  return html`<td class="${c.state}${c.behindEnd ? ' behind' : ''}"><span class="b">${hex2(c.byte)}</span>${what}</td>`;
}

function ascii(c: OverlayCell): TemplateResult {
  const text = c.behindEnd ? ' ' : c.byte >= 0x20 && c.byte < 0x7f ? String.fromCharCode(c.byte) : '·';
  return html`<span class=${c.state}>${text}</span>`;
}

function legend(cells: readonly OverlayCell[]): TemplateResult {
  const has = (state: OverlayCell['state']): boolean => cells.some((c) => c.state === state);
  return html`The file above, the rule below. ${has('match') ? html`<span class="key match">same</span>` : nothing}
    ${has('differs') ? html`<span class="key differs">differs</span>` : nothing}
    ${has('masked') ? html`<span class="key masked">masked out</span>` : nothing}
    ${cells.some((c) => c.behindEnd) ? html`<span class="key behind">behind the end, zero</span>` : nothing}`;
}

function nameOverlay({ matched, wanted, found }: Overlay & { kind: 'extension' }): TemplateResult {
  const has = found === null ? 'The name has no dot' : `The name ends in .${found}`;
  return html`<p class=${matched ? 'outcome yes' : 'outcome no'}>${has}; the rule wants .${wanted}. ${matched ? 'The content is not looked at.' : ''}</p>`;
}

const FORMATS: Readonly<Record<string, string>> = { elf: 'ELF', compat_elf: '32-bit ELF', script: '#!', misc: 'binfmt_misc' };
const format = (t: Taker): string => `${FORMATS[t.format]}${t.entry === undefined ? '' : ` (rule ${t.entry.name})`}`;

function takenBy(opinions: readonly Opinion[], actions: Actions): readonly TemplateResult[] {
  const told = opinions.flatMap((o) => (o.takers === null ? [] : [{ name: kernelName(o), takers: o.takers }]));
  const [here, ...others] = told;
  if (here === undefined) return [];
  const words = (t: readonly Taker[]): string => t.map(format).join(' ');
  const agree = others.every((o) => words(o.takers) === words(here.takers));
  return agree ? [taken(kernelNames(opinions), here.takers, actions)] : told.map((o) => taken(o.name, o.takers, actions));
}

function taken(kernels: string, [first, ...more]: readonly Taker[], { rule }: Actions): TemplateResult {
  const also =
    more.length === 0
      ? nothing
      : html` <span class="also">${more.map(format).join(', ')} would, too, but is asked later (${ruleLink('D1', rule)}).</span>`;
  return html`<p class="taken"><b>${kernels}</b> ${
    first === undefined
      ? html`<span class="tag no">ENOEXEC</span> No format takes it.`
      : html`<span class="tag yes">${format(first)}</span> takes it.`
  }${also}</p>`;
}
