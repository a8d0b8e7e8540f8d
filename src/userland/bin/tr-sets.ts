/** The language of tr(1)'s sets, on text of one char a byte. */
import { Failure } from '../lib/error.ts';
import { CLASSES } from '../lib/regex-bracket.ts';

type Item =
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] }
  | { readonly kind: 'class'; readonly name: string; readonly bytes: readonly number[] }
  /** `[c*]` fills SET2 to SET1's length. */
  | { readonly kind: 'repeat'; readonly byte: number; readonly count: number | null };

export interface ParsedSet {
  readonly items: readonly Item[];
  readonly warning: string | null;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

interface Unit {
  readonly byte: number;
  readonly escaped: boolean;
  readonly source: string;
}

export function parseSet(text: string): ParsedSet {
  const { units, warning } = readUnits(text);
  const items: Item[] = [];
  for (let i = 0; i < units.length; ) {
    const bracket = bracketItem(units, i);
    if (bracket) {
      items.push(bracket.item);
      i = bracket.end;
      continue;
    }
    const [low, dash, high] = [units[i] as Unit, units[i + 1], units[i + 2]];
    if (dash && high && isPlain(dash, '-')) {
      items.push({ kind: 'bytes', bytes: range(low, high) });
      i += 3;
    } else {
      items.push({ kind: 'bytes', bytes: [low.byte] });
      i++;
    }
  }
  return { items, warning };
}

function readUnits(text: string): { units: Unit[]; warning: string | null } {
  const units: Unit[] = [];
  let warning: string | null = null;
  for (let i = 0; i < text.length; ) {
    const c = text[i] as string;
    if (c !== '\\') {
      units.push({ byte: c.charCodeAt(0), escaped: false, source: c });
      i++;
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(i + 1))?.[0];
    if (octal) {
      const digits = Number.parseInt(octal, 8) > 255 ? octal.slice(0, 2) : octal;
      units.push({ byte: Number.parseInt(digits, 8), escaped: true, source: `\\${digits}` });
      i += 1 + digits.length;
      continue;
    }
    const next = text[i + 1];
    if (next === undefined) warning = 'warning: an unescaped backslash at end of string is not portable';
    units.push({ byte: next === undefined ? 92 : (ESCAPES[next] ?? next.charCodeAt(0)), escaped: true, source: `\\${next ?? ''}` });
    i += 2;
  }
  return { units, warning };
}

function isPlain(unit: Unit | undefined, c: string): boolean {
  return unit !== undefined && !unit.escaped && unit.source === c;
}

function range(low: Unit, high: Unit): number[] {
  if (high.byte < low.byte) {
    throw new Failure(`range-endpoints of '${low.source}-${high.source}' are in reverse collating sequence order`);
  }
  return Array.from({ length: high.byte - low.byte + 1 }, (_, i) => low.byte + i);
}

/** `[:class:]`, `[=c=]`, `[c*]` or `[c*n]` at `i`. */
function bracketItem(units: readonly Unit[], i: number): { item: Item; end: number } | null {
  if (!isPlain(units[i], '[')) return null;
  if (isPlain(units[i + 1], ':') || isPlain(units[i + 1], '=')) {
    const named = namedItem(units, i, units[i + 1]?.source as ':' | '=');
    if (named) return named;
  }
  return repeatItem(units, i);
}

function namedItem(units: readonly Unit[], i: number, kind: ':' | '='): { item: Item; end: number } | null {
  for (let j = i + 2; j + 1 < units.length; j++) {
    if (!isPlain(units[j], kind) || !isPlain(units[j + 1], ']')) continue;
    const inside = units.slice(i + 2, j);
    const name = inside.map((u) => u.source).join('');
    if (kind === '=') return equivalence(inside, name, j + 2);
    const set = CLASSES[name];
    if (set === undefined) throw new Failure(`invalid character class '${name}'`);
    const pattern = new RegExp(`[${set}]`);
    const bytes = Array.from({ length: 256 }, (_, b) => b).filter((b) => pattern.test(String.fromCharCode(b)));
    return { item: { kind: 'class', name, bytes }, end: j + 2 };
  }
  return null;
}

function equivalence(inside: readonly Unit[], name: string, end: number): { item: Item; end: number } {
  const [only] = inside;
  if (!only || inside.length !== 1) throw new Failure(`${name}: equivalence class operand must be a single character`);
  return { item: { kind: 'bytes', bytes: [only.byte] }, end };
}

function repeatItem(units: readonly Unit[], i: number): { item: Item; end: number } | null {
  const unit = units[i + 1];
  if (!unit || !isPlain(units[i + 2], '*')) return null;
  let j = i + 3;
  let digits = '';
  while (units[j] && !(units[j] as Unit).escaped && /\d/.test((units[j] as Unit).source)) digits += (units[j++] as Unit).source;
  if (!isPlain(units[j], ']')) return null;
  const count = digits === '' ? 0 : Number.parseInt(digits, digits.startsWith('0') ? 8 : 10);
  return { item: { kind: 'repeat', byte: unit.byte, count: count === 0 ? null : count }, end: j + 1 };
}

/** The bytes of SET1, or all others in order. */
export function expandFirst(set: ParsedSet, complement: boolean): number[] {
  if (set.items.some((item) => item.kind === 'repeat' && item.count === null)) {
    throw new Failure('the [c*] repeat construct may not appear in string1');
  }
  const bytes = set.items.flatMap((item) => (item.kind === 'repeat' ? new Array<number>(item.count ?? 0).fill(item.byte) : item.bytes));
  if (!complement) return bytes;
  const inside = new Set(bytes);
  return Array.from({ length: 256 }, (_, b) => b).filter((b) => !inside.has(b));
}

export interface SecondHow {
  readonly complement: boolean;
  readonly truncate: boolean;
}

/** The bytes of SET2, as long as SET1 unless that is truncated. */
export function expandSecond(set1: ParsedSet, set2: ParsedSet, length: number, how: SecondHow): number[] {
  checkClasses(set1, set2, how);
  const fillers = set2.items.filter((item) => item.kind === 'repeat' && item.count === null);
  if (fillers.length > 1) throw new Failure('only one [c*] repeat construct may appear in string2');
  const fixed = set2.items.reduce((n, item) => n + (item.kind === 'repeat' ? (item.count ?? 0) : item.bytes.length), 0);
  const filler = Math.max(0, length - fixed);
  const bytes = set2.items.flatMap((item) =>
    item.kind === 'repeat' ? new Array<number>(item.count ?? filler).fill(item.byte) : item.bytes,
  );
  if (bytes.length >= length || how.truncate) return bytes;
  const last = bytes.at(-1);
  if (last === undefined) throw new Failure('when not truncating set1, string2 must be non-empty');
  return [...bytes, ...new Array<number>(length - bytes.length).fill(last)];
}

/** In SET2 only [:upper:] and [:lower:], each opposite to one of them in SET1. */
function checkClasses(set1: ParsedSet, set2: ParsedSet, how: SecondHow): void {
  const isCase = (item: Item): boolean => item.kind === 'class' && (item.name === 'upper' || item.name === 'lower');
  const classes = set2.items.filter((item) => item.kind === 'class');
  if (classes.some((item) => !isCase(item))) {
    throw new Failure("when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'");
  }
  if (classes.length === 0) return;
  const starts = (set: ParsedSet): Map<number, Item> => {
    const out = new Map<number, Item>();
    let at = 0;
    for (const item of set.items) {
      out.set(at, item);
      at += item.kind === 'repeat' ? (item.count ?? 0) : item.bytes.length;
    }
    return out;
  };
  const first = starts(set1);
  for (const [at, item] of starts(set2)) {
    if (item.kind !== 'class') continue;
    const opposite = first.get(at);
    if (how.complement || !opposite || !isCase(opposite)) throw new Failure('misaligned [:upper:] and/or [:lower:] construct');
  }
}
