/** The worker's end of one terminal of the page: bytes out against credit, keys and window sizes in. */
import type { Lab, LabTerminal, ShellSession } from '../lab/browser.ts';
import { type FromTty, type TerminalSize, type ToTty, TTY_CREDIT } from '../ui/host.ts';

/** Ends what the program before left on: the other screen, pasting in brackets, colours, half a line. */
const CLEAN = new TextEncoder().encode('\x1b[?1047l\x1b[?2004l\x1b[?25h\x1b[0m\r\x1b[K');

export class Glass {
  private credit = TTY_CREDIT;
  private wake: (() => void) | null = null;
  private alive = { url: '', interrupt: 0 };
  private interrupts = 0;
  private terminal: LabTerminal | null = null;
  /** Called when the page has closed the terminal. */
  onClose: () => void = () => {};

  constructor(
    private readonly port: MessagePort,
    private size: TerminalSize,
  ) {
    port.onmessage = (e: MessageEvent<ToTty>) => this.receive(e.data);
  }

  /** Opens a terminal of `lab` behind this glass, in the place of the one before. */
  open(lab: Lab, session?: ShellSession): LabTerminal {
    if (this.terminal !== null) this.send({ t: 'out', data: CLEAN });
    const terminal = lab.openTerminal({ ...this.size, output: this, ...(session && { session }) });
    this.terminal = terminal;
    this.send({ t: 'shell', pid: terminal.pid });
    void terminal.exited.then((status) => this.terminal === terminal && this.send({ t: 'hangup', status }));
    return terminal;
  }

  /** The kernel's sink: held back while the page has not drawn what it was sent. */
  write(data: Uint8Array): Promise<void> | undefined {
    this.credit -= data.length;
    const copy = data.slice();
    this.send({ t: 'out', data: copy }, [copy.buffer]);
    if (this.credit > 0) return undefined;
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /**
   * For a payload that never gives way, so that no message is heard: asks the page's address whether it still answers.
   * The page takes it back at each ^C. True when a ^C was typed.
   */
  poll(): boolean {
    if (this.alive.url === '' || this.alive.interrupt < this.interrupts || answers(this.alive.url)) return false;
    this.alive.url = '';
    this.interrupts++;
    this.terminal?.input('\x03');
    return true;
  }

  private send(message: FromTty, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
  }

  private receive(message: ToTty): void {
    switch (message.t) {
      case 'in':
        return this.terminal?.input(this.fresh(message.data, message.interrupt));
      case 'size':
        this.size = { rows: message.rows, cols: message.cols };
        return this.terminal?.resize(message.rows, message.cols);
      case 'alive':
        this.alive = { url: message.url, interrupt: message.interrupt };
        return;
      case 'credit':
        this.credit += message.n;
        if (this.credit > 0) this.wake?.();
        return;
      case 'close':
        this.terminal?.close();
        this.port.close();
        this.onClose();
    }
  }

  /** A ^C that `poll` has heard already is not heard again. */
  private fresh(data: string, interrupt: number): string {
    const heard = interrupt <= this.interrupts && data.includes('\x03');
    this.interrupts = Math.max(this.interrupts, interrupt);
    return heard ? data.replace('\x03', '') : data;
  }
}

function answers(url: string): boolean {
  const request = new XMLHttpRequest();
  try {
    // The only method that blob: addresses allow.
    request.open('GET', url, false);
    request.send();
    return request.status === 200;
  } catch {
    return false;
  }
}
