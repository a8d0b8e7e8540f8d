/** The entries of the auxiliary vector that say something about how a program was started. */
import type { Station } from './model.ts';

type Auxv = Readonly<Record<string, string | number>>;
type Row = readonly [name: string, means: string, matters: (value: string | number, auxv: Auxv) => boolean];

const always = (): boolean => true;
const nonzero = (value: string | number): boolean => value !== 0;

const ROWS: readonly Row[] = [
  ['AT_EXECFN', 'the path given to execve, through all rewrites (X6)', always],
  ['AT_EXECFD', 'the file that the rule matched, open (flag O, M9)', always],
  ['AT_FLAGS', 'argv[0] was kept (flag P, M8)', nonzero],
  ['AT_SECURE', 'the credentials have changed: LD_PRELOAD and its like do not count', nonzero],
  ['AT_UID', 'who asks', (value, auxv) => value !== auxv['AT_EUID']],
  ['AT_EUID', 'whose rights it has', (value, auxv) => value !== auxv['AT_UID']],
  ['AT_PLATFORM', 'the machine', always],
  ['AT_ENTRY', 'where the program begins', always],
];

export function auxvRows(auxv: Auxv): NonNullable<Station['auxv']> {
  return ROWS.flatMap(([name, means, matters]) => {
    const value = auxv[name];
    if (value === undefined || !matters(value, auxv)) return [];
    return [{ name, value: name === 'AT_ENTRY' ? `0x${Number(value).toString(16)}` : String(value), means }];
  });
}
