/** Somebody who types at a terminal of a machine and reads what stands there. */
import type { HostSink, LabTerminal } from '../../src/lab/index.ts';

const PATIENCE = 10_000;
const PROMPT = /[#$@] (\x1b\[\?2004h)?$/;
/** The line editor gives the terminal back to a command by this. */
const ACCEPTED = '\x1b[?2004l\r';

export class Typist implements HostSink {
  text = '';
  terminal: LabTerminal | undefined;

  write(data: Uint8Array): void {
    this.text += Buffer.from(data).toString();
  }

  /** Waits for `sign` among what has been written. */
  async until(sign: RegExp): Promise<void> {
    for (const end = Date.now() + PATIENCE; !sign.test(this.text); ) {
      if (Date.now() > end) throw new Error(`no ${sign} in ${JSON.stringify(this.text)}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  prompt(): Promise<void> {
    return this.until(PROMPT);
  }

  /** Types a line at the prompt, and waits until its command has begun. */
  async start(line: string): Promise<void> {
    await this.prompt();
    this.text = '';
    this.terminal?.input(`${line}\r`);
    await this.until(/\x1b\[\?2004l\r/);
    this.text = this.text.slice(this.text.indexOf(ACCEPTED) + ACCEPTED.length);
  }

  /** What a command prints. */
  async type(line: string): Promise<string> {
    await this.start(line);
    return this.output();
  }

  /** What stands there before the next prompt. */
  async output(): Promise<string> {
    await this.prompt();
    return this.text.slice(0, this.text.lastIndexOf('\n') + 1).replaceAll('\r\n', '\n');
  }
}
