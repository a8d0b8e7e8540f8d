/** The worker: one machine, its calls over comlink, its terminals and its news over ports. */
import * as Comlink from 'comlink';
import { boot, carry, type Lab, LabError, type LabFiles, type RunResult, Timeline, type TimelineHost } from './lab/browser.ts';
import type {
  Arrival,
  BootInfo,
  BootRequest,
  FileInfo,
  LabHost,
  MachineChoice,
  News,
  RunText,
  TerminalSize,
  WorkerEnds,
} from './ui/host.ts';
import { ExecNews } from './worker/exec-news.ts';
import { Glass } from './worker/glass.ts';
import { Keeper } from './worker/keeper.ts';

/** The folder that the page stands in. */
const BASE = new URL(/* @vite-ignore */ '../', import.meta.url).href;

/** Milliseconds that a check on a copy may take. */
const CHECK_TIME = 5000;

/** Of the first terminal, until the page has told its own. */
const SIZE: TerminalSize = { rows: 24, cols: 80 };

class Host implements LabHost {
  private timeline: Timeline | null = null;
  private readonly glasses = new Set<Glass>();
  /** The terminal that the time line follows. */
  private readonly console: Glass;
  private readonly executions = new ExecNews((news) => this.tell(news));
  private keeper: Keeper | null = null;
  /** Whose files the next machine gets. */
  private files: LabFiles | null = null;

  /** `first` starts before anybody can call: no message comes in while the page is busy opening its terminal. */
  constructor(
    first: MachineChoice | null,
    tty: MessagePort,
    private readonly news: MessagePort,
  ) {
    this.console = this.glass(tty, SIZE);
    try {
      if (first !== null) this.start(first);
    } catch {
      // It fails again when it is asked for, where somebody hears of it.
    }
  }

  async boot({ kernel, host, keep, resume }: BootRequest): Promise<BootInfo> {
    const notice = keep !== null && resume ? await this.resume(keep) : null;
    if (this.timeline === null) this.start({ kernel, host });
    if (keep !== null) this.keepAs(keep);
    return { ...this.info, ...(notice !== null && { notice }) };
  }

  /** The first prompt may have come before the page could say how it is kept. */
  private keepAs(key: string): void {
    this.keeper = new Keeper(
      key,
      () => this.timeline?.state() ?? null,
      (problem) => this.tell({ t: 'kept', problem }),
    );
    this.keeper.touch();
  }

  private start(choice: MachineChoice): void {
    this.timeline = new Timeline(this.timelineHost, choice);
  }

  /** The machine that was kept, if there is one; else why there is none, if that is not as usual. */
  private async resume(key: string): Promise<string | null> {
    const { load } = await import('./lab/keep.ts');
    try {
      const kept = await load(key);
      if (kept !== null) this.timeline = new Timeline(this.timelineHost, { kept });
      return kept === null ? null : 'Your machine from before is back; Reset starts a fresh one.';
    } catch (e) {
      if (!(e instanceof LabError)) throw e;
      return `The machine that was kept cannot be used: ${e.message}. This is a fresh one.`;
    }
  }

  async openTerminal(size: TerminalSize, tty: MessagePort): Promise<void> {
    this.glass(tty, size).open(this.machine);
  }

  async run(script: string): ReturnType<LabHost['run']> {
    return textOf(await this.machine.run(script));
  }

  async check(script: string): ReturnType<LabHost['check']> {
    const copy = boot({ snapshot: this.machine.snapshot() }, BASE);
    const result = await copy.run(script, { timeout: CHECK_TIME });
    copy.dispose();
    return textOf(result);
  }

  async ping(): Promise<void> {}

  async undo(): Promise<Arrival> {
    if (!this.line.canUndo) throw new Error('There is nothing to undo.');
    return this.arrival(this.line.undo());
  }

  async redo(): Promise<Arrival> {
    if (!this.line.canRedo) throw new Error('There is nothing to redo.');
    return this.arrival(this.line.redo());
  }

  async mark(line: string): Promise<void> {
    this.line.mark(line);
  }

  async go(id: number): Promise<Arrival> {
    return this.arrival(this.line.go(id));
  }

  async reboot(to: MachineChoice, line: string, carried: boolean): Promise<Arrival> {
    this.files = carried ? this.machine.files : null;
    this.line.reboot({ kernel: to.kernel, host: to.host }, line);
    return { info: this.info, after: null, ended: [] };
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

  async setTimes(path: string, mtime: number): Promise<void> {
    this.machine.files.setTimes(path, mtime);
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

  async snapshot(): ReturnType<LabHost['snapshot']> {
    return this.machine.snapshot();
  }

  async sight(): ReturnType<LabHost['sight']> {
    const { takeSight } = await import('./ui/panels/world/sight.ts');
    return takeSight(this.machine.files);
  }

  private readonly timelineHost: TimelineHost = {
    boot: (options) => {
      const lab = boot({ ...options, onBusy: () => this.poll() }, BASE);
      this.executions.follow(lab);
      if (this.files !== null) carry(this.files, lab.files);
      this.files = null;
      return lab;
    },
    show: (lab, session) => this.console.open(lab, session),
    changed: ({ dropped }) => {
      this.executions.flush();
      this.tell({ t: 'timeline', rows: this.line.rows(), dropped });
      this.keeper?.touch();
    },
  };

  private glass(port: MessagePort, size: TerminalSize): Glass {
    const glass = new Glass(port, size);
    this.glasses.add(glass);
    glass.onClose = () => this.glasses.delete(glass);
    return glass;
  }

  private poll(): boolean {
    for (const glass of this.glasses) if (glass.poll()) return true;
    return false;
  }

  private tell(news: News): void {
    this.news.postMessage(news);
  }

  private arrival({ row, ended }: ReturnType<Timeline['undo']>): Arrival {
    return { info: this.info, after: row.kind === 'boot' ? null : row.line, ended };
  }

  private get info(): BootInfo {
    const { kernel, host, release, formats } = this.machine;
    return { kernel, host, release, formats };
  }

  private get line(): Timeline {
    if (this.timeline === null) throw new Error('the machine has not booted');
    return this.timeline;
  }

  private get machine(): Lab {
    return this.line.lab;
  }
}

function textOf({ stdout, stderr, status }: RunResult): RunText {
  return { stdout: stdout.text, stderr: stderr.text, status };
}

const [tty, news] = [new MessageChannel(), new MessageChannel()];
const ends: WorkerEnds = { tty: tty.port2, news: news.port2 };
postMessage(ends, { transfer: [ends.tty, ends.news] });
Comlink.expose(new Host(self.name === '' ? null : JSON.parse(self.name), tty.port1, news.port1));
