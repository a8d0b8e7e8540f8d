/** Buffered output and streaming input over descriptors: what stdio(3) is to C programs. */
import { concat, encode as encodeUtf8 } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';

export const BUFSIZ = 65536;

export function isatty(sys: Syscalls, fd: Fd): boolean {
  return !IS_ERR(sys.ioctl(fd, 'TCGETS'));
}

/** Writes all of `data`, however many calls it takes. */
export async function writeAll(sys: Syscalls, fd: Fd, data: Bytes): Promise<Status> {
  let rest = data;
  do {
    const n = await sys.write(fd, rest);
    if (IS_ERR(n)) return n;
    rest = rest.subarray(n);
  } while (rest.length > 0);
  return 0;
}

/**
 * A buffered stream. `put` never sleeps: a program puts a record, and flushes when the stream says it is `full`
 * (64 KiB; on a terminal at once). The first error sticks and later output is dropped, as in stdio.
 */
export class Output {
  error: Errno | null = null;
  private text = '';
  private chunks: Bytes[] = [];
  private size = 0;
  private terminal: boolean | null = null;

  constructor(
    private readonly sys: Syscalls,
    readonly fd: Fd,
    /** How text becomes bytes; programs that treat text as bytes put their own here. */
    public encode: (text: string) => Bytes = encodeUtf8,
  ) {}

  put(data: string | Bytes): void {
    if (this.error) return;
    this.size += data.length;
    if (typeof data === 'string') this.text += data;
    else {
      this.settleText();
      this.chunks.push(data);
    }
  }

  get isTerminal(): boolean {
    return (this.terminal ??= isatty(this.sys, this.fd));
  }

  get full(): boolean {
    return this.size >= BUFSIZ || (this.size > 0 && this.isTerminal);
  }

  async write(data: string | Bytes): Promise<void> {
    this.put(data);
    if (this.full) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.size === 0) return;
    this.settleText();
    const chunks = this.chunks;
    this.chunks = [];
    this.size = 0;
    const data = chunks.length === 1 ? (chunks[0] as Bytes) : concat(chunks);
    const status = await writeAll(this.sys, this.fd, data);
    if (IS_ERR(status)) this.error = status;
  }

  private settleText(): void {
    if (this.text === '') return;
    this.chunks.push(this.encode(this.text));
    this.text = '';
  }
}

/** Reads records (lines, or NUL-terminated ones) without holding more than a block and one record. */
export class LineReader {
  /** Whether the record taken last had its delimiter. */
  terminated = true;
  private text = '';
  private position = 0;
  private rest: Bytes[] = [];
  private atEnd = false;

  constructor(
    private readonly sys: Syscalls,
    readonly fd: Fd,
    private readonly charset: { decode(bytes: Bytes): string; encode(text: string): Bytes },
    private readonly delimiter: '\n' | '\0' = '\n',
  ) {}

  /** A record that is here already, without its delimiter. */
  take(): string | undefined {
    const start = this.position;
    if (start >= this.text.length) return undefined;
    const end = this.text.indexOf(this.delimiter, start);
    this.terminated = end >= 0;
    this.position = end < 0 ? this.text.length : end + 1;
    return this.text.slice(start, end < 0 ? undefined : end);
  }

  /** All that `take` would answer, as one text. */
  peek(): string {
    return this.text.slice(this.position);
  }

  /** How many bytes were read from the descriptor and not taken. */
  get unread(): number {
    const rest = this.rest.reduce((n, chunk) => n + chunk.length, 0);
    return rest + this.charset.encode(this.peek()).length;
  }

  /** Reads until `take` has something: 1, or 0 at the end of the file. */
  async fill(): Promise<0 | 1 | Errno> {
    while (!this.atEnd) {
      const chunk = await this.sys.read(this.fd, BUFSIZ);
      if (IS_ERR(chunk)) return chunk;
      if (this.accept(chunk)) return 1;
    }
    return 0;
  }

  private accept(chunk: Bytes): boolean {
    const end = chunk.length === 0 ? 0 : chunk.lastIndexOf(this.delimiter.charCodeAt(0)) + 1;
    this.atEnd = chunk.length === 0;
    if (!this.atEnd && end === 0) {
      this.rest.push(chunk);
      return false;
    }
    this.rest.push(chunk.subarray(0, end));
    this.text = this.charset.decode(concat(this.rest));
    this.position = 0;
    this.rest = [chunk.subarray(end)];
    return this.text.length > 0;
  }

  /** The next record; undefined at the end. */
  async next(): Promise<string | undefined | Errno> {
    const line = this.take();
    if (line !== undefined) return line;
    const more = await this.fill();
    if (IS_ERR(more)) return more;
    return more ? this.take() : undefined;
  }
}

/** A whole file or stream; for programs that must see the end first. */
export async function readAll(sys: Syscalls, fd: Fd): Promise<Bytes | Errno> {
  const chunks: Bytes[] = [];
  for (;;) {
    const chunk = await sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) return concat(chunks);
    chunks.push(chunk);
  }
}

export async function readFile(sys: Syscalls, path: string): Promise<Bytes | Errno> {
  const fd = await sys.open(path, 0);
  if (IS_ERR(fd)) return fd;
  const bytes = await readAll(sys, fd);
  sys.close(fd);
  return bytes;
}
