/** What an author can ask of an element by its attributes, in the query of embed.html. */

/** Attributes that have a value, and those that are there or not. */
const VALUES = ['host', 'kernel', 'script', 'files', 'lesson', 'panels', 'theme', 'height', 'poster'] as const;
const SWITCHES = ['autorun', 'no-autofocus'] as const;

/**
 * The attributes that a query asks for. `framed` says whether a page has framed this one: opened by a link, nothing runs by
 * itself.
 */
export function attributesOf(query: string, framed: boolean): ReadonlyArray<readonly [name: string, value: string]> {
  const asked = new URLSearchParams(query);
  const values = VALUES.flatMap((name) => {
    const value = asked.get(name);
    return value === null ? [] : [[name, name === 'panels' ? value.replace(/[\s,]+/g, ' ').trim() : value] as const];
  });
  const on = SWITCHES.filter((name) => isOn(asked.get(name)) && (framed || name !== 'autorun'));
  return [...values, ...on.map((name) => [name, ''] as const)];
}

const isOn = (value: string | null): boolean => value !== null && !/^(0|false|no|off)$/i.test(value);
