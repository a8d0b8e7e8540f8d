/** What an author can ask of an element: its attributes, and the same in the query of embed.html. */

export interface EmbedOptions {
  /** Typed at the prompt, for the visitor to run; runs by itself only with `autorun`. */
  readonly script: string;
  readonly autorun: boolean;
  /** The JSON of the files to write; embed-files.ts reads it. */
  readonly files: string;
}

/** Attributes that have a value, and those that are there or not. */
const VALUES = ['host', 'kernel', 'script', 'files', 'lesson', 'panels', 'theme', 'height', 'poster'] as const;
const SWITCHES = ['autorun', 'no-autofocus'] as const;

/** A script's characters that are no text would be keys at the prompt. */
const KEYS = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

export function optionsOf(element: Element): EmbedOptions {
  const script = (element.getAttribute('script') ?? '').replace(/\r\n?/g, '\n').replace(KEYS, '').replace(/\n+$/, '');
  return { script, autorun: element.hasAttribute('autorun'), files: element.getAttribute('files') ?? '' };
}

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
