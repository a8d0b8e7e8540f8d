/**
 * The events of one execve, made into stations: the walk, then level by level the window and each format's answer, then the end.
 * Pure, and content with whatever part of the events is left.
 */
import { errnoByCode } from '../../../uapi/errno.ts';
import { SIGNAL_NAMES } from '../../../uapi/signal.ts';
import type { ExecFail, SchedProcessExec } from '../../../uapi/trace.ts';
import { type Execution, runs } from '../../executions.ts';
import { mostTelling } from './bytes.ts';
import type { Level, Model, Station } from './model.ts';
import { type DraftLevel, Story } from './story.ts';

export function reduce(execution: Execution): Model {
  const { id, pid, path, argv, events } = execution;
  const story = new Story(execution);
  for (const event of events) story.read(event);
  const levels = numbered(story.finish());
  const cwd = events.find((e) => e.ev === 'exec_begin')?.cwd ?? '';
  return { id, pid, path, argv, cwd, ...verdictOf(execution), levels, stations: levels.flatMap((l) => l.stations) };
}

function numbered(levels: readonly DraftLevel[]): readonly Level[] {
  let n = 0;
  const station = (draft: Omit<Station, 'n'>): Station => {
    const { window } = draft;
    return { ...draft, n: n++, ...(window === undefined ? {} : { window: { ...window, first: mostTelling(window.overlays) } }) };
  };
  return levels.map(({ level, name, drafts }) => ({ level, name, stations: drafts.map(station) }));
}

// The verdict

type Verdict = Pick<Model, 'outcome' | 'verdict'>;

/** Also without the stations: what a line of the list says. */
export function verdictOf(execution: Execution): Verdict {
  const { end } = execution;
  if (end === null) return { outcome: 'none', verdict: 'its end was lost' };
  return end.ev === 'exec_fail' ? fails(end) : succeeds(execution, end);
}

function fails({ errno }: ExecFail): Verdict {
  const known = errnoByCode(errno);
  return { outcome: 'fails', verdict: known === undefined ? errno : `${errno} (${known.errno}) ${known.message}` };
}

function succeeds(execution: Execution, { fatal_signal }: SchedProcessExec): Verdict {
  if (fatal_signal !== undefined)
    return { outcome: 'dies', verdict: `0 · killed at once by SIG${SIGNAL_NAMES[fatal_signal] ?? fatal_signal}` };
  return { outcome: 'runs', verdict: `0 · runs ${runs(execution)}` };
}
