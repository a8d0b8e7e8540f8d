/** The same rule for a shell, systemd-binfmt and binfmt-support; each can be written in, too. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Form } from '../../../explain/forms.ts';
import { type Actions, type Draft, type Shown, sentence } from './view.ts';

export function formsSection({ picture, draft }: Shown, actions: Actions): TemplateResult {
  return html`<section class="forms">
    <h3>The same rule elsewhere</h3>
    ${picture.forms.map((f) => form(f, draft?.notation === f.notation ? draft : null, actions))}
  </section>`;
}

function form({ notation, title, text, message }: Form, draft: Draft | null, actions: Actions): TemplateResult {
  const id = `wb-form-${notation.replace(/[. ]/, '')}`;
  const value = draft?.text ?? text?.replace(/\n$/, '') ?? '';
  return html`<div class="form">
    <div class="head"><label for=${id}>${title}</label>
      <button type="button" class="copy" ?disabled=${value === ''} aria-label="Copy ${title}" @click=${() => actions.copy(value, title)}>Copy</button></div>
    <textarea id=${id} class="code" rows="1" spellcheck="false" autocapitalize="off" autocomplete="off" .value=${live(value)}
      aria-invalid=${draft !== null && draft.problem !== '' ? 'true' : 'false'} aria-describedby="${id}-problem"
      @input=${(e: Event) => actions.editForm(notation, (e.target as HTMLTextAreaElement).value)} @blur=${actions.leaveForm}></textarea>
    <p class=${draft === null ? 'read' : 'problem'} id="${id}-problem">${note(draft?.problem ?? message)}</p>
  </div>`;
}

const note = (text: string): string | typeof nothing => (text === '' ? nothing : sentence(text));
