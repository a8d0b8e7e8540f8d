/** The `time` keyword. */
import { CLOCK_MONOTONIC } from '../../uapi/syscalls.ts';
import type { Shell } from '../shell.ts';

/** Starts measuring; the answer prints what was measured. */
export function startClock(sh: Shell, style: 'bash' | 'posix'): () => Promise<void> {
  const real = sh.sys.clock_gettime(CLOCK_MONOTONIC);
  const before = sh.sys.getrusage();
  return async () => {
    const after = sh.sys.getrusage();
    const times = {
      R: sh.sys.clock_gettime(CLOCK_MONOTONIC) - real,
      U: after.utime + after.cutime - before.utime - before.cutime,
      S: after.stime + after.cstime - before.stime - before.cstime,
    };
    const format = style === 'posix' ? 'real %2R\nuser %2U\nsys %2S' : (sh.get('TIMEFORMAT') ?? '\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS');
    if (format !== '') await sh.write(2, `${formatTimes(format, times)}\n`);
  };
}

function formatTimes(format: string, times: Readonly<Record<'R' | 'U' | 'S', number>>): string {
  return format.replace(/%(?:(\d?)(l?)([RUS])|([P%]))/g, (_all, digits: string, long: string, which: 'R' | 'U' | 'S', other: string) => {
    if (other === '%') return '%';
    if (other === 'P') return times.R > 0 ? (((times.U + times.S) / times.R) * 100).toFixed(2) : '0.00';
    const precision = Math.min(digits === '' ? 3 : Number(digits), 3);
    const seconds = times[which] / 1000;
    return long ? `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(precision)}s` : seconds.toFixed(precision);
  });
}
