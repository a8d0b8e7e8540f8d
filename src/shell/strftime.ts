/** strftime(3) in the C locale and UTC, which is the lab's time zone. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const two = (n: number): string => String(n).padStart(2, '0');

export function strftime(format: string, ms: number): string {
  const d = new Date(ms);
  return format.replace(/%([-_0^]?)(.)/gs, (all, flag: string, c: string) => {
    const text = conversion(c, d);
    if (text === undefined) return all;
    if (flag === '-') return text.replace(/^0+(?=.)/, '');
    return flag === '^' ? text.toUpperCase() : text;
  });
}

function conversion(c: string, d: Date): string | undefined {
  const day = DAYS[d.getUTCDay()] as string;
  const month = MONTHS[d.getUTCMonth()] as string;
  const yearDay = Math.floor(
    (Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()) - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86400000,
  );
  const sub = (f: string): string => strftime(f, d.getTime());
  switch (c) {
    case 'Y':
      return String(d.getUTCFullYear());
    case 'C':
      return two(Math.floor(d.getUTCFullYear() / 100));
    case 'y':
      return two(d.getUTCFullYear() % 100);
    case 'm':
      return two(d.getUTCMonth() + 1);
    case 'd':
      return two(d.getUTCDate());
    case 'e':
      return String(d.getUTCDate()).padStart(2);
    case 'H':
      return two(d.getUTCHours());
    case 'I':
      return two(d.getUTCHours() % 12 || 12);
    case 'k':
      return String(d.getUTCHours()).padStart(2);
    case 'l':
      return String(d.getUTCHours() % 12 || 12).padStart(2);
    case 'M':
      return two(d.getUTCMinutes());
    case 'S':
      return two(d.getUTCSeconds());
    case 'p':
      return d.getUTCHours() < 12 ? 'AM' : 'PM';
    case 'P':
      return d.getUTCHours() < 12 ? 'am' : 'pm';
    case 'a':
      return day.slice(0, 3);
    case 'A':
      return day;
    case 'b':
    case 'h':
      return month.slice(0, 3);
    case 'B':
      return month;
    case 'j':
      return String(yearDay + 1).padStart(3, '0');
    case 'u':
      return String(d.getUTCDay() || 7);
    case 'w':
      return String(d.getUTCDay());
    case 'U':
      return two(Math.floor((yearDay + 7 - d.getUTCDay()) / 7));
    case 'W':
      return two(Math.floor((yearDay + 7 - ((d.getUTCDay() + 6) % 7)) / 7));
    case 's':
      return String(Math.floor(d.getTime() / 1000));
    case 'N':
      return String(Math.floor((d.getTime() % 1000) * 1e6)).padStart(9, '0');
    case 'Z':
      return 'UTC';
    case 'z':
      return '+0000';
    case 'D':
    case 'x':
      return sub('%m/%d/%y');
    case 'F':
      return sub('%Y-%m-%d');
    case 'T':
    case 'X':
      return sub('%H:%M:%S');
    case 'R':
      return sub('%H:%M');
    case 'r':
      return sub('%I:%M:%S %p');
    case 'c':
      return sub('%a %b %e %H:%M:%S %Y');
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '%':
      return '%';
    default:
      return undefined;
  }
}
