/** diff(1)'s output formats: normal, unified, context, side by side. */
import { displayWidth } from '../lib/quote.ts';
import type { Change } from './script.ts';

export interface Side {
  /** Of the header. */
  readonly label: string;
  readonly lines: readonly string[];
  /** Whether the last line ends in a newline. */
  readonly complete: boolean;
}

export interface Layout {
  readonly kind: 'normal' | 'unified' | 'context' | 'side-by-side' | 'brief';
  /** Lines around a change. */
  readonly context: number;
  readonly width: number;
  readonly suppressCommon: boolean;
}

export function render(layout: Layout, a: Side, b: Side, list: readonly Change[]): string {
  switch (layout.kind) {
    case 'unified':
      return `--- ${a.label}\n+++ ${b.label}\n${hunks(list, layout.context)
        .map((h) => unified(a, b, h, layout.context))
        .join('')}`;
    case 'context':
      return `*** ${a.label}\n--- ${b.label}\n${hunks(list, layout.context)
        .map((h) => context(a, b, h, layout.context))
        .join('')}`;
    case 'side-by-side':
      return sideBySide(layout, a, b, list);
    default:
      return list.map((c) => normal(a, b, c)).join('');
  }
}

function line(mark: string, side: Side, at: number): string {
  const last = at === side.lines.length - 1 && !side.complete;
  return `${mark}${side.lines[at]}\n${last ? '\\ No newline at end of file\n' : ''}`;
}

const rows = (mark: string, side: Side, from: number, to: number): string =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => line(mark, side, from + i)).join('');

function normal(a: Side, b: Side, { a: [a0, a1], b: [b0, b1] }: Change): string {
  const range = (from: number, to: number): string => (to - from > 1 ? `${from + 1},${to}` : `${to}`);
  const letter = a0 === a1 ? 'a' : b0 === b1 ? 'd' : 'c';
  const old = rows('< ', a, a0, a1);
  const fresh = rows('> ', b, b0, b1);
  return `${range(a0, a1)}${letter}${range(b0, b1)}\n${old}${letter === 'c' ? '---\n' : ''}${fresh}`;
}

/** Changes that are so near to each other that their surroundings touch. */
function hunks(list: readonly Change[], around: number): Change[][] {
  const out: Change[][] = [];
  for (const change of list) {
    const before = out.at(-1)?.at(-1);
    if (before && change.a[0] - before.a[1] <= 2 * around) out.at(-1)?.push(change);
    else out.push([change]);
  }
  return out;
}

interface Extent {
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}

function extent(a: Side, b: Side, hunk: readonly Change[], around: number): Extent {
  const [first, last] = [hunk[0] as Change, hunk.at(-1) as Change];
  const before = Math.min(around, first.a[0], first.b[0]);
  const after = Math.min(around, a.lines.length - last.a[1], b.lines.length - last.b[1]);
  return { a: [first.a[0] - before, last.a[1] + after], b: [first.b[0] - before, last.b[1] + after] };
}

function unified(a: Side, b: Side, hunk: readonly Change[], around: number): string {
  const e = extent(a, b, hunk, around);
  const range = ([from, to]: readonly [number, number]): string =>
    to - from === 1 ? `${to}` : `${to === from ? from : from + 1},${to - from}`;
  let [out, at] = [`@@ -${range(e.a)} +${range(e.b)} @@\n`, e.a[0]];
  for (const {
    a: [a0, a1],
    b: [b0, b1],
  } of hunk) {
    out += rows(' ', a, at, a0) + rows('-', a, a0, a1) + rows('+', b, b0, b1);
    at = a1;
  }
  return out + rows(' ', a, at, e.a[1]);
}

function context(a: Side, b: Side, hunk: readonly Change[], around: number): string {
  const e = extent(a, b, hunk, around);
  const range = ([from, to]: readonly [number, number]): string => (to - from > 1 ? `${from + 1},${to}` : `${to}`);
  const half = (side: Side, key: 'a' | 'b', mark: string): string => {
    const other = key === 'a' ? 'b' : 'a';
    if (hunk.every((c) => c[key][0] === c[key][1])) return '';
    let [out, at] = ['', e[key][0]];
    for (const c of hunk) {
      out += rows('  ', side, at, c[key][0]) + rows(c[other][0] === c[other][1] ? mark : '! ', side, c[key][0], c[key][1]);
      at = c[key][1];
    }
    return out + rows('  ', side, at, e[key][1]);
  };
  return `***************\n*** ${range(e.a)} ****\n${half(a, 'a', '- ')}--- ${range(e.b)} ----\n${half(b, 'b', '+ ')}`;
}

const TAB = 8;

function sideBySide(layout: Layout, a: Side, b: Side, list: readonly Change[]): string {
  const gutter = 3;
  const middle = (layout.width >> 1) + ((TAB + gutter) >> 1) + (layout.width & (TAB + gutter) & 1);
  const half = middle - (middle % TAB);
  const column = Math.max(0, Math.min(half - gutter, layout.width - half));
  const second = column > 0 ? half : layout.width;
  const row = (left: string | null, mark: string, right: string | null): string => pair(left, mark, right, column, second);
  let out = '';
  let [i, j] = [0, 0];
  const common = (end: number): void => {
    for (; i < end; i++, j++) if (!layout.suppressCommon) out += row(a.lines[i] ?? '', ' ', b.lines[j] ?? '');
  };
  for (const {
    a: [a0, a1],
    b: [, b1],
  } of list) {
    common(a0);
    while (i < a1 && j < b1) out += row(a.lines[i++] ?? '', '|', b.lines[j++] ?? '');
    while (i < a1) out += row(a.lines[i++] ?? '', '<', null);
    while (j < b1) out += row(null, '>', b.lines[j++] ?? '');
  }
  common(a.lines.length);
  return out;
}

/** Tabs fill the gap where they can. */
function pair(left: string | null, mark: string, right: string | null, column: number, second: number): string {
  const shown = left === null ? '' : clip(left, column);
  let at = displayWidth(shown);
  let out = shown;
  if (mark !== ' ') {
    const where = (column + second - 1) >> 1;
    out += `${blanks(at, where)}${mark}`;
    at = where + 1;
  }
  if (right === null || (right === '' && mark === ' ')) return `${out}\n`;
  const text = clip(right, column);
  return text === '' ? `${out}\n` : `${out}${blanks(at, second)}${text}\n`;
}

const clip = (text: string, width: number): string => [...text.replaceAll('\t', '        ')].slice(0, width).join('');

function blanks(from: number, to: number): string {
  let [out, at] = ['', from];
  for (let next = at - (at % TAB) + TAB; next <= to; next += TAB) {
    out += '\t';
    at = next;
  }
  return out + ' '.repeat(Math.max(0, to - at));
}
