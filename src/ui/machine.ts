/** One machine as the page holds it: a worker, its calls, its terminals, its news. */
import * as Comlink from 'comlink';
import type { BootInfo, BootRequest, LabHost, News, TerminalSize } from './host.ts';
import { TtyChannel } from './tty-channel.ts';
import { openWorker } from './worker-door.ts';

export class Machine {
  readonly host: Comlink.Remote<LabHost>;
  readonly booted: Promise<BootInfo>;
  /** The first terminal: it exists before the machine has booted. */
  readonly console = new TtyChannel();
  /** Called with everything the worker tells. */
  onNews: (news: News) => void = () => {};
  /** Called once when the worker has died of an error. */
  onCrash: (message: string) => void = () => {};
  private readonly worker: Worker;
  private readonly news: MessagePort;
  private readonly terminals = new Set([this.console]);

  constructor(request: BootRequest) {
    this.worker = openWorker(request);
    this.worker.onerror = (e) => this.onCrash(e.message || 'the worker could not be started');
    this.host = Comlink.wrap<LabHost>(this.worker);
    const { port1, port2 } = new MessageChannel();
    this.news = port1;
    port1.onmessage = (e: MessageEvent<News>) => this.onNews(e.data);
    const tty = this.console.remote;
    this.booted = this.host.boot(request, Comlink.transfer(tty, [tty]), Comlink.transfer(port2, [port2]));
  }

  /** One more terminal with a login shell of its own. */
  openTerminal(size: TerminalSize): TtyChannel {
    const channel = new TtyChannel();
    this.terminals.add(channel);
    void this.host.openTerminal(size, Comlink.transfer(channel.remote, [channel.remote]));
    return channel;
  }

  closeTerminal(channel: TtyChannel): void {
    this.terminals.delete(channel);
    channel.close();
  }

  dispose(): void {
    this.worker.terminate();
    this.news.close();
    for (const t of this.terminals) t.close();
  }
}
