/** The terminal below the line editor: raw mode, single characters in, text out. Follows readline's rltty.c and input.c. */
import { decode, encode } from '../../uapi/bytes.ts';
import { EINTR, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { POLLIN, type Syscalls } from '../../uapi/syscalls.ts';
import { ECHO, ECHOCTL, ICANON, ICRNL, INLCR, ISIG, type Termios, VLNEXT, VMIN, VTIME } from '../../uapi/termios.ts';
import type { Fd, MaybeAsync } from '../../uapi/types.ts';

const BRACKETED_PASTE_ON = '\x1b[?2004h';
const BRACKETED_PASTE_OFF = '\x1b[?2004l\r';

export type Key =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'eof' }
  /** A signal handler ran. */
  | { readonly kind: 'interrupted' };

export class Terminal {
  private saved: Termios | undefined;
  private partial: number[] = [];
  private ready: string[] = [];

  constructor(
    private readonly sys: Syscalls,
    readonly input: Fd,
    private readonly output: Fd,
  ) {}

  /** The terminal's modes as programs left them. */
  get modes(): Termios | undefined {
    return this.saved;
  }

  /** Raw mode: no echo, characters at once, signals stay on. */
  async enter(): Promise<void> {
    const now = this.sys.ioctl(this.input, 'TCGETS');
    if (IS_ERR(now)) return;
    this.saved = now;
    this.sys.ioctl(this.input, 'TCSETSW', rawModes(now));
    await this.write(BRACKETED_PASTE_ON);
  }

  /** Back to the modes that `enter` found. */
  async leave(): Promise<void> {
    if (!this.saved) return;
    await this.write(BRACKETED_PASTE_OFF);
    this.sys.ioctl(this.input, 'TCSETSW', this.saved);
    this.saved = undefined;
  }

  get echoesControl(): boolean {
    return ((this.saved?.c_lflag ?? 0) & (ECHO | ECHOCTL)) === (ECHO | ECHOCTL);
  }

  size(): { readonly columns: number; readonly rows: number } {
    const size = this.sys.ioctl(this.input, 'TIOCGWINSZ');
    if (IS_ERR(size)) return { columns: 80, rows: 24 };
    return { columns: size.ws_col || 80, rows: size.ws_row || 24 };
  }

  async write(text: string): Promise<void> {
    const bytes = encode(text);
    for (let at = 0; at < bytes.length; ) {
      const n = await this.sys.write(this.output, bytes.subarray(at));
      if (n === EINTR) continue;
      if (IS_ERR(n)) return;
      at += n;
    }
  }

  /** The next character, put together from as many reads as its bytes take. */
  async key(): Promise<Key> {
    for (;;) {
      const char = this.ready.shift();
      if (char !== undefined) return { kind: 'char', char };
      // One byte at a time: what follows the line belongs to the program that the line starts.
      const bytes = await this.sys.read(this.input, 1);
      if (bytes === EINTR) return { kind: 'interrupted' };
      if (IS_ERR(bytes) || bytes.length === 0) return { kind: 'eof' };
      this.take(bytes[0] ?? 0);
    }
  }

  /** True when a key waits already, or comes within `timeout` milliseconds. */
  async pending(timeout = 0): Promise<boolean> {
    if (this.ready.length > 0) return true;
    const n = await this.poll(timeout);
    return !IS_ERR(n) && n > 0;
  }

  /** True when neither a key nor a signal comes within `timeout` milliseconds. */
  async quiet(timeout: number): Promise<boolean> {
    return this.ready.length === 0 && (await this.poll(timeout)) === 0;
  }

  private poll(timeout: number): MaybeAsync<number | Errno> {
    return this.sys.poll([{ fd: this.input, events: POLLIN, revents: 0 }], timeout);
  }

  private take(byte: number): void {
    const continues = (byte & 0xc0) === 0x80;
    if (!continues) this.flush();
    this.partial.push(byte);
    if (this.partial.length >= expectedLength(this.partial[0] ?? 0)) this.flush();
  }

  private flush(): void {
    if (this.partial.length > 0) this.ready.push(...decode(Uint8Array.from(this.partial)));
    this.partial = [];
  }
}

/** Bytes of the UTF-8 sequence that starts with `lead`. */
function expectedLength(lead: number): number {
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  if (lead >= 0xe0) return lead < 0xf0 ? 3 : 1;
  return lead >= 0xc2 && lead < 0xe0 ? 2 : 1;
}

function rawModes(modes: Termios): Termios {
  const c_cc = [...modes.c_cc];
  c_cc[VMIN] = 1;
  c_cc[VTIME] = 0;
  c_cc[VLNEXT] = 0;
  return { ...modes, c_cc, c_iflag: modes.c_iflag & ~(ICRNL | INLCR), c_lflag: (modes.c_lflag & ~(ICANON | ECHO)) | ISIG };
}
