/** What `binfmt-lab rule` prints for people. */
import { fieldMeanings, spaced } from '../explain/fields.ts';
import { formsOf } from '../explain/forms.ts';
import { type Overlay, overlay } from '../explain/overlay.ts';
import { takers } from '../explain/predict.ts';
import { shown } from '../explain/refusals.ts';
import type { Explanation } from '../explain/rule.ts';
import type { Warning } from '../explain/warnings.ts';
import { latin1 } from '../uapi/bytes.ts';
import type { RuleReport } from './rule.ts';

export function reportText(report: RuleReport): string {
  const { chosen, version } = report;
  const parts = [
    drawn(chosen),
    table(fieldMeanings(chosen.line, chosen.spans, version).map((f) => [f.role, f.text, f.meaning])),
    verdicts(report),
    ...warnings(report),
    ...laidOver(report),
    forms(chosen),
  ];
  return `${parts.filter((p) => p !== '').join('\n\n')}\n`;
}

/** The line, and under it which bytes belong to which field; a caret where the kernel stopped. */
function drawn({ line, spans, verdict }: Explanation): string {
  const pieces = spans.map((s) => ({ ...s, text: shown(latin1(line.subarray(s.start, s.end))) }));
  const marks = pieces.map((p) => (p.role === 'delimiter' || p.role === 'newline' ? ' ' : '~').repeat(p.text.length)).join('');
  const text = pieces.map((p) => p.text).join('');
  if (verdict.accepted || verdict.rule === 'R14') return `${text}\n${marks}`;
  const at = shown(latin1(line.subarray(0, verdict.at))).length;
  return `${text}\n${marks}\n${' '.repeat(at)}^`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((r) => Math.min(r[column]?.length ?? 0, 40))));
  return rows.map((r) => `  ${r.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}

function verdicts({ kernel, chosen, currentName, current }: RuleReport): string {
  const here = `kernel ${kernel}: ${sentence(chosen)}`;
  if (kernel === currentName) return here;
  const same = sentence(chosen) === sentence(current);
  return `${here}\nLinux ${currentName}: ${same ? 'the same' : sentence(current)}`;
}

function sentence({ verdict }: Explanation): string {
  if (verdict.accepted) return `accepted (${verdict.rule})`;
  const { errno, rule, sentence: why, fix } = verdict;
  return `refused, ${errno.code} (${errno.errno}) ${errno.message}: ${why} (${rule})\n  fix: ${fix}`;
}

/** Those of the chosen kernel, then those that only current Linux gives or words differently. */
function warnings({ kernel, chosen, currentName, current }: RuleReport): readonly string[] {
  const here = chosen.warnings.map((w) => said(w, ''));
  if (kernel === currentName) return here;
  const there = current.warnings.filter((w) => !chosen.warnings.some((c) => c.id === w.id && c.sentence === w.sentence));
  return [...here, ...there.map((w) => said(w, `on Linux ${currentName}: `))];
}

const said = (w: Warning, where: string): string => `${w.severity}: ${where}${w.sentence} (${w.rule})\n  fix: ${w.fix}`;

function laidOver({ file, chosen: { entry }, version, host }: RuleReport): readonly string[] {
  if (file === null || entry === null) return [];
  const laid = overlay(entry.match, file, version.BINPRM_BUF_SIZE);
  const [first, ...more] = takers(file, [entry], version, host).map((t) => (t.format === 'misc' ? 'binfmt_misc' : t.format));
  const taken = first === undefined ? 'no format takes it: ENOEXEC' : `with this rule alone, ${first} takes it`;
  const also = more.length === 0 ? '' : `; ${more.join(' and ')} would, too`;
  return [`${file.name}: ${outcome(laid)}\n${rows(laid)}  ${taken}${also}`];
}

function outcome(laid: Overlay): string {
  if (laid.matched) return 'matches';
  if (laid.kind === 'magic') return `differs at byte ${laid.differsAt}`;
  return `its name ${laid.found === null ? 'has no dot' : `ends in .${laid.found}`}, not .${laid.wanted}`;
}

/** As far as the rule reaches, sixteen bytes a row; a differing byte is marked !, one that is not compared -. */
function rows(laid: Overlay): string {
  if (laid.kind !== 'magic') return '';
  const reach = laid.cells.findLastIndex((c) => c.magic !== null) + 1;
  let out = '';
  for (let at = 0; at < reach; at += 16) {
    const cells = laid.cells.slice(at, Math.min(at + 16, reach));
    const line = (label: string, cell: (c: (typeof cells)[number]) => string): string =>
      `  ${label.padEnd(5)} ${cells.map(cell).join(' ')}`.trimEnd();
    out += `${line(at.toString(16).padStart(4, '0'), (c) => spaced(Uint8Array.of(c.byte)))}\n`;
    out += `${line('rule', (c) => (c.magic === null ? '  ' : spaced(Uint8Array.of(c.magic))))}\n`;
    out += `${line('', (c) => MARKS[c.state])}\n`;
  }
  return out;
}
const MARKS = { match: '==', differs: '!!', masked: '--', outside: '  ' } as const;

function forms({ line, entry }: Explanation): string {
  return formsOf(line, entry)
    .map((f) => `${f.title}\n  ${f.text === null ? `(${f.message})` : f.text.trimEnd().replaceAll('\n', '\n  ')}`)
    .join('\n');
}
