/** free: how much memory there is. Follows procps-ng 4.0.2. */
import { latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { command, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { readFile } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'free',
    usage: ['[options]'],
    summary: 'Shows free and used memory.',
    follows: 'procps-ng 4.0.2',
    hint: () => '\nUsage:\n free [options]\n\nFor more details see free(1).\n',
    options: [
      ['-b, --bytes', 'show output in bytes'],
      ['-k, --kibi', 'show output in kibibytes'],
      ['-m, --mebi', 'show output in mebibytes'],
      ['-g, --gibi', 'show output in gibibytes'],
      ['-h, --human', 'show human-readable output'],
      ['-t, --total', 'show total for RAM + swap'],
    ],
  },
  async (io, options) => {
    const bytes = await readFile(io.sys, '/proc/meminfo');
    if (IS_ERR(bytes)) throw new Failure('Unable to create meminfo structure');
    const kb = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(latin1(bytes))?.[1] ?? 0);
    const cache = kb('Buffers') + kb('Cached') + kb('SReclaimable');
    const used = kb('MemTotal') - kb('MemFree') - cache;
    const swap = [kb('SwapTotal'), kb('SwapTotal') - kb('SwapFree'), kb('SwapFree')];
    io.stdout.put(`               total        used        free      shared  buff/cache   available\n`);
    io.stdout.put(row(options, 'Mem:', [kb('MemTotal'), used, kb('MemFree'), kb('Shmem'), cache, kb('MemAvailable')]));
    io.stdout.put(row(options, 'Swap:', swap));
    if (options.has('t'))
      io.stdout.put(row(options, 'Total:', [kb('MemTotal') + (swap[0] ?? 0), used + (swap[1] ?? 0), kb('MemFree') + (swap[2] ?? 0)]));
    return 0;
  },
);

const row = (options: Options, label: string, values: readonly number[]): string =>
  `${label.padEnd(8)}${values.map((n) => ` ${shown(options, n).padStart(11)}`).join('')}\n`;

function shown(options: Options, kilobytes: number): string {
  const unit = options.last('b', 'k', 'm', 'g', 'h');
  if (unit === 'h') return human(kilobytes * 1024);
  return String(
    Math.floor(unit === 'b' ? kilobytes * 1024 : unit === 'm' ? kilobytes / 1024 : unit === 'g' ? kilobytes / 1024 ** 2 : kilobytes),
  );
}

function human(bytes: number): string {
  let [n, power] = [bytes, 0];
  while (n >= 1000 && power < 5) {
    n /= 1024;
    power++;
  }
  const unit = `${' KMGTP'[power]}i`.trim();
  return power === 0 ? `${bytes}B` : `${n < 10 ? n.toFixed(1) : Math.floor(n)}${unit}`;
}
