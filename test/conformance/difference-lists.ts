/** All lists of known differences, as the docs show them. */
import { knownComplaints, knownScripts } from '../unit/shell/known-differences.ts';
import { luaRows } from '../unit/userland/lua-rows.ts';
import type { PayloadRow } from '../unit/userland/payload-rows.ts';
import { pythonRows } from '../unit/userland/python-rows.ts';
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
    rows: knownDifferences.map((d) => [`${d.id} (${d.kernel})`, d.why]),
  },
  {
    title: 'Observations of the kernel',
    intro: 'Single observations of a running 6.18, made again here.',
    rows: DIFFERENCES.map((d) => [d.row, `${d.kind}: ${d.why}`]),
  },
  {
    title: 'Scripts run by bash 5.2.15',
    intro: 'Three hundred scripts of the language at large: output, complaints and status. Scripts are given by their beginning.',
    rows: knownScripts,
  },
  {
    title: 'Lines that bash refuses',
    intro: 'What it says of them.',
    rows: knownComplaints,
  },
  {
    title: 'Lua and Python',
    intro: 'Programs run by the real interpreters.',
    rows: [...luaRows, ...pythonRows].flatMap(payload),
  },
];

function payload({ script, differs }: PayloadRow): [string, string][] {
  return differs === undefined ? [] : [[script, differs]];
}
