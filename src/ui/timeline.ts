/** The time line below: one chip a command, failures with their errno; a click shows what the command executed. */
import { html, nothing, render } from 'lit-html';
import type { Execution } from './executions.ts';
import type { TimelineRow } from './host.ts';
import type { LabContext } from './panels/panel.ts';
import { scrollWithin } from './scroll-within.ts';

/** Draws into `box` from now on; the answer stops it. */
export function showTimeline(box: HTMLElement, lab: LabContext): () => void {
  let chosen: number | null = null;
  const choose = (row: TimelineRow): void => {
    chosen = chosen === row.id ? null : row.id;
    const execution = chosen === null ? undefined : telling(row, lab);
    lab.select(execution ?? null);
    if (execution !== undefined) lab.openPanel('microscope');
    draw();
  };
  const draw = (): void => {
    box.hidden = lab.timeline.length === 0;
    render(strip(lab, chosen, choose), box);
    const here = box.querySelector('[aria-current]');
    if (here !== null) scrollWithin(box, here);
  };
  const stop = [
    lab.on('timeline', () => {
      chosen = null;
      draw();
    }),
    lab.on('boot', draw),
  ];
  draw();
  return () => {
    for (const s of stop) s();
  };
}

function strip(lab: LabContext, chosen: number | null, choose: (row: TimelineRow) => void): unknown {
  const row = lab.timeline.find((r) => r.id === chosen);
  return html`<ol class="chips">
      ${lab.timeline.map((r) => html`<li>${chip(r, lab, r.id === chosen, choose)}</li>`)}
    </ol>
    ${row === undefined ? nothing : moment(row, lab)}`;
}

/** What there is to say of the chosen row, and the way there. */
function moment(row: TimelineRow, lab: LabContext): unknown {
  const go = html`<button type="button" class="go" @click=${() => void lab.go(row.id)}>Go to this moment</button>`;
  const facts = [`status ${row.status}`, `in ${row.cwd}`, `${Math.ceil(row.cost / 1024).toLocaleString('en')} KB`];
  return html`${row.place === 'here' ? nothing : go}<span class="facts">${facts.join(' · ')}${row.note === '' ? nothing : html`. ${row.note}`}</span>`;
}

function chip(row: TimelineRow, lab: LabContext, pressed: boolean, choose: (row: TimelineRow) => void): unknown {
  const end = telling(row, lab)?.end;
  const errno = end?.ev === 'exec_fail' ? end.errno : undefined;
  const label = row.line === '' ? `${row.kind === 'boot' ? 'start' : 'Enter'}` : row.line;
  return html`<button
    type="button"
    class="chip ${row.place} ${errno ? 'failed' : ''}"
    aria-pressed=${pressed}
    aria-current=${row.place === 'here' ? 'step' : nothing}
    title=${label}
    @click=${() => choose(row)}
  >
    <span class="line">${label}</span>${errno ? html` <b>${errno}</b>` : row.status === 0 || row.kind === 'boot' ? nothing : html` <b>${row.status}</b>`}
  </button>`;
}

/** The execution that a command is about: where it failed, the last that was refused; else the last. */
function telling(row: TimelineRow, lab: LabContext): Execution | undefined {
  const executions = lab.executions.of(row.id);
  const refused = executions.findLast((e) => e.end?.ev === 'exec_fail');
  const end = refused?.end?.ev === 'exec_fail' ? refused.end.errno : '';
  return row.status !== 0 || end === 'ENOEXEC' ? (refused ?? executions.at(-1)) : executions.at(-1);
}
