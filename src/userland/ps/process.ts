/** Processes as /proc shows them. */
import { decode, latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_DIRECTORY, O_RDONLY } from '../../uapi/fcntl.ts';
import { major, minor } from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { readFile } from '../lib/stdio.ts';

export interface Process {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  /** Device number, 0 for none. */
  readonly tty: number;
  readonly tpgid: number;
  /** Seconds of processor time. */
  readonly cpu: number;
  readonly priority: number;
  readonly nice: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly vsize: number;
  readonly rss: number;
  readonly ruid: number;
  readonly euid: number;
  readonly rgid: number;
  readonly egid: number;
  readonly argv: readonly string[];
}

const HZ = 100;

/** All processes in the order of their numbers. */
export async function readProcesses(sys: Syscalls): Promise<Process[]> {
  const boot = await bootTime(sys);
  const fd = await sys.open('/proc', O_RDONLY | O_DIRECTORY);
  if (IS_ERR(fd)) return [];
  const names: string[] = [];
  for (let chunk = sys.getdents64(fd); !IS_ERR(chunk) && chunk.length > 0; chunk = sys.getdents64(fd))
    names.push(...chunk.map((d) => d.d_name));
  sys.close(fd);
  const pids = names.filter((n) => /^\d+$/.test(n)).map(Number);
  const out: Process[] = [];
  for (const pid of pids.toSorted((a, b) => a - b)) {
    const process = await readProcess(sys, pid, boot);
    if (process) out.push(process);
  }
  return out;
}

async function bootTime(sys: Syscalls): Promise<number> {
  const bytes = await readFile(sys, '/proc/stat');
  return IS_ERR(bytes) ? 0 : Number(/^btime (\d+)/m.exec(latin1(bytes))?.[1] ?? 0) * 1000;
}

/** Null where the process is gone already. */
async function readProcess(sys: Syscalls, pid: number, boot: number): Promise<Process | null> {
  const stat = await readFile(sys, `/proc/${pid}/stat`);
  const status = await readFile(sys, `/proc/${pid}/status`);
  const cmdline = await readFile(sys, `/proc/${pid}/cmdline`);
  if (IS_ERR(stat) || IS_ERR(status)) return null;
  const m = /^\d+ \((.*)\) (.*)$/s.exec(decode(stat).trimEnd());
  if (!m) return null;
  const f = (m[2] ?? '').split(' ');
  const n = (i: number): number => Number(f[i - 3] ?? 0);
  const ids = (name: string): number[] => (new RegExp(`^${name}:\\t(.*)$`, 'm').exec(latin1(status))?.[1] ?? '').split('\t').map(Number);
  const [ruid = 0, euid = 0] = ids('Uid');
  const [rgid = 0, egid = 0] = ids('Gid');
  return {
    ...{ pid, comm: m[1] ?? '', state: f[0] ?? '?', ppid: n(4), pgrp: n(5), session: n(6), tty: n(7), tpgid: n(8) },
    ...{ cpu: (n(14) + n(15)) / HZ, priority: n(18), nice: n(19), start: boot + (n(22) * 1000) / HZ, vsize: n(23), rss: n(24) },
    ...{
      ruid,
      euid,
      rgid,
      egid,
      argv: IS_ERR(cmdline)
        ? []
        : decode(cmdline)
            .replace(/\0$/, '')
            .split('\0')
            .filter((a, i) => a !== '' || i > 0),
    },
  };
}

export function ttyName(dev: number): string {
  if (dev === 0) return '?';
  const [ma, mi] = [major(dev), minor(dev)];
  if (ma >= 136 && ma <= 143) return `pts/${(ma - 136) * 256 + mi}`;
  if (ma === 4) return mi < 64 ? `tty${mi}` : `ttyS${mi - 64}`;
  return ma === 5 && mi === 1 ? 'console' : '?';
}
