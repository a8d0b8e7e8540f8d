/** The files of /proc about the whole machine. Follows fs/proc/{version,uptime,loadavg,meminfo,stat}.c, fs/filesystems.c, kernel/module. */
import type { Kernel, Task } from '../../include/sched.ts';
import { ticks } from './array.ts';
import { cpuinfo } from './cpuinfo.ts';
import { file, type Table } from './generic.ts';

const uptime_ms = (kernel: Kernel): number => kernel.clock.now() - kernel.boot_time;
const tasks = (kernel: Kernel): Task[] => [...kernel.tasks.values()];
/** Processor time of all tasks, those that ended included: they are in their parents' sums. */
const busy_ms = (kernel: Kernel): number => tasks(kernel).reduce((sum, t) => sum + t.utime + t.cutime, 0);
const running = (kernel: Kernel): number => tasks(kernel).filter((t) => t.state === 'running').length;

/** @linux fs/proc/version.c version_proc_show #P[names no compiler] */
function version({ version: { release, utsversion } }: Kernel): string {
  return `Linux version ${release} (binfmt-lab) ${utsversion}\n`;
}

/** @linux fs/proc/uptime.c uptime_proc_show #Y */
function uptime(kernel: Kernel): string {
  const up = uptime_ms(kernel);
  return `${(up / 1000).toFixed(2)} ${(Math.max(0, up - busy_ms(kernel)) / 1000).toFixed(2)}\n`;
}

/** @linux fs/proc/loadavg.c loadavg_proc_show #P[the average since boot, three times] */
function loadavg(kernel: Kernel): string {
  const load = (busy_ms(kernel) / Math.max(1, uptime_ms(kernel))).toFixed(2);
  return `${load} ${load} ${load} ${running(kernel)}/${kernel.tasks.size} ${kernel.last_pid}\n`;
}

/** @linux fs/proc/meminfo.c meminfo_proc_show #P[memory is what files take] */
function meminfo(kernel: Kernel): string {
  let used = 0;
  for (const sb of kernel.superblocks) {
    const s = sb.statfs?.();
    if (s !== undefined && s.f_blocks > 0) used += (s.f_blocks - s.f_bfree) * s.f_bsize;
  }
  const free = Math.max(0, kernel.limits.max_bytes - used);
  const rows: [string, number][] = [
    ['MemTotal', kernel.limits.max_bytes],
    ['MemFree', free],
    ['MemAvailable', free],
    ['Buffers', 0],
    ['Cached', used],
    ['SwapTotal', 0],
    ['SwapFree', 0],
  ];
  return rows.map(([name, bytes]) => `${`${name}:`.padEnd(16)}${String(Math.round(bytes / 1024)).padStart(8)} kB\n`).join('');
}

/** @linux fs/proc/stat.c show_stat #P[one processor; no interrupts, no context switches] */
function stat(kernel: Kernel): string {
  const busy = ticks(busy_ms(kernel));
  const idle = Math.max(0, ticks(uptime_ms(kernel)) - busy);
  const cpu = `${busy} 0 0 ${idle} 0 0 0 0 0 0`;
  const boot = Math.floor(kernel.boot_time / 1000);
  return `cpu  ${cpu}\ncpu0 ${cpu}\nbtime ${boot}\nprocesses ${kernel.last_pid}\nprocs_running ${running(kernel)}\nprocs_blocked 0\n`;
}

/** @linux fs/filesystems.c filesystems_proc_show #Y */
function filesystems(kernel: Kernel): string {
  return kernel.filesystems.map((t) => `${t.nodev ? 'nodev' : ''}\t${t.name}\n`).join('');
}

/**
 * Debian's kernel has binfmt_misc as a module, and nothing else of ours; each superblock holds it.
 * @linux kernel/module/procfs.c m_show #P[no addresses: what a reader without CAP_SYSLOG sees]
 */
function modules(kernel: Kernel): string {
  const uses = [...kernel.superblocks].filter((sb) => sb.s_type.name === 'binfmt_misc').length;
  return `binfmt_misc 24576 ${uses} - Live 0x0000000000000000\n`;
}

export const machine_files: Table = {
  cmdline: file(() => 'console=tty0\n'),
  cpuinfo: file(({ kernel }) => cpuinfo(kernel.host)),
  filesystems: file(({ kernel }) => filesystems(kernel)),
  loadavg: file(({ kernel }) => loadavg(kernel)),
  meminfo: file(({ kernel }) => meminfo(kernel)),
  modules: file(({ kernel }) => modules(kernel)),
  stat: file(({ kernel }) => stat(kernel)),
  uptime: file(({ kernel }) => uptime(kernel)),
  version: file(({ kernel }) => version(kernel)),
};
