/** The worker: one machine, its calls over comlink, its terminal's bytes over a port with credits. */
import * as Comlink from 'comlink';
import { boot, type Lab, type LabTerminal } from './lab/browser.ts';
import { type BootInfo, type BootRequest, type FromTty, type LabHost, type ToTty, TTY_CREDIT } from './ui/host.ts';

/** The page's end of the terminal. */
class Glass {
  private credit = TTY_CREDIT;
  private wake: (() => void) | null = null;
  private alive = { url: '', interrupt: 0 };
  private interrupts = 0;
  terminal: LabTerminal | null = null;

  constructor(private readonly port: MessagePort) {
    port.onmessage = (e: MessageEvent<ToTty>) => this.receive(e.data);
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

  send(message: FromTty, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
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

  private receive(message: ToTty): void {
    if (message.t === 'in') this.terminal?.input(this.fresh(message.data, message.interrupt));
    else if (message.t === 'size') this.terminal?.resize(message.rows, message.cols);
    else if (message.t === 'alive') this.alive = { url: message.url, interrupt: message.interrupt };
    else {
      this.credit += message.n;
      if (this.credit > 0) this.wake?.();
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
    request.open('HEAD', url, false);
    request.send();
    return request.status === 200;
  } catch {
    return false;
  }
}

class Host implements LabHost {
  private lab: Lab | null = null;

  async boot(request: BootRequest, port: MessagePort): Promise<BootInfo> {
    const glass = new Glass(port);
    const base = new URL(/* @vite-ignore */ '../', import.meta.url).href;
    const lab = boot({ kernel: request.kernel, host: request.host, onBusy: () => glass.poll() }, base);
    this.lab = lab;
    glass.terminal = lab.openTerminal({ rows: request.rows, cols: request.cols, output: glass });
    void glass.terminal.exited.then((status) => glass.send({ t: 'hangup', status }));
    return { release: lab.release, formats: lab.formats };
  }

  async run(script: string): ReturnType<LabHost['run']> {
    const { stdout, stderr, status } = await this.machine.run(script);
    return { stdout: stdout.text, stderr: stderr.text, status };
  }

  async readFile(path: string): Promise<Uint8Array> {
    const data = this.machine.readFile(path);
    return Comlink.transfer(data, [data.buffer]);
  }

  async writeFile(path: string, data: Uint8Array, mode: number): Promise<void> {
    this.machine.writeFile(path, data, mode);
  }

  private get machine(): Lab {
    if (this.lab === null) throw new Error('the machine has not booted');
    return this.lab;
  }
}

Comlink.expose(new Host());
