/** declare, typeset, local, export, readonly, unset */
import type { ExitCode } from '../../uapi/types.ts';
import { declaredVariable, fillArray, resolveIndex, splitReference, storeInto, subscriptKey } from '../assign.ts';
import { describeForSet, describeVariable } from '../describe.ts';
import type { CompoundArguments } from '../interpreter/simple.ts';
import { Options } from '../options.ts';
import { printFunction } from '../print.ts';
import { builtinError, ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { AssociativeArray, compareNames, newVariable, type Variable } from '../vars.ts';
import { badOption, illegal, output } from './options.ts';

interface Request {
  readonly on: ReadonlySet<string>;
  readonly off: ReadonlySet<string>;
  readonly scope: 'local' | 'global' | 'visible';
  readonly name: string;
}

const DECLARE_USAGE = '[-aAfFgiIlnrtux] [name[=value] ...] or NAME -p [-aAfFilnrtux] [name ...]';

export async function declare(sh: Shell, args: readonly string[], compound: CompoundArguments): Promise<ExitCode> {
  const usage = `${args[0]} ${DECLARE_USAGE.replace('NAME', args[0] as string)}`;
  const o = await declareOptions(sh, args, 'aAcfFgiIlnrtuxp', usage);
  if (!o) return 2;
  const { on, off, next } = o;
  const names = args.slice(next);
  if (on.has('f') || on.has('F')) return declareFunctions(sh, on, names);
  if (on.has('p') && names.length > 0) return printNamed(sh, args[0] as string, names);
  if (names.length === 0) return printMatching(sh, on, on.has('p'));
  const scope = on.has('g') ? 'global' : sh.vars.localScope() ? 'local' : 'visible';
  return declareAll(sh, { on, off, scope, name: args[0] as string }, args, next, compound);
}

interface DeclareOptions {
  readonly on: Set<string>;
  readonly off: Set<string>;
  readonly next: number;
}

async function declareOptions(sh: Shell, args: readonly string[], spec: string, usage: string): Promise<DeclareOptions | undefined> {
  const on = new Set<string>();
  const off = new Set<string>();
  let i = 1;
  for (; i < args.length; i++) {
    const a = args[i] as string;
    if (a === '--') {
      i++;
      break;
    }
    if (!/^[-+]./.test(a)) break;
    for (const c of a.slice(1)) {
      if (!spec.includes(c)) {
        await badOption(sh, args[0] as string, `${a[0]}${c}`, usage);
        return undefined;
      }
      (a[0] === '-' ? on : off).add(c);
    }
  }
  return { on, off, next: i };
}

async function declareFunctions(sh: Shell, on: ReadonlySet<string>, names: readonly string[]): Promise<ExitCode> {
  let out = '';
  let status = 0;
  const all = names.length > 0 ? names : [...sh.functions.keys()].sort(compareNames);
  for (const name of all) {
    const f = sh.functions.get(name);
    if (!f) {
      status = 1;
      continue;
    }
    if (on.has('x')) sh.functions.set(name, { ...f, exported: true });
    else if (on.has('F')) out += names.length > 0 ? `${name}\n` : `declare -f ${name}\n`;
    else out += `${printFunction(f)}\n`;
  }
  return (await output(sh, 'declare', out)) || status;
}

async function printNamed(sh: Shell, who: string, names: readonly string[]): Promise<ExitCode> {
  let status = 0;
  let out = '';
  for (const name of names) {
    const v = sh.vars.findRaw(name);
    const special = v ? undefined : sh.vars.special.get(name)?.get();
    const list = v ? undefined : sh.vars.special.get(name)?.list?.();
    if (v) out += `${describeVariable(sh, name, v)}\n`;
    else if (list) out += `${describeVariable(sh, name, { ...newVariable(), declaredOnly: true, indexed: new Map(list.entries()) })}\n`;
    else if (special !== undefined) out += `${describeVariable(sh, name, { ...newVariable(), value: special })}\n`;
    else {
      await output(sh, who, out);
      out = '';
      await builtinError(sh, who, `${name}: not found`);
      status = 1;
    }
  }
  return (await output(sh, who, out)) || status;
}

const HAS: Readonly<Record<string, (v: Variable) => boolean>> = {
  a: (v) => v.indexed !== undefined,
  c: (v) => v.capital,
  A: (v) => v.assoc !== undefined,
  i: (v) => v.integer,
  l: (v) => v.lower,
  n: (v) => v.nameref,
  r: (v) => v.readonly,
  t: (v) => v.trace,
  u: (v) => v.upper,
  x: (v) => v.exported,
};

async function printMatching(sh: Shell, on: ReadonlySet<string>, asCommands: boolean): Promise<ExitCode> {
  const wanted = [...on].filter((c) => HAS[c]);
  let out = '';
  for (const name of sh.vars.names()) {
    const v = sh.vars.findRaw(name);
    if (!v || !wanted.every((c) => HAS[c]?.(v))) continue;
    if (wanted.length > 0 || asCommands) out += `${describeVariable(sh, name, v)}\n`;
    else if (v.value !== undefined || v.indexed || v.assoc) out += `${describeForSet(sh, name, v)}\n`;
  }
  if (wanted.length === 0 && !asCommands)
    for (const f of [...sh.functions.values()].sort((a, b) => compareNames(a.name, b.name))) out += `${printFunction(f)}\n`;
  return output(sh, 'declare', out);
}

async function declareAll(sh: Shell, r: Request, args: readonly string[], from: number, compound: CompoundArguments): Promise<ExitCode> {
  let status = 0;
  for (let i = from; i < args.length; i++) {
    try {
      const elements = compound.get(i);
      const ok =
        elements && typeof elements.value !== 'string'
          ? await declareArray(sh, r, elements.name, elements.value, elements.append)
          : await declareScalar(sh, r, args[i] as string);
      if (!ok) status = 1;
    } catch (e) {
      if (!(e instanceof ExpansionError) || e.fatal) throw e;
      await report(sh, /readonly variable$|not found|circular/.test(e.message) ? `${r.name}: ${e.message}` : e.message);
      status = 1;
    }
  }
  return status;
}

async function declareArray(sh: Shell, r: Request, name: string, raws: readonly string[], append: boolean): Promise<boolean> {
  const v = declaredVariable(sh, name, r.scope);
  if (v.readonly) throw new ExpansionError(`${name}: readonly variable`);
  if (!(await applyAttributes(sh, r, name, v))) return false;
  if (!v.assoc) v.indexed ??= new Map(v.value === undefined ? [] : [[0, v.value]]);
  await fillArray(sh, v, name, raws, append);
  if (r.on.has('r')) v.readonly = true;
  return true;
}

async function declareScalar(sh: Shell, r: Request, text: string): Promise<boolean> {
  const m = /^([A-Za-z_]\w*)(?:\[(.*?)\])?(?:(\+?)=(.*))?$/s.exec(text);
  if (!m) {
    await builtinError(sh, r.name, `\`${text}': not a valid identifier`);
    return false;
  }
  const [, name = '', index, plus, value] = m;
  const reference = r.on.has('n') || sh.vars.findRaw(name)?.nameref;
  const target = reference || r.scope === 'local' ? name : sh.vars.resolve(name);
  const v = r.scope === 'visible' && reference ? sh.vars.ensure(name) : declaredVariable(sh, target, r.scope);
  if (r.scope === 'local' && v !== sh.vars.global().vars.get(name) && sh.vars.global().vars.get(name)?.readonly) {
    sh.vars.localScope()?.vars.delete(name);
    throw new ExpansionError(`${name}: readonly variable`);
  }
  if (v.readonly && (value !== undefined || r.off.has('r'))) throw new ExpansionError(`${name}: readonly variable`);
  if (!(await applyAttributes(sh, r, name, v))) return false;
  if (value !== undefined) {
    if (v.nameref && r.on.has('n')) {
      if (!(await refersWell(sh, r, name, value))) return false;
      v.value = value;
    } else {
      const key = index === undefined ? undefined : await subscriptKey(sh, name, index);
      storeInto(sh, v, name, key, value, plus === '+');
    }
    sh.variableChanged(name);
  } else if (index !== undefined && !v.assoc) v.indexed ??= new Map();
  if (sh.options.get('allexport') && value !== undefined) v.exported = true;
  if (r.on.has('r')) v.readonly = true;
  return true;
}

/** A reference names a variable other than itself. */
async function refersWell(sh: Shell, r: Request, name: string, value: string): Promise<boolean> {
  const target = splitReference(value);
  if (value !== '' && !target) {
    await builtinError(sh, r.name, `\`${value}': invalid variable name for name reference`);
    return false;
  }
  if (target?.name !== name || r.scope === 'local') return true;
  await builtinError(sh, r.name, `${name}: nameref variable self references not allowed`);
  return false;
}

async function applyAttributes(sh: Shell, r: Request, name: string, v: Variable): Promise<boolean> {
  const { on, off } = r;
  if ((off.has('a') && v.indexed) || (off.has('A') && v.assoc)) {
    await builtinError(sh, r.name, `${name}: cannot destroy array variables in this way`);
    return false;
  }
  if (on.has('A')) {
    if (v.indexed) {
      await builtinError(sh, r.name, `${name}: cannot convert indexed to associative array`);
      return false;
    }
    v.declaredOnly ??= !v.assoc && v.value === undefined;
    v.assoc ??= new AssociativeArray(v.value === undefined ? [] : [['0', v.value]]);
    v.value = undefined;
  } else if (on.has('a')) {
    if (v.assoc) {
      await builtinError(sh, r.name, `${name}: cannot convert associative to indexed array`);
      return false;
    }
    v.declaredOnly ??= !v.indexed && v.value === undefined;
    v.indexed ??= new Map(v.value === undefined ? [] : [[0, v.value]]);
    v.value = undefined;
  }
  for (const [letter, set] of ATTRIBUTES) {
    if (on.has(letter)) set(v, true);
    if (off.has(letter)) set(v, false);
  }
  return true;
}

const ATTRIBUTES: readonly (readonly [string, (v: Variable, on: boolean) => void])[] = [
  ['i', (v, on) => void (v.integer = on)],
  ['x', (v, on) => void (v.exported = on)],
  ['n', (v, on) => void (v.nameref = on)],
  ['t', (v, on) => void (v.trace = on)],
  [
    'l',
    (v, on) => {
      v.lower = on;
      if (on) v.upper = v.capital = false;
    },
  ],
  [
    'u',
    (v, on) => {
      v.upper = on;
      if (on) v.lower = v.capital = false;
    },
  ],
  [
    'c',
    (v, on) => {
      v.capital = on;
      if (on) v.lower = v.upper = false;
    },
  ],
];

export async function local(sh: Shell, args: readonly string[], compound: CompoundArguments): Promise<ExitCode> {
  if (!sh.vars.localScope()) {
    if (sh.posixSh) await illegal(sh, 'local', 'not in a function');
    await builtinError(sh, 'local', 'can only be used in a function');
    return 1;
  }
  const o = await declareOptions(sh, args, 'aAciIlnrtuxp', 'local [option] name[=value] ...');
  if (!o) return 2;
  let { next } = o;
  if (args[next] === '-') {
    next++;
    keepOptions(sh);
    if (next >= args.length) return 0;
  }
  if (next >= args.length) {
    const mine = sh.vars.localScope()?.vars ?? new Map<string, Variable>();
    return output(
      sh,
      'local',
      [...mine.keys()]
        .sort(compareNames)
        .map((n) => `${describeVariable(sh, n, mine.get(n) as Variable)}\n`)
        .join(''),
    );
  }
  return declareAll(sh, { on: o.on, off: o.off, scope: 'local', name: 'local' }, args, next, compound);
}

/** `local -` */
function keepOptions(sh: Shell): void {
  const scope = sh.vars.localScope();
  if (scope) scope.options ??= new Options(sh.options);
}

async function listAttribute(sh: Shell, letter: 'x' | 'r', also: 'a' | 'A' | undefined): Promise<ExitCode> {
  let out = '';
  for (const name of sh.vars.names()) {
    const v = sh.vars.findRaw(name);
    if (!v || !HAS[letter]?.(v) || (also && !HAS[also]?.(v))) continue;
    const line = describeVariable(sh, name, v);
    out += sh.posixSh
      ? `${line.replace(/^declare -\S+ /, letter === 'x' ? 'export ' : 'readonly ').replace(/="(.*)"$/s, "='$1'")}\n`
      : `${line}\n`;
  }
  return output(sh, letter === 'x' ? 'export' : 'readonly', out);
}

export async function exportBuiltin(sh: Shell, args: readonly string[], compound: CompoundArguments): Promise<ExitCode> {
  const o = await declareOptions(sh, args, 'fnp', 'export [-fn] [name[=value] ...] or export -p');
  if (!o) return 2;
  if (o.next >= args.length) return listAttribute(sh, 'x', undefined);
  if (o.on.has('f')) return exportFunctions(sh, args.slice(o.next), !o.on.has('n'));
  const set = new Set(['x']);
  const none = new Set<string>();
  const r: Request = { on: o.on.has('n') ? none : set, off: o.on.has('n') ? set : none, scope: 'visible', name: 'export' };
  return declareAll(sh, r, args, o.next, compound);
}

async function exportFunctions(sh: Shell, names: readonly string[], exported: boolean): Promise<ExitCode> {
  let status = 0;
  for (const name of names) {
    const f = sh.functions.get(name);
    if (f) sh.functions.set(name, { ...f, exported });
    else {
      await builtinError(sh, 'export', `${name}: not a function`);
      status = 1;
    }
  }
  return status;
}

export async function readonlyBuiltin(sh: Shell, args: readonly string[], compound: CompoundArguments): Promise<ExitCode> {
  const o = await declareOptions(sh, args, 'aAfp', 'readonly [-aAf] [name[=value] ...] or readonly -p');
  if (!o) return 2;
  if (o.next >= args.length) return listAttribute(sh, 'r', o.on.has('a') ? 'a' : o.on.has('A') ? 'A' : undefined);
  if (o.on.has('f')) return 0;
  const on = new Set(['r', ...o.on]);
  return declareAll(sh, { on, off: new Set(), scope: 'visible', name: 'readonly' }, args, o.next, compound);
}

export async function unset(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await declareOptions(sh, args, 'fvn', 'unset [-f] [-v] [-n] [name ...]');
  if (!o) return 2;
  if (o.on.has('f') && o.on.has('v')) {
    await builtinError(sh, 'unset', 'cannot simultaneously unset a function and a variable');
    return 1;
  }
  let status = 0;
  for (const name of args.slice(o.next)) if (!(await unsetOne(sh, name, o.on))) status = 1;
  return status;
}

async function unsetOne(sh: Shell, text: string, on: ReadonlySet<string>): Promise<boolean> {
  if (on.has('f')) {
    sh.functions.delete(text);
    return true;
  }
  const r = splitReference(text);
  if (!r) {
    if (!on.has('v')) {
      sh.functions.delete(text);
      return true;
    }
    await builtinError(sh, 'unset', `\`${text}': not a valid identifier`);
    return false;
  }
  const name = on.has('n') ? r.name : sh.vars.resolve(r.name);
  const v = sh.vars.findRaw(name);
  if (v?.readonly) {
    if (sh.posixSh) await illegal(sh, 'unset', `${text}: is read only`);
    await builtinError(sh, 'unset', `${text}: cannot unset: readonly variable`);
    return false;
  }
  if (r.index !== undefined) return unsetElement(sh, v, r.name, r.index);
  if (!v && !on.has('v')) {
    sh.functions.delete(name);
    sh.vars.special.delete(name);
    return true;
  }
  removeVariable(sh, name);
  sh.variableChanged(name);
  return true;
}

/** A local that is unset stays local, without a value. */
function removeVariable(sh: Shell, name: string): void {
  const owner = sh.vars.owner(name);
  if (owner.kind === 'function' && owner === sh.vars.localScope()) owner.vars.set(name, newVariable());
  else owner.vars.delete(name);
}

async function unsetElement(sh: Shell, v: Variable | undefined, name: string, index: string): Promise<boolean> {
  if (!v) return true;
  if (index === '@' || index === '*') {
    if (v.assoc) v.assoc.delete(index);
    else removeVariable(sh, name);
    return true;
  }
  const key = await subscriptKey(sh, name, index);
  if (v.assoc) v.assoc.delete(key);
  else if (v.indexed) {
    const i = resolveIndex(v.indexed, Number(key));
    if (i < 0) {
      await builtinError(sh, 'unset', `[${index}]: bad array subscript`);
      return false;
    }
    v.indexed.delete(i);
  } else if (key === '0') removeVariable(sh, name);
  else {
    await builtinError(sh, 'unset', `${name}: not an array variable`);
    return false;
  }
  return true;
}
