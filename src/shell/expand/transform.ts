/** `${x@Q}` and its kin. */
import { describeVariable } from '../describe.ts';
import { expandPrompt } from '../prompt.ts';
import { ansiCValue, quoteAlways } from '../quoting.ts';
import { isUtf8 } from '../report.ts';
import type { Shell } from '../shell.ts';
import { arrayKeys, describeAttributes } from '../vars.ts';
import type { ParameterValue } from './param.ts';
import type { Param } from './segments.ts';

export async function transform(sh: Shell, p: Param, value: ParameterValue): Promise<ParameterValue> {
  const op = p.word;
  const utf8 = isUtf8(sh);
  if (op === 'a') return attributes(sh, p, value);
  if (op === 'A') return assignment(sh, p, value);
  if ((op === 'K' || op === 'k') && value.kind === 'list') return pairs(sh, p, value, op === 'K');
  const one = async (text: string): Promise<string> => {
    switch (op) {
      case 'Q':
      case 'K':
      case 'k':
        return quoteAlways(text, utf8);
      case 'U':
        return text.toUpperCase();
      case 'L':
        return text.toLowerCase();
      case 'u':
        return text.slice(0, 1).toUpperCase() + text.slice(1);
      case 'E':
        return ansiCValue(text);
      default:
        return expandPrompt(sh, text);
    }
  };
  if (value.kind === 'scalar') return { kind: 'scalar', value: value.value === undefined ? undefined : await one(value.value) };
  const values: string[] = [];
  for (const v of value.values) values.push(await one(v));
  return { ...value, values };
}

function attributes(sh: Shell, p: Param, value: ParameterValue): ParameterValue {
  const v = sh.vars.find(p.name);
  const letters = v ? describeAttributes(v) : '';
  if (value.kind === 'scalar') return { kind: 'scalar', value: letters };
  return { ...value, values: value.values.map(() => letters) };
}

function assignment(sh: Shell, p: Param, value: ParameterValue): ParameterValue {
  const v = sh.vars.find(p.name);
  if (p.name === '@' || p.name === '*') {
    const quoted = sh.positional.map((x) => quoteAlways(x, isUtf8(sh))).join(' ');
    return { kind: 'scalar', value: `set -- ${quoted}` };
  }
  if (!v) return { kind: 'scalar', value: undefined };
  const array = v.indexed || v.assoc;
  if (array && value.kind === 'list') return { kind: 'scalar', value: describeVariable(sh, p.name, v) };
  const letters = describeAttributes(v);
  const text = value.kind === 'scalar' ? (value.value ?? '') : value.values.join(' ');
  const quoted = `${p.name}=${quoteAlways(text, isUtf8(sh))}`;
  return { kind: 'scalar', value: letters === '' ? quoted : `declare -${letters} ${quoted}` };
}

function pairs(sh: Shell, p: Param, value: Extract<ParameterValue, { kind: 'list' }>, quoted: boolean): ParameterValue {
  const v = sh.vars.find(p.name);
  const keys = v ? arrayKeys(v) : [];
  const flat = value.values.flatMap((x, i) => [keys[i] ?? String(i), quoted ? `"${x.replace(/["$`\\]/g, '\\$&')}"` : x]);
  return quoted ? { kind: 'scalar', value: flat.join(' ') } : { ...value, values: flat };
}
