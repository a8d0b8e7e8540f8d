/** The auxiliary vector that execve hands to the new image. Follows include/uapi/linux/auxvec.h. */

export interface Auxv {
  /** AT_EXECFN: the path given to execve, never rewritten. */
  readonly AT_EXECFN: string;
  /** AT_EXECFD (type 2): descriptor of the file that a rule with O matched; absent otherwise. */
  readonly AT_EXECFD?: number;
  /** AT_FLAGS (type 8): bit 0 = argv[0] was preserved by a rule with P. */
  readonly AT_FLAGS: number;
  /** AT_SECURE: 1 if credentials changed. */
  readonly AT_SECURE: 0 | 1;
  readonly AT_UID: number;
  readonly AT_EUID: number;
  readonly AT_GID: number;
  readonly AT_EGID: number;
  /** AT_PLATFORM: "x86_64", "aarch64", "v7l" … */
  readonly AT_PLATFORM: string;
  readonly AT_PAGESZ: number;
  /** Ticks of times(2) in a second. */
  readonly AT_CLKTCK: number;
  /** Where the program's headers are, how long one is, how many there are. */
  readonly AT_PHDR: number;
  readonly AT_PHENT: number;
  readonly AT_PHNUM: number;
  /** Where the interpreter lies; 0 without one. */
  readonly AT_BASE: number;
  readonly AT_ENTRY: number;
}
export const AT_FLAGS_PRESERVE_ARGV0 = 1;
