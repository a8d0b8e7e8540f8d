/** `coproc NAME { … }`: a child with a pipe each way. */
import { IS_ERR } from '../../uapi/errno.ts';
import { F_DUPFD_CLOEXEC } from '../../uapi/fcntl.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { assignList, storeValue } from '../assign.ts';
import type { Coprocess } from '../ast.ts';
import { forkShell } from '../fork.ts';
import { addJob } from '../jobs.ts';
import { printCommand } from '../print.ts';
import { ExpansionError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runCommand } from './command.ts';

const HIGH = 60;

export async function runCoprocess(sh: Shell, c: Coprocess): Promise<ExitCode> {
  const toChild = sh.sys.pipe2();
  const fromChild = sh.sys.pipe2();
  if (IS_ERR(toChild) || IS_ERR(fromChild)) throw new ExpansionError('cannot make pipe for coprocess');
  const monitor = sh.options.get('monitor');
  const pid = forkShell(sh, { group: monitor ? 0 : undefined }, async (child) => {
    child.interactive = false;
    child.sys.dup2(toChild[0], 0);
    child.sys.dup2(fromChild[1], 1);
    for (const fd of [...toChild, ...fromChild]) child.sys.close(fd);
    return runCommand(child, c.body, true);
  });
  sh.sys.close(toChild[0]);
  sh.sys.close(fromChild[1]);
  if (IS_ERR(pid)) throw new ExpansionError(`fork: ${pid.message}`, 254);
  const fds = [fromChild[0], toChild[1]].map((fd) => {
    const high = sh.sys.fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
    sh.sys.close(fd);
    return IS_ERR(high) ? -1 : high;
  });
  assignList(sh, c.name, fds.map(String));
  storeValue(sh, `${c.name}_PID`, undefined, String(pid), false);
  sh.lastBackground = pid;
  const text = `coproc ${c.name} ${printCommand(c.body)}`;
  const job = addJob(sh, [{ pid, text, status: undefined, state: 'running' }], text, { group: pid, controlled: monitor, background: true });
  if (sh.interactive) await sh.write(2, `[${job.id}] ${pid}\n`);
  return 0;
}
