/** The worker: one machine, its calls over comlink, its terminals and its news over ports. */
import * as Comlink from 'comlink';
import { boot, type Lab } from './lab/browser.ts';
import type { BootInfo, BootRequest, FileInfo, LabHost, TerminalSize } from './ui/host.ts';
import { tellExecutions } from './worker/exec-news.ts';
import { Glass } from './worker/glass.ts';

/** The folder that the page stands in. */
const BASE = new URL(/* @vite-ignore */ '../', import.meta.url).href;

class Host implements LabHost {
  private lab: Lab | null = null;
  private readonly glasses = new Set<Glass>();

  async boot(request: BootRequest, tty: MessagePort, news: MessagePort): Promise<BootInfo> {
    const { kernel, host } = request;
    const lab = boot({ kernel, host, onBusy: () => this.poll() }, BASE);
    this.lab = lab;
    tellExecutions(lab, news);
    this.show(new Glass(tty, request));
    return { kernel, host, release: lab.release, formats: lab.formats };
  }

  async openTerminal(size: TerminalSize, tty: MessagePort): Promise<void> {
    this.show(new Glass(tty, size));
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

  async writeAt(path: string, data: Uint8Array, at: number): Promise<void> {
    this.machine.files.writeAt(path, data, at);
  }

  async mkdir(path: string): Promise<void> {
    this.machine.files.mkdir(path, 0o755);
  }

  async rename(from: string, to: string): Promise<void> {
    this.machine.files.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    this.machine.files.remove(path);
  }

  async list(path: string): Promise<readonly string[]> {
    return this.machine.files.list(path);
  }

  async stat(path: string): Promise<FileInfo> {
    return this.machine.files.stat(path);
  }

  async readlink(path: string): Promise<string> {
    return this.machine.files.readlink(path);
  }

  async sight(): ReturnType<LabHost['sight']> {
    const { takeSight } = await import('./ui/panels/world/sight.ts');
    return takeSight(this.machine.files);
  }

  private show(glass: Glass): void {
    this.glasses.add(glass);
    glass.onClose = () => this.glasses.delete(glass);
    glass.open(this.machine);
  }

  private poll(): boolean {
    for (const glass of this.glasses) if (glass.poll()) return true;
    return false;
  }

  private get machine(): Lab {
    if (this.lab === null) throw new Error('the machine has not booted');
    return this.lab;
  }
}

Comlink.expose(new Host());
