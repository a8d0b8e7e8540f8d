/** The observations in which a shell or a command spoke, and what was run in them. */
import type { Row } from './vectors-machine.ts';

export const BM = '/proc/sys/fs/binfmt_misc';

export const RULE = (magic: string, name = 'm'): string => `:${name}:M::${magic}::/bin/true:`;
const TWO = `printf '%s\\n' '${RULE('ab', 'm1')}' '${RULE('cd', 'm2')}' > /tmp/two`;

/** What was run, by "section/case"; each in an empty table. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  'sh/bash echo single-quoted \\x': `echo '${RULE('\\x7fELF\\x00')}' > ${BM}/register`,
  'sh/dash echo single-quoted \\x': `exec sh -c "echo '${RULE('\\x7fELF\\x00')}' > ${BM}/register"`,
  'sh/bash echo -e': `echo -e '${RULE('\\x7fELF')}' > ${BM}/register`,
  'sh/bash echo -e, NUL first': `echo -e '${RULE('\\x00ELF')}' > ${BM}/register`,
  'sh/bash unquoted \\x': `echo ${RULE('\\x7fELF')} > ${BM}/register`,
  'sh/bash double-quoted \\\\x': `echo "${RULE('\\\\x7fELF')}" > ${BM}/register`,
  'sh/printf with %s': `printf %s '${RULE('\\x7fELF')}' > ${BM}/register`,
  'sh/printf format': `printf '${RULE('\\x7fELF')}' > ${BM}/register`,
  'sh/tee': `echo '${RULE('ab')}' | tee ${BM}/register > /dev/null`,
  'sh/>> append': `echo '${RULE('ab')}' >> ${BM}/register`,
  'sh/cat file of two rules > register': `${TWO}; cat /tmp/two > ${BM}/register`,
  'sh/cat file with comment > register': `printf '# a comment\\n%s\\n' '${RULE('ab')}' > /tmp/one; cat /tmp/one > ${BM}/register`,
  'sh/while read loop': `${TWO}; while read -r l; do echo "$l" > ${BM}/register; done < /tmp/two`,
  'sh/cp file': `echo '${RULE('ab')}' > /tmp/one; cp /tmp/one ${BM}/register`,
  'sh/echo 0 > status; echo -1 > status': `echo 0 > ${BM}/status; echo -1 > ${BM}/status`,
  'sh/echo "-1 " > status': `echo "-1 " > ${BM}/status`,
};

export const key = (row: Row): string => `${row.section}/${row.case}`;
export const is_subprocess = (row: Row): boolean => typeof row.got === 'string' && row.got.startsWith('CompletedProcess(');
/** True for rows that are replayed here. */
export const isShellRow = (row: Row): boolean => key(row) in SCRIPTS || is_subprocess(row);
