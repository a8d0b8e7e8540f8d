/** The bytes of several files as one, in pieces of a wished size: what hexdump(1) and od(1) read. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import type { Io } from './command.ts';
import { BUFSIZ } from './stdio.ts';

export class ByteSource {
  /** How many files could be opened. */
  opened = 0;
  private readonly names: string[];
  private fd: Fd | null = null;
  private name = '';
  private held: Bytes = new Uint8Array();

  constructor(
    private readonly io: Io,
    operands: readonly string[],
    /** Bytes that may still be taken. */
    private left: number,
  ) {
    this.names = operands.length === 0 ? ['-'] : [...operands];
  }

  /** `count` bytes, or what is left of all files. */
  async take(count: number): Promise<Bytes> {
    const wanted = Math.min(count, this.left);
    while (this.held.length < wanted && (await this.refill()));
    const piece = this.held.subarray(0, wanted);
    this.held = this.held.subarray(piece.length);
    this.left -= piece.length;
    return piece;
  }

  /** Passes over bytes; answers whether there were that many. They do not count as taken. */
  async skip(count: number): Promise<boolean> {
    let left = count;
    while (left > 0) {
      if (this.held.length === 0 && !(await this.refill())) return false;
      const piece = Math.min(left, this.held.length);
      this.held = this.held.subarray(piece);
      left -= piece;
    }
    return true;
  }

  private async refill(): Promise<boolean> {
    for (;;) {
      if (this.fd === null && !(await this.openNext())) return false;
      const chunk = await this.io.sys.read(this.fd ?? 0, BUFSIZ);
      if (IS_ERR(chunk)) await this.io.fail(this.io.quoteIfNeeded(this.name), chunk);
      if (!IS_ERR(chunk) && chunk.length > 0) {
        this.append(chunk);
        return true;
      }
      if (this.fd !== null && this.fd !== 0) this.io.sys.close(this.fd);
      this.fd = null;
    }
  }

  private append(chunk: Bytes): void {
    if (this.held.length === 0) {
      this.held = chunk;
      return;
    }
    const both = new Uint8Array(this.held.length + chunk.length);
    both.set(this.held);
    both.set(chunk, this.held.length);
    this.held = both;
  }

  private async openNext(): Promise<boolean> {
    for (let name = this.names.shift(); name !== undefined; name = this.names.shift()) {
      const fd = name === '-' ? 0 : await this.io.sys.open(name, O_RDONLY);
      if (!IS_ERR(fd)) {
        this.fd = fd;
        this.name = name;
        this.opened++;
        return true;
      }
      await this.io.fail(this.io.quoteIfNeeded(name), fd);
    }
    return false;
  }
}
