/** The bar that is drawn while the interpreter is fetched: on standard error, and only on a terminal. */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';

const WIDTH = 30;
const MEGABYTE = 1_000_000;
const CLEAR_LINE = '\r\x1b[K';

export class Progress {
  private drawn = false;
  private readonly isTty: boolean;
  private pending: Promise<unknown> = Promise.resolve();

  constructor(private readonly sys: Syscalls) {
    this.isTty = !IS_ERR(sys.ioctl(2, 'TCGETS'));
  }

  show(done: number, total: number): void {
    if (!this.isTty) return;
    const filled = total > 0 ? Math.min(WIDTH, Math.floor((done / total) * WIDTH)) : 0;
    const bar = '#'.repeat(filled).padEnd(WIDTH, '.');
    this.draw(`${CLEAR_LINE}loading Python [${bar}] ${(done / MEGABYTE).toFixed(1)} of ${(total / MEGABYTE).toFixed(1)} MB`);
    this.drawn = true;
  }

  async clear(): Promise<void> {
    if (this.drawn) this.draw(CLEAR_LINE);
    await this.pending;
  }
  private draw(text: string): void {
    this.pending = this.pending.then(() => this.sys.write(2, encode(text)));
  }
}
