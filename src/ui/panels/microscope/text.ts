/** The whole story as plain text: what "Copy as text" gives, and the sentences that screen readers get for bytes. */
import { hexByte, hexBytes, type Overlay, printable, tellingRows, type WindowView } from './bytes.ts';
import type { ArgvChange, Heard, Model, NextStep, Notice, Probe, Prose, Station, Verdict } from './model.ts';

const COLUMNS = 16;

const SAID: Readonly<Record<Verdict, string>> = { passed: '', next: 'next', takes: 'takes it', refused: 'refused' };

/** The word of a station. */
export const saidBy = ({ kind, verdict }: Station): string => (kind === 'image' && verdict === 'takes' ? 'runs' : SAID[verdict]);

export const plain = (sentence: Prose): string => sentence.map((piece) => visible(typeof piece === 'string' ? piece : piece.code)).join('');

/** With what cannot be seen spelled out: a path may end in a carriage return. */
export const visible = (text: string): string => text.replace(/[\x00-\x1f\x7f]/g, (c) => SHORT[c] ?? `\\x${hexByte(c.charCodeAt(0))}`);
const SHORT: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t' };

/** `execve("./a.out", ["./a.out", "x"])` */
export const call = ({ path, argv }: Pick<Model, 'path' | 'argv'>): string => `execve(${JSON.stringify(path)}, ${JSON.stringify(argv)})`;

export function asText(model: Model): string {
  const head = [call(model), `  in ${model.cwd}, process ${model.pid}`, `  ${visible(model.verdict)}`];
  const levels = model.levels.flatMap((l) => ['', `Level ${l.level}: ${visible(l.name)}`, ...l.stations.flatMap(station)]);
  return [...head, ...levels, ''].join('\n');
}

function station(s: Station): readonly string[] {
  const said = saidBy(s) === '' ? '' : ` [${saidBy(s)}]`;
  const source = [s.where, ...s.rules].filter((part) => part !== '').join(', ');
  const title = `${String(s.n + 1).padStart(3)}. ${s.title}${said}${source === '' ? '' : `  (${source})`}`;
  const body = [
    ...s.facts.map(plain),
    ...(s.window === undefined ? [] : windowLines(s.window)),
    ...(s.probes === undefined ? [] : s.probes.all.map(probeLine)),
    ...(s.argv === undefined ? [] : argvLines(s.argv)),
    ...(s.auxv ?? []).map((row) => `${row.name} ${row.value}  ${row.means}`),
    ...(s.notice === undefined ? [] : [noticeLine(s.notice)]),
    ...heardLines(s.heard ?? []),
    ...nextLines(s.next ?? null),
  ];
  return [title, ...body.map((line) => `     ${line}`)];
}

// The window

const address = (at: number): string => at.toString(16).padStart(4, '0');

function windowLines(view: WindowView): readonly string[] {
  const overlay = view.overlays[view.first];
  const rows = tellingRows(overlay, COLUMNS).map((row) => {
    const bytes = view.bytes.subarray(row * COLUMNS, (row + 1) * COLUMNS);
    return `${address(row * COLUMNS)}  ${hexBytes(bytes)}  ${Array.from(bytes, printable).join('')}`;
  });
  return [...rows, ...(overlay === undefined ? [] : [overlaySentence(overlay, view)])];
}

/** What an overlay says, in words. */
export function overlaySentence(overlay: Overlay, { bytes }: WindowView): string {
  const { who, rule, cells, took } = overlay;
  const name = rule ? `rule ${who}` : who;
  const [first, last] = [cells[0], cells.at(-1)];
  if (first === undefined || last === undefined) return `${name} looks at no byte`;
  const range = rule ? ` at bytes ${first.at} to ${last.at}` : '';
  const masked = cells.filter((c) => c.state === 'masked').map((c) => c.at);
  const ignored = masked.length === 0 ? '' : `, not comparing ${masked.join(', ')}`;
  const against = cells.find((c) => c.state === 'differs');
  if (against === undefined) return `${name} looks${range}${ignored}: ${took || rule ? 'all match' : 'nothing against it'}`;
  const wants = against.wants === null ? '' : `, wanted is ${hexByte(against.wants)}`;
  return `${name} looks${range}${ignored}: byte ${against.at} is ${hexByte(bytes[against.at] ?? 0)}${wants}`;
}

// The rest

const probeLine = ({ rank, name, verdict, why, rule }: Probe): string => visible(`${rank}. ${name} ${verdict}: ${why} (${rule})`);

function argvLines({ before, after }: ArgvChange): readonly string[] {
  const list = (chips: ArgvChange['after']): string => chips.map((c) => JSON.stringify(c.text)).join(' ');
  return before.length === 0 ? [`argv    ${list(after)}`] : [`before  ${list(before)}`, `after   ${list(after)}`];
}

const noticeLine = ({ title, text, rule }: Notice): string => `${title}: ${text} (${rule})`;

function heardLines(rows: readonly Heard[]): readonly string[] {
  if (rows.length === 0) return [];
  return ['How you will hear about it:', ...rows.map((row) => `  ${heardLine(row)}`)];
}

function heardLine({ who, text, status, note }: Heard): string {
  const said = [text, note].filter((part) => part !== null && part !== undefined).join('  ');
  return `${who}${status === null ? '' : ` (${status})`}: ${said}`;
}

function nextLines(next: NextStep | null): readonly string[] {
  if (next === null) return [];
  return [`What to do: ${next.text}`, ...(next.command === undefined ? [] : [`  ${next.command}`])];
}
