/** strace: shows the system calls of a program. Follows strace 6.1. */
import { encode } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_CLOEXEC, O_CREAT, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { SIGINT, WEXITSTATUS, WIFEXITED, WNOHANG, WTERMSIG } from '../../uapi/signal.ts';
import { CLOCK_REALTIME, type Program, type Syscalls } from '../../uapi/syscalls.ts';
import type { TraceEvent } from '../../uapi/trace.ts';
import type { Bytes, Fd, MaybeAsync, Pid } from '../../uapi/types.ts';
import { getenv } from '../lib/environ.ts';
import { isProgram } from '../lib/file-type.ts';
import { writeAll } from '../lib/stdio.ts';
import { parseLine, type StraceOptions } from '../strace/options.ts';
import { Printer } from '../strace/printer.ts';

/** How often strace looks for news, in milliseconds. */
const TURN = 1;

export const main: Program = async (sys, argv, envp) => {
  const line = parseLine(argv.slice(1));
  if (line.kind === 'text') return await say(sys, 1, line.text, 0);
  if (line.kind === 'error')
    return await say(sys, 2, `strace: ${line.text}\n${line.hint ? "Try 'strace -h' for more information.\n" : ''}`, 1);
  return await new Strace(sys, line.options, envp).run();
};

async function say(sys: Syscalls, fd: Fd, text: string, status: number): Promise<number> {
  await writeAll(sys, fd, encode(text));
  return status;
}

class Strace {
  private readonly printer: Printer;
  /** Where each process's lines go: one descriptor, or with -ff one for each. */
  private readonly files = new Map<number, Fd>();
  private interrupted = false;
  /** A write is under way: what comes meanwhile waits for the next flush. */
  private busy = false;

  constructor(
    private readonly sys: Syscalls,
    private readonly options: StraceOptions,
    private readonly envp: readonly string[],
  ) {
    this.printer = new Printer(options, () => sys.clock_gettime(CLOCK_REALTIME));
  }

  async run(): Promise<number> {
    const opened = await this.openOutput();
    if (IS_ERR(opened)) return await this.fail(`Can't fopen '${this.options.output}': ${opened.message}`);
    for (const pid of this.options.pids) {
      const error = await this.sys.lab_trace(pid, this.options.follow, this.told);
      if (IS_ERR(error)) return await this.fail(`attach: ptrace(PTRACE_SEIZE, ${pid}): ${error.message}`);
      this.printer.attach(pid);
    }
    if (this.options.command.length === 0) return await this.lookOn();
    const path = this.find(this.options.command[0] ?? '');
    if (path === null) return await this.fail(`Can't stat '${this.options.command[0]}': No such file or directory`);
    return await this.trace(path);
  }

  private async fail(text: string): Promise<number> {
    return await say(this.sys, 2, `strace: ${text}\n`, 1);
  }

  private async openOutput(): Promise<Fd | Errno> {
    if (this.options.output === null || this.options.separate) return 2;
    const fd = await this.create(this.options.output);
    if (!IS_ERR(fd)) this.files.set(0, fd);
    return fd;
  }

  private async create(path: string): Promise<Fd | Errno> {
    return await this.sys.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666);
  }

  /** A name with a slash as it is if it exists, else the first executable file of that name in PATH. */
  private find(name: string): string | null {
    if (name.includes('/')) return IS_ERR(this.sys.stat(name)) ? null : name;
    const directories = (getenv(this.envp, 'PATH') ?? '').split(':').map((d) => (d === '' ? '.' : d));
    return directories.map((d) => `${d}/${name}`).find((path) => isProgram(this.sys.stat(path))) ?? null;
  }

  private async trace(path: string): Promise<number> {
    const pipe = this.sys.pipe2(O_CLOEXEC);
    if (IS_ERR(pipe)) return await this.fail(`pipe: ${pipe.message}`);
    const [ready, go] = pipe;
    const pid = this.sys.clone(0, async (child) => {
      child.close(go);
      await child.read(ready, 1);
      const error = await child.execve(path, this.options.command, this.environment());
      return await say(child, 2, `strace: exec: ${error.message}\n`, 1);
    });
    if (IS_ERR(pid)) return await this.fail(`fork: ${pid.message}`);
    this.printer.start(pid);
    await this.sys.lab_trace(pid, this.options.follow, this.told);
    this.sys.rt_sigaction(SIGINT, { handler: 'SIG_IGN' });
    this.sys.close(ready);
    this.sys.close(go);
    return await this.endLike(await this.follow(pid));
  }

  private environment(): string[] {
    let env = [...this.envp];
    for (const change of this.options.environment) {
      const name = change.replace(/=.*/s, '');
      env = env.filter((e) => !e.startsWith(`${name}=`));
      if (change.includes('=')) env.push(change);
    }
    return env;
  }

  /** Prints what happens until nobody is left; answers the wait status of the program. */
  private async follow(pid: Pid): Promise<number> {
    let status = 0;
    for (;;) {
      const news = await this.sys.wait4(-1, WNOHANG);
      if (!IS_ERR(news) && news.pid === pid) status = news.status;
      await this.flush();
      if (!this.printer.anybodyAlive && (IS_ERR(news) || news.pid === pid)) return status;
      if (IS_ERR(news) || news.pid === 0) await this.sys.nanosleep(TURN);
    }
  }

  /** With -p alone: until those end, or ^C. */
  private async lookOn(): Promise<number> {
    this.sys.rt_sigaction(SIGINT, {
      handler: () => {
        this.interrupted = true;
      },
    });
    while (this.printer.anybodyAlive && !this.interrupted) {
      await this.flush();
      await this.sys.nanosleep(TURN);
    }
    await this.flush();
    if (this.interrupted) for (const pid of this.options.pids) await say(this.sys, 2, `strace: Process ${pid} detached\n`, 0);
    return this.interrupted ? 130 : 0;
  }

  /**
   * Prints while the traced process stands in its call, as under ptrace: so that its own output comes after. Where that cannot
   * be, because a write waits or strace itself is to die, the next flush prints.
   */
  private readonly told = (event: TraceEvent): void => {
    this.printer.sink(event);
    if (this.busy || this.options.separate || this.sys.lab_signal_pending()) return;
    const text = this.take();
    if (text.length === 0) return;
    const written = this.sys.write(this.files.get(0) ?? 2, text);
    this.rest = written instanceof Promise ? written.then((n) => after(text, n)) : after(text, written);
    this.busy = this.rest instanceof Promise || this.rest.length > 0;
  };

  /** What a write from `told` has left to do. */
  private rest: MaybeAsync<Bytes> = new Uint8Array(0);

  private take(): Bytes {
    return encode(
      this.printer.lines
        .splice(0)
        .map((l) => l.text)
        .join(''),
    );
  }

  private async flush(): Promise<void> {
    if (this.options.separate && this.options.output !== null) return await this.flushSeparately();
    const fd = this.files.get(0) ?? 2;
    this.busy = true;
    const rest = await this.rest;
    this.rest = new Uint8Array(0);
    for (const text of [rest, this.take()]) if (text.length > 0) await writeAll(this.sys, fd, text);
    this.busy = false;
  }

  private async flushSeparately(): Promise<void> {
    for (const { pid, text } of this.printer.lines.splice(0)) {
      const fd = this.files.get(pid) ?? (await this.create(`${this.options.output}.${pid}`));
      if (IS_ERR(fd)) continue;
      this.files.set(pid, fd);
      await writeAll(this.sys, fd, encode(text));
    }
  }

  /** strace ends as its program did, also by its signal. */
  private async endLike(status: number): Promise<number> {
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    const sig = WTERMSIG(status);
    this.sys.rt_sigaction(sig, { handler: 'SIG_DFL' });
    this.sys.kill(this.sys.getpid(), sig);
    await this.sys.sched_yield();
    return 128 + sig;
  }
}

/** What is left of `text` after a write that answered `n`; an error ends it. */
function after(text: Bytes, n: number | Errno): Bytes {
  return IS_ERR(n) ? new Uint8Array(0) : text.subarray(n);
}
