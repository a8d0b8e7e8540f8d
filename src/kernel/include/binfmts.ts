/** What a binary format is to execve. Follows include/linux/binfmts.h. */
import type { Status } from '../../uapi/errno.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import type { Cred, OpenFile } from './fs.ts';
import type { Image, Task } from './sched.ts';

/** struct linux_binprm: an exec under way. */
export interface LinuxBinprm {
  /** "current" */
  readonly task: Task;
  /** As given to execve(2); never rewritten: AT_EXECFN. */
  readonly filename: string;
  /** The name being tried now: the path, then each interpreter string. */
  interp: string;
  file: OpenFile;
  /** First BINPRM_BUF_SIZE bytes of `file`, zero-filled. */
  buf: Bytes;
  /** Set by a handler that defers; becomes `file` on the next turn. */
  interpreter: OpenFile | null;
  /** The matched file, kept for AT_EXECFD (O) or credentials (C). */
  executable: OpenFile | null;
  have_execfd: boolean;
  execfd_creds: boolean;
  /** P at some level: AT_FLAGS bit 0. */
  preserve_argv0: boolean;
  /** The name was derived from a close-on-exec descriptor (X8). */
  interp_flags_inaccessible: boolean;
  argv: string[];
  readonly envp: readonly string[];
  cred: Cred;
  /** 0 for the file named in execve. */
  depth: number;
  /** Bytes of strings still allowed (X3). */
  room: number;
  /** Set by the handler that accepts. */
  image: Image | null;
  /** Started by descriptor alone: comm is the final file's name (X7). */
  readonly comm_from_dentry: boolean;
  /** The number that `executable` got, for AT_EXECFD. */
  execfd: Fd | null;
  /** Credentials changed: AT_SECURE. */
  secureexec: boolean;
  /** Why the format answered as it did, for the trace; see fs/exec.ts `because`. */
  why: string;
  rule: string;
  /** The misc entry that rewrote this level, for the trace. */
  rewritten_by: { readonly entry: string; readonly flags: string; readonly pinned: boolean } | null;
}

/** struct linux_binfmt. */
export interface LinuxBinfmt {
  readonly name: 'misc' | 'script' | 'elf' | 'compat_elf';
  /** 0: taken, or `bprm.interpreter` set: go round again. ENOEXEC: not mine, ask the next. Any other errno: mine, and it failed. */
  load_binary(bprm: LinuxBinprm): Status;
  /** For the trace: what it would do with the file, as a sentence, or null. Looks, and changes nothing. */
  would_take(bprm: LinuxBinprm): string | null;
}
