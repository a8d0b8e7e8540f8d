/** ps: processes, as a snapshot. Follows procps-ng 4.0.2. */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { CLOCK_REALTIME, type Program, type Syscalls } from '../../uapi/syscalls.ts';
import { writeAll } from '../lib/stdio.ts';
import { loadUsers, type Users } from '../lib/users.ts';
import { type Context, LAYOUTS, parseColumns, type Shown } from '../ps/columns.ts';
import { type Process, readProcesses, ttyName } from '../ps/process.ts';

const USAGE = `
Usage:
 ps [options]

 Try 'ps --help' for the options that this one has.

For more details see ps(1).
`;
const HELP = `
Usage:
 ps [options]

 -A, -e               all processes
 -a                   all with tty, except session leaders
  a                   all with tty, including other users
  x                   processes without controlling ttys
 -C <command>         command name
 -p, p, --pid <PID>   process id
 --ppid <PID>         parent process id
 -t, t, --tty <tty>   terminal
 -u, U, --user <UID>  effective user id or name
 -f, -l, l, u         full, long, user-oriented format
 -o, o, --format <format>
                      user-defined format
 --no-headers         do not print header at all
 -w, w                unlimited output width
`;

/** What the command line asks for. */
interface Request {
  columns: string[];
  layout: keyof typeof LAYOUTS | null;
  bsd: boolean;
  all: boolean;
  /** -a */
  withTty: boolean;
  /** BSD a and x lift the limits to one's own and to those with a terminal. */
  bsdA: boolean;
  bsdX: boolean;
  readonly match: ((p: Process) => boolean)[];
  wide: boolean;
  headers: boolean;
}

export const main: Program = async (sys, argv) => {
  const users = await loadUsers(sys);
  const request = parse(argv.slice(1), users);
  if (request === 'help') return await say(sys, 1, HELP, 0);
  if (typeof request === 'string') return await say(sys, 2, `error: ${request}\n${USAGE}`, 1);
  const columns = columnsOf(request);
  if (typeof columns === 'string') return await say(sys, 2, `error: unknown user-defined format specifier "${columns}"\n${USAGE}`, 1);
  const all = await readProcesses(sys);
  const shown = all.filter(selector(request, sys, all));
  const text = table(columns, shown, { users, now: sys.clock_gettime(CLOCK_REALTIME) }, request, widthOf(sys, request));
  return await say(sys, 1, text, shown.length > 0 ? 0 : 1);
};

async function say(sys: Syscalls, fd: number, text: string, status: number): Promise<number> {
  await writeAll(sys, fd, encode(text));
  return status;
}

function parse(args: readonly string[], users: Users): Request | string {
  const request: Request = {
    ...{ columns: [], layout: null, bsd: false, all: false, withTty: false, bsdA: false, bsdX: false },
    ...{ match: [], wide: false, headers: true },
  };
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest.shift() as string;
    const trouble = arg.startsWith('--') ? long(request, arg, rest, users) : letters(request, arg, rest, users);
    if (trouble) return trouble;
  }
  return request;
}

function long(request: Request, arg: string, rest: string[], users: Users): string | null {
  const [, name = '', given] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  if (name === 'help') return 'help';
  if (name === 'no-headers' || name === 'no-heading') request.headers = false;
  else if (name === 'pid' || name === 'ppid' || name === 'user' || name === 'tty' || name === 'format') {
    const value = given ?? rest.shift();
    if (value === undefined) return `list of ${name}s must follow --${name}`;
    const key = { pid: 'p', ppid: 'P', user: 'u', tty: 't', format: 'o' }[name];
    return withValue(request, key, value, users);
  } else return 'unknown gnu long option';
  return null;
}

function letters(request: Request, arg: string, rest: string[], users: Users): string | null {
  const unix = arg.startsWith('-');
  const text = unix ? arg.slice(1) : arg;
  if (!unix && /^\d[\d,]*$/.test(text)) return withValue(request, 'p', text, users);
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if ((unix ? 'poutC' : 'potU').includes(c)) {
      const value = text.slice(i + 1) || rest.shift();
      if (value === undefined) return `must set personality to get -${c} option`;
      return withValue(request, c === 'U' ? 'u' : c, value, users);
    }
    const known = unix ? unixLetter(request, c) : bsdLetter(request, c);
    if (!known) return unix ? 'unsupported SysV option' : 'unsupported option (BSD syntax)';
  }
  return null;
}

function unixLetter(request: Request, c: string): boolean {
  if (c === 'e' || c === 'A') request.all = true;
  else if (c === 'a') request.withTty = true;
  else if (c === 'f') request.layout = 'full';
  else if (c === 'l') request.layout = 'long';
  else if (c === 'w') request.wide = true;
  else return false;
  return true;
}

function bsdLetter(request: Request, c: string): boolean {
  request.bsd = true;
  if (c === 'a') request.bsdA = true;
  else if (c === 'x') request.bsdX = true;
  else if (c === 'u') request.layout = 'user';
  else if (c === 'l') request.layout = 'long';
  else if (c === 'w') request.wide = true;
  else if (c === 'h') request.headers = false;
  else return false;
  return true;
}

function withValue(request: Request, key: string, value: string, users: Users): string | null {
  if (key === 'o') request.columns.push(value);
  if (key === 'o') return null;
  const list = value.split(/[\s,]+/).filter((v) => v !== '');
  if (key === 'p' || key === 'P') {
    if (!list.every((v) => /^[1-9]\d*$/.test(v))) return 'process ID list syntax error';
    const pids = new Set(list.map(Number));
    request.match.push((p) => pids.has(key === 'p' ? p.pid : p.ppid));
  } else if (key === 'u') {
    const uids = list.map((v) => users.getpwnam(v)?.uid ?? (/^\d+$/.test(v) ? Number(v) : null));
    if (uids.includes(null)) return 'user name does not exist';
    request.match.push((p) => uids.includes(p.euid));
  } else if (key === 't') {
    const names = list.map((v) => v.replace(/^\/dev\//, ''));
    request.match.push((p) => names.includes(ttyName(p.tty)));
  } else request.match.push((p) => list.includes(p.comm));
  return null;
}

function columnsOf(request: Request): Shown[] | string {
  const lists = request.columns.length > 0 ? request.columns : [LAYOUTS[request.layout ?? (request.bsd ? 'bsd' : 'plain')]];
  const out: Shown[] = [];
  for (const list of lists) {
    const columns = parseColumns(list);
    if (typeof columns === 'string') return columns;
    out.push(...columns);
  }
  return out;
}

/** Without a choice: one's own processes on this terminal. */
function selector(request: Request, sys: Syscalls, all: readonly Process[]): (p: Process) => boolean {
  if (request.all || (request.bsdA && request.bsdX)) return () => true;
  if (request.match.length > 0) return (p) => request.match.some((m) => m(p));
  if (request.withTty) return (p) => p.tty !== 0 && p.session !== p.pid;
  const [uid, me] = [sys.geteuid(), all.find((p) => p.pid === sys.getpid())];
  if (request.bsdA) return (p) => p.tty !== 0;
  if (request.bsdX) return (p) => p.euid === uid;
  if (request.bsd) return (p) => p.euid === uid && p.tty !== 0;
  return (p) => p.euid === uid && p.tty === (me?.tty ?? 0);
}

function widthOf(sys: Syscalls, request: Request): number {
  const size = request.wide ? null : sys.ioctl(1, 'TIOCGWINSZ');
  return size === null || IS_ERR(size) || size.ws_col === 0 ? Number.POSITIVE_INFINITY : size.ws_col;
}

function table(columns: readonly Shown[], list: readonly Process[], context: Context, request: Request, width: number): string {
  const headers = columns.map((c) => c.header);
  const rows = list.map((p) => columns.map((c) => c.value(p, context)));
  if (request.headers && headers.some((h) => h !== '')) rows.unshift(headers);
  return rows.map((cells) => `${cut(line(columns, cells), width)}\n`).join('');
}

function line(columns: readonly Shown[], cells: readonly string[]): string {
  return cells
    .map((cell, i) => {
      const { left, width, header } = columns[i] as Shown;
      if (left && i === columns.length - 1) return cell;
      const full = Math.max(width, header.length);
      return left ? cell.padEnd(full) : cell.padStart(full);
    })
    .join(' ');
}

function cut(text: string, width: number): string {
  return text.length > width ? text.slice(0, width) : text;
}
