/** One machine as the page holds it: a worker, its calls, its terminals, its news. */
import * as Comlink from 'comlink';
import type { BootInfo, BootRequest, LabHost, News, TerminalSize, WorkerEnds } from './host.ts';
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
  private readonly terminals = new Set([this.console]);

  constructor(request: BootRequest) {
    const { worker, ends } = openWorker(request);
    this.worker = worker;
    worker.onerror = (e) => this.onCrash(e.message || 'the worker could not be started');
    void ends.then((own) => this.plug(own));
    this.host = Comlink.wrap<LabHost>(worker);
    this.booted = this.host.boot(request);
  }

  private plug({ tty, news }: WorkerEnds): void {
    this.console.plug(tty);
    news.onmessage = (e: MessageEvent<News>) => this.onNews(e.data);
  }

  /** One more terminal with a login shell of its own. */
  openTerminal(size: TerminalSize): TtyChannel {
    const channel = new TtyChannel();
    this.terminals.add(channel);
    const { port1, port2 } = new MessageChannel();
    channel.plug(port1);
    void this.host.openTerminal(size, Comlink.transfer(port2, [port2]));
    return channel;
  }

  closeTerminal(channel: TtyChannel): void {
    this.terminals.delete(channel);
    channel.close();
  }

  dispose(): void {
    this.worker.terminate();
    for (const t of this.terminals) t.close();
  }
}
