/** sed(1)'s outputs: a missing newline at the end stays missing unless something follows. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import type { Bytes } from '../../uapi/types.ts';
import type { Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { Output } from '../lib/stdio.ts';

export class SedOutput {
  private owesNewline = false;

  constructor(
    readonly stream: Output,
    private readonly delimiter: string,
  ) {}

  line(text: string, terminated = true): void {
    this.settle();
    this.stream.put(terminated ? text + this.delimiter : text);
    this.owesNewline = !terminated;
  }

  /** Text as it stands. */
  raw(data: string | Bytes): void {
    if (data.length === 0) return;
    this.settle();
    this.stream.put(data);
  }

  private settle(): void {
    if (this.owesNewline) this.stream.put(this.delimiter);
    this.owesNewline = false;
  }
}

/** The files of w commands: opened before the first line is read. */
export class OutputFiles {
  private readonly files = new Map<string, SedOutput>();

  constructor(
    private readonly io: Io,
    private readonly delimiter: string,
    private readonly standard: () => SedOutput,
  ) {}

  async open(name: string): Promise<void> {
    if (this.files.has(name) || name === '/dev/stdout') return;
    const path = this.io.charset.toArgument(name);
    const fd = name === '/dev/stderr' ? 2 : await this.io.sys.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
    if (IS_ERR(fd)) throw new Failure(`couldn't open file ${path}: ${fd.message}`, 4);
    this.files.set(name, new SedOutput(new Output(this.io.sys, fd, this.io.charset.encode), this.delimiter));
  }

  async write(name: string, text: string, terminated: boolean): Promise<void> {
    const file = this.files.get(name) ?? this.standard();
    file.line(text, terminated);
    if (file !== this.standard()) await file.stream.flush();
  }
}
