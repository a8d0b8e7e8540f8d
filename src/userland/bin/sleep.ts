/** sleep(1). */
import { EINTR } from '../../uapi/errno.ts';
import { CLOCK_MONOTONIC } from '../../uapi/syscalls.ts';
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const main = command(
  {
    name: 'sleep',
    usage: ['NUMBER[SUFFIX]...'],
    summary: 'Waits for the sum of the times: seconds, or with a suffix s, m, h or d.',
  },
  async (io, _options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    const times = operands.map(milliseconds);
    const bad = operands.filter((_, i) => times[i] === null);
    for (const text of bad.slice(0, -1)) await io.warn(`invalid time interval ${io.quote(text)}`);
    if (bad.length > 0) throw new UsageError(`invalid time interval ${io.quote(bad.at(-1) ?? '')}`);
    const end = io.sys.clock_gettime(CLOCK_MONOTONIC) + times.reduce<number>((sum, t) => sum + (t ?? 0), 0);
    for (;;) {
      const left = end - io.sys.clock_gettime(CLOCK_MONOTONIC);
      if ((await io.sys.nanosleep(Math.max(0, left))) !== EINTR) return 0;
    }
  },
);

function milliseconds(text: string): number | null {
  const m = /^(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf(?:inity)?)([smhd]?)$/i.exec(text);
  if (!m) return null;
  const number = /^inf/i.test(m[1] as string) ? Number.POSITIVE_INFINITY : Number(m[1]);
  return number * (UNIT_MS[m[2] || 's'] as number);
}
