/** Observations of the real kernel that the replay does not repeat, or repeats with another outcome; each with its reason. */

export interface Difference {
  /** "section/case", with " #2" for the second of that name. */
  readonly row: string;
  /** `differs`: replayed, another outcome. `not replayed`: what was observed is not the kernel's alone, or not modelled. */
  readonly kind: 'differs' | 'not replayed';
  readonly why: string;
}

const shell = (...cases: string[]): Difference[] =>
  cases.map((row) => ({
    row,
    kind: 'not replayed',
    why: 'what a shell or a command prints: asked again, of the same programs, by the scripts in test/conformance/cases',
  }));

export const DIFFERENCES: readonly Difference[] = [
  {
    row: 'elf/truncated to 523 bytes (1 PT_LOAD filesz 0x1000)',
    kind: 'differs',
    why: 'the file is cut inside its last instruction: only a processor that decodes it can see that it dies (SIGSEGV)',
  },
  { row: 'fs/setxattr', kind: 'not replayed', why: 'extended attributes are not modelled: programs have no call for them' },
  {
    row: 'small/setxattr security.capability',
    kind: 'not replayed',
    why: 'extended attributes are not modelled: programs have no call for them',
  },
  ...shell(
    'fs/ls -la',
    'fs/shell echo',
    'fs/bash echo',
    'sh/bash echo single-quoted \\x',
    'sh/dash echo single-quoted \\x',
    'sh/bash echo -e',
    'sh/bash echo -e, NUL first',
    'sh/bash unquoted \\x',
    'sh/bash double-quoted \\\\x',
    'sh/printf with %s',
    'sh/printf format',
    'sh/tee',
    'sh/>> append',
    'sh/cat file of two rules > register',
    'sh/cat file with comment > register',
    'sh/while read loop',
    'sh/dd bs=1',
    'sh/cp file',
    'sh/echo 0 > status; echo -1 > status',
    'sh/echo "-1 " > status',
  ),
];
