/** stdio's FILE over system calls: buffers as glibc keeps them, reading and writing that may pause. */
import { concat } from '../../uapi/bytes.ts';
import { EAGAIN, EBADF, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { SEEK_CUR, SEEK_END, SEEK_SET } from '../../uapi/fcntl.ts';
import { S_ISCHR, S_ISREG } from '../../uapi/stat.ts';
import type { Bytes, Fd, MaybeAsync } from '../../uapi/types.ts';
import type { State } from './api.ts';
import type { LuaVm, Steps } from './vm.ts';

export type Buffering = 'no' | 'line' | 'full';

const BUFSIZ = 4096;
const TTY_BUFSIZ = 1024;
/** What may wait for a slow reader while Lua cannot pause. */
const BACKLOG = 1 << 20;
const EMPTY: Bytes = new Uint8Array(0);

export class Stream {
  private input: Bytes = EMPTY;
  private position = 0;
  private output: Uint8Array[] = [];
  private outputSize = 0;
  /** Writes under way that nobody waits for. */
  private background: Promise<void> | null = null;
  private backlog = 0;
  private capacity: number;
  buffering: Buffering;
  /** What ferror() reports. */
  error: Errno | null = null;
  readonly isTty: boolean;
  private readonly seekable: boolean;

  constructor(
    private readonly vm: LuaVm,
    readonly fd: Fd,
    private readonly readable: boolean,
    private readonly writable: boolean,
    buffering?: Buffering,
  ) {
    const st = vm.sys.fstat(fd);
    const mode = IS_ERR(st) ? 0 : st.st_mode;
    this.isTty = S_ISCHR(mode) && !IS_ERR(vm.sys.ioctl(fd, 'TCGETS'));
    this.seekable = S_ISREG(mode);
    this.buffering = buffering ?? (this.isTty ? 'line' : 'full');
    this.capacity = this.isTty ? TTY_BUFSIZ : BUFSIZ;
  }

  // reading

  /** The next byte without taking it; -1 at the end of the file or on error. */
  *peek(L: State): Steps<number> {
    if (this.position >= this.input.length && !(yield* this.fill(L))) return -1;
    return this.input[this.position] as number;
  }
  skip(): void {
    this.position++;
  }

  /** Up to and without the next newline; whether there was one. */
  *line(L: State): Steps<readonly [line: Bytes, ended: boolean]> {
    const parts: Bytes[] = [];
    while ((yield* this.peek(L)) >= 0) {
      const end = this.input.indexOf(10, this.position);
      parts.push(this.take(end < 0 ? this.input.length - this.position : end - this.position));
      if (end < 0) continue;
      this.skip();
      return [concat(parts), true];
    }
    return [concat(parts), false];
  }

  /** At most `count` bytes, fewer only at the end of the file. */
  *block(L: State, count: number): Steps<Bytes> {
    const parts: Bytes[] = [];
    let missing = count;
    while (missing > 0 && (yield* this.peek(L)) >= 0) {
      const part = this.take(Math.min(missing, this.input.length - this.position));
      parts.push(part);
      missing -= part.length;
    }
    return concat(parts);
  }

  private take(count: number): Bytes {
    const part = this.input.subarray(this.position, this.position + count);
    this.position += count;
    return part;
  }

  private *fill(L: State): Steps<boolean> {
    if (!this.readable) return this.fail(EBADF);
    const flushed = yield* this.flush(L);
    if (IS_ERR(flushed)) return this.fail(flushed);
    const data = yield* this.vm.wait(
      L,
      this.promptly(L, () => this.vm.sys.read(this.fd, this.capacity)),
    );
    if (IS_ERR(data)) return this.fail(data);
    this.input = data;
    this.position = 0;
    return data.length > 0;
  }
  private fail(error: Errno): false {
    this.error = error;
    return false;
  }

  /** Where Lua cannot pause, a call must not give way only because its slice is over. */
  private promptly<T>(L: State, call: () => MaybeAsync<T>): MaybeAsync<T> {
    if (this.vm.canWait(L)) return call();
    this.vm.sys.lab_preemptible(false);
    try {
      return call();
    } finally {
      this.vm.sys.lab_preemptible(true);
    }
  }

  // writing

  *write(L: State, data: Uint8Array): Steps<Status> {
    if (!this.writable) return this.failed(EBADF);
    this.dropInput();
    this.output.push(data.slice());
    this.outputSize += data.length;
    return this.isDue(data) ? yield* this.flush(L) : 0;
  }
  private failed(error: Errno): Errno {
    this.error = error;
    return error;
  }
  private isDue(data: Uint8Array): boolean {
    if (this.buffering === 'no' || this.outputSize >= this.capacity) return true;
    return this.buffering === 'line' && data.includes(10);
  }

  *flush(L: State): Steps<Status> {
    if (this.outputSize === 0) return 0;
    if (this.background !== null && this.vm.canWait(L)) yield* this.vm.wait(L, this.background);
    while (this.outputSize > 0) {
      const data = this.takeOutput();
      if (this.background !== null) return this.push(data, this.background);
      const written = this.promptly(L, () => this.vm.sys.write(this.fd, data));
      if (written instanceof Promise && !this.vm.canWait(L)) return this.pushWritten(data, written);
      const n = yield* this.vm.wait(L, written);
      if (IS_ERR(n)) return this.failed(n);
      this.unwrite(data.subarray(n));
    }
    return 0;
  }
  private takeOutput(): Bytes {
    const data = concat(this.output);
    this.output = [];
    this.outputSize = 0;
    return data;
  }
  private unwrite(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.output.unshift(rest);
    this.outputSize += rest.length;
  }

  private pushWritten(data: Bytes, written: Promise<number | Errno>): Status {
    return this.push(
      EMPTY,
      written.then((n) => (IS_ERR(n) ? this.noteError(n) : this.writeAll(data.subarray(n)))),
    );
  }
  private push(data: Bytes, after: Promise<void>): Status {
    if (this.backlog + data.length > BACKLOG) return this.failed(EAGAIN);
    this.backlog += data.length;
    const done = after
      .then(() => this.writeAll(data))
      .then(() => {
        this.backlog -= data.length;
        if (this.background === done) this.background = null;
      });
    this.background = done;
    return 0;
  }
  private noteError(error: Errno): void {
    this.error = error;
  }
  private async writeAll(data: Uint8Array): Promise<void> {
    for (let rest = data; rest.length > 0; ) {
      const n = await this.vm.sys.write(this.fd, rest);
      if (IS_ERR(n)) return this.noteError(n);
      rest = rest.subarray(n);
    }
  }

  /** The flush at exit, when no Lua is running any more. */
  async drain(): Promise<void> {
    await this.background;
    await this.writeAll(this.takeOutput());
  }

  /** What was read ahead goes back to the file, as other processes see its position. */
  dropInput(): void {
    const unread = this.input.length - this.position;
    if (unread > 0 && this.seekable) void this.vm.sys.lseek(this.fd, -unread, SEEK_CUR);
    if (this.seekable) this.input = EMPTY;
    if (this.seekable) this.position = 0;
  }

  *seek(L: State, offset: number, whence: 'set' | 'cur' | 'end'): Steps<number | Errno> {
    const flushed = yield* this.flush(L);
    if (IS_ERR(flushed)) return flushed;
    this.dropInput();
    return this.vm.sys.lseek(this.fd, offset, whence === 'set' ? SEEK_SET : whence === 'cur' ? SEEK_CUR : SEEK_END);
  }

  setBuffer(buffering: Buffering, size: number): void {
    this.buffering = buffering;
    if (buffering !== 'no' && size > 0) this.capacity = size;
  }

  *close(L: State): Steps<Status> {
    const flushed = yield* this.flush(L);
    this.dropInput();
    const closed = this.vm.sys.close(this.fd);
    return IS_ERR(flushed) ? flushed : closed;
  }
}
