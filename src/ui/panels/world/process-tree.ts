/** The processes as nested lists: who started whom. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { visible } from '../../files/names.ts';
import type { Place, Process, World } from './world.ts';

export function processTree({ processes, places, more }: World): TemplateResult {
  return html`<div class="scroll tree" role="region" aria-label="Processes" tabindex="0">${branch(processes, places)}</div>
    ${more > 0 ? html`<p class="none">And ${more} more, which were not looked at.</p>` : nothing}`;
}

function branch(processes: readonly Process[], places: readonly Place[]): TemplateResult {
  return html`<ul>${processes.map(
    (p) =>
      html`<li><span class="pid">${p.pid}</span> <span class="command">${visible(p.command)}</span> <small>${p.state}${placeOf(p, places)}</small>${
        p.children.length > 0 ? branch(p.children, places) : nothing
      }</li>`,
  )}</ul>`;
}

/** Only what is not the first process's place is worth a word. */
function placeOf({ place }: Process, places: readonly Place[]): string {
  const found = places.find((p) => p.id === place);
  return found === undefined || found === places[0] ? '' : `, ${found.title}`;
}
