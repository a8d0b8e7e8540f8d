/** Looks whether a value from outside has the shape it should have; what is wrong first is said with its place. */

/** null: all is well; else where and what. */
export type Check = (value: unknown) => string | null;

const says = (wanted: string, is: (value: unknown) => boolean): Check => {
  return (value) => (is(value) ? null : ` is no ${wanted}`);
};

export const text = says('text', (v) => typeof v === 'string');
export const truth = says('truth value', (v) => typeof v === 'boolean');
export const number = says('number', (v) => typeof v === 'number' && Number.isFinite(v));
export const count = says('count', (v) => Number.isSafeInteger(v) && (v as number) >= 0);
export const limit = says('limit', (v) => typeof v === 'number' && v >= 0);
export const bytes = says('bytes', (v) => v instanceof Uint8Array);
export const exactly = (value: unknown): Check => says(JSON.stringify(value), (v) => v === value);
export const oneOf = (...values: readonly string[]): Check => says(values.join(' or '), (v) => values.includes(v as string));
export const such = (wanted: string, is: (text: string) => boolean): Check => says(wanted, (v) => typeof v === 'string' && is(v));

export const nullOr = (check: Check): Check => {
  return (value) => (value === null ? null : check(value));
};

export const maybe = (check: Check): Check => {
  return (value) => (value === undefined ? null : check(value));
};

export const listOf = (check: Check): Check => {
  return (value) => (Array.isArray(value) ? first(value.entries(), ([i, item]) => within(`[${i}]`, check(item))) : ' is no list');
};

export const setOf = (check: Check): Check => {
  return (value) => (value instanceof Set ? first(value, (item) => within('{}', check(item))) : ' is no set');
};

/** A list with one check for each item. */
export const row = (...checks: readonly Check[]): Check => {
  return (value) => {
    if (!Array.isArray(value) || value.length !== checks.length) return ` is no list of ${checks.length}`;
    return first(checks.entries(), ([i, check]) => within(`[${i}]`, check(value[i])));
  };
};

/** An object with at least these members. */
export const shape = (members: Readonly<Record<string, Check>>): Check => {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return ' is no object';
    const given = value as Readonly<Record<string, unknown>>;
    return first(Object.entries(members), ([name, check]) => within(`.${name}`, check(given[name])));
  };
};

/** One and then the other, which may rely on the first. */
export const both = (one: Check, other: Check): Check => {
  return (value) => one(value) ?? other(value);
};

/** Objects that were well once are not looked at again. */
export const once = (check: Check): Check => {
  const well = new WeakSet<object>();
  return (value) => {
    if (typeof value === 'object' && value !== null && well.has(value)) return null;
    const problem = check(value);
    if (problem === null) well.add(value as object);
    return problem;
  };
};

const within = (place: string, problem: string | null): string | null => (problem === null ? null : place + problem);

function first<T>(items: Iterable<T>, problem: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = problem(item);
    if (found !== null) return found;
  }
  return null;
}
