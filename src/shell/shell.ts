/** The state of one shell process, and what a front end may ask of it. */
import { decode, encode } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import { O_RDONLY } from '../uapi/fcntl.ts';
import { SIGINT } from '../uapi/signal.ts';
import type { Syscalls } from '../uapi/syscalls.ts';
import type { ExitCode, Fd, Pid } from '../uapi/types.ts';
import type { Command, FunctionDefinition } from './ast.ts';
import type { UserBindings } from './interactive/user-bindings.ts';
import { IGNORED, installInterrupt } from './job-control.ts';
import { type JobTable, newJobTable } from './job-table.ts';
import { engine } from './load-engine.ts';
import { Options } from './options.ts';
import { expandPrompt } from './prompt.ts';
import type { ShellSession } from './session.ts';
import { flagLetters, installSpecials } from './special.ts';
import { endsByTrap, newTraps, type Traps } from './trap-table.ts';
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
  /** How many of the last are not in the file yet. */
  fresh: number;
  /** When an entry was typed, in seconds, by number. */
  readonly times: Map<number, number>;
  clear(): void;
  /** By index. */
  delete(index: number): void;
  /** Events expanded, as `history -p` shows them; undefined: that failed. */
  expand(text: string): string | undefined;
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

const NEWLINE = 10;

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
  /** Of a shell whose states are kept; its children have none. */
  session: ShellSession | undefined;
  terminalFd: Fd = -1;
  /** The shell's own process group when job control is on. */
  processGroup: Pid = 0;
  /** Set by SIGINT in an interactive shell; the interpreter drops the current command. */
  interrupted = false;
  /** Descriptors of process substitutions that live until the current command ends. */
  substitutionFds: Fd[] = [];
  secondsBase = 0;
  getoptsOffset = 0;
  /** The command that BASH_COMMAND shows; inside a trap, the one that the trap interrupted. */
  currentCommand: Command | undefined;
  /** `$?` before a syntax error. */
  lastStatusBefore: ExitCode = 0;
  /** Number shown by `\#`. */
  commandNumber = 1;

  /** The shell or its ancestor talks to a user: messages bear no line numbers. */
  interactiveShell = false;
  /** In a `$( )`, at any depth. */
  inSubstitution = false;
  /** Status of the last command substitution of the current command, the status of a bare assignment. */
  substitutionStatus: ExitCode | undefined;
  /** Set by `exec` without a command: this command's redirections stay. */
  keepRedirections = false;
  /** `exit` has told of stopped jobs; the next one goes through. */
  warnedOfJobs = false;
  /** The last execve that failed. */
  lastExecError = '';
  lastExecMessage = '';
  /** The last line read had its delimiter. */
  lastReadEnded = false;
  /** `complete`'s table: the options given for a command name. */
  readonly completions = new Map<string, readonly string[]>();
  /** What `bind` has changed. */
  bindings: UserBindings | undefined;
  /** The completion whose function or command runs just now: `compopt` changes its options. */
  completing: { readonly command: string; words: readonly string[] } | undefined;
  /** A command with assignments before it: `set -x` shows them first. */
  tracedLater: readonly string[] | undefined;
  /** Repeats the first char of PS4. */
  traceDepth = 1;

  constructor(
    public sys: Syscalls,
    pid?: Pid,
  ) {
    this.pid = pid ?? sys.getpid();
    installSpecials(this);
  }

  // ---- for front ends ----

  /** Runs one complete source text as typed at a prompt; syntax errors are reported. Never throws. */
  async runText(text: string): Promise<RunResult> {
    return (await engine()).runInteractiveText(this, text);
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

  /** Lines of /etc/passwd. */
  async passwd(): Promise<string[]> {
    const fd = await this.sys.open('/etc/passwd', O_RDONLY);
    if (IS_ERR(fd)) return [];
    const bytes = this.sys.pread64(fd, 1 << 16, 0);
    this.sys.close(fd);
    return IS_ERR(bytes) ? [] : decode(bytes).split('\n');
  }

  async userName(): Promise<string> {
    const uid = String(this.sys.geteuid());
    return (await this.passwd()).map((l) => l.split(':')).find((f) => f[2] === uid)?.[0] ?? 'I have no name!';
  }

  /** `$-` */
  flags(): string {
    return flagLetters(this);
  }

  /** Some variables mean something to the shell itself. */
  variableChanged(name: string): void {
    if (name === 'PATH') this.hash.clear();
    else if (name === 'OPTIND') this.getoptsOffset = 0;
    else if (name === 'POSIXLY_CORRECT') this.options.set('posix', true);
  }

  /** What the shell ignores for itself, a program gets as it was. */
  beforeExec(): void {
    for (const sig of IGNORED)
      if (this.interactive && !this.traps.ignoredAtStart.has(sig) && this.traps.actions.get(sig) !== '')
        this.sys.rt_sigaction(sig, { handler: 'SIG_DFL' });
  }

  /** How the shell itself treats a signal that has no trap. */
  defaultSignal(sig: number): void {
    if (this.interactive && sig === SIGINT) installInterrupt(this);
    else if (!this.interactive && endsByTrap(this.traps, sig))
      this.sys.rt_sigaction(sig, { handler: (n) => void this.traps.pending.push(n) });
    else this.sys.rt_sigaction(sig, { handler: this.interactive && IGNORED.includes(sig) ? 'SIG_IGN' : 'SIG_DFL' });
  }

  // ---- output ----

  async write(fd: Fd, text: string): Promise<boolean> {
    return this.writeBytes(fd, encode(text));
  }

  /** A line at a time, as bash's standard output is buffered: what reads writes one by one sees bash's. */
  async writeBytes(fd: Fd, bytes: Uint8Array): Promise<boolean> {
    let at = 0;
    while (at < bytes.length) {
      const line = bytes.indexOf(NEWLINE, at) + 1 || bytes.length;
      const n = await this.sys.write(fd, bytes.subarray(at, line));
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
