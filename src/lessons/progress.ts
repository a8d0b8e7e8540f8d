/** How far somebody has come in a lesson: plain data, for whoever keeps it. */

export interface Progress {
  readonly version: 1;
  readonly lesson: string;
  /** What was on screen: 0 the introduction, 1 the first step, one more than there are steps the end. */
  readonly position: number;
  /** The numbers of the steps whose goal was reached. */
  readonly done: readonly number[];
}

/** Checks data that was kept somewhere; null if it is no progress. */
export function parseProgress(data: unknown): Progress | null {
  if (typeof data !== 'object' || data === null) return null;
  const { version, lesson, position, done } = data as Readonly<Record<string, unknown>>;
  if (version !== 1 || typeof lesson !== 'string' || !isCount(position)) return null;
  if (!Array.isArray(done) || !done.every(isCount)) return null;
  return { version, lesson, position, done: [...done] };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 1000;
}
