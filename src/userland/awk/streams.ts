/** What awk reads and writes: records, files and pipes, over system calls. */
import { encode, fromLatin1, latin1 } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_APPEND, O_CLOEXEC, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { WEXITSTATUS, WIFEXITED, WTERMSIG } from '../../uapi/signal.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Fd, Pid } from '../../uapi/types.ts';
import type { Io } from '../lib/command.ts';
import { BUFSIZ, Output } from '../lib/stdio.ts';

/** How records end: a text, a pattern, or empty lines (''). */
export type Separator = string | RegExp;

export class Records {
  private text = '';
  private atEnd = false;
  private begun = false;

  constructor(
    private readonly sys: Syscalls,
    readonly fd: Fd,
    readonly pid: Pid | null = null,
  ) {}

  async next(separator: Separator): Promise<string | null | Errno> {
    if (separator === '') return await this.paragraph();
    for (;;) {
      const found = this.find(separator);
      if (found) {
        const record = this.text.slice(0, found.at);
        this.text = this.text.slice(found.at + found.length);
        return record;
      }
      if (!this.atEnd) {
        const error = await this.fill();
        if (error) return error;
        continue;
      }
      const rest = this.text;
      this.text = '';
      return rest === '' ? null : rest;
    }
  }

  private find(separator: Separator): { at: number; length: number } | null {
    if (typeof separator === 'string') {
      const at = this.text.indexOf(separator);
      return at < 0 ? null : { at, length: separator.length };
    }
    separator.lastIndex = 0;
    const m = separator.exec(this.text);
    // A match at the end of what is here may go on in what is not.
    if (!m || m[0] === '' || (!this.atEnd && m.index + m[0].length === this.text.length)) return null;
    return { at: m.index, length: m[0].length };
  }

  private async paragraph(): Promise<string | null | Errno> {
    for (;;) {
      if (!this.begun || this.text.startsWith('\n')) this.text = this.text.replace(/^\n+/, '');
      this.begun = this.text !== '';
      const m = /\n\n+/.exec(this.text);
      if (m && (this.atEnd || m.index + m[0].length < this.text.length)) {
        const record = this.text.slice(0, m.index);
        this.text = this.text.slice(m.index + m[0].length);
        return record;
      }
      if (!this.atEnd) {
        const error = await this.fill();
        if (error) return error;
        continue;
      }
      const rest = this.text.replace(/\n+$/, '');
      this.text = '';
      return rest === '' ? null : rest;
    }
  }

  private async fill(): Promise<Errno | null> {
    const chunk = await this.sys.read(this.fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) this.atEnd = true;
    else this.text += latin1(chunk);
    return null;
  }
}

interface Writer {
  readonly output: Output;
  readonly pid: Pid | null;
}

/** Files and pipes by the names that the program gives them. */
export class Streams {
  private readonly writers = new Map<string, Writer>();
  private readonly readers = new Map<string, Records>();
  readonly stdout: Output;

  constructor(private readonly io: Io) {
    this.stdout = new Output(io.sys, 1, fromLatin1);
  }

  async writer(to: '>' | '>>' | '|', name: string): Promise<Output | Errno> {
    if (to !== '|' && (name === '/dev/stdout' || name === '-')) return this.stdout;
    const known = this.writers.get(name);
    if (known) return known.output;
    const made = to === '|' ? await this.pipeTo(name) : await this.file(to, name);
    if (IS_ERR(made)) return made;
    this.writers.set(name, made);
    return made.output;
  }

  private async file(to: '>' | '>>', name: string): Promise<Writer | Errno> {
    const path = this.io.charset.toArgument(name);
    if (name === '/dev/stderr') return { output: new Output(this.io.sys, 2, fromLatin1), pid: null };
    const fd = await this.io.sys.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (to === '>' ? O_TRUNC : O_APPEND), 0o666);
    return IS_ERR(fd) ? fd : { output: new Output(this.io.sys, fd, fromLatin1), pid: null };
  }

  private async pipeTo(command: string): Promise<Writer | Errno> {
    const started = await this.shell(command, 0);
    return IS_ERR(started) ? started : { output: new Output(this.io.sys, started.fd, fromLatin1), pid: started.pid };
  }

  /** A shell whose standard input (0) or output (1) is the other end of `fd`. */
  private async shell(command: string, end: 0 | 1): Promise<{ fd: Fd; pid: Pid } | Errno> {
    await this.flush();
    const ends = this.io.sys.pipe2(O_CLOEXEC);
    if (IS_ERR(ends)) return ends;
    const [theirs, ours] = [ends[end], ends[1 - end] as Fd];
    const pid = this.io.sys.clone(0, (child) => {
      child.dup2(theirs, end);
      return this.runShell(child, command);
    });
    this.io.sys.close(theirs);
    return IS_ERR(pid) ? pid : { fd: ours, pid };
  }

  private async runShell(child: Syscalls, command: string): Promise<number> {
    const error = await child.execve('/bin/sh', ['sh', '-c', this.io.charset.toArgument(command)], this.io.envp);
    await child.write(2, encode(`${this.io.name}: /bin/sh: ${error.message}\n`));
    return 127;
  }

  async reader(from: 'file' | 'command', name: string): Promise<Records | Errno> {
    const known = this.readers.get(name);
    if (known) return known;
    const made = from === 'command' ? await this.pipeFrom(name) : await this.openFile(name);
    if (!IS_ERR(made)) this.readers.set(name, made);
    return made;
  }

  async openFile(name: string): Promise<Records | Errno> {
    if (name === '-' || name === '/dev/stdin') return new Records(this.io.sys, 0);
    const fd = await this.io.sys.open(this.io.charset.toArgument(name), O_RDONLY | O_CLOEXEC);
    return IS_ERR(fd) ? fd : new Records(this.io.sys, fd);
  }

  private async pipeFrom(command: string): Promise<Records | Errno> {
    const started = await this.shell(command, 1);
    return IS_ERR(started) ? started : new Records(this.io.sys, started.fd, started.pid);
  }

  async system(command: string): Promise<number> {
    await this.flush();
    const pid = this.io.sys.clone(0, (child) => this.runShell(child, command));
    return IS_ERR(pid) ? -1 : await this.wait(pid);
  }

  private async wait(pid: Pid): Promise<number> {
    const result = await this.io.sys.wait4(pid, 0);
    if (IS_ERR(result)) return -1;
    return WIFEXITED(result.status) ? WEXITSTATUS(result.status) : 256 + WTERMSIG(result.status);
  }

  async flush(): Promise<void> {
    await this.stdout.flush();
    for (const { output } of this.writers.values()) await output.flush();
  }

  /** -1 if there is no such stream. */
  async close(name: string): Promise<number> {
    let status = -1;
    const writer = this.writers.get(name);
    if (writer) {
      this.writers.delete(name);
      await writer.output.flush();
      if (writer.output.fd > 2) this.io.sys.close(writer.output.fd);
      status = writer.pid === null ? 0 : await this.wait(writer.pid);
    }
    const reader = this.readers.get(name);
    if (reader) {
      this.readers.delete(name);
      if (reader.fd > 2) this.io.sys.close(reader.fd);
      status = reader.pid === null ? 0 : await this.wait(reader.pid);
    }
    return status;
  }

  async closeAll(): Promise<void> {
    await this.flush();
    for (const name of [...this.writers.keys(), ...this.readers.keys()]) await this.close(name);
  }
}
