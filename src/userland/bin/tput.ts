/** tput: what a terminal can do, by its name. The terminals of the lab are xterms. Follows ncurses 6.4. */
import { IS_ERR } from '../../uapi/errno.ts';
import { command, type Io } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure } from '../lib/error.ts';

const USAGE = (name: string): string => `Usage: ${name} [options] [command]

Options:
  -S <<       read commands from standard input
  -T TERM     use this instead of $TERM
  -V          print curses-version
  -x          do not try to clear scrollback

Commands:
  clear       clear the screen
  init        initialize the terminal
  reset       reinitialize the terminal
  capname     unlike clear/init/reset, print value for capability "capname"
`;

type Capability = string | number | boolean | ((...args: number[]) => string);
const color =
  (base: number, bright: number) =>
  (n: number): string =>
    n < 8 ? `\x1b[${base + n}m` : n < 16 ? `\x1b[${bright + n - 8}m` : `\x1b[${base + 8};5;${n}m`;
const count =
  (letter: string) =>
  (n: number): string =>
    `\x1b[${n}${letter}`;

const XTERM: Readonly<Record<string, Capability>> = {
  ...{ bold: '\x1b[1m', dim: '\x1b[2m', sitm: '\x1b[3m', ritm: '\x1b[23m', smul: '\x1b[4m', rmul: '\x1b[24m', blink: '\x1b[5m' },
  ...{ rev: '\x1b[7m', smso: '\x1b[7m', rmso: '\x1b[27m', invis: '\x1b[8m', sgr0: '\x1b(B\x1b[m', op: '\x1b[39;49m' },
  ...{ clear: '\x1b[H\x1b[2J\x1b[3J', el: '\x1b[K', el1: '\x1b[1K', ed: '\x1b[J', home: '\x1b[H', bel: '\x07', cr: '\r', ht: '\t' },
  ...{
    civis: '\x1b[?25l',
    cnorm: '\x1b[?12l\x1b[?25h',
    cvvis: '\x1b[?12;25h',
    smcup: '\x1b[?1049h\x1b[22;0;0t',
    rmcup: '\x1b[?1049l\x1b[23;0;0t',
  },
  ...{
    sc: '\x1b7',
    rc: '\x1b8',
    cuu1: '\x1b[A',
    cud1: '\n',
    cuf1: '\x1b[C',
    cub1: '\b',
    kcuu1: '\x1bOA',
    kcud1: '\x1bOB',
    kcuf1: '\x1bOC',
  },
  ...{
    kcub1: '\x1bOD',
    smkx: '\x1b[?1h\x1b=',
    rmkx: '\x1b[?1l\x1b>',
    il1: '\x1b[L',
    dl1: '\x1b[M',
    am: true,
    bce: true,
    xenl: true,
    it: 8,
  },
  cup: (row = 0, column = 0) => `\x1b[${row + 1};${column + 1}H`,
  hpa: (column = 0) => `\x1b[${column + 1}G`,
  vpa: (row = 0) => `\x1b[${row + 1}d`,
  ...{ cuu: count('A'), cud: count('B'), cuf: count('C'), cub: count('D'), il: count('L'), dl: count('M'), ech: count('X') },
  setaf: color(30, 90),
  setab: color(40, 100),
};
const COLORS: Readonly<Record<string, number>> = { xterm: 8, 'xterm-256color': 256 };

export const main = command(
  {
    name: 'tput',
    usage: ['[options] [command]'],
    summary: 'Prints what a terminal can do.',
    follows: 'ncurses 6.4',
    shortName: true,
    failure: 2,
    permute: false,
    hint: (io) => USAGE(io.name),
    options: [
      ['-T TERM', 'use this instead of $TERM'],
      ['-S', 'read commands from standard input (not supported here)'],
      ['-x', 'do not try to clear scrollback'],
      ['-V', 'print curses-version'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('S')) throw new Failure('-S is not supported here');
    const [name, ...args] = operands;
    const term = options.value('T') ?? getenv(io.envp, 'TERM') ?? '';
    if (term === '') throw new Failure('No value for $TERM and no -T specified', 2);
    if (name === undefined) {
      await io.complain(USAGE(io.name));
      return 2;
    }
    const colors = COLORS[term];
    if (colors === undefined) throw new Failure(`unknown terminal "${term}"`, 3);
    return print(io, name, args.map(Number), colors);
  },
);

function print(io: Io, name: string, args: readonly number[], colors: number): number {
  const size = { cols: ['ws_col', 80], lines: ['ws_row', 24] }[name] as ['ws_col' | 'ws_row', number] | undefined;
  if (size) io.stdout.put(`${windowSize(io, ...size)}\n`);
  else if (name === 'colors') io.stdout.put(`${colors}\n`);
  else if (name === 'reset' || name === 'init') io.stdout.put('\x1b[!p\x1b[?3;4l\x1b[4l\x1b>');
  else {
    const capability = XTERM[name];
    if (capability === undefined) throw new Failure(`unknown terminfo capability '${name}'`, 4);
    if (typeof capability === 'boolean') return capability ? 0 : 1;
    io.stdout.put(typeof capability === 'function' ? capability(...args) : typeof capability === 'number' ? `${capability}\n` : capability);
  }
  return 0;
}

function windowSize(io: Io, field: 'ws_col' | 'ws_row', standard: number): number {
  for (const fd of [2, 1, 0]) {
    const size = io.sys.ioctl(fd, 'TIOCGWINSZ');
    if (!IS_ERR(size) && size[field] > 0) return size[field];
  }
  return standard;
}
