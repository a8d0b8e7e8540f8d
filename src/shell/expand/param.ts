/** Parameter expansion: `$x`, `${x:-…}`, `${x#…}`, arrays and all. */

import { decode, encode } from '../../uapi/bytes.ts';
import { assignValue, elementValue, subscriptKey } from '../assign.ts';
import { DASH_OPERATORS } from '../dash.ts';
import { patternRegExp } from '../pattern.ts';
import { ExpansionError, isUtf8 } from '../report.ts';
import type { Shell } from '../shell.ts';
import { arrayKeys, arrayValues, type SpecialVariable } from '../vars.ts';
import { compileWord, parseParameter } from './compile.ts';
import { arithmeticValue, expandPattern, expandSegments, expandString, type Sink } from './expand.ts';
import { caseChange, removePrefix, removeSuffix, replacementText, replacePattern } from './operators.ts';
import type { Param } from './segments.ts';
import { transform } from './transform.ts';

/** What a parameter stands for: one value or several. */
export type ParameterValue =
  | { readonly kind: 'scalar'; readonly value: string | undefined }
  | { readonly kind: 'list'; readonly values: readonly string[]; readonly star: boolean };

export function ifsOf(sh: Shell): string {
  return sh.get('IFS') ?? ' \t\n';
}

/** The values of a parameter that is no expansion yet. */
export async function parameterValue(sh: Shell, name: string, index: string | undefined): Promise<ParameterValue> {
  if (name === '@' || name === '*') return { kind: 'list', values: sh.positional, star: name === '*' };
  if (index === '@' || index === '*') {
    const special = sh.vars.special.get(name);
    const v = sh.vars.find(name);
    const values = v ? arrayValues(v) : special ? specialList(special) : [];
    return { kind: 'list', values, star: index === '*' };
  }
  if (index === undefined) return { kind: 'scalar', value: await namedValue(sh, name) };
  return { kind: 'scalar', value: elementValue(sh, name, await subscriptKey(sh, name, index)) };
}

function specialList(special: SpecialVariable): readonly string[] {
  const first = special.get();
  return special.list?.() ?? (first === undefined ? [] : [first]);
}

async function namedValue(sh: Shell, name: string): Promise<string | undefined> {
  const v = simpleValue(sh, name);
  if (v !== undefined) return v;
  const target = sh.vars.resolve(name);
  if (target === name || !target.includes('[')) return undefined;
  const p = parseParameter(`\${${target}}`, false);
  const value = await parameterValue(sh, p.name, p.index);
  return value.kind === 'scalar' ? value.value : value.values.join(' ');
}

/** `$x`, `$1`, `$?` … */
export function simpleValue(sh: Shell, name: string): string | undefined {
  if (/^[0-9]/.test(name)) return name === '0' ? sh.name : sh.positional[Number(name) - 1];
  switch (name) {
    case '?':
      return String(sh.lastStatus);
    case '#':
      return String(sh.positional.length);
    case '$':
      return String(sh.pid);
    case '!':
      return sh.lastBackground ? String(sh.lastBackground) : undefined;
    case '-':
      return sh.flags();
  }
  return sh.get(name);
}

export async function expandParameter(sh: Shell, p: Param, sink: Sink): Promise<void> {
  if (p.op === 'bad' || (sh.posixSh && beyondPosix(p))) throw new ExpansionError(`${p.raw}: bad substitution`);
  if (p.op === 'names') return emitList(sh, variableNames(sh, p.name), p.names === '*', p.q, sink);
  if (p.length) return emit(sh, await lengthOf(sh, p), p, sink);
  if (p.indirect) return expandIndirect(sh, p, sink);
  await applyOperation(sh, p, await parameterValue(sh, p.name, p.index), sink);
}

const beyondPosix = (p: Param): boolean => p.indirect || p.index !== undefined || !DASH_OPERATORS.has(p.op);

function variableNames(sh: Shell, prefix: string): string[] {
  return sh.vars.names().filter((n) => n.startsWith(prefix));
}

async function expandIndirect(sh: Shell, p: Param, sink: Sink): Promise<void> {
  if (p.index === '@' || p.index === '*') {
    if (p.op !== '') throw new ExpansionError(`${p.raw}: bad substitution`);
    const v = sh.vars.find(p.name);
    return emitList(sh, v ? arrayKeys(v) : [], p.index === '*', p.q, sink);
  }
  const raw = sh.vars.findRaw(p.name);
  if (raw?.nameref && p.op === '') return emit(sh, raw.value ?? '', p, sink);
  const value = await parameterValue(sh, p.name, p.index);
  const target = value.kind === 'scalar' ? value.value : value.values.join(' ');
  if (target === undefined || target === '') {
    if (p.op !== '' && target === undefined) return applyOperation(sh, p, { kind: 'scalar', value: undefined }, sink);
    throw new ExpansionError(target === undefined ? `${p.name}: invalid indirect expansion` : `${target}: invalid variable name`);
  }
  const inner = parseParameter(`\${${target}}`, p.q);
  if (inner.op !== '' || inner.length || inner.indirect || inner.name === '') throw new ExpansionError(`${target}: invalid variable name`);
  await applyOperation(
    sh,
    { ...p, name: inner.name, index: inner.index, indirect: false },
    await parameterValue(sh, inner.name, inner.index),
    sink,
  );
}

async function lengthOf(sh: Shell, p: Param): Promise<string> {
  const value = await parameterValue(sh, p.name, p.index);
  if (value.kind === 'list') return String(value.values.length);
  if (value.value === undefined) await checkUnset(sh, p);
  return String(units(sh, value.value ?? '').length);
}

/** Chars in a UTF-8 locale, else bytes. */
export function units(sh: Shell, s: string): string[] {
  if (!/[^\x00-\x7f]/.test(s)) return s.split('');
  if (isUtf8(sh)) return [...s];
  return [...encode(s)].map((b) => decode(Uint8Array.of(b)));
}
export function joinUnits(parts: readonly string[]): string {
  return decode(encode(parts.join('')));
}

async function checkUnset(sh: Shell, p: Param): Promise<void> {
  if (!sh.options.get('nounset') || p.name === '@' || p.name === '*') return;
  const shown = p.index === undefined ? (/^[1-9]/.test(p.name) && !sh.posixSh ? `$${p.name}` : p.name) : `${p.name}[${p.index}]`;
  throw new ExpansionError(`${shown}: unbound variable`, 127, true);
}

function emit(sh: Shell, v: string, p: Param, sink: Sink): void {
  if (sh.interrupted) return;
  sink.text(v, p.q, !p.q);
}

export function emitList(sh: Shell, values: readonly string[], star: boolean, q: boolean, sink: Sink): void {
  if (star && (q || !sink.splits)) {
    sink.text(values.join(separator(sh)), q, false);
    return;
  }
  values.forEach((v, i) => {
    if (i > 0) sink.boundary();
    if (q || v !== '') sink.text(v, q, !q);
  });
}

function separator(sh: Shell): string {
  const ifs = sh.get('IFS');
  return ifs === undefined ? ' ' : (ifs[0] ?? '');
}

async function applyOperation(sh: Shell, p: Param, value: ParameterValue, sink: Sink): Promise<void> {
  if (/^:?[-=?+]$/.test(p.op)) return applyDefault(sh, p, value, sink);
  if (value.kind === 'scalar' && value.value === undefined && p.op !== '@') await checkUnset(sh, p);
  if (p.op === '') return emitValue(sh, p, value, sink);
  if (p.op === ':') return emitValue(sh, p, await slice(sh, p, value), sink);
  if (p.op === '@') return emitValue(sh, p, await transform(sh, p, value), sink);
  const operate = await textOperation(sh, p);
  if (value.kind === 'scalar') return emitValue(sh, p, { kind: 'scalar', value: value.value && operate(value.value) }, sink);
  return emitValue(sh, p, { ...value, values: value.values.map(operate) }, sink);
}

function emitValue(sh: Shell, p: Param, value: ParameterValue, sink: Sink): void {
  if (value.kind === 'scalar') emit(sh, value.value ?? '', p, sink);
  else emitList(sh, value.values, value.star, p.q, sink);
}

async function applyDefault(sh: Shell, p: Param, value: ParameterValue, sink: Sink): Promise<void> {
  const colon = p.op.length === 2;
  const text = value.kind === 'scalar' ? value.value : value.values.length > 0 ? value.values.join(' ') : undefined;
  const missing = text === undefined || (colon && text === '');
  const op = p.op[p.op.length - 1];
  if (op === '+') {
    if (!missing) await expandOperand(sh, p, sink);
    else if (p.q) emitEmpty(value, sink);
    return;
  }
  if (!missing) return emitValue(sh, p, value, sink);
  if (op === '-') return expandOperand(sh, p, sink);
  if (op === '=') return assignDefault(sh, p, sink);
  const message = p.word === '' ? (colon ? 'parameter null or not set' : 'parameter not set') : await operandText(sh, p);
  const shown = p.index === undefined ? p.name : `${p.name}[${p.index}]`;
  throw new ExpansionError(`${shown}: ${message}`, 127, true);
}

function emitEmpty(value: ParameterValue, sink: Sink): void {
  if (value.kind === 'scalar' || value.star) sink.text('', true, false);
}

/** The word of `${x-word}` goes where the parameter stood: its own quotes count, unquoted text is split. */
async function expandOperand(sh: Shell, p: Param, sink: Sink): Promise<void> {
  const { segments } = compileWord(p.word, p.q ? 'operand' : 'word', p.q ? 'none' : 'start');
  if (p.q && segments.length === 0) sink.text('', true, false);
  await expandSegments(sh, segments, sink, !p.q);
}

async function operandText(sh: Shell, p: Param): Promise<string> {
  return expandString(sh, p.word, p.q ? 'operand' : 'word', p.q ? 'none' : 'start');
}

async function assignDefault(sh: Shell, p: Param, sink: Sink): Promise<void> {
  if (!/^[A-Za-z_]/.test(p.name)) throw new ExpansionError(`$${p.name}: cannot assign in this way`);
  const value = await operandText(sh, p);
  await assignValue(sh, p.name, p.index, value, false);
  const stored = await parameterValue(sh, p.name, p.index);
  emit(sh, stored.kind === 'scalar' ? (stored.value ?? '') : value, p, sink);
}

/** `#`, `%`, `/`, `^`, `,` as a function on one string. */
async function textOperation(sh: Shell, p: Param): Promise<(text: string) => string> {
  const pattern = await expandPattern(sh, p.word, p.q ? 'none' : 'start');
  const options = { extglob: sh.options.shopt('extglob'), ignoreCase: false, pathname: false };
  switch (p.op) {
    case '#':
    case '##':
      return removePrefix(pattern, p.op === '##', options);
    case '%':
    case '%%':
      return removeSuffix(pattern, p.op === '%%', options);
    case '^':
    case '^^':
    case ',':
    case ',,':
    case '~':
    case '~~':
      return caseChange(p.op, pattern === '' ? undefined : patternRegExp(pattern, options));
    default: {
      const ignoreCase = sh.options.shopt('nocasematch');
      const replacement = await replacementText(sh, p.word2 ?? '', p.q);
      return replacePattern(p.op, pattern, replacement, { ...options, ignoreCase });
    }
  }
}

async function slice(sh: Shell, p: Param, value: ParameterValue): Promise<ParameterValue> {
  const offset = Number(await arithmeticValue(sh, p.word));
  const length = p.word2 === undefined ? undefined : Number(await arithmeticValue(sh, p.word2));
  if (value.kind === 'list') return { ...value, values: sliceList(sh, p, value.values, offset, length) };
  const chars = units(sh, value.value ?? '');
  const start = offset < 0 ? chars.length + offset : offset;
  if (start < 0 || start > chars.length) return { kind: 'scalar', value: '' };
  const end = length === undefined ? chars.length : length < 0 ? chars.length + length : start + length;
  if (end < start) throw new ExpansionError(`${(p.word2 ?? '').trim()}: substring expression < 0`);
  return { kind: 'scalar', value: joinUnits(chars.slice(start, end)) };
}

/** `${@:0}` starts with `$0`; `${a[@]:n}` counts by index, not by position. */
function sliceList(sh: Shell, p: Param, values: readonly string[], offset: number, length: number | undefined): readonly string[] {
  if (length !== undefined && length < 0) throw new ExpansionError(`${(p.word2 ?? '').trim()}: substring expression < 0`);
  const take = (list: readonly string[], from: number): readonly string[] =>
    from < 0 ? [] : list.slice(from, length === undefined ? undefined : from + length);
  if (p.name === '@' || p.name === '*') {
    const all = [sh.name, ...values];
    return take(all, offset < 0 ? all.length + offset : offset);
  }
  const v = sh.vars.find(p.name);
  if (!v?.indexed) return take(values, offset < 0 ? values.length + offset : offset);
  const keys = arrayKeys(v).map(Number);
  const max = keys[keys.length - 1] ?? -1;
  const from = offset < 0 ? max + 1 + offset : offset;
  if (from < 0) return [];
  const position = keys.findIndex((k) => k >= from);
  return position < 0 ? [] : take(values, position);
}
