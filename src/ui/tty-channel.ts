/** The page's end of one terminal's bytes. */
import type { FromTty, TerminalSize, ToTty } from './host.ts';
import { Line } from './line.ts';

export interface TtyListener {
  /** Calls `drawn` when the bytes are on the screen. */
  out(data: Uint8Array, drawn: () => void): void;
  hangup(status: number): void;
}

/** Milliseconds after which there is an address to ask even if nothing was typed: the prompt does not wait for it. */
const UNASKED_MS = 500;

export class TtyChannel {
  /** The login shell's process id; null before it has started. */
  shell: number | null = null;
  private readonly line = new Line<ToTty>();
  private interrupts = 0;
  private alive = '';
  private readonly unasked: ReturnType<typeof setTimeout>;
  private early: FromTty[] | null = [];
  private listener: TtyListener | null = null;

  constructor() {
    this.unasked = setTimeout(() => this.renewAlive(), UNASKED_MS);
  }

  /** The worker's bytes come from `port`, and what was typed goes there. */
  plug(port: MessagePort): void {
    port.onmessage = (e: MessageEvent<FromTty>) => this.receive(e.data);
    this.line.plug(port);
  }

  /** Output that came before the terminal was there is handed over first. */
  attach(listener: TtyListener): void {
    this.listener = listener;
    const early = this.early ?? [];
    this.early = null;
    for (const m of early) this.receive(m);
  }

  input(data: string): void {
    if (this.alive === '' || data.includes('\x03')) this.renewAlive();
    this.line.send({ t: 'in', data, interrupt: this.interrupts });
  }

  resize(size: TerminalSize): void {
    this.line.send({ t: 'size', ...size });
  }

  close(): void {
    this.line.send({ t: 'close' });
    clearTimeout(this.unasked);
    this.line.close();
    URL.revokeObjectURL(this.alive);
  }

  private receive(message: FromTty): void {
    if (message.t === 'shell') this.shell = message.pid;
    else if (this.listener === null) this.early?.push(message);
    else if (message.t === 'hangup') this.listener.hangup(message.status);
    else this.listener.out(message.data, () => this.line.send({ t: 'credit', n: message.data.length }));
  }

  /** The old address stops answering: that is what a spinning payload in the worker notices. */
  private renewAlive(): void {
    clearTimeout(this.unasked);
    if (this.alive !== '') {
      URL.revokeObjectURL(this.alive);
      this.interrupts++;
    }
    this.alive = URL.createObjectURL(new Blob([]));
    this.line.send({ t: 'alive', url: this.alive, interrupt: this.interrupts });
  }
}
