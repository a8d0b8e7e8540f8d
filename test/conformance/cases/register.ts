/** What writing to register, status and entries does, as a shell sees it. */
import type { Case } from '../case.ts';

const BM = '/proc/sys/fs/binfmt_misc';

export const register: readonly Case[] = [
  { id: 'register/an extension rule shows its fields', script: `echo ':py:E::pyc::/bin/true:' > ${BM}/register; ls -l ${BM} | wc -l; cat ${BM}/py` },
  { id: 'register/a duplicate name is refused', script: `cd ${BM}; echo ':a:E::x::/bin/true:' > register; echo ':a:E::x::/bin/true:' > register; echo $?` },
  { id: 'register/a user without rights may read but not write', script: `cd ${BM}; cat status; su nobody -s /bin/bash -c 'echo 1 > status' ; echo $?` },
];
