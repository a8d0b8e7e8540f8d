/** /etc/passwd and /etc/group, as login(1) reads them. */

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly home: string;
  readonly shell: string;
}

/** The user called `name`, or null. */
export function findUser(passwd: string, group: string, name: string): User | null {
  const row = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((f) => f[0] === name);
  if (row === undefined || row.length < 7) return null;
  const gid = Number(row[3]);
  const groups = group
    .split('\n')
    .map((line) => line.split(':'))
    .filter((f) => f[3]?.split(',').includes(name))
    .map((f) => Number(f[2]));
  return { name, uid: Number(row[2]), gid, groups: [...new Set([gid, ...groups])], home: row[5] ?? '/', shell: row[6] ?? '/bin/sh' };
}
