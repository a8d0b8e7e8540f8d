/** kill: sends a signal. Follows procps-ng 4.0.2. */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { SIGNAL_NAMES, SIGTERM } from '../../uapi/signal.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import { writeAll } from '../lib/stdio.ts';

const USAGE = `
Usage:
 kill [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -l, --list=[<signal>]  list all signal names, or convert one to a name
 -L, --table            list all signal names in a nice table

 -h, --help     display this help and exit
 -V, --version  output version information and exit
`;

const LAST = 31;
/** procps says POLL where the kernel's other name is IO. */
const nameOf = (sig: number): string => (sig === 29 ? 'POLL' : (SIGNAL_NAMES[sig] ?? ''));

export const main: Program = async (sys, argv) => {
  const self = argv[0] ?? 'kill';
  const [first, ...rest] = argv.slice(1);
  if (first === undefined) return await say(sys, 2, USAGE, 1);
  if (first === '-h' || first === '--help') return await say(sys, 1, USAGE, 0);
  if (first === '-V' || first === '--version') return await say(sys, 1, 'kill from procps-ng 4.0.2, modelled in binfmt-lab\n', 0);
  if (first === '-L' || first === '--table') return await say(sys, 1, table(), 0);
  if (/^(-l|--list)/.test(first)) return await list(sys, self, first.startsWith('--list=') ? first.slice(7) : first.slice(2) || rest[0]);
  return await send(sys, self, argv.slice(1));
};

async function say(sys: Syscalls, fd: number, text: string, status: number): Promise<number> {
  await writeAll(sys, fd, encode(text));
  return status;
}

function table(): string {
  const cells = Array.from({ length: LAST }, (_, i) => `${String(i + 1).padStart(2)} ${nameOf(i + 1).padEnd(8)}`);
  const rows: string[] = [];
  for (let i = 0; i < cells.length; i += 7) rows.push(cells.slice(i, i + 7).join(''));
  return rows.map((row, i) => `${i < rows.length - 1 ? row.trimEnd() : row}\n`).join('');
}

async function list(sys: Syscalls, self: string, what: string | undefined): Promise<number> {
  if (what === undefined || what === '') {
    const names = Array.from({ length: LAST }, (_, i) => nameOf(i + 1));
    return await say(sys, 1, `${names.slice(0, 16).join(' ')}\n${names.slice(16).join(' ')}\n`, 0);
  }
  const number = signalNumber(what);
  if (/^\d+$/.test(what) && number !== null && number > 0) return await say(sys, 1, `${nameOf(number)}\n`, 0);
  if (!/^\d+$/.test(what) && number !== null) return await say(sys, 1, `${number}\n`, 0);
  return await say(sys, 2, `${self}: unknown signal name ${what}\n`, 0);
}

function signalNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text) <= LAST ? Number(text) : null;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const found = SIGNAL_NAMES.indexOf((name === 'POLL' ? 'IO' : name) as (typeof SIGNAL_NAMES)[number]);
  return found > 0 ? found : null;
}

/** The signal to send, and what is left of the line: or the text of what is wrong. */
function parse(args: readonly string[]): { sig: number | null; pids: readonly string[] } | string {
  const [first = '', ...rest] = args;
  if (first === '--') return { sig: SIGTERM, pids: rest };
  if (first === '-s' || first === '--signal') return { sig: signalNumber(rest[0] ?? ''), pids: rest.slice(1) };
  if (first.startsWith('--signal=')) return { sig: signalNumber(first.slice(9)), pids: rest };
  const short = /^-([^-].*)$/.exec(first)?.[1];
  if (short === undefined) return first.startsWith('-') ? 'invalid argument  ' : { sig: SIGTERM, pids: args };
  const sig = signalNumber(short);
  if (sig === null && !/^\d/.test(short)) return `invalid argument ${short[0]}`;
  return { sig, pids: rest[0] === '--' ? rest.slice(1) : rest };
}

async function send(sys: Syscalls, self: string, args: readonly string[]): Promise<number> {
  const line = parse(args);
  if (typeof line === 'string') return await say(sys, 2, `${self}: ${line}\n${USAGE}`, 1);
  if (line.pids.length === 0) return await say(sys, 2, USAGE, 1);
  let status = 0;
  for (const text of line.pids) status |= await sendOne(sys, self, text, line.sig);
  return status;
}

async function sendOne(sys: Syscalls, self: string, text: string, sig: number | null): Promise<number> {
  if (!/^-?\d+$/.test(text)) return await say(sys, 2, `${self}: failed to parse argument: '${text}'\n`, 1);
  if (sig === null) return await say(sys, 2, `${self}: (${text}): Invalid argument\n`, 1);
  const error = sys.kill(Number(text), sig);
  return IS_ERR(error) ? await say(sys, 2, `${self}: (${text}): ${error.message}\n`, 1) : 0;
}
