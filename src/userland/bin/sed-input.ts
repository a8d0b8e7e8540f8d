/** sed(1)'s input: lines of all files as one stream, or file by file. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import type { Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { LineReader } from '../lib/stdio.ts';

export interface InputLine {
  readonly text: string;
  /** False for a last line without newline. */
  readonly terminated: boolean;
}

export class Input {
  lineNumber = 0;
  /** The name of the current file, "-" for standard input. */
  name = '-';
  private reader: LineReader | null = null;
  private ahead: InputLine | null = null;
  private next = 0;

  constructor(
    private readonly io: Io,
    private readonly files: readonly string[],
    /** -s and -i: each file has a last line. */
    private readonly separate: boolean,
    private readonly inPlace: boolean,
    private readonly delimiter: '\n' | '\0',
    private readonly onFile: (name: string) => Promise<void>,
    private readonly onFileEnd: () => Promise<void>,
  ) {}

  /** The next line; null at the end of all input. */
  async read(): Promise<InputLine | null> {
    const line = this.ahead ?? (await this.fetch(true));
    this.ahead = null;
    if (line) this.lineNumber++;
    return line;
  }

  /** A line that needs no waiting; undefined if that cannot be said. */
  readNow(): InputLine | undefined {
    if (this.ahead) return undefined;
    const text = this.reader?.take();
    if (text === undefined) return undefined;
    this.lineNumber++;
    return { text, terminated: this.reader?.terminated ?? true };
  }

  /** The next line of the current file only. */
  async readRest(): Promise<InputLine | null> {
    const line = this.ahead ?? (await this.fetch(false));
    this.ahead = null;
    return line;
  }

  /** Whether no line follows (in this file, if files are separate). */
  async isLast(): Promise<boolean> {
    if (!this.ahead) this.ahead = await this.fetch(!this.separate);
    return this.ahead === null;
  }

  /** Whether all input is used up, whatever -s says. */
  async isEnd(): Promise<boolean> {
    if (!(await this.isLast())) return false;
    return this.next >= this.files.length;
  }

  private async fetch(mayAdvance: boolean): Promise<InputLine | null> {
    for (;;) {
      if (this.reader) {
        const text = await this.reader.next();
        if (IS_ERR(text)) throw this.readError(text);
        if (text !== undefined) return { text, terminated: this.reader.terminated };
        if (!mayAdvance) return null;
        await this.closeFile();
      }
      if (!(await this.openNext())) return null;
    }
  }

  private readError(error: Errno): Failure {
    return new Failure(`read error on ${this.name === '-' ? 'stdin' : this.name}: ${error.message}`, 4);
  }

  private async closeFile(): Promise<void> {
    const fd = this.reader?.fd ?? 0;
    this.reader = null;
    if (fd !== 0) this.io.sys.close(fd);
    await this.onFileEnd();
  }

  private async openNext(): Promise<boolean> {
    while (this.next < this.files.length) {
      const name = this.files[this.next++] as string;
      const fd = name === '-' && !this.inPlace ? 0 : await this.open(name);
      if (fd === null) continue;
      this.name = name;
      if (this.separate) this.lineNumber = 0;
      this.reader = new LineReader(this.io.sys, fd, this.io.charset, this.delimiter);
      await this.onFile(name);
      return true;
    }
    return false;
  }

  private async open(name: string): Promise<number | null> {
    if (this.inPlace) {
      const st = this.io.sys.stat(name);
      if (!IS_ERR(st) && !S_ISREG(st.st_mode)) {
        await this.io.warn(`couldn't edit ${name}: not a regular file`);
        this.io.status = 4;
        return null;
      }
    }
    const fd = await this.io.sys.open(name, O_RDONLY);
    if (!IS_ERR(fd)) return fd;
    await this.io.warn(`can't read ${name}: ${fd.message}`);
    this.io.status = 2;
    return null;
  }
}
