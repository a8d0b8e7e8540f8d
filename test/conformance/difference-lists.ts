/** All lists of known differences, as the docs show them. */
import { knownDifferences } from './known-differences.ts';
import { DIFFERENCES } from './vectors-differences.ts';

export interface DifferenceList {
  readonly title: string;
  readonly intro: string;
  /** What differs, and why. */
  readonly rows: readonly (readonly [what: string, why: string])[];
}

export const differenceLists: readonly DifferenceList[] = [
  {
    title: 'Scripts run on the real kernel',
    intro: 'The same script under bash on Linux and in the lab: output, status and errno.',
    rows: knownDifferences.map((d) => [d.id, d.why]),
  },
  {
    title: 'Observations of the kernel',
    intro: 'Single observations of a running 6.18, made again here.',
    rows: DIFFERENCES.map((d) => [d.row, `${d.kind}: ${d.why}`]),
  },
];
