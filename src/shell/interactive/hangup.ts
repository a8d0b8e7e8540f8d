/** What becomes of the jobs when the terminal is lost. Follows hangup_all_jobs in bash's jobs.c. */
import { SIGCONT, SIGHUP } from '../../uapi/signal.ts';
import { jobState } from '../jobs.ts';
import type { Shell } from '../shell.ts';

/** SIGHUP for every job that was not disowned; stopped ones are continued to hear it. */
export function hangUpJobs(sh: Shell): void {
  for (const job of sh.jobs.list) {
    if (job.disownedFromHup || !job.controlled) continue;
    sh.sys.kill(-job.group, SIGHUP);
    if (jobState(job) === 'stopped') sh.sys.kill(-job.group, SIGCONT);
  }
}
