/** The workbench, drawn: the line and its fields, what two kernels answer, the file under it, the same rule elsewhere. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Notation } from '../../../explain/read.ts';
import { decode } from '../../../uapi/bytes.ts';
import { EXAMPLES } from './examples.ts';
import type { Opinion, Picture, PlacedWarning } from './model.ts';
import { fileSection } from './view-file.ts';
import { formsSection } from './view-forms.ts';
import { fieldsSection, pieces } from './view-line.ts';

/** What one can do here. */
export interface Actions {
  /** The line as text; `pasted`: it may be another notation. */
  edit(text: string, pasted: boolean): void;
  editForm(notation: Notation, text: string): void;
  leaveForm(): void;
  example(id: string): void;
  select(start: number, end: number): void;
  register(): void;
  remove(name: string): void;
  /** Puts the shell command behind the prompt. */
  type(): void;
  copy(text: string, what: string): void;
  choosePath(path: string): void;
  chooseFile(file: File): void;
  /** The address of a rule of docs/linux-exec.md. */
  rule(number: string): string;
}

/** What the kernel answered to the last thing done here. */
export interface Answer {
  readonly good: boolean;
  readonly did: string;
  readonly text: string;
  /** The entry's file, and the name under which it can be removed. */
  readonly entry: { readonly name: string; readonly text: string } | null;
}

/** A form that is being written in, and why it cannot be read. */
export interface Draft {
  readonly notation: Notation;
  readonly text: string;
  readonly problem: string;
}

export interface Shown {
  readonly picture: Picture;
  /** How the line was read, if not as a line. */
  readonly read: string;
  readonly answer: Answer | null;
  readonly draft: Draft | null;
  readonly path: string;
  readonly pathProblem: string;
  readonly paths: readonly string[];
  readonly ready: boolean;
}

export function view(shown: Shown, actions: Actions): TemplateResult {
  const { picture } = shown;
  return html`<div class="wb">
    <h2 class="sr">Rule workbench</h2>
    ${lineSection(shown, actions)}
    ${pieces(picture, actions)}
    ${verdicts(picture.opinions, actions)}
    ${warnings(picture.warnings, actions)}
    ${buttons(shown, actions)}
    ${fieldsSection(picture, actions)}
    ${fileSection(shown, actions)}
    ${formsSection(shown, actions)}
  </div>`;
}

function lineSection({ picture, read }: Shown, actions: Actions): TemplateResult {
  const input = (e: InputEvent): void => {
    actions.edit((e.target as HTMLTextAreaElement).value, e.inputType === 'insertFromPaste' || e.inputType === 'insertFromDrop');
  };
  return html`<div class="top">
      <label for="wb-line">A line for <code>register</code></label>
      <select class="examples" aria-label="Examples" @change=${(e: Event) => pick(e, actions)}>
        <option value="">Examples…</option>
        ${EXAMPLES.map((x) => html`<option value=${x.id}>${x.title}</option>`)}
      </select>
    </div>
    <textarea id="wb-line" class="code" rows="1" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby="wb-read"
      .value=${live(decode(picture.line))} @input=${input}></textarea>
    <p class="read" id="wb-read">${read === '' ? 'Type or paste a line; a shell command, a binfmt.d file or an update-binfmts command is read, too.' : read}</p>`;
}

/** Chosen, it is loaded; the menu then shows its title again. */
function pick(e: Event, actions: Actions): void {
  const menu = e.target as HTMLSelectElement;
  actions.example(menu.value);
  menu.value = '';
}

function verdicts(opinions: readonly Opinion[], actions: Actions): TemplateResult {
  const [here, there] = opinions.map((o) => o.explanation.verdict);
  const agree = there === undefined || JSON.stringify(here) === JSON.stringify(there);
  const shown = agree ? opinions.slice(0, 1) : opinions;
  return html`<section aria-label="What the kernel would answer" class="verdicts" aria-live="polite">
    ${shown.map((o) => verdict(o, agree ? kernelNames(opinions) : kernelName(o), actions))}
  </section>`;
}

export const kernelName = (o: Opinion | undefined): string => (o?.kernel === 'lab' ? 'Kernel lab' : `Linux ${o?.kernel ?? ''}`);

/** "Kernel lab and Linux 6.18" */
export const kernelNames = (opinions: readonly Opinion[]): string => opinions.map(kernelName).join(' and ');

function verdict({ explanation: { verdict: v, line } }: Opinion, title: string, { rule }: Actions): TemplateResult {
  const bytes = `${line.length} ${line.length === 1 ? 'byte' : 'bytes'}`;
  return html`<div class=${v.accepted ? 'verdict yes' : 'verdict no'}>
    <h3>${title}<span class="tag">${v.accepted ? `takes all ${bytes}` : `${v.errno.code} (${v.errno.errno}) ${v.errno.message}`}</span></h3>
    <p>${sentence(v.sentence)} ${ruleLink(v.rule, rule)}</p>
    ${v.accepted ? nothing : html`<p class="fix"><b>Fix</b> ${sentence(v.fix)}</p>`}
  </div>`;
}

/** With a capital and a full stop; a shell's text at its end keeps its own. */
export function sentence(text: string): string {
  const capital = /^[a-z]+[ :,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.?!:/]$/.test(capital) ? capital : `${capital}.`;
}

export function ruleLink(number: string, rule: Actions['rule']): TemplateResult {
  return html`<a class="rule" href=${rule(number)} target="_blank" rel="noopener" aria-label="rule ${number}, in a new tab">${number}</a>`;
}

function buttons({ answer, ready }: Shown, actions: Actions): TemplateResult {
  return html`<div class="buttons">
      <button type="button" class="primary register" ?disabled=${!ready} @click=${actions.register}>Register it</button>
      <button type="button" class="type" ?disabled=${!ready} @click=${actions.type}>Type it in the terminal</button>
    </div>
    <div role="status" class="answer-box">${answer === null ? nothing : kernelAnswer(answer, actions)}</div>`;
}

function kernelAnswer({ good, did, text, entry }: Answer, { remove }: Actions): TemplateResult {
  return html`<div class=${good ? 'answer yes' : 'answer no'}>
    <p><code>${did}</code> <b>${text}</b></p>
    ${
      entry === null
        ? nothing
        : html`<pre tabindex="0" aria-label="The entry as the kernel shows it">${entry.text}</pre>
      <button type="button" class="remove" @click=${() => remove(entry.name)}>Remove it again</button>`
    }
  </div>`;
}

const SEVERITY = { danger: 'Danger', careful: 'Careful', note: 'Note' } as const;

function warnings(list: readonly PlacedWarning[], { rule }: Actions): TemplateResult {
  if (list.length === 0) return html`<p class="quiet">No warnings for this line.</p>`;
  return html`<ul class="warnings" aria-label="Warnings">${list.map(
    (w) => html`<li class=${w.severity}>
      <span class="tag">${SEVERITY[w.severity]}</span>${w.only === null ? nothing : html`<span class="only">${w.only === 'lab' ? 'kernel lab' : `Linux ${w.only}`}</span>`}
      ${w.sentence} ${ruleLink(w.rule, rule)}
      <span class="fix"><b>Fix</b> ${sentence(w.fix)}</span>
    </li>`,
  )}</ul>`;
}
