/** The stations of one execve as a list: what stands at each, and what can be opened there. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { type HexChoice, hexView } from './hex.ts';
import type { ArgvChange, Chip, Heard, Level, NextStep, Notice, Probe, Probes, Prose, Station, Walked } from './model.ts';
import { saidBy, visible } from './text.ts';

/** What the stations ask of the panel. */
export interface StationActions {
  /** The station that is looked at; null: none in particular. */
  readonly current: number | null;
  rule(number: string): string;
  choose(station: number): void;
  hex(level: number, station: Station): HexChoice;
  /** Whether all rules of a level are listed. */
  readonly everyRule: ReadonlySet<number>;
  toggleRules(level: number): void;
  type(command: string): void;
  workbench(rule: NonNullable<NextStep['rule']>): void;
}

type Part = TemplateResult | typeof nothing | readonly TemplateResult[];

export function levelView({ level, name, stations }: Level, actions: StationActions): TemplateResult {
  return html`<section class="level">
    <h3><span class="badge">Level ${level}</span> <code>${visible(name)}</code></h3>
    <ol start=${(stations[0]?.n ?? 0) + 1}>${stations.map((s) => stationView(s, level, actions))}</ol>
  </section>`;
}

function stationView(s: Station, level: number, actions: StationActions): TemplateResult {
  const current = actions.current === s.n;
  return html`<li class="st ${s.verdict} ${s.kind} ${current ? 'current' : ''}" id="station-${s.n}" aria-current=${current ? 'step' : nothing}>
    <h4 @click=${() => actions.choose(s.n)}>${tag(s)}<span class="title">${s.title}</span>${source(s, actions)}</h4>
    ${s.facts.map((fact) => html`<p>${sentence(fact)}</p>`)}
    ${s.window === undefined ? nothing : hexView(s.window, actions.hex(level, s))}
    ${s.walked === undefined ? nothing : walkedView(s.walked, actions)}
    ${s.probes === undefined ? nothing : probesView(s.probes, level, actions)}
    ${s.argv === undefined ? nothing : argvView(s.argv)}
    ${s.auxv === undefined ? nothing : auxvView(s.auxv)}
    ${s.notice === undefined ? nothing : noticeView(s.notice, actions)}
    ${s.heard === undefined ? nothing : heardView(s.heard)}
    ${s.next === undefined || s.next === null ? nothing : nextView(s.next, actions)}
  </li>`;
}

const tag = (s: Station): Part => (saidBy(s) === '' ? nothing : html`<span class="tag ${s.verdict}">${saidBy(s)}</span> `);

export const sentence = (pieces: Prose): readonly (TemplateResult | string)[] =>
  pieces.map((piece) => (typeof piece === 'string' ? visible(piece) : html`<code>${visible(piece.code)}</code>`));

function source({ where, rules }: Station, actions: StationActions): Part {
  if (where === '') return nothing;
  return html`<small>${where} ${rules.map((r) => ruleLink(r, actions))}</small>`;
}

const ruleLink = (number: string, { rule }: StationActions): TemplateResult =>
  html`<a href=${rule(number)} target="_blank" rel="noopener" aria-label="Rule ${number}">${number}</a> `;

// The walk

function walkedView({ steps }: Walked, actions: StationActions): TemplateResult {
  const step = ({ text, errno, rule }: Walked['steps'][number]): TemplateResult =>
    html`<li class=${errno === null ? '' : 'no'}>${visible(text)}${errno === null ? nothing : html` <code>${errno}</code>`} ${ruleLink(rule, actions)}</li>`;
  return html`<details><summary>${steps.length === 1 ? 'the one step of the walk' : `all ${steps.length} steps of the walk`}</summary>
    <ol class="walk">${steps.map(step)}</ol></details>`;
}

// Rules

const PROBED = { matches: 'takes', differs: 'next', disabled: 'off' } as const;

function probesView({ all, telling }: Probes, level: number, actions: StationActions): TemplateResult {
  const every = actions.everyRule.has(level);
  const more = all.length - telling.length;
  const toggle = html`<button type="button" class="link" aria-expanded=${every} @click=${() => actions.toggleRules(level)}>
    ${every ? 'only those that tell something' : `and ${more.toLocaleString('en')} more that ${more === 1 ? 'does' : 'do'} not match`}
  </button>`;
  return html`<ol class="rules" aria-label="Rules in the order in which they were asked">
      ${(every ? all : telling).map((p) => probeView(p, level, actions))}
    </ol>${more > 0 ? toggle : nothing}`;
}

function probeView(p: Probe, level: number, actions: StationActions): TemplateResult {
  const { overlay } = p;
  const name = overlay === null ? html`<code>${p.name}</code>` : layButton(p.name, overlay, level, actions);
  return html`<li value=${p.rank}><span class="tag ${PROBED[p.verdict]}">${p.verdict}</span> ${name} <span class="why">${visible(p.why)} ${ruleLink(p.rule, actions)}</span></li>`;
}

function layButton(name: string, overlay: number, level: number, actions: StationActions): TemplateResult {
  const choice = actions.hex(level, NO_STATION);
  return html`<button type="button" class="lay-rule" aria-pressed=${choice.laid === overlay} title="Lay it over the bytes" @click=${() => choice.lay(overlay)}>${name}</button>`;
}

/** The choice of overlay belongs to the level. */
const NO_STATION: Station = { n: -1, kind: 'window', title: '', verdict: 'passed', facts: [], rules: [], where: '' };

// argv and the auxiliary vector

/** Strings of argv that are shown. */
const CHIPS = 24;

function argvView({ before, after }: ArgvChange): TemplateResult {
  if (before.length === 0) return html`<dl class="argv">${chipRow('argv', after, '')}</dl>`;
  return html`<dl class="argv">${chipRow('before', before, 'gone')}${chipRow('after', after, 'new')}</dl>`;
}

function chipRow(name: string, chips: readonly Chip[], change: string): TemplateResult {
  const chip = ({ text, changed }: Chip): TemplateResult =>
    html`<li class=${changed ? change : ''} title=${text}>${changed ? html`<span class="sr">${change}: </span>` : nothing}${text === '' ? '""' : visible(text)}</li>`;
  const more = chips.length - CHIPS;
  return html`<div><dt>${name}</dt><dd><ol>${chips.slice(0, CHIPS).map(chip)}${more > 0 ? html`<li class="more">and ${more} more</li>` : nothing}</ol></dd></div>`;
}

function auxvView(rows: NonNullable<Station['auxv']>): TemplateResult {
  return html`<dl class="auxv">${rows.map((r) => html`<div><dt>${r.name}</dt><dd><code>${r.value}</code> <span>${r.means}</span></dd></div>`)}</dl>`;
}

// What follows from it

function noticeView({ title, text, rule, loud }: Notice, actions: StationActions): TemplateResult {
  return html`<p class="note ${loud ? 'loud' : ''}"><b>${title}</b> ${text} ${ruleLink(rule, actions)}</p>`;
}

function heardView(rows: readonly Heard[]): TemplateResult {
  return html`<h5>How you will hear about it</h5>
    <dl class="heard">${rows.map(
      ({ who, text, status, note }) => html`<div>
        <dt>${who}</dt>
        <dd>${text === null ? nothing : html`<code>${visible(text)}</code>`}${note === undefined ? nothing : html` <span>${note}</span>`}
        ${status === null ? nothing : html` <span class="exit">status ${status}</span>`}</dd>
      </div>`,
    )}</dl>`;
}

function nextView({ text, command, rule }: NextStep, actions: StationActions): TemplateResult {
  return html`<div class="do"><h5>What to do</h5><p>${text}</p>
    ${command === undefined ? nothing : html`<pre>${command}</pre><button type="button" @click=${() => actions.type(command)}>Type it in the terminal</button>`}
    ${rule === undefined ? nothing : html`<button type="button" @click=${() => actions.workbench(rule)}>Open in the rule workbench</button>`}
  </div>`;
}
