/** The state of one shell process, and what a front end may ask of it. */
import { encode } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import type { Syscalls } from '../uapi/syscalls.ts';
import type { ExitCode, Fd, Pid } from '../uapi/types.ts';
import type { FunctionDefinition } from './ast.ts';
import { isIncomplete } from './errors.ts';
import { runInteractiveText } from './input.ts';
import { type JobTable, newJobTable, notifyJobs } from './jobs.ts';
import { Options } from './options.ts';
import { commandsOnPath } from './path.ts';
import { expandPrompt } from './prompt.ts';
import { installSpecials } from './special.ts';
import { newTraps, type Traps } from './traps.ts';
import { scalarValue, Variables } from './vars.ts';

/** Where a function call, a sourced file or the main program is executing. */
export interface Frame {
  readonly kind: 'main' | 'function' | 'source';
  /** FUNCNAME: the function, "source" or "main". */
  readonly name: string;
  /** BASH_SOURCE: where its code stands. */
  readonly source: string;
  /** Line of the call, in the caller. */
  readonly callLine: number;
}

/** Command history; the interactive front end provides it, `history` and `fc` use it. */
export interface History {
  /** Oldest first. */
  readonly entries: string[];
  /** Number of `entries[0]`. */
  base: number;
  load(file: string): Promise<boolean>;
  save(file: string, append: boolean): Promise<boolean>;
}

export interface HashedCommand {
  path: string;
  hits: number;
}

/** Answer of `runText`: what the front end does next. */
export interface RunResult {
  readonly status: ExitCode;
  /** `exit`, `logout`, `exec`'s failure or `set -e` asked the shell to end. */
  readonly exit: boolean;
}

export class Shell {
  readonly vars = new Variables();
  readonly functions = new Map<string, FunctionDefinition & { readonly source: string; readonly exported?: boolean }>();
  readonly aliases = new Map<string, string>();
  readonly hash = new Map<string, HashedCommand>();
  readonly disabledBuiltins = new Set<string>();
  options = new Options();
  positional: string[] = [];
  /** `$0` */
  name = 'bash';
  /** argv[0] as given to the program; a leading `-` marks a login shell. */
  argv0 = 'bash';
  lastStatus: ExitCode = 0;
  pipeStatus: ExitCode[] = [0];
  /** `$!`, 0 before the first background job. */
  lastBackground: Pid = 0;
  lastArgument = '';
  /** `$$` */
  readonly pid: Pid;
  subshellDepth = 0;
  readonly frames: Frame[] = [];
  /** Line of the command being executed. */
  line = 1;
  loopDepth = 0;
  /** >0 inside a condition, where `set -e` and ERR do not apply. */
  conditionDepth = 0;
  interactive = false;
  /** dash's wording and posix rules: the shell was called `sh`. */
  posixSh = false;
  commandString: string | undefined;
  readsStdin = false;
  directoryStack: string[] = [];
  jobs: JobTable = newJobTable();
  traps: Traps = newTraps();
  history: History | undefined;
  terminalFd: Fd = -1;
  /** The shell's own process group when job control is on. */
  processGroup: Pid = 0;
  /** Set by SIGINT in an interactive shell; the interpreter drops the current command. */
  interrupted = false;
  /** Descriptors of process substitutions that live until the current command ends. */
  substitutionFds: Fd[] = [];
  secondsBase = 0;
  getoptsOffset = 0;
  currentCommand = '';
  /** Number shown by `\#`. */
  commandNumber = 1;

  constructor(public sys: Syscalls) {
    this.pid = sys.getpid();
    installSpecials(this);
  }

  // ---- for front ends ----

  /** Runs one complete source text as typed at a prompt; syntax errors are reported. Never throws. */
  runText(text: string): Promise<RunResult> {
    return runInteractiveText(this, text);
  }

  /** True when more lines are needed (PS2): an open quote, compound command, here-document, trailing `\` or operator. */
  isIncomplete(text: string): boolean {
    return isIncomplete(this, text);
  }

  /** A prompt string expanded; `\[` and `\]` become \x01 and \x02, to be dropped before printing. */
  expandPrompt(prompt: string): Promise<string> {
    return expandPrompt(this, prompt);
  }

  get(name: string): string | undefined {
    const special = this.vars.special.get(name);
    if (special) return special.get();
    const v = this.vars.find(name);
    return v && scalarValue(v);
  }

  /** A plain assignment; attributes other than readonly are not applied. False: readonly. */
  set(name: string, value: string): boolean {
    const v = this.vars.ensure(this.vars.resolve(name));
    if (v.readonly) return false;
    if (v.indexed) v.indexed.set(0, value);
    else if (v.assoc) v.assoc.set('0', value);
    else v.value = value;
    return true;
  }

  /** Names of executable files on PATH, sorted, without duplicates. */
  commandsOnPath(): string[] {
    return commandsOnPath(this);
  }

  /** Prints what changed among the jobs since the last call (`[1]+  Done   …`), as bash does before a prompt. */
  notifyJobs(): Promise<void> {
    return notifyJobs(this);
  }

  // ---- output ----

  async write(fd: Fd, text: string): Promise<boolean> {
    return this.writeBytes(fd, encode(text));
  }

  async writeBytes(fd: Fd, bytes: Uint8Array): Promise<boolean> {
    let at = 0;
    while (at < bytes.length) {
      const n = await this.sys.write(fd, at === 0 ? bytes : bytes.subarray(at));
      if (IS_ERR(n)) {
        if (n.code === 'EINTR') continue;
        this.writeError = n.message;
        return false;
      }
      at += n;
    }
    return true;
  }
  /** strerror of the last failed `write`. */
  writeError = '';
}
