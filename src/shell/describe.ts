/** Variables written as commands that would make them: `declare -p`, `set`, `export -p`. */
import { ansiCQuote, doubleQuote, needsAnsiC, quoteValue, singleQuote } from './quoting.ts';
import { isUtf8 } from './report.ts';
import type { Shell } from './shell.ts';
import { describeAttributes, isSet, sortedKeys, type Variable } from './vars.ts';

/** `declare -x NAME="value"` */
export function describeVariable(sh: Shell, name: string, v: Variable): string {
  const letters = describeAttributes(v);
  const head = `declare -${letters === '' ? '-' : letters} ${name}`;
  if (!isSet(v)) return (v.indexed || v.assoc) && !v.declaredOnly ? `${head}=()` : head;
  return `${head}=${describeValue(sh, v)}`;
}

function describeValue(sh: Shell, v: Variable): string {
  const utf8 = isUtf8(sh);
  if (v.indexed) {
    const m = v.indexed;
    return `(${sortedKeys(m)
      .map((k) => `[${k}]=${doubleQuote(m.get(k) ?? '', utf8)}`)
      .join(' ')})`;
  }
  if (v.assoc) {
    return `(${[...v.assoc].map(([k, x]) => `[${quoteKey(k, utf8)}]=${doubleQuote(x, utf8)} `).join('')})`;
  }
  return doubleQuote(v.value ?? '', utf8);
}

function quoteKey(k: string, utf8: boolean): string {
  if (needsAnsiC(k, utf8)) return ansiCQuote(k, utf8);
  return /[^A-Za-z0-9_./:,%+=-]/.test(k) || k === '' ? `"${k.replace(/["$`\\]/g, '\\$&')}"` : k;
}

/** `NAME=value` as `set` lists it. */
export function describeForSet(sh: Shell, name: string, v: Variable): string {
  if (v.indexed || v.assoc) return `${name}=${describeValue(sh, v)}`;
  return `${name}=${quoteValue(v.value ?? '', isUtf8(sh))}`;
}

export function describeAlias(name: string, value: string, prefix: string): string {
  return `${prefix}${name}=${singleQuote(value)}`;
}
