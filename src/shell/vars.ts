/** Shell variables: scalars, arrays, attributes and the stack of scopes that `local` makes. */
import { encode } from '../uapi/bytes.ts';
import type { Options } from './options.ts';

export interface Variable {
  /** undefined: declared, not set. */
  value: string | undefined;
  indexed: Map<number, string> | undefined;
  assoc: Map<string, string> | undefined;
  exported: boolean;
  readonly: boolean;
  integer: boolean;
  lower: boolean;
  upper: boolean;
  /** `declare -c`: the first letter is a capital, the others small. */
  capital: boolean;
  nameref: boolean;
  trace: boolean;
  /** An array that was declared and never set. */
  declaredOnly?: boolean;
}

/** A variable whose value is made when it is read. */
export interface SpecialVariable {
  get(): string | undefined;
  /** Of an array: all elements; `get` is the first. */
  list?(): readonly string[];
  /** Takes an assignment; absent: assignments are ignored. */
  set?(value: string): void;
}

export function newVariable(): Variable {
  return {
    value: undefined,
    indexed: undefined,
    assoc: undefined,
    exported: false,
    readonly: false,
    integer: false,
    lower: false,
    upper: false,
    capital: false,
    nameref: false,
    trace: false,
  };
}

/** An associative array: walked in the order of bash's hash table, which scripts see. */
export class AssociativeArray extends Map<string, string> {
  override *entries(): MapIterator<[string, string]> {
    const all = [...super.entries()].map(([key, value], age) => ({ key, value, age, bucket: bucketOf(key) }));
    all.sort((a, b) => a.bucket - b.bucket || b.age - a.age);
    for (const { key, value } of all) yield [key, value];
  }
  override *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }
  override *values(): MapIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }
  override [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries();
  }
}

const BUCKETS = 1024;

/** FNV-1 over the key's bytes, which are signed. Follows hashlib.c. */
function bucketOf(key: string): number {
  let hash = 2166136261;
  for (const byte of encode(key)) hash = Math.imul(hash, 16777619) ^ ((byte << 24) >> 24);
  return (hash >>> 0) % BUCKETS;
}

export function copyVariable(v: Variable): Variable {
  if (!v.indexed && !v.assoc) return { ...v };
  return { ...v, indexed: v.indexed && new Map(v.indexed), assoc: v.assoc && new AssociativeArray(v.assoc) };
}

export interface Scope {
  readonly vars: Map<string, Variable>;
  /** A function's scope takes locals; the scope of `A=b command` does not. */
  readonly kind: 'global' | 'function' | 'temporary';
  /** `local -`: the options that come back at the function's end. */
  options?: Options;
}

const MAX_NAMEREF = 8;

export class Variables {
  readonly scopes: Scope[] = [{ vars: new Map(), kind: 'global' }];
  readonly special = new Map<string, SpecialVariable>();

  copyFrom(other: Variables): void {
    this.scopes.length = 0;
    for (const s of other.scopes) {
      const vars = new Map<string, Variable>();
      for (const [k, v] of s.vars) vars.set(k, copyVariable(v));
      this.scopes.push({ vars, kind: s.kind });
    }
  }

  global(): Scope {
    return this.scopes[0] as Scope;
  }
  top(): Scope {
    return this.scopes[this.scopes.length - 1] as Scope;
  }
  push(kind: Scope['kind']): Scope {
    const scope: Scope = { vars: new Map(), kind };
    this.scopes.push(scope);
    return scope;
  }
  pop(): void {
    this.scopes.pop();
  }
  /** The innermost function's scope, where `local` declares. */
  localScope(): Scope | undefined {
    return this.scopes.findLast((s) => s.kind === 'function');
  }

  /** The variable itself, namerefs not followed. */
  findRaw(name: string): Variable | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const v = this.scopes[i]?.vars.get(name);
      if (v) return v;
    }
    return undefined;
  }

  /** The name that a chain of namerefs ends at; it may carry a subscript. */
  resolve(name: string): string {
    let at = name;
    for (let i = 0; i < MAX_NAMEREF; i++) {
      const v = this.findRaw(at);
      if (!v?.nameref || !v.value) return at;
      at = v.value;
    }
    return at;
  }

  find(name: string): Variable | undefined {
    const v = this.findRaw(name);
    return v?.nameref ? this.findRaw(this.resolve(name)) : v;
  }

  /** The scope where an ordinary assignment to `name` goes. */
  owner(name: string): Scope {
    return this.scopes.findLast((s) => s.vars.has(name)) ?? this.global();
  }

  ensure(name: string): Variable {
    const found = this.findRaw(name);
    if (found) return found;
    const v = newVariable();
    this.global().vars.set(name, v);
    return v;
  }

  /** All visible names, sorted. */
  names(): string[] {
    const all = new Set<string>();
    for (const s of this.scopes) for (const k of s.vars.keys()) all.add(k);
    return [...all].sort(compareNames);
  }

  /** `NAME=value` of everything exported, for execve. */
  environment(): string[] {
    const seen = new Set<string>();
    const out: string[] = [];
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      for (const [k, v] of this.scopes[i]?.vars ?? []) {
        if (seen.has(k)) continue;
        seen.add(k);
        if (v.exported && v.value !== undefined && !v.indexed && !v.assoc) out.push(`${k}=${v.value}`);
      }
    }
    return out;
  }
}

export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What `$name` gives: element 0 of an array. */
export function scalarValue(v: Variable): string | undefined {
  if (v.indexed) return v.indexed.get(0);
  if (v.assoc) return v.assoc.get('0');
  return v.value;
}

export function isSet(v: Variable): boolean {
  return v.value !== undefined || (v.indexed?.size ?? 0) > 0 || (v.assoc?.size ?? 0) > 0;
}

/** Keys of an indexed array in order. */
export function sortedKeys(m: Map<number, string>): number[] {
  const keys = [...m.keys()];
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i] as number) < (keys[i - 1] as number)) return keys.sort((a, b) => a - b);
  }
  return keys;
}

export function arrayValues(v: Variable): string[] {
  if (v.indexed) return sortedKeys(v.indexed).map((k) => v.indexed?.get(k) ?? '');
  if (v.assoc) return [...v.assoc.values()];
  return v.value === undefined ? [] : [v.value];
}

export function arrayKeys(v: Variable): string[] {
  if (v.indexed) return sortedKeys(v.indexed).map(String);
  if (v.assoc) return [...v.assoc.keys()];
  return v.value === undefined ? [] : ['0'];
}

export const isName = (s: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(s);

/** The letters that `declare` knows it by. */
export function describeAttributes(v: Variable): string {
  let out = '';
  if (v.indexed) out += 'a';
  if (v.assoc) out += 'A';
  if (v.integer) out += 'i';
  if (v.nameref) out += 'n';
  if (v.readonly) out += 'r';
  if (v.trace) out += 't';
  if (v.exported) out += 'x';
  if (v.lower) out += 'l';
  if (v.capital) out += 'c';
  if (v.upper) out += 'u';
  return out;
}
