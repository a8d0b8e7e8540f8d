/**
 * Where the lab's answer differs from the real one and must, or does not yet: case id, what the lab says, why.
 * A row whose difference has gone fails the run, so that it is removed.
 */
import type { Outcome } from './case.ts';

export interface KnownDifference {
  readonly id: string;
  /** The kernel that was asked. */
  readonly kernel: string;
  /** What the lab answers, exactly. */
  readonly lab: Outcome;
  readonly why: string;
}

export const knownDifferences: readonly KnownDifference[] = [];
