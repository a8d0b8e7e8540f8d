/** The line taken apart: each field under its own colour and name, and what it means. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Role, Span } from '../../../explain/spans.ts';
import { latin1 } from '../../../uapi/bytes.ts';
import type { Picture } from './model.ts';
import { type Actions, ruleLink } from './view.ts';

export function pieces({ line, opinions }: Picture, actions: Actions): TemplateResult {
  const { spans } = opinions[0]?.explanation ?? { spans: [] };
  const blamed = blamedField(opinions);
  const unit = (part: readonly Span[]): TemplateResult =>
    html`<span class="unit">${part.map((s) => piece(line, s, isBlamed(s, blamed), actions))}</span>`;
  return html`<div class="pieces" role="group" aria-label="The line, field by field">${unitsOf(spans).map(unit)}</div>`;
}

export function fieldsSection({ opinions, fields }: Picture, { rule }: Actions): TemplateResult {
  const blamed = blamedField(opinions);
  return html`<h3 id="wb-fields">What it says</h3>
    <table class="fields" aria-labelledby="wb-fields">
      <thead class="sr"><tr><th scope="col">Field</th><th scope="col">Meaning</th><th scope="col">Rule</th></tr></thead>
      <tbody>${fields.map(
        (f) => html`<tr class=${f.role === blamed ? 'blamed' : nothing}>
          <th scope="row"><i class="dot ${f.role}"></i>${f.role}</th>
          <td>${f.meaning}</td>
          <td class="at">${ruleLink(f.rule, rule)}</td>
        </tr>`,
      )}</tbody>
    </table>`;
}

function blamedField(opinions: Picture['opinions']): Role | null {
  const verdict = opinions[0]?.explanation.verdict;
  return verdict === undefined || verdict.accepted ? null : verdict.field;
}

/** A delimiter stays with the field behind it. */
function unitsOf(spans: readonly Span[]): readonly (readonly Span[])[] {
  return spans.flatMap((s, i) => {
    const before = spans[i - 1];
    if (s.role === 'delimiter' && spans[i + 1] !== undefined && spans[i + 1]?.role !== 'delimiter') return [];
    return [before?.role === 'delimiter' && s.role !== 'delimiter' ? [before, s] : [s]];
  });
}

const isBlamed = ({ role }: Span, blamed: Role | null): boolean =>
  role === blamed || (role === 'extension' && blamed === 'magic') || role === 'junk';

function piece(line: Uint8Array, { role, start, end }: Span, bad: boolean, { select }: Actions): TemplateResult {
  const text = latin1(line.subarray(start, end));
  if (role === 'delimiter' || role === 'newline') return html`<span class="piece sep">${visible(text)}</span>`;
  return html`<button type="button" class="piece ${role}${bad ? ' bad' : ''}" @click=${() => select(start, end)}>
    <span class="text">${text === '' ? html`<span class="empty">empty</span>` : visible(text)}</span> <span class="name">${role}</span>
  </button>`;
}

/** Bytes that cannot be seen stand in boxes, unlike the escapes that stand for them; a line may break behind an escape. */
function visible(text: string): readonly (string | TemplateResult)[] {
  return text.split(/(\\x[0-9a-fA-F]{2}|[^ -~])/).map((part, i) => {
    if (i % 2 === 0) return part;
    return part.length > 1 ? html`${part}<wbr>` : html`<span class="raw">${part.charCodeAt(0).toString(16).padStart(2, '0')}</span>`;
  });
}
