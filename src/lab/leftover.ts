/** What a state kept at a shell's prompt leaves out: said in sentences, so that nobody has to find out. */
import type { Kernel, Task } from '../kernel/index.ts';

const NAMED = 3;
/** Standard streams, and the descriptor that bash keeps its terminal in. */
const USUAL_FDS: ReadonlySet<number> = new Set([0, 1, 2, 255]);

/** Of the machine at the prompt of its shell `pid`; empty: all comes back. */
export function leftover(kernel: Kernel, pid: number): string[] {
  const shell = kernel.tasks.get(pid);
  return [runningPrograms(kernel, pid), openFiles(shell), ownPlace(kernel, shell)].filter((sentence) => sentence !== '');
}

/** The programs that run beside the shell, by name. */
export function running(kernel: Kernel, pid: number): string[] {
  const ended: ReadonlySet<Task['state']> = new Set(['zombie', 'dead']);
  const others = [...kernel.tasks.values()].filter((t) => t !== kernel.init_task && t.pid !== pid && !ended.has(t.state));
  return others.map((t) => t.comm);
}

function runningPrograms(kernel: Kernel, pid: number): string {
  const names = running(kernel, pid);
  return names.length === 0 ? '' : `What runs beside the shell does not come back: ${named(names)}.`;
}

const named = (names: readonly string[]): string =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '');

function openFiles(shell: Task | undefined): string {
  const fds = [...(shell?.files.fd.keys() ?? [])].filter((fd) => !USUAL_FDS.has(fd));
  return fds.length === 0 ? '' : `Files that the shell holds open do not come back: descriptor ${fds.join(', ')}.`;
}

function ownPlace({ init_task }: Kernel, shell: Task | undefined): string {
  if (!shell) return '';
  const { nsproxy, fs } = shell;
  const elsewhere = nsproxy.mnt_ns !== init_task.nsproxy.mnt_ns || nsproxy.uts_ns !== init_task.nsproxy.uts_ns;
  const rooted = fs.root.dentry !== init_task.fs.root.dentry || fs.root.mnt !== init_task.fs.root.mnt;
  return elsewhere || rooted ? 'The shell comes back in the first namespaces and under the first root directory.' : '';
}
