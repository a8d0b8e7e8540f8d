/** What ps can print of a process: headers, widths and values as procps-ng 4.0.2 has them. */
import { strftime } from '../lib/time.ts';
import type { Users } from '../lib/users.ts';
import { type Process, ttyName } from './process.ts';

export interface Context {
  readonly users: Users;
  readonly now: number;
}

export interface Column {
  readonly header: string;
  readonly width: number;
  readonly left?: boolean;
  readonly value: (p: Process, c: Context) => string;
}

export const PID_WIDTH = 5;

const pad2 = (n: number): string => String(n).padStart(2, '0');
const hms = (seconds: number): string => {
  const s = Math.floor(seconds);
  const days = Math.floor(s / 86400);
  return `${days ? `${days}-` : ''}${pad2(Math.floor(s / 3600) % 24)}:${pad2(Math.floor(s / 60) % 60)}:${pad2(s % 60)}`;
};
const elapsed = (p: Process, c: Context): number => Math.max(0, (c.now - p.start) / 1000);
const etime = (p: Process, c: Context): string => {
  const text = hms(elapsed(p, c));
  return text.startsWith('00:') ? text.slice(3) : text;
};
const percentCpu = (p: Process, c: Context): number => Math.min(99.9, (p.cpu * 100) / Math.max(1, elapsed(p, c)));
const started = (p: Process, c: Context): string => strftime(c.now - p.start < 86_400_000 ? '%H:%M' : '%b%d', p.start);

/** The command line, or the name in brackets. */
const args = (p: Process): string => {
  const text = p.argv.join(' ').replace(/[\n\t]/g, '?');
  if (p.state === 'Z') return `[${p.comm}] <defunct>`;
  return text === '' ? `[${p.comm}]` : text;
};
const comm = (p: Process): string => (p.state === 'Z' ? `${p.comm} <defunct>` : p.comm);

/** S, then what is special: nice, session leader, foreground. */
const stat = (p: Process): string =>
  p.state + (p.nice < 0 ? '<' : p.nice > 0 ? 'N' : '') + (p.session === p.pid ? 's' : '') + (p.tty !== 0 && p.tpgid === p.pgrp ? '+' : '');

/** Names longer than their column become numbers. */
const user = (id: (p: Process) => number) => (p: Process, c: Context) => {
  const name = c.users.userName(id(p));
  return name.length > 8 ? `${name.slice(0, 7)}+` : name;
};
const group = (id: (p: Process) => number) => (p: Process, c: Context) => c.users.groupName(id(p));
const number = (header: string, width: number, get: (p: Process) => number): Column => ({ header, width, value: (p) => String(get(p)) });
const pid = (header: string, get: (p: Process) => number): Column => number(header, PID_WIDTH, get);

const PID = pid('PID', (p) => p.pid);
const EUSER: Column = { header: 'EUSER', width: 8, left: true, value: user((p) => p.euid) };
const EGROUP: Column = { header: 'EGROUP', width: 8, left: true, value: group((p) => p.egid) };
const TTY: Column = { header: 'TTY', width: 8, left: true, value: (p) => ttyName(p.tty) };
const TIME: Column = { header: 'TIME', width: 8, value: (p) => hms(p.cpu) };
const ARGS: Column = { header: 'COMMAND', width: 27, left: true, value: args };
const COMM: Column = { header: 'COMMAND', width: 15, left: true, value: comm };
const NI = number('NI', 3, (p) => p.nice);
const STATE: Column = { header: 'S', width: 1, left: true, value: (p) => p.state };
const START: Column = { header: 'START', width: 5, value: started };
const CPU: Column = { header: '%CPU', width: 4, value: (p, c) => percentCpu(p, c).toFixed(1) };
const MEM: Column = { header: '%MEM', width: 4, value: () => '0.0' };
const VSZ = number('VSZ', 6, (p) => Math.floor(p.vsize / 1024));
const RSS = number('RSS', 5, (p) => p.rss * 4);
const GID = number('EGID', 5, (p) => p.egid);
const named = (column: Column, header: string): Column => ({ ...column, header });

export const COLUMNS: Readonly<Record<string, Column>> = {
  '%cpu': CPU,
  '%mem': MEM,
  args: ARGS,
  bsdstart: START,
  bsdtime: { header: 'TIME', width: 6, value: (p) => `${Math.floor(p.cpu / 60)}:${pad2(Math.floor(p.cpu) % 60)}` },
  c: { header: 'C', width: 2, value: (p, c) => String(Math.floor(percentCpu(p, c))) },
  cmd: named(ARGS, 'CMD'),
  comm: COMM,
  command: ARGS,
  cputime: TIME,
  egid: GID,
  egroup: EGROUP,
  etime: { header: 'ELAPSED', width: 11, value: etime },
  etimes: { header: 'ELAPSED', width: 7, value: (p, c) => String(Math.floor(elapsed(p, c))) },
  euid: number('EUID', 5, (p) => p.euid),
  euser: EUSER,
  gid: named(GID, 'GID'),
  group: named(EGROUP, 'GROUP'),
  lstart: { header: 'STARTED', width: 24, left: true, value: (p) => strftime('%a %b %e %H:%M:%S %Y', p.start) },
  ni: NI,
  nice: NI,
  pcpu: CPU,
  pgid: pid('PGID', (p) => p.pgrp),
  pgrp: pid('PGRP', (p) => p.pgrp),
  pid: PID,
  pmem: MEM,
  ppid: pid('PPID', (p) => p.ppid),
  pri: number('PRI', 3, (p) => 39 - p.priority),
  rgid: number('RGID', 5, (p) => p.rgid),
  rss: RSS,
  ruid: number('RUID', 5, (p) => p.ruid),
  ruser: { header: 'RUSER', width: 8, left: true, value: user((p) => p.ruid) },
  s: STATE,
  sess: pid('SESS', (p) => p.session),
  sid: pid('SID', (p) => p.session),
  start_time: START,
  stat: { header: 'STAT', width: 4, left: true, value: stat },
  state: STATE,
  stime: named(START, 'STIME'),
  time: TIME,
  tname: TTY,
  tpgid: pid('TPGID', (p) => p.tpgid),
  tt: named(TTY, 'TT'),
  tty: named(TTY, 'TT'),
  ucmd: named(COMM, 'CMD'),
  ucomm: COMM,
  uid: number('UID', 5, (p) => p.euid),
  uname: named(EUSER, 'USER'),
  user: named(EUSER, 'USER'),
  vsz: VSZ,
};

/** The ready-made layouts: names, with `name=HEADER` where it differs. */
export const LAYOUTS = {
  plain: 'pid,tname,time,ucmd',
  bsd: 'pid,tname,stat,bsdtime,args',
  full: 'uname=UID,pid,ppid,c,stime,tname,time,cmd',
  user: 'uname,pid,pcpu,pmem,vsz,rss,tname,stat,start_time,bsdtime,args',
  long: 's,uid,pid,ppid,c,pri,ni,tname,time,ucmd',
} as const;

export interface Shown extends Column {
  readonly header: string;
}

/** Columns of a list such as `pid,comm=NAME`; the first unknown name otherwise. */
export function parseColumns(list: string): Shown[] | string {
  const out: Shown[] = [];
  for (let rest = list; rest !== ''; ) {
    const m = /^[\s,]*([^\s,=]+)(=)?/.exec(rest);
    if (!m) break;
    const column = COLUMNS[m[1]?.toLowerCase() ?? ''];
    if (!column) return m[1] ?? '';
    rest = rest.slice(m[0].length);
    if (!m[2]) out.push(column);
    else {
      // A header runs to the end of the list, unless another column's name follows a comma.
      const header = /^([^,]*)(?=,[a-z_%]+(=|,|$))|^.*/s.exec(rest)?.[0] ?? '';
      out.push({ ...column, header });
      rest = rest.slice(header.length);
    }
  }
  return out;
}
