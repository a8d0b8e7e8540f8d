/** A port to the worker that may come later than what there is to say. */
export class Line<Message> {
  private port: MessagePort | null = null;
  private early: (readonly [Message, Transferable[]])[] = [];

  /** From now on messages go to `port`; those that waited go first. */
  plug(port: MessagePort): void {
    this.port = port;
    for (const [message, transfer] of this.early) port.postMessage(message, transfer);
    this.early = [];
  }

  send(message: Message, transfer: Transferable[] = []): void {
    if (this.port === null) this.early.push([message, transfer]);
    else this.port.postMessage(message, transfer);
  }

  close(): void {
    this.port?.close();
  }
}
