/** Dates as people write them: what `date -d` and `touch -d` take, in UTC. Follows gnulib's parse_datetime for the usual forms. */
import { DAY_NAMES, MONTH_NAMES } from './time.ts';

/** A calendar being put together from the words of a date. */
interface Draft {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  zone: number;
  hasDate: boolean;
  hasTime: boolean;
  weekday: { day: number; ordinal: number } | null;
  relative: { unit: Unit; amount: number }[];
  absolute: number | null;
}
type Unit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** Milliseconds since the epoch, or null if the text is no date. `now` is where relative dates start. */
export function parseDate(text: string, now: number): number | null {
  const at = new Date(now);
  const draft: Draft = {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth(),
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    ms: now - Math.floor(now / 1000) * 1000,
    zone: 0,
    hasDate: false,
    hasTime: false,
    weekday: null,
    relative: [],
    absolute: null,
  };
  let rest = text.trim() || 'midnight';
  while (rest !== '') {
    const used = takeItem(rest, draft);
    if (used === 0) return null;
    rest = rest.slice(used).replace(/^[\s,]+/, '');
  }
  return finish(draft);
}

type Rule = readonly [pattern: RegExp, apply: (m: RegExpExecArray, draft: Draft) => boolean];

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\\.?';
const ZONE = /^(?:z|utc|gmt|ut)(?![a-z])|^([-+])(\d\d):?(\d\d)?(?!\d)/i;

const RULES: readonly Rule[] = [
  [/^@(-?\d+(?:[.,]\d+)?)/, setAbsolute],
  [/^(\d{4,})-(\d{1,2})-(\d{1,2})(?:T(?=\d))?/i, (m, d) => setDate(d, Number(m[1]), Number(m[2]) - 1, Number(m[3]))],
  [/^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d\d)(?!\d)/, (m, d) => setDate(d, fullYear(m[3]), Number(m[1]) - 1, Number(m[2]))],
  [/^(\d{4})\/(\d{1,2})\/(\d{1,2})/, (m, d) => setDate(d, Number(m[1]), Number(m[2]) - 1, Number(m[3]))],
  [/^(\d{1,2})\/(\d{1,2})(?![\d/])/, (m, d) => setDate(d, d.year, Number(m[1]) - 1, Number(m[2]))],
  [
    new RegExp(`^(\\d{1,2})[- ]?${MONTH}(?:[- ,]+(\\d{4})(?!:|\\d))?`, 'i'),
    (m, d) => setDate(d, Number(m[3] ?? d.year), monthOf(m[2]), Number(m[1])),
  ],
  [
    new RegExp(`^${MONTH}[- ]+(\\d{1,2})(?![\\d:])(?:,? +(\\d{4})(?![:\\d]))?`, 'i'),
    (m, d) => setDate(d, Number(m[3] ?? d.year), monthOf(m[1]), Number(m[2])),
  ],
  [/^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*([ap]\.?m\.?)?/i, setClock],
  [/^(\d{1,2})\s*([ap]\.?m\.?)(?![a-z])/i, (m, d) => setTime(d, twelve(Number(m[1]), m[2]), 0, 0, 0)],
  [/^(\d{4})(\d\d)(\d\d)(?!\d)/, (m, d) => setDate(d, Number(m[1]), Number(m[2]) - 1, Number(m[3]))],
  [/^(?:now|today)(?![a-z])/i, () => true],
  [/^yesterday(?![a-z])/i, (_, d) => addRelative(d, 'day', -1)],
  [/^tomorrow(?![a-z])/i, (_, d) => addRelative(d, 'day', 1)],
  [/^midnight(?![a-z])/i, (_, d) => setTime(d, 0, 0, 0, 0)],
  [/^noon(?![a-z])/i, (_, d) => setTime(d, 12, 0, 0, 0)],
  [
    /^([-+]?\s*\d+|an?|next|last|this)?\s*(year|month|fortnight|week|day|hour|minute|min|second|sec)s?(?![a-z])(\s+ago(?![a-z]))?/i,
    setRelative,
  ],
  [/^(next|last|this)?\s*(sun|mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?)(?:day)?(?![a-z])/i, setWeekday],
  [ZONE, setZone],
];

function takeItem(text: string, draft: Draft): number {
  for (const [pattern, apply] of RULES) {
    const m = pattern.exec(text);
    if (m && m[0] !== '' && apply(m, draft)) return m[0].length;
  }
  return 0;
}

function setAbsolute(m: RegExpExecArray, d: Draft): boolean {
  d.absolute = Number((m[1] as string).replace(',', '.')) * 1000;
  return true;
}

function setDate(d: Draft, year: number, month: number, day: number): boolean {
  const check = new Date(Date.UTC(year, month, day));
  if (d.hasDate || month < 0 || month > 11 || check.getUTCMonth() !== month || day < 1) return false;
  Object.assign(d, { year, month, day, hasDate: true });
  return true;
}

function setTime(d: Draft, hour: number, minute: number, second: number, ms: number): boolean {
  if (d.hasTime || hour < 0 || hour > 24 || minute > 59 || second > 60) return false;
  Object.assign(d, { hour, minute, second, ms, hasTime: true });
  return true;
}

function setClock(m: RegExpExecArray, d: Draft): boolean {
  const hour = m[5] ? twelve(Number(m[1]), m[5]) : Number(m[1]);
  return hour <= 23 && setTime(d, hour, Number(m[2]), Number(m[3] ?? 0), m[4] ? Number(`0.${m[4]}`) * 1000 : 0);
}

function twelve(hour: number, half: string | undefined): number {
  if (hour < 1 || hour > 12) return -1;
  return (hour % 12) + (half?.toLowerCase().startsWith('p') ? 12 : 0);
}

function setRelative(m: RegExpExecArray, d: Draft): boolean {
  const word = (m[1] ?? '1').replace(/\s/g, '').toLowerCase();
  const count = ({ a: 1, an: 1, next: 1, last: -1, this: 0 } as Record<string, number>)[word] ?? Number(word);
  const unit = (m[2] as string).toLowerCase();
  const amount = m[3] ? -count : count;
  if (unit === 'week') return addRelative(d, 'day', amount * 7);
  if (unit === 'fortnight') return addRelative(d, 'day', amount * 14);
  const full = unit === 'min' ? 'minute' : unit === 'sec' ? 'second' : unit;
  return addRelative(d, full as Unit, amount);
}

function addRelative(d: Draft, unit: Unit, amount: number): boolean {
  d.relative.push({ unit, amount });
  return true;
}

function setWeekday(m: RegExpExecArray, d: Draft): boolean {
  const day = DAY_NAMES.findIndex((name) => name.toLowerCase().startsWith((m[2] as string).toLowerCase().slice(0, 3)));
  d.weekday = { day, ordinal: { next: 1, last: -1 }[(m[1] ?? '').toLowerCase()] ?? 0 };
  return true;
}

function setZone(m: RegExpExecArray, d: Draft): boolean {
  if (m[1]) d.zone = (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3] ?? 0));
  return true;
}

function monthOf(name: string | undefined): number {
  return MONTH_NAMES.findIndex((m) => m.toLowerCase().startsWith((name ?? '').toLowerCase().slice(0, 3)));
}

function fullYear(text: string | undefined): number {
  const year = Number(text);
  return text?.length === 4 ? year : year + (year < 69 ? 2000 : 1900);
}

function finish(d: Draft): number | null {
  if (d.absolute !== null) return d.absolute;
  if ((d.hasDate || d.weekday) && !d.hasTime) Object.assign(d, { hour: 0, minute: 0, second: 0, ms: 0 });
  const sum = (unit: Unit): number => d.relative.filter((r) => r.unit === unit).reduce((n, r) => n + r.amount, 0);
  const day = d.day + sum('day') + (d.weekday && !d.hasDate ? daysUntil(d, d.weekday) : 0);
  const date = Date.UTC(d.year + sum('year'), d.month + sum('month'), day, d.hour, d.minute, d.second);
  const offset = (sum('hour') * 3600 + sum('minute') * 60 + sum('second') - d.zone * 60) * 1000;
  const result = date + d.ms + offset;
  return Number.isNaN(result) ? null : result;
}

function daysUntil(d: Draft, wanted: { day: number; ordinal: number }): number {
  const today = new Date(Date.UTC(d.year, d.month, d.day)).getUTCDay();
  const ahead = (wanted.day - today + 7) % 7;
  return ahead + 7 * (wanted.ordinal > 0 && ahead !== 0 ? wanted.ordinal - 1 : wanted.ordinal);
}
