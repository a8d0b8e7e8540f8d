/** sort(1)'s keys: which part of a line counts and how. */
import type { Io, Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { MONTH_NAMES } from '../lib/time.ts';
import { versionCompare } from '../lib/version-compare.ts';

export interface Comparison {
  readonly compare: (a: string, b: string) => number;
  /** Whole lines by character, which the engine sorts faster itself. */
  readonly plain: boolean;
}

/** `F[.C]`: a field and a character in it, both from 1; character 0 is the end of the field. */
interface Position {
  readonly field: number;
  readonly character: number;
  readonly skipBlanks: boolean;
}
interface Key {
  readonly start: Position;
  readonly end: Position | null;
  readonly letters: string;
}

const ORDERS = 'dfgiMhnRV';

export function comparisonOf(io: Io, options: Options): Comparison {
  const global = globalLetters(options);
  const separator = separatorOf(io, options);
  const keys = options.values('k').map((text) => parseKey(io, text, global));
  if (keys.length === 0 && global.replace('r', '') !== '') keys.push(wholeLine(global));
  for (const key of keys) refuseConflicts(key.letters);
  const comparers = keys.map((key) => compareByKey(key, separator));
  const last = options.has('s') || options.has('u') ? null : global.includes('r') ? (a: string, b: string) => plain(b, a) : plain;
  if (comparers.length === 0) {
    return global.includes('r') ? { compare: (a, b) => plain(b, a), plain: false } : { compare: plain, plain: true };
  }
  const compare = (a: string, b: string): number => {
    for (const comparer of comparers) {
      const order = comparer(a, b);
      if (order !== 0) return order;
    }
    return last ? last(a, b) : 0;
  };
  return { compare, plain: false };
}

const WORDS: Readonly<Record<string, string>> = {
  'general-numeric': 'g',
  'human-numeric': 'h',
  month: 'M',
  numeric: 'n',
  random: 'R',
  version: 'V',
};

function globalLetters(options: Options): string {
  const letters = [...`b${ORDERS}r`].filter((letter) => options.has(letter));
  const word = options.value('sort');
  const named = word === null ? undefined : Object.keys(WORDS).find((w) => w.startsWith(word));
  if (word !== null && !named) throw new Failure(`invalid argument '${word}' for '--sort'`);
  if (named) letters.push(WORDS[named] as string);
  return letters.join('');
}

function refuseConflicts(letters: string): void {
  const chosen = [...'ghMnRV'].filter((letter) => letters.includes(letter));
  const withDictionary = [...'di'].filter((letter) => letters.includes(letter));
  if (chosen.length + (chosen.some((c) => 'ghMn'.includes(c)) ? withDictionary.length : 0) <= 1) return;
  const listed = [...'dfghiMnRV'].filter((letter) => letters.includes(letter) && letter !== 'f');
  throw new Failure(`options '-${listed.join('')}' are incompatible`);
}

function separatorOf(io: Io, options: Options): string | null {
  const text = options.value('t');
  if (text === null) return null;
  const separator = io.charset.fromArgument(text);
  if (separator === '') throw new Failure('empty tab');
  if (separator === '\\0') return '\0';
  if ([...separator].length > 1) throw new Failure(`multi-character tab ${io.quoteAlways(text)}`);
  return separator;
}

function wholeLine(letters: string): Key {
  return { start: { field: 1, character: 1, skipBlanks: letters.includes('b') }, end: null, letters };
}

function parseKey(io: Io, text: string, global: string): Key {
  const m = /^([^.,A-Za-z]*)(?:\.([^,A-Za-z]*))?([A-Za-z]*)(?:(,)([^.A-Za-z]*)(?:\.([^A-Za-z]*))?([A-Za-z]*))?(.*)$/s.exec(text);
  const [, field = '', character, startLetters = '', comma, endField = '', endCharacter, endLetters = '', rest = ''] = m ?? [];
  const number = (digits: string, where: string): number => {
    if (/^\d+$/.test(digits)) return Number(digits);
    throw new Failure(`invalid number ${where}: invalid count at start of ${io.quote(digits)}`);
  };
  const startField = number(field === '' ? text : field, 'at field start');
  if (startField === 0) throw new Failure(`field number is zero: invalid field specification ${io.quote(text)}`);
  const startCharacter = character === undefined ? 1 : number(character, "after '.'");
  if (startCharacter === 0) throw new Failure(`character offset is zero: invalid field specification ${io.quote(text)}`);
  if (rest !== '' || /[^bdfgiMhnRrV]/.test(startLetters + endLetters)) {
    throw new Failure(`stray character in field spec: invalid field specification ${io.quote(text)}`);
  }
  const own = startLetters + endLetters;
  const letters = own === '' ? global : own;
  const skips = (mine: string): boolean => (own === '' ? global : mine).includes('b');
  const end = comma === undefined ? null : endPosition(number(endField, "after ','"), endCharacter, skips(endLetters));
  return { start: { field: startField, character: startCharacter, skipBlanks: skips(startLetters) }, end, letters };
}

function endPosition(field: number, character: string | undefined, skipBlanks: boolean): Position {
  return { field, character: Number(character ?? 0), skipBlanks };
}

function compareByKey(key: Key, separator: string | null): (a: string, b: string) => number {
  const isLine = key.start.field === 1 && key.start.character === 1 && !key.start.skipBlanks && key.end === null;
  const extract = isLine ? (line: string) => line : (line: string) => extractKey(line, key, separator);
  const compare = comparer(key.letters);
  const reverse = key.letters.includes('r');
  return (a, b) => (reverse ? compare(extract(b), extract(a)) : compare(extract(a), extract(b)));
}

function extractKey(line: string, key: Key, separator: string | null): string {
  const start = startOf(line, key.start, separator);
  const end = key.end === null ? line.length : endOf(line, key.end, separator);
  return end <= start ? '' : line.slice(start, end);
}

/** Without a separator a field begins with the blanks in front of it. */
function fieldStart(line: string, field: number, separator: string | null): number {
  let at = 0;
  for (let n = 1; n < field; n++) {
    if (separator === null) {
      while (isBlank(line, at)) at++;
      while (at < line.length && !isBlank(line, at)) at++;
      continue;
    }
    const next = line.indexOf(separator, at);
    if (next < 0) return line.length;
    at = next + 1;
  }
  return at;
}

function startOf(line: string, position: Position, separator: string | null): number {
  let at = fieldStart(line, position.field, separator);
  if (position.skipBlanks) while (isBlank(line, at)) at++;
  return Math.min(line.length, at + position.character - 1);
}

function endOf(line: string, position: Position, separator: string | null): number {
  if (position.character === 0) {
    const next = fieldStart(line, position.field + 1, separator);
    return separator !== null && next > 0 && line[next - 1] === separator ? next - 1 : next;
  }
  let at = fieldStart(line, position.field, separator);
  if (position.skipBlanks) while (isBlank(line, at)) at++;
  return Math.min(line.length, at + position.character);
}

function isBlank(line: string, at: number): boolean {
  const c = line[at];
  return c === ' ' || c === '\t';
}

function plain(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparer(letters: string): (a: string, b: string) => number {
  if (letters.includes('n')) return (a, b) => numeric(a) - numeric(b);
  if (letters.includes('g')) return (a, b) => compareGeneral(a, b);
  if (letters.includes('h')) return compareHuman;
  if (letters.includes('M')) return (a, b) => month(a) - month(b);
  if (letters.includes('V')) return versionCompare;
  if (letters.includes('R')) return (a, b) => hash(a) - hash(b) || plain(a, b);
  const fold = translator(letters);
  return fold ? (a, b) => plain(fold(a), fold(b)) : plain;
}

function translator(letters: string): ((text: string) => string) | null {
  const steps: ((text: string) => string)[] = [];
  if (letters.includes('d')) steps.push((text) => text.replace(/[^ \tA-Za-z0-9]/g, ''));
  if (letters.includes('i')) steps.push((text) => text.replace(/[^\x20-\x7e]/g, ''));
  if (letters.includes('f')) steps.push((text) => text.replace(/[a-z]/g, (c) => c.toUpperCase()));
  return steps.length === 0 ? null : (text) => steps.reduce((t, step) => step(t), text);
}

function numeric(text: string): number {
  const m = /^[ \t]*(-?\d*(?:\.\d*)?)/.exec(text);
  return Number(m?.[1]) || 0;
}

/** What is no number comes first, then NaN. */
function compareGeneral(a: string, b: string): number {
  const value = (text: string): number | null => {
    const m = /^\s*([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf(?:inity)?|nan|0x[0-9a-f]+))/i.exec(text);
    if (!m) return null;
    const word = (m[1] as string).toLowerCase().replace(/inf(inity)?/, 'Infinity');
    return Number(word);
  };
  const [x, y] = [value(a), value(b)];
  if (x === null || y === null) return Number(x !== null) - Number(y !== null);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(!Number.isNaN(x)) - Number(!Number.isNaN(y));
  return x < y ? -1 : x > y ? 1 : 0;
}

const UNITS = 'KMGTPEZY';
function compareHuman(a: string, b: string): number {
  const split = (text: string): [number, number] => {
    const m = /^[ \t]*(-?\d*(?:\.\d*)?)([KkMGTPEZY]?)/.exec(text);
    const value = Number(m?.[1]) || 0;
    const order = m?.[2] ? UNITS.indexOf(m[2].toUpperCase()) + 1 : 0;
    return [value === 0 ? 0 : value < 0 ? -order - 1 : order + 1, value];
  };
  const [[x, v], [y, w]] = [split(a), split(b)];
  return x - y || v - w;
}

function month(text: string): number {
  const name = text.trimStart().slice(0, 3).toLowerCase();
  return MONTH_NAMES.findIndex((m) => m.slice(0, 3).toLowerCase() === name) + 1;
}

/** Equal lines stay together; where they go changes from run to run. */
const salt = Math.floor(Math.random() * 0x7fffffff);
function hash(text: string): number {
  let h = salt;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
