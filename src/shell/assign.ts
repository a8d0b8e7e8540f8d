/** Assignments: plain, to elements, whole arrays, with the attributes a variable has. */

import { type ArithmeticScope, evaluate } from './arith.ts';
import type { Assignment } from './ast.ts';
import { evaluateText, expandArithmetic, expandString, expandWordInto } from './expand/expand.ts';
import { skipBrackets } from './expand/scan.ts';
import { ExpansionError } from './report.ts';
import type { Shell } from './shell.ts';
import { AssociativeArray, newVariable, scalarValue, type Variable } from './vars.ts';
import { trace, traceAssignment } from './xtrace.ts';

/** Variables as arithmetic sees them. */
export function shellScope(sh: Shell): ArithmeticScope {
  return {
    get(name, subscript) {
      const value = subscript === undefined ? sh.get(name) : elementValue(sh, name, arithmeticKey(sh, name, subscript));
      if (value === undefined && sh.options.get('nounset')) throw new ExpansionError(`${name}: unbound variable`, 127, true);
      return value;
    },
    set(name, subscript, value) {
      storeValue(sh, name, subscript === undefined ? undefined : arithmeticKey(sh, name, subscript), value, false);
    },
  };
}

function arithmeticKey(sh: Shell, name: string, subscript: string): string {
  if (sh.vars.find(name)?.assoc) return subscript.replace(/^(["'])(.*)\1$/s, '$2');
  return String(evaluate(subscript, shellScope(sh), 1));
}

/** The key that a raw subscript means: text for an associative array, a number otherwise. */
export async function subscriptKey(sh: Shell, name: string, raw: string): Promise<string> {
  if (sh.vars.find(name)?.assoc) {
    if (raw === '') throw new ExpansionError(`${name}[]: bad array subscript`);
    return expandString(sh, raw, 'word', 'none');
  }
  if (/^\d{1,9}$/.test(raw)) return String(Number(raw));
  const text = await expandArithmetic(sh, raw);
  if (text.trim() === '' && raw === '') throw new ExpansionError(`${name}[]: bad array subscript`);
  return String(evaluateText(sh, text));
}

/** The element's value; a negative index counts from the end. */
export function elementValue(sh: Shell, name: string, key: string): string | undefined {
  const v = sh.vars.find(name);
  if (!v) return specialElement(sh, name, Number(key));
  if (v.assoc) return v.assoc.get(key);
  if (v.indexed) {
    const i = resolveIndex(v.indexed, Number(key));
    if (i < 0) throw new ExpansionError(`${name}: bad array subscript`);
    return v.indexed.get(i);
  }
  return key === '0' || key === '-1' ? v.value : undefined;
}

function specialElement(sh: Shell, name: string, i: number): string | undefined {
  const special = sh.vars.special.get(name);
  return special?.list ? special.list().at(i) : i === 0 ? special?.get() : undefined;
}

export function resolveIndex(m: ReadonlyMap<number, string>, i: number): number {
  if (i >= 0) return i;
  let max = -1;
  for (const k of m.keys()) if (k > max) max = k;
  return max + 1 + i;
}

export async function assignValue(sh: Shell, name: string, rawIndex: string | undefined, value: string, append: boolean): Promise<void> {
  storeValue(sh, name, rawIndex === undefined ? undefined : await subscriptKey(sh, name, rawIndex), value, append);
}

/** `name=value`, `name[key]+=value`. */
export function storeValue(sh: Shell, name: string, key: string | undefined, value: string, append: boolean): void {
  const target = followReference(sh, name, key);
  const special = sh.vars.special.get(target.name);
  if (special && !sh.vars.findRaw(target.name)) {
    special.set?.(value);
    return;
  }
  const v = sh.vars.ensure(target.name);
  if (v.readonly) throw new ExpansionError(`${target.name}: readonly variable`, 1);
  storeInto(sh, v, target.name, target.key, value, append);
  if (sh.options.get('allexport')) v.exported = true;
  sh.variableChanged(target.name);
}

function followReference(sh: Shell, name: string, key: string | undefined): { readonly name: string; readonly key: string | undefined } {
  const raw = sh.vars.findRaw(name);
  if (!raw?.nameref) return { name, key };
  if (!raw.value) return { name, key };
  const target = sh.vars.resolve(name);
  const m = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(target);
  return m ? { name: m[1] as string, key: m[2] as string } : { name: target, key };
}

/** Puts a value into a variable that is already found, applying its attributes. */
export function storeInto(sh: Shell, v: Variable, name: string, key: string | undefined, value: string, append: boolean): void {
  if (v.declaredOnly) v.declaredOnly = false;
  if (v.assoc) {
    const k = key ?? '0';
    v.assoc.set(k, convert(sh, v, value, append, v.assoc.get(k)));
  } else if (v.indexed || key !== undefined) {
    v.indexed ??= v.value === undefined ? new Map() : new Map([[0, v.value]]);
    v.value = undefined;
    const i = resolveIndex(v.indexed, Number(key ?? '0'));
    if (i < 0) throw new ExpansionError(`${name}[${key}]: bad array subscript`);
    v.indexed.set(i, convert(sh, v, value, append, v.indexed.get(i)));
  } else v.value = convert(sh, v, value, append, v.value);
}

function convert(sh: Shell, v: Variable, value: string, append: boolean, old: string | undefined): string {
  if (v.integer) {
    const n = evaluateText(sh, value);
    return String(append ? BigInt.asIntN(64, n + evaluateText(sh, old ?? '0')) : n);
  }
  const text = append ? (old ?? '') + value : value;
  if (v.capital) return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
  return v.upper ? text.toUpperCase() : v.lower ? text.toLowerCase() : text;
}

/** One assignment of a command line. */
export async function assign(sh: Shell, a: Assignment): Promise<void> {
  if (typeof a.value === 'string') {
    const value = await expandString(sh, a.value, 'word', 'assignment');
    if (sh.options.get('xtrace')) await traceAssignment(sh, a, value);
    return assignValue(sh, a.name, a.index, value, a.append);
  }
  const v = arrayTarget(sh, a.name);
  if (sh.options.get('xtrace')) await trace(sh, `${a.name}${a.append ? '+' : ''}=(${a.value.join(' ')})`);
  await fillArray(sh, v, a.name, a.value, a.append);
}

function arrayTarget(sh: Shell, name: string): Variable {
  const v = sh.vars.ensure(sh.vars.resolve(name));
  if (v.readonly) throw new ExpansionError(`${name}: readonly variable`);
  return v;
}

interface Element {
  readonly key: string | undefined;
  readonly value: string;
  readonly append: boolean;
}

/** `name=(…)`: the elements are expanded before the old ones go. */
export async function fillArray(sh: Shell, v: Variable, name: string, raws: readonly string[], append: boolean): Promise<void> {
  const elements = await expandElements(sh, v, name, raws);
  v.declaredOnly = false;
  if (v.assoc) {
    const old = append ? v.assoc : new AssociativeArray();
    v.assoc = old;
    const pairs = elements.some((e) => e.key !== undefined) ? elements : pairUp(elements);
    for (const e of pairs) {
      if (e.key === undefined) throw new ExpansionError(`${name}: ${e.value}: must use subscript when assigning associative array`);
      old.set(e.key, convert(sh, v, e.value, e.append, old.get(e.key)));
    }
    return;
  }
  const target = append ? (v.indexed ?? new Map(v.value === undefined ? [] : [[0, v.value]])) : new Map<number, string>();
  v.indexed = target;
  v.value = undefined;
  let next = Math.max(-1, ...target.keys()) + 1;
  for (const e of elements) {
    const i = e.key === undefined ? next : resolveIndex(target, Number(e.key));
    if (i < 0) throw new ExpansionError(`${name}[${e.key}]: bad array subscript`);
    target.set(i, convert(sh, v, e.value, e.append, target.get(i)));
    next = i + 1;
  }
}

function pairUp(elements: readonly Element[]): Element[] {
  const out: Element[] = [];
  for (let i = 0; i < elements.length; i += 2) {
    out.push({ key: elements[i]?.value, value: elements[i + 1]?.value ?? '', append: false });
  }
  return out;
}

async function expandElements(sh: Shell, v: Variable, name: string, raws: readonly string[]): Promise<Element[]> {
  const out: Element[] = [];
  for (const raw of raws) {
    const keyed = raw[0] === '[' ? splitKeyed(raw) : undefined;
    if (keyed) {
      const key = v.assoc ? await expandString(sh, keyed.key, 'word', 'none') : await subscriptKey(sh, name, keyed.key);
      out.push({ key, value: await expandString(sh, keyed.value, 'word', 'assignment'), append: keyed.append });
    } else {
      const values: string[] = [];
      await expandWordInto(sh, raw, values);
      for (const value of values) out.push({ key: undefined, value, append: false });
    }
  }
  return out;
}

function splitKeyed(raw: string): { readonly key: string; readonly value: string; readonly append: boolean } | undefined {
  const end = skipBrackets(raw, 1);
  const m = /^(\+?)=/.exec(raw.slice(end));
  if (raw[end - 1] !== ']' || !m) return undefined;
  return { key: raw.slice(1, end - 1), value: raw.slice(end + m[0].length), append: m[1] === '+' };
}

/** `name` or `name[subscript]` as builtins take it (`read a[1]`, `printf -v`). */
export function splitReference(text: string): { readonly name: string; readonly index: string | undefined } | undefined {
  const m = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[(.*)\])?$/s.exec(text);
  return m ? { name: m[1] as string, index: m[2] } : undefined;
}

/** Sets a variable named at run time by a builtin. */
export async function assignReference(sh: Shell, reference: string, value: string): Promise<void> {
  const r = splitReference(reference);
  if (!r) throw new ExpansionError(`\`${reference}': not a valid identifier`);
  await assignValue(sh, r.name, r.index, value, false);
}

/** Replaces a variable's content by an indexed array. */
export function assignList(sh: Shell, name: string, values: readonly string[]): void {
  const v = arrayTarget(sh, name);
  v.value = undefined;
  v.assoc = undefined;
  v.indexed = new Map(values.map((x, i) => [i, x]));
}

/** The variable that `local`, `declare` in a function or the global level makes or finds. */
export function declaredVariable(sh: Shell, name: string, scope: 'local' | 'global' | 'visible'): Variable {
  if (scope === 'visible') return sh.vars.ensure(sh.vars.resolve(name));
  const where = scope === 'local' ? (sh.vars.localScope() ?? sh.vars.global()) : sh.vars.global();
  const known = where.vars.get(name);
  if (known) return known;
  const v = newVariable();
  const outer = scope === 'local' ? sh.vars.findRaw(name) : undefined;
  const temporary = sh.vars.scopes.findLast((s) => s.kind === 'temporary' && s.vars.has(name));
  if (outer && temporary?.vars.get(name) === outer) v.value = scalarValue(outer);
  if (outer?.exported) v.exported = true;
  where.vars.set(name, v);
  return v;
}
