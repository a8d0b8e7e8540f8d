/** The dialog, drawn: onto the machine above, from the machine below. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Destination } from './destination.ts';
import { shownName, shownSize } from './names.ts';
import { LIMIT, type Outcome, type Progress } from './upload.ts';

export interface Shown {
  /** The directory that files go into, as it stands in its field. */
  readonly into: string;
  /** Where they go unless another one is written there. */
  readonly shell: Destination;
  /** Under way, and how far. */
  readonly busy: { readonly what: string; readonly done: number; readonly of: number } | null;
  readonly outcomes: readonly Outcome[];
  /** What went wrong, or what the last download came to. */
  readonly said: { readonly text: string; readonly bad: boolean } | null;
  readonly left: readonly string[];
  readonly from: string;
  readonly completions: readonly string[];
}

export interface Actions {
  chosen(input: HTMLInputElement): void;
  into(text: string): void;
  from(text: string): void;
  download(): void;
  cancel(): void;
  close(): void;
}

/** Results that are listed; more are counted. */
const LISTED = 200;

export function view(shown: Shown, actions: Actions): TemplateResult {
  return html`<div class="file-dialog">
    <h2 id="files-title">Files</h2>
    ${up(shown, actions)}
    ${progress(shown, actions)}
    <p class=${shown.said?.bad ? 'said bad' : 'said'} role="status">${shown.said?.text ?? ''}</p>
    ${shown.left.length > 0 ? html`<ul class="outcomes">${shown.left.slice(0, LISTED).map((l) => html`<li>Left out: ${shownName(l)}</li>`)}</ul>` : nothing}
    ${outcomes(shown.outcomes)}
    ${down(shown, actions)}
    <div class="end"><button type="button" @click=${actions.close}>Close</button></div>
  </div>`;
}

function up({ into, shell, busy }: Shown, { chosen, into: setInto }: Actions): TemplateResult {
  const pick = (e: Event): void => chosen(e.target as HTMLInputElement);
  const open = (e: Event): void => (e.currentTarget as HTMLElement).parentElement?.querySelector('input')?.click();
  const chooser = (label: string, input: TemplateResult): TemplateResult =>
    html`<span><button type="button" ?disabled=${busy !== null} @click=${open}>${label}</button>${input}</span>`;
  return html`<h3>Onto the machine</h3>
    <label class="field">Into <input class="into" spellcheck="false" .value=${into} ?disabled=${busy !== null}
      @input=${(e: Event) => setInto((e.target as HTMLInputElement).value)} /></label>
    <p class="note whose">${into === shell.shown ? shell.whose : ''}</p>
    <div class="choose">
      ${chooser('Choose files…', html`<input class="pick" type="file" multiple hidden aria-label="Files" @change=${pick} />`)}
      ${chooser('Choose a folder…', html`<input class="pick-folder" type="file" webkitdirectory hidden aria-label="A folder" @change=${pick} />`)}
    </div>
    <p class="note">Or drop them anywhere on the lab. Up to ${shownSize(LIMIT)} each. They belong to root; a browser does not tell the x bit, so
      a file that begins with <code>#!</code> or is ELF gets mode 0755, any other 0644.</p>`;
}

function progress({ busy }: Shown, { cancel }: Actions): TemplateResult | typeof nothing {
  if (busy === null) return nothing;
  return html`<div class="busy"><label>${busy.what} <progress .max=${Math.max(1, busy.of)} .value=${busy.done}></progress></label>
    <button type="button" class="cancel" @click=${cancel}>Cancel</button></div>`;
}

export const uploading = ({ files, ofFiles, current, bytes, ofBytes }: Progress): Shown['busy'] => ({
  what: `${shownName(current)}, ${files + 1} of ${ofFiles}`,
  done: bytes,
  of: ofBytes,
});

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

function outcomes(list: readonly Outcome[]): TemplateResult | typeof nothing {
  if (list.length === 0) return nothing;
  const bad = list.filter((o) => 'error' in o);
  const sorted = [...bad, ...list.filter((o) => !('error' in o))];
  return html`<ul class="outcomes" tabindex="0" aria-label="What became of each">${sorted.slice(0, LISTED).map(outcome)}${
    sorted.length > LISTED ? html`<li>and ${sorted.length - LISTED} more</li>` : nothing
  }</ul>`;
}

function outcome(o: Outcome): TemplateResult {
  if ('error' in o)
    return html`<li class="bad"><b aria-hidden="true">✗</b> <span class="sr">Refused: </span>${shownName(o.path)}: ${shownName(o.error)}</li>`;
  return html`<li><b aria-hidden="true">✓</b> <code>${shownName(o.path)}</code> <small>${octal(o.mode)}, ${o.why}</small></li>`;
}

function down({ from, completions, busy }: Shown, { from: setFrom, download }: Actions): TemplateResult {
  const submit = (e: Event): void => {
    e.preventDefault();
    download();
  };
  return html`<h3>From the machine</h3>
    <form class="down" @submit=${submit}>
      <label class="field">File or folder <input class="from" list="files-completions" spellcheck="false" autocomplete="off" .value=${from}
        @input=${(e: Event) => setFrom((e.target as HTMLInputElement).value)} /></label>
      <datalist id="files-completions">${completions.map((c) => html`<option value=${c}></option>`)}</datalist>
      <button ?disabled=${busy !== null}>Download</button>
    </form>
    <p class="note">A folder comes as one .tar, with modes, owners, times and links.</p>`;
}
