/** One machine and the ways to use it from outside. The only place where kernel, shell and userland meet. */
import {
  freeze,
  type HostSink,
  type HostSource,
  type Kernel,
  kernelVersion,
  load_notation,
  type MachineSnapshot,
  new_cred,
  new_host_sink,
  new_host_source,
  new_tty,
  ramfsStore,
  type SpawnOptions as Stdio,
  send_sig,
  spawn_init,
  start_kernel,
  type TtyStruct,
} from '../kernel/index.ts';
import { bash, type ShellSession } from '../shell/bash.ts';
import { shMain } from '../shell/sh.ts';
import { decode, encode } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import { HOSTS, type HostArch } from '../uapi/host.ts';
import { SIGKILL, WEXITSTATUS, WIFEXITED, WTERMSIG } from '../uapi/signal.ts';
import type { ProgramLoader, Syscalls } from '../uapi/syscalls.ts';
import type { TraceEvent } from '../uapi/trace.ts';
import { programs } from '../userland/index.ts';
import { buildRoot } from '../userland/rootfs/index.ts';
import type { Environment } from './environment.ts';
import { LabError } from './error.ts';
import { LabFiles } from './files.ts';
import { leftover, running } from './leftover.ts';
import type { MemFs } from './memfs.ts';
import { Collector, sourceOf } from './streams.ts';
import { trust } from './trusted.ts';
import { findUser, type User } from './users.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface FileSpec {
  readonly data: Uint8Array | string;
  /** Permission bits; 0644 if not said. */
  readonly mode?: number;
}

export interface BootOptions {
  /** A row of the kernel table: "lab" (default), "2.6.29" … "6.18". */
  readonly kernel?: string;
  /** Default x86_64. */
  readonly host?: HostArch;
  /** Files to write before the first program runs, by absolute path. */
  readonly files?: Readonly<Record<string, Uint8Array | string | FileSpec>>;
  /** Added to every program's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  /** Begins with the files, mounts and rules of a machine that was frozen; its kernel and host, too, unless they are given. */
  readonly snapshot?: LabSnapshot;
  /** Called by computing payloads now and then: a chance to hear a key without giving way; true if one was. */
  readonly onBusy?: () => boolean;
}

/** What `Lab.snapshot` gives: plain data that can be structured-cloned. */
export interface LabSnapshot {
  readonly kernel: string;
  readonly host: HostArch;
  readonly machine: MachineSnapshot;
}

export interface RunOptions {
  readonly stdin?: Uint8Array | string;
  /** $0 and the positional parameters of the script. */
  readonly name?: string;
  readonly args?: readonly string[];
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Aborting kills the script. */
  readonly signal?: AbortSignal;
  /** Milliseconds; over it, the script is killed. */
  readonly timeout?: number;
  /** Keep the events of the run. */
  readonly trace?: boolean;
}

/** Bytes that are mostly looked at as text. */
export interface Output {
  readonly bytes: Uint8Array;
  readonly text: string;
}

export interface RunResult {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The exit code, or 128+n for a signal. */
  readonly status: number;
  readonly trace: readonly TraceEvent[];
}

export interface SpawnOptions {
  readonly stdin: HostSource;
  readonly stdout: HostSink;
  readonly stderr: HostSink;
  /** The user's home if not said. */
  readonly cwd?: string;
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that runs on the machine, seen from outside. */
export interface Process {
  readonly pid: number;
  /** The exit code, or 128+n for a signal. */
  readonly exited: Promise<number>;
  kill(sig: number): void;
}

export interface TerminalOptions {
  readonly rows: number;
  readonly cols: number;
  readonly output: HostSink;
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Hears of the login shell's prompts, and may give it a state to begin with. */
  readonly session?: ShellSession;
}

/** A terminal with a login shell on it. */
export interface LabTerminal {
  /** Keys, as a terminal sends them. */
  input(data: Uint8Array | string): void;
  resize(rows: number, cols: number): void;
  /** Hangs up: the session hears of it as when a window is closed. */
  close(): void;
  /** The login shell's process id. */
  readonly pid: number;
  readonly exited: Promise<number>;
}

export class Lab {
  readonly files: LabFiles;
  private readonly options: BootOptions;
  private readonly machine: Kernel;
  private readonly environment: Environment;
  private readonly sessions = new Map<number, ShellSession>();
  private readonly ttys = new Set<TtyStruct>();
  private facade: MemFs | undefined;
  private disposed = false;

  constructor(options: BootOptions, environment: Environment) {
    this.options = options;
    this.environment = environment;
    const { snapshot } = options;
    const version = kernelVersion(this.kernel);
    if (typeof version === 'string') throw new LabError(version);
    const host = options.host ?? snapshot?.host ?? 'x86_64';
    if (!HOSTS.includes(host)) throw new LabError(`unknown host '${host}': one of ${HOSTS.join(', ')}`);
    this.machine = this.startKernel({
      version,
      host,
      clock: environment.clock,
      programs: allPrograms(environment, (sys) => this.sessions.get(sys.getpid())),
      rootfs: snapshot ? [] : buildRoot(host),
      ...(options.hostname === undefined ? {} : { hostname: options.hostname }),
      ...(snapshot ? { snapshot: (environment.checkedSnapshot?.(snapshot) ?? snapshot).machine } : {}),
      host_interrupt: () => options.onBusy?.() ?? false,
      ...(environment.notation === undefined ? {} : { notation: environment.notation }),
    });
    this.files = new LabFiles(this.machine.init_task);
    for (const [path, spec] of Object.entries(options.files ?? {})) this.writeInitial(path, spec);
  }

  get kernel(): string {
    return this.options.kernel ?? this.options.snapshot?.kernel ?? 'lab';
  }

  /** uname -r */
  get release(): string {
    return this.machine.version.release;
  }

  get host(): HostArch {
    return this.machine.host;
  }

  /** The formats' names in the order execve asks them. */
  get formats(): readonly string[] {
    return this.machine.formats.map((f) => f.name);
  }

  /** Runs `script` in a new bash, as `bash -c` does; settles when it ends. */
  async run(script: string, options: RunOptions = {}): Promise<RunResult> {
    const [stdout, stderr] = [new Collector(), new Collector()];
    const trace: TraceEvent[] = [];
    const stop = options.trace ? this.on('event', (e) => trace.push(e)) : (): void => {};
    const stdin = typeof options.stdin === 'string' ? encode(options.stdin) : (options.stdin ?? new Uint8Array(0));
    const argv = ['bash', '-c', script, options.name ?? 'bash', ...(options.args ?? [])];
    const streams = { stdin: sourceOf(stdin), stdout, stderr };
    const process = this.spawn('/usr/bin/bash', argv, { ...streams, ...pick(options) });
    const status = await this.limited(process, options);
    stop();
    return { stdout: output(stdout.bytes), stderr: output(stderr.bytes), status, trace };
  }

  /** Starts a program with streams of the caller's. */
  spawn(path: string, argv: readonly string[], options: SpawnOptions): Process {
    const user = this.user(options.user ?? 'root');
    const stdio = [
      new_host_source(this.machine, options.stdin),
      new_host_sink(this.machine, options.stdout),
      new_host_sink(this.machine, options.stderr),
    ];
    const env = { HOME: user.home, PATH, LC_ALL: 'C', ...this.options.env, ...options.env };
    return this.start(path, argv, env, user, { stdio, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) });
  }

  /** Opens a terminal and starts a login shell on it. */
  openTerminal(options: TerminalOptions): LabTerminal {
    const user = this.user(options.user ?? 'root');
    const tty = new_tty(this.machine, options.output);
    this.ttys.add(tty);
    tty.resize(options.rows, options.cols);
    const env = {
      HOME: user.home,
      USER: user.name,
      LOGNAME: user.name,
      SHELL: user.shell,
      PATH,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ...this.options.env,
      ...options.env,
    };
    const { pid, exited } = this.start('/usr/bin/bash', ['-bash'], env, user, { tty });
    if (options.session) this.sessions.set(pid, options.session);
    return {
      input: (data) => tty.receive(typeof data === 'string' ? encode(data) : data),
      resize: (rows, cols) => tty.resize(rows, cols),
      close: () => this.close(tty),
      ...{ pid, exited },
    };
  }

  private close(tty: TtyStruct): void {
    this.ttys.delete(tty);
    tty.hangup();
  }

  /** The content of a file, read by the machine's root. */
  readFile(path: string): Uint8Array {
    return this.files.read(path);
  }

  /** Writes a file as the machine's root; missing directories are made. */
  writeFile(path: string, data: Uint8Array | string, mode = 0o644): void {
    this.files.write(path, typeof data === 'string' ? encode(data) : data, mode);
  }

  /**
   * memfs' Node-style `fs` over the machine's root file system, past its kernel: no permissions, no mounts, no limits.
   * Only in Node.
   */
  get fs(): MemFs {
    const store = ramfsStore(this.machine.init_task.fs.root.dentry.d_sb);
    if (this.environment.memfs === undefined || store === undefined) throw new LabError('lab.fs: memfs is only at hand in Node');
    this.facade ??= this.environment.memfs(store);
    return this.facade;
  }

  /**
   * Listens to the kernel: every event, or those that tell of execve. Call the answer to stop.
   * In a browser the arguments of system calls are told once their notation has loaded.
   */
  on(what: 'event' | 'exec', listener: (event: TraceEvent) => void): () => void {
    const [listeners, hear] =
      what === 'event'
        ? [this.machine.listeners, listener]
        : [this.machine.exec_listeners, (e: TraceEvent): void => void (isExec(e) && listener(e))];
    if (what === 'event') void load_notation(this.machine);
    listeners.add(hear);
    return () => void listeners.delete(hear);
  }

  /**
   * The files, the mounts of the first namespace, the rules of binfmt_misc and the host name, as plain data. Running programs
   * are no part of it, nor what only they hold: their namespaces, open files without a name, pipes, terminals.
   */
  snapshot(): LabSnapshot {
    return trust({ kernel: this.kernel, host: this.machine.host, machine: freeze(this.machine) });
  }

  /** The programs that run beside the shell `pid`, by name. */
  running(pid: number): readonly string[] {
    return running(this.machine, pid);
  }

  /** What a snapshot taken at the prompt of the shell `pid` leaves out, in sentences. */
  leftover(pid: number): readonly string[] {
    return leftover(this.machine, pid);
  }

  /** Ends every task; the machine is of no use afterwards. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const task of [...this.machine.tasks.values()]) if (task !== this.machine.init_task) send_sig(task, SIGKILL);
    for (const tty of this.ttys) this.close(tty);
    this.machine.listeners.clear();
    this.machine.exec_listeners.clear();
  }

  /** A snapshot may ask for what this kernel cannot mount again. */
  private startKernel(options: Parameters<typeof start_kernel>[0]): Kernel {
    try {
      return start_kernel(options);
    } catch (e) {
      if (options.snapshot === undefined) throw e;
      throw new LabError(`no machine can be made of this snapshot: ${e instanceof Error ? e.message : String(e)}`);
    }
  }

  private start(path: string, argv: readonly string[], env: Readonly<Record<string, string>>, user: User, stdio: Stdio): Process {
    if (this.disposed) throw new LabError('the machine has been disposed of');
    const envp = Object.entries(env).map(([k, v]) => `${k}=${v}`);
    const cred = new_cred(this.machine.init_user_ns, user.uid, user.gid, user.groups);
    let on_exit: (status: number) => void = () => {};
    const exited = new Promise<number>((resolve) => {
      on_exit = (status) => resolve(exitStatus(status));
    });
    const task = spawn_init(this.machine, path, argv, envp, { cwd: user.home, cred, ...stdio, on_exit });
    if (IS_ERR(task)) throw new LabError(`${path}: ${task.message}`);
    return { pid: task.pid, exited, kill: (sig) => void send_sig(task, sig) };
  }

  /** Kills `process` when the caller gives up on it or its time is over. */
  private async limited(process: Process, { signal, timeout }: RunOptions): Promise<number> {
    const kill = (): void => process.kill(SIGKILL);
    signal?.addEventListener('abort', kill);
    if (signal?.aborted) kill();
    const timer = timeout === undefined ? undefined : setTimeout(kill, timeout);
    const status = await process.exited;
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    return status;
  }

  private user(name: string): User {
    const user = findUser(decode(this.readFile('/etc/passwd')), decode(this.readFile('/etc/group')), name);
    if (user === null) throw new LabError(`unknown user '${name}'`);
    return user;
  }

  private writeInitial(path: string, spec: Uint8Array | string | FileSpec): void {
    if (typeof spec === 'string' || spec instanceof Uint8Array) this.writeFile(path, spec);
    else this.writeFile(path, spec.data, spec.mode);
  }
}

function allPrograms(
  environment: Environment,
  sessionOf: (sys: Syscalls) => ShellSession | undefined,
): Readonly<Record<string, ProgramLoader>> {
  const bashMain = bash(sessionOf);
  return programs({
    bash: () => bashMain,
    sh: () => shMain,
    lua: () => import('../userland/lua/index.ts').then((m) => m.luaProgram(() => environment.loadLua())),
    luac: () => import('../userland/lua/index.ts').then((m) => m.luacProgram(() => environment.loadLua())),
    python3: () => import('../userland/python/index.ts').then((m) => m.pythonProgram(environment.python)),
  });
}

const EXEC_EVENTS: ReadonlySet<TraceEvent['ev']> = new Set([
  'exec_begin',
  'exec_walk',
  'binprm_read',
  'binfmt_misc_entry',
  'binfmt_probe',
  'binprm_rewrite',
  'order_decided',
  'sched_process_exec',
  'exec_fail',
]);
const isExec = (event: TraceEvent): boolean => EXEC_EVENTS.has(event.ev);

const exitStatus = (wait: number): number => (WIFEXITED(wait) ? WEXITSTATUS(wait) : 128 + WTERMSIG(wait));

function output(bytes: Uint8Array): Output {
  return { bytes, text: decode(bytes) };
}

/** The run options that a spawn takes, too. */
function pick({ user, env }: RunOptions): Pick<SpawnOptions, 'user' | 'env'> {
  return { ...(user === undefined ? {} : { user }), ...(env === undefined ? {} : { env }) };
}
