/** Observations of the real kernel that the replay does not repeat, or repeats with another outcome; each with its reason. */

export interface Difference {
  /** "section/case", with " #2" for the second of that name. */
  readonly row: string;
  /** `differs`: replayed, another outcome. `not replayed`: what was observed is not the kernel's alone, or not modelled. */
  readonly kind: 'differs' | 'not replayed';
  readonly why: string;
}

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
  {
    row: 'fs/ls -la',
    kind: 'not replayed',
    why: 'shows how many blocks the directory above took on the recording machine; the rest of it is in the rows beside it',
  },
  { row: 'sh/dd bs=1', kind: 'not replayed', why: 'there is no dd yet' },
];
