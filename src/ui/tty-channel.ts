/** The page's end of one terminal's bytes. */
import type { FromTty, TerminalSize, ToTty } from './host.ts';

export interface TtyListener {
  /** Calls `drawn` when the bytes are on the screen. */
  out(data: Uint8Array, drawn: () => void): void;
  hangup(status: number): void;
}

/** Milliseconds after which there is an address to ask even if nothing was typed: the prompt does not wait for it. */
const UNASKED_MS = 500;

export class TtyChannel {
  /** The end to hand to the worker. */
  readonly remote: MessagePort;
  /** The login shell's process id; null before it has started. */
  shell: number | null = null;
  private readonly port: MessagePort;
  private interrupts = 0;
  private alive = '';
  private readonly unasked: ReturnType<typeof setTimeout>;
  private early: FromTty[] | null = [];
  private listener: TtyListener | null = null;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.remote = port2;
    port1.onmessage = (e: MessageEvent<FromTty>) => this.receive(e.data);
    this.unasked = setTimeout(() => this.renewAlive(), UNASKED_MS);
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
    this.send({ t: 'in', data, interrupt: this.interrupts });
  }

  resize(size: TerminalSize): void {
    this.send({ t: 'size', ...size });
  }

  close(): void {
    this.send({ t: 'close' });
    clearTimeout(this.unasked);
    this.port.close();
    URL.revokeObjectURL(this.alive);
  }

  private send(message: ToTty): void {
    this.port.postMessage(message);
  }

  private receive(message: FromTty): void {
    if (message.t === 'shell') this.shell = message.pid;
    else if (this.listener === null) this.early?.push(message);
    else if (message.t === 'hangup') this.listener.hangup(message.status);
    else this.listener.out(message.data, () => this.send({ t: 'credit', n: message.data.length }));
  }

  /** The old address stops answering: that is what a spinning payload in the worker notices. */
  private renewAlive(): void {
    clearTimeout(this.unasked);
    if (this.alive !== '') {
      URL.revokeObjectURL(this.alive);
      this.interrupts++;
    }
    this.alive = URL.createObjectURL(new Blob([]));
    this.send({ t: 'alive', url: this.alive, interrupt: this.interrupts });
  }
}
