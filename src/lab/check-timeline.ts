/** A time line that comes from outside is looked at before it is resumed. */
import { HOSTS } from '../uapi/host.ts';
import { RLIMITS } from '../uapi/syscalls.ts';
import { count, exactly, limit, listOf, maybe, nullOr, number, oneOf, row, shape, text, truth } from './check.ts';
import { snapshotShape } from './check-snapshot.ts';
import { LabError } from './error.ts';
import { TIMELINE_VERSION, type TimelineState } from './timeline.ts';
import { trust } from './trusted.ts';

const variable = shape({
  ...{ name: text, attributes: text, value: nullOr(text) },
  indexed: maybe(listOf(row(count, text))),
  assoc: maybe(listOf(row(text, text))),
});

const termios = shape({ c_iflag: count, c_oflag: count, c_cflag: count, c_lflag: count, c_cc: listOf(count) });

const shell = shape({
  ...{ name: text, cwd: text, umask: count, status: count, lastArgument: text, commandNumber: count, seconds: number },
  ...{ pipeStatus: listOf(count), positional: listOf(text), directoryStack: listOf(text), options: listOf(text) },
  limits: listOf(row(oneOf(...RLIMITS), shape({ rlim_cur: limit, rlim_max: limit }))),
  modes: nullOr(termios),
  variables: listOf(variable),
  functions: listOf(shape({ text, source: text, line: count, exported: truth })),
  ...{ aliases: listOf(row(text, text)), traps: listOf(row(text, text)), disabledBuiltins: listOf(text) },
  completions: listOf(row(text, listOf(text))),
  history: shape({ entries: listOf(text), base: count, fresh: count, times: listOf(row(count, number)) }),
});

const entry = shape({
  ...{ id: count, kind: oneOf('boot', 'command', 'change'), line: text, status: count, time: number, cwd: text },
  ...{ kernel: text, host: oneOf(...HOSTS), cost: number, note: text },
  ...{ snapshot: snapshotShape, shell },
});

const state = shape({ version: exactly(TIMELINE_VERSION), here: count, entries: listOf(entry) });

/** The value as a time line; a LabError says what is wrong with it. */
export function checkedTimeline(value: unknown): TimelineState {
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== TIMELINE_VERSION) throw new LabError(`a time line of version ${String(version)}: this is version ${TIMELINE_VERSION}`);
  const problem = state(value);
  if (problem !== null) throw new LabError(`this is no time line: ${problem}`);
  const kept = value as TimelineState;
  if (!kept.entries.some((e) => e.id === kept.here))
    throw new LabError('this is no time line: it stands at an entry that it does not have');
  for (const { snapshot } of kept.entries) trust(snapshot);
  return kept;
}
