/** strftime(3) and friends in UTC: the only time zone of this machine. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAY_MS = 86_400_000;
/** Half a mean Gregorian year: what ls calls recent. */
const HALF_YEAR_MS = (31_556_952 / 2) * 1000;

export const dayName = (day: number): string => DAYS[day] ?? '?';
export const monthName = (month: number): string => MONTHS[month] ?? '?';
export const MONTH_NAMES: readonly string[] = MONTHS;
export const DAY_NAMES: readonly string[] = DAYS;

/** Expands a format of strftime(3) with GNU's flags `- _ 0 ^ #`, widths, and `%N`; `ms` since the epoch. */
export function strftime(format: string, ms: number): string {
  return format.replace(/%([-_0^#+]*)(\d*)[EO]?(:{1,3}z|[a-zA-Z%])/g, (whole, flags: string, width: string, letter: string) => {
    const field = expand(letter, ms, width);
    return field === undefined ? whole : adorn(field, flags, width, letter);
  });
}

interface Field {
  readonly text: string;
  /** Pad to this many with `pad`. */
  readonly width: number;
  readonly pad: '0' | ' ';
}

function adorn(field: Field, flags: string, width: string, letter: string): string {
  let text = field.text;
  if (flags.includes('^')) text = text.toUpperCase();
  if (flags.includes('#')) text = letter === 'p' || letter === 'Z' ? text.toLowerCase() : text.toUpperCase();
  if (letter === 'N') return text;
  const padding = [...flags].findLast((f) => f === '-' || f === '_' || f === '0');
  if (padding === '-') return text;
  const pad = padding === '_' ? ' ' : padding === '0' ? '0' : field.pad;
  const wanted = width === '' ? field.width : Number(width);
  if (pad === '0' && /^[-+]/.test(text)) return text[0] + text.slice(1).padStart(wanted - 1, '0');
  return text.padStart(wanted, pad);
}

const number = (value: number, width: number, pad: '0' | ' ' = '0'): Field => ({ text: String(value), width, pad });
const words = (text: string): Field => ({ text, width: 0, pad: ' ' });

function expand(letter: string, ms: number, width: string): Field | undefined {
  const d = new Date(Math.floor(ms));
  const hour12 = d.getUTCHours() % 12 || 12;
  switch (letter) {
    case '%':
      return words('%');
    case 'n':
      return words('\n');
    case 't':
      return words('\t');
    case 'a':
      return words(dayName(d.getUTCDay()).slice(0, 3));
    case 'A':
      return words(dayName(d.getUTCDay()));
    case 'b':
    case 'h':
      return words(monthName(d.getUTCMonth()).slice(0, 3));
    case 'B':
      return words(monthName(d.getUTCMonth()));
    case 'C':
      return number(Math.floor(d.getUTCFullYear() / 100), 2);
    case 'd':
      return number(d.getUTCDate(), 2);
    case 'e':
      return number(d.getUTCDate(), 2, ' ');
    case 'H':
      return number(d.getUTCHours(), 2);
    case 'k':
      return number(d.getUTCHours(), 2, ' ');
    case 'I':
      return number(hour12, 2);
    case 'l':
      return number(hour12, 2, ' ');
    case 'j':
      return number(yearDay(d) + 1, 3);
    case 'm':
      return number(d.getUTCMonth() + 1, 2);
    case 'M':
      return number(d.getUTCMinutes(), 2);
    case 'S':
      return number(d.getUTCSeconds(), 2);
    case 'N':
      return words(nanoseconds(ms, width));
    case 'p':
      return words(d.getUTCHours() < 12 ? 'AM' : 'PM');
    case 'P':
      return words(d.getUTCHours() < 12 ? 'am' : 'pm');
    case 's':
      return number(Math.floor(ms / 1000), 1);
    case 'u':
      return number(d.getUTCDay() || 7, 1);
    case 'w':
      return number(d.getUTCDay(), 1);
    case 'U':
      return number(Math.floor((yearDay(d) + 7 - d.getUTCDay()) / 7), 2);
    case 'W':
      return number(Math.floor((yearDay(d) + 7 - ((d.getUTCDay() + 6) % 7)) / 7), 2);
    case 'V':
      return number(isoWeek(d).week, 2);
    case 'G':
      return number(isoWeek(d).year, 4);
    case 'g':
      return number(isoWeek(d).year % 100, 2);
    case 'y':
      return number(d.getUTCFullYear() % 100, 2);
    case 'Y':
      return number(d.getUTCFullYear(), 1);
    case 'Z':
      return words('UTC');
    case 'z':
      return words('+0000');
    case ':z':
      return words('+00:00');
    case '::z':
      return words('+00:00:00');
    case ':::z':
      return words('+00');
    default:
      return expandCompound(letter, ms);
  }
}

const COMPOUND: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

function expandCompound(letter: string, ms: number): Field | undefined {
  const format = COMPOUND[letter];
  return format === undefined ? undefined : words(strftime(format, ms));
}

function nanoseconds(ms: number, width: string): string {
  const fraction = ms - Math.floor(ms / 1000) * 1000;
  const digits = String(Math.floor(fraction * 1e6 + 1e-3)).padStart(9, '0');
  return width === '' ? digits : digits.slice(0, Number(width)).padEnd(Number(width), '0');
}

function yearDay(d: Date): number {
  return Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / DAY_MS);
}

function isoWeek(d: Date): { year: number; week: number } {
  const thursday = new Date(d.getTime() + (3 - ((d.getUTCDay() + 6) % 7)) * DAY_MS);
  return { year: thursday.getUTCFullYear(), week: Math.floor(yearDay(thursday) / 7) + 1 };
}

/** The date of `ls -l`: the time of day if recent, else the year. */
export function lsDate(ms: number, now: number): string {
  const recent = ms > now - HALF_YEAR_MS && ms <= now;
  return strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', ms);
}

/** "2026-11-25 10:20:30.123456789 +0000", as stat(1) prints. */
export function fullTime(ms: number): string {
  return strftime('%Y-%m-%d %H:%M:%S.%N %z', ms);
}
