/** strftime(3) in the C locale. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAY_MS = 86_400_000;

const pad = (n: number, width = 2, fill = '0'): string => String(n).padStart(width, fill);
const hour12 = (d: Date): number => d.getUTCHours() % 12 || 12;
const dayOfYear = (d: Date): number => Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / DAY_MS);
/** The week's number where weeks begin on `first` (0 is Sunday). */
const weekOfYear = (d: Date, first: number): number => Math.floor((dayOfYear(d) + 7 - ((d.getUTCDay() - first + 7) % 7)) / 7);

/** ISO 8601: the year and week of the Thursday in d's week. */
function isoWeek(d: Date): readonly [year: number, week: number] {
  const thursday = new Date(d.getTime() + (4 - (d.getUTCDay() || 7)) * DAY_MS);
  return [thursday.getUTCFullYear(), Math.floor(dayOfYear(thursday) / 7) + 1];
}

const CONVERSIONS: Readonly<Record<string, (d: Date) => string>> = {
  a: (d) => (DAYS[d.getUTCDay()] ?? '').slice(0, 3),
  A: (d) => DAYS[d.getUTCDay()] ?? '',
  b: (d) => (MONTHS[d.getUTCMonth()] ?? '').slice(0, 3),
  B: (d) => MONTHS[d.getUTCMonth()] ?? '',
  c: (d) => strftime('%a %b %e %H:%M:%S %Y', d),
  C: (d) => pad(Math.floor(d.getUTCFullYear() / 100)),
  d: (d) => pad(d.getUTCDate()),
  D: (d) => strftime('%m/%d/%y', d),
  e: (d) => pad(d.getUTCDate(), 2, ' '),
  F: (d) => strftime('%Y-%m-%d', d),
  g: (d) => pad(isoWeek(d)[0] % 100),
  G: (d) => String(isoWeek(d)[0]),
  h: (d) => strftime('%b', d),
  H: (d) => pad(d.getUTCHours()),
  I: (d) => pad(hour12(d)),
  j: (d) => pad(dayOfYear(d) + 1, 3),
  m: (d) => pad(d.getUTCMonth() + 1),
  M: (d) => pad(d.getUTCMinutes()),
  n: () => '\n',
  p: (d) => (d.getUTCHours() < 12 ? 'AM' : 'PM'),
  r: (d) => strftime('%I:%M:%S %p', d),
  R: (d) => strftime('%H:%M', d),
  s: (d) => String(Math.floor(d.getTime() / 1000)),
  S: (d) => pad(d.getUTCSeconds()),
  t: () => '\t',
  T: (d) => strftime('%H:%M:%S', d),
  u: (d) => String(d.getUTCDay() || 7),
  U: (d) => pad(weekOfYear(d, 0)),
  V: (d) => pad(isoWeek(d)[1]),
  w: (d) => String(d.getUTCDay()),
  W: (d) => pad(weekOfYear(d, 1)),
  x: (d) => strftime('%m/%d/%y', d),
  X: (d) => strftime('%H:%M:%S', d),
  y: (d) => pad(d.getUTCFullYear() % 100),
  Y: (d) => String(d.getUTCFullYear()),
  z: () => '+0000',
  Z: () => 'UTC',
  '%': () => '%',
};

/** Formats a time in UTC; E and O modifiers change nothing in the C locale. */
export function strftime(format: string, d: Date): string {
  return format.replace(/%[EO]?(.)/g, (whole, letter: string) => CONVERSIONS[letter]?.(d) ?? whole);
}
