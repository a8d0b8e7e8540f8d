/** The model, drawn. Each table scrolls in its own box. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { visible } from '../../files/names.ts';
import type { Match } from './entry.ts';
import { processTree } from './process-tree.ts';
import type { Answer, Place, Process, Rule, Table, World } from './world.ts';

/** What one can do here. */
export interface Actions {
  /** Writes 0, 1 or -1 to a rule's file, or to status. */
  write(file: string, command: '0' | '1' | '-1'): void;
  /** Opens the rule workbench. */
  workbench(): void;
  again(): void;
  /** The address of a rule of docs/linux-exec.md. */
  rule(number: string): string;
}

export interface Shown {
  readonly world: World | null;
  /** Why there is none, or what the kernel answered last. */
  readonly said: { readonly text: string; readonly bad: boolean } | null;
}

export function view({ world, said }: Shown, actions: Actions): TemplateResult {
  return html`<div class="world">
    <div class="head">
      <p>${world === null ? 'Looking…' : summary(world)}</p>
      <button type="button" class="again" @click=${actions.again}>Look again</button>
    </div>
    <p class=${said?.bad ? 'said bad' : 'said'} role="status">${said?.text ?? ''}</p>
    ${world === null ? nothing : body(world, actions)}
  </div>`;
}

const count = (n: number, one: string, more = `${one}s`): string => `${n} ${n === 1 ? one : more}`;

function summary({ tables, places, processes, more }: World): string {
  const rules = tables.reduce((sum, t) => sum + t.rules.length, 0);
  const all = processes.reduce((sum, p) => sum + size(p), more);
  const namespaces = places.length === 1 ? 'one root' : `${places.length} namespaces and roots`;
  return `${count(rules, 'rule')}, ${namespaces}, ${count(all, 'process', 'processes')}.`;
}
const size = (p: Process): number => p.children.reduce((sum, c) => sum + size(c), 1);

function body(world: World, actions: Actions): TemplateResult {
  return html`${
    world.tables.length === 0
      ? notMounted(actions)
      : repeat(
          world.tables,
          (t) => t.id,
          (t) => tableSection(t, actions),
        )
  }
    ${world.tables.length === 0 ? html`<h2>Where programs run</h2>${matrix([], world.places, 'Where programs run')}` : nothing}
    <h2>Processes</h2>
    ${processTree(world)}`;
}

function notMounted({ rule }: Actions): TemplateResult {
  return html`<h2>Rules</h2>
    <p class="none">binfmt_misc is not mounted where any process could see it. Since Linux 6.7 the last umount takes every rule with it
      (<a href=${rule('N6')}>N6</a>): <code>mount -t binfmt_misc none /proc/sys/fs/binfmt_misc</code> shows the table again.</p>`;
}

const titleOf = ({ userns }: Pick<Table, 'userns'>): string => (userns === null ? 'Rules' : `Rules of user namespace ${userns}`);

function tableSection(table: Table, actions: Actions): TemplateResult {
  const { enabled, directory, rules } = table;
  return html`<section class="table">
    <h2 tabindex="-1">${titleOf(table)} <span class=${enabled ? 'tag yes' : 'tag no'}>${enabled ? 'enabled' : 'disabled'}</span>
      <button type="button" aria-label="${enabled ? 'Disable' : 'Enable'} all rules in ${directory}"
        @click=${() => actions.write(`${directory}/status`, enabled ? '0' : '1')}>${enabled ? 'Disable all' : 'Enable again'}</button>
    </h2>
    <p class="where"><code>${directory}</code>${enabled ? nothing : ' No rule is asked while status is disabled.'}</p>
    ${rules.length === 0 ? noRule(actions) : rulesTable(table, actions)}
    <h3>Would the interpreter start?</h3>
    ${matrix(rules, table.places, `Interpreters: ${titleOf(table)}`)}
  </section>`;
}

function noRule({ workbench, rule }: Actions): TemplateResult {
  return html`<p class="none">No rule is registered. A line written to <code>register</code> makes one (<a href=${rule('R16')}>R16</a>).
    <button type="button" @click=${workbench}>Write one in the workbench</button></p>`;
}

function rulesTable(table: Table, actions: Actions): TemplateResult {
  const { rules } = table;
  return html`<div class="scroll" role="region" aria-label=${titleOf(table)} tabindex="0"><table>
    <caption>Asked from top to bottom, the newest first; the first that matches is the one (<a href=${actions.rule('M2')}>M2</a>).${rules.some(masked) ? ' Under a byte stand the bits of it that count; hatched bytes do not count.' : nothing}</caption>
    <thead><tr><th scope="col">Rule, interpreter</th><th scope="col">Takes</th><th scope="col"><span class="sr">Actions</span></th></tr></thead>
    <tbody>${repeat(
      rules,
      (r) => r.name,
      (r, i) => ruleRow(r, i, actions),
    )}</tbody>
  </table></div>`;
}

function ruleRow(rule: Rule, at: number, { write }: Actions): TemplateResult {
  const { name, file, enabled, match, interpreter, flags } = rule;
  return html`<tr class=${enabled ? '' : 'off'}>
    <th scope="row"><span class="nth">${at + 1}</span><span class="name">${visible(name)}</span>${enabled ? nothing : html`<span class="tag no">disabled</span>`}
      <span class="runs"><code class="path">${visible(interpreter)}</code>${[...flags].map((f) => flagChip(f))}</span></th>
    <td>${taken(match)}</td>
    <td class="buttons">
      <button type="button" aria-label="${enabled ? 'Disable' : 'Enable'} rule ${name}" @click=${() => write(file, enabled ? '0' : '1')}>${enabled ? 'Disable' : 'Enable'}</button>
      <button type="button" aria-label="Remove rule ${name}" @click=${() => write(file, '-1')}>Remove</button>
    </td>
  </tr>`;
}

const FLAGS: Readonly<Record<string, string>> = {
  P: 'argv[0] is kept',
  O: 'the file is handed over open',
  C: 'credentials of the file, not of the interpreter',
  F: 'the interpreter is held open since registration',
};

function flagChip(flag: string): TemplateResult {
  return html`<abbr class="flag" title=${FLAGS[flag] ?? ''}>${flag}<span class="sr">, ${FLAGS[flag] ?? ''};</span></abbr>`;
}

const masked = ({ match }: Pick<Rule, 'match'>): boolean => match.kind === 'magic' && match.bytes.some((b) => b.mask !== 0xff);
const hex = (n: number): string => n.toString(16).padStart(2, '0');

function taken(match: Match): TemplateResult {
  if (match.kind === 'extension') return html`<span class="kind">name</span> <code>*.${visible(match.extension)}</code>`;
  const { offset, bytes } = match;
  const masks = masked({ match });
  const text = `${bytes.map((b) => hex(b.value)).join(' ')}${masks ? `, mask ${bytes.map((b) => hex(b.mask)).join(' ')}` : ''}`;
  return html`<span class="kind">bytes at ${offset}</span>
    <span class="sr">${text}</span>
    <span class="bytes" aria-hidden="true">${bytes.map(
      (b) =>
        html`<span class=${b.mask === 0 ? 'byte masked' : 'byte'}>${hex(b.value)}${masks ? html`<small>${b.mask === 0xff ? '' : hex(b.mask)}</small>` : nothing}</span>`,
    )}</span>`;
}

/** Rules by places: one column for each. */
function matrix(rules: readonly Rule[], places: readonly Place[], name: string): TemplateResult {
  if (places.length === 0) return html`<p class="none">No process asks this table.</p>`;
  return html`<div class="scroll" role="region" aria-label=${name} tabindex="0"><table class="matrix">
    <caption>Mount namespaces and roots in which a process runs</caption>
    <thead>
      <tr><th scope="col"><span class="sr">Rule</span></th>${places.map((p) => html`<th scope="col">${visible(p.title)}${p.userns.map((u) => html`<small>user ${u}</small>`)}</th>`)}</tr>
    </thead>
    <tbody>
      <tr><th scope="row">processes</th>${places.map((p) => html`<td class="pids">${pids(p)}</td>`)}</tr>
      <tr><th scope="row">binfmt_misc</th>${places.map((p) => html`<td>${mounted(p)}</td>`)}</tr>
      ${repeat(
        rules,
        (r) => r.name,
        (r) =>
          html`<tr><th scope="row"><span class="name">${visible(r.name)}</span><code class="path">${visible(r.interpreter)}</code></th>${r.answers.map((a) => html`<td>${verdict(a)}</td>`)}</tr>`,
      )}
    </tbody>
  </table></div>`;
}

const SHOWN_PIDS = 3;

function pids({ processes }: Place): TemplateResult {
  const rest = processes.length - SHOWN_PIDS;
  return html`${processes.slice(0, SHOWN_PIDS).map((p) => html`<span>${p.pid} ${visible(p.comm)}</span>`)}${rest > 0 ? html`<span>and ${rest} more</span>` : nothing}`;
}

function mounted({ mountpoint, shown }: Place): TemplateResult {
  if (mountpoint === null) return verdict({ ok: 'no', word: 'not mounted', why: 'its rules count here all the same, but cannot be seen' });
  return verdict({ ok: 'yes', word: `mounted, ${shown ?? 'hidden'}`, why: mountpoint });
}

const SIGNS: Readonly<Record<Answer['ok'], string>> = { yes: '✓', no: '✗', depends: '?' };

/** Never by the sign alone: the word stands beside it, the reason behind it. */
function verdict({ ok, word, why }: Answer): TemplateResult {
  return html`<span class="answer ${ok}"><b aria-hidden="true">${SIGNS[ok]}</b> ${word}</span><small class="why">${visible(why)}</small>`;
}
