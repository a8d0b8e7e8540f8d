/** uptime: how long the machine runs. Follows procps-ng 4.0.2. */
import { latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { CLOCK_REALTIME } from '../../uapi/syscalls.ts';
import { command, type Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { readFile } from '../lib/stdio.ts';
import { strftime } from '../lib/time.ts';

const USAGE = `
Usage:
 uptime [options]

Options:
 -p, --pretty   show uptime in pretty format
 -h, --help     display this help and exit
 -s, --since    system up since
 -V, --version  output version information and exit

For more details see uptime(1).
`;

export const main = command(
  {
    name: 'uptime',
    usage: ['[options]'],
    summary: 'Tells how long the system has been running.',
    follows: 'procps-ng 4.0.2',
    hint: () => USAGE,
    options: [
      ['-p, --pretty', 'show uptime in pretty format'],
      ['-s, --since', 'system up since'],
    ],
  },
  async (io, options) => {
    const seconds = Number((await words(io, '/proc/uptime'))[0]);
    const now = io.sys.clock_gettime(CLOCK_REALTIME);
    if (options.has('s')) io.stdout.put(`${strftime('%F %T', now - seconds * 1000)}\n`);
    else if (options.has('p')) io.stdout.put(`up ${pretty(seconds)}\n`);
    else {
      const load = (await words(io, '/proc/loadavg')).slice(0, 3).join(', ');
      io.stdout.put(` ${strftime('%T', now)} up ${short(seconds)},  0 user,  load average: ${load}\n`);
    }
    return 0;
  },
);

async function words(io: Io, path: string): Promise<string[]> {
  const bytes = await readFile(io.sys, path);
  if (IS_ERR(bytes)) throw new Failure(`Error: /proc must be mounted`);
  return latin1(bytes).split(' ');
}

function short(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const clock = hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`;
  return `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${clock}`;
}

function pretty(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
  ] as const;
  const shown = parts.filter(([n]) => n > 0);
  return (shown.length > 0 ? shown : parts.slice(-1)).map(([n, unit]) => `${n} ${unit}${n === 1 ? '' : 's'}`).join(', ');
}
