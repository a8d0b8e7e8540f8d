/** Our bash on a terminal of our kernel, typed at like the real one. */
import { performance } from 'node:perf_hooks';
import { type Clock, type Kernel, new_tty, spawn_init, start_kernel, type TtyStruct } from '../../../../src/kernel/index.ts';
import { bashMain } from '../../../../src/shell/bash.ts';
import { engine } from '../../../../src/shell/load-engine.ts';
import { shMain } from '../../../../src/shell/sh.ts';
import { encode } from '../../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../../src/uapi/errno.ts';
import type { RootEntry } from '../../../../src/uapi/rootfs.ts';
import { programs } from '../../../../src/userland/index.ts';
import { buildRoot } from '../../../../src/userland/rootfs/index.ts';
import { Screen, type Shown } from './screen.ts';
import { FILES, keys, type Session } from './sessions.ts';

export const COLUMNS = 60;
export const ROWS = 24;
const QUIET_TURNS = 8;
/** How long a command that computes for ever is let run. */
const BUSY_MS = 2000;

const clock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  macrotask: (fn) => void setImmediate(fn),
};

function files(): RootEntry[] {
  const dirs = new Set(['/root/work']);
  const out: RootEntry[] = [];
  for (const [name, text] of Object.entries(FILES)) {
    const path = `/root/work/${name}`;
    for (let at = path.indexOf('/', 11); at >= 0; at = path.indexOf('/', at + 1)) dirs.add(path.slice(0, at));
    out.push({ kind: 'file', path, mode: text.startsWith('#!') ? 0o755 : 0o644, data: encode(text) });
  }
  return [...[...dirs].map((path): RootEntry => ({ kind: 'dir', path, mode: 0o755 })), ...out];
}

const ENV = {
  HOME: '/root',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  PS1: '$ ',
  HISTFILE: '/root/.bash_history',
};

export class LabTerminal {
  readonly tty: TtyStruct;
  readonly screen: Screen;
  readonly exited: Promise<number>;
  raw = '';
  dead = false;
  private readonly kernel: Kernel;
  private shownAll: Promise<void> = Promise.resolve();

  constructor(
    columns: number,
    rows: number,
    env: Readonly<Record<string, string>>,
    argv: readonly string[] = ['bash', '--norc', '--noprofile', '-i'],
  ) {
    const kernel = (this.kernel = start_kernel({
      version: 'lab',
      host: 'x86_64',
      programs: programs({ bash: () => bashMain, sh: () => shMain }),
      clock,
      rootfs: [...buildRoot('x86_64'), ...files()],
    }));
    this.screen = new Screen(columns, rows);
    this.tty = new_tty(kernel, { write: (data) => this.output(data) });
    this.tty.resize(rows, columns);
    const envp = Object.entries({ ...ENV, ...env }).map(([name, value]) => `${name}=${value}`);
    this.exited = new Promise((resolve) => {
      const task = spawn_init(kernel, '/usr/bin/bash', argv, envp, {
        tty: this.tty,
        cwd: '/root/work',
        on_exit: (status) => this.ended(resolve, status),
      });
      if (IS_ERR(task)) throw new Error(task.message);
    });
  }

  private ended(resolve: (status: number) => void, status: number): void {
    this.dead = true;
    resolve(status);
  }

  private output(data: Uint8Array): void {
    this.raw += Buffer.from(data).toString('latin1');
    this.shownAll = this.screen.write(Uint8Array.from(data));
  }

  /** Waits until every task sleeps, and stays so for a number of turns; not for ever. */
  async settle(atLeast = 0): Promise<void> {
    const started = performance.now();
    for (let quiet = 0; quiet < QUIET_TURNS || performance.now() - started < atLeast; quiet++) {
      await new Promise((done) => setTimeout(done, 1));
      await new Promise((done) => setImmediate(done));
      if (this.busy && performance.now() - started < BUSY_MS) quiet = 0;
    }
    await this.shownAll;
  }
  private get busy(): boolean {
    return [...this.kernel.tasks.values()].some((task) => task !== this.kernel.init_task && task.state === 'running');
  }

  async type(text: string): Promise<void> {
    this.tty.receive(encode(text));
    await this.settle();
  }
}

/** The shell's engine and programs load when first needed, which takes the test's loader a while: not in the middle of a session. */
const loaded = Promise.all([engine(), ...['ls', 'cat', 'sleep', 'wc', 'mkdir', 'touch'].map((name) => programs({})[name]?.())]);

export async function typeAtOurs(session: Session): Promise<Shown> {
  await loaded;
  const { columns = COLUMNS, rows = ROWS, env = {} } = session;
  const terminal = new LabTerminal(columns, rows, env);
  await terminal.settle();
  for (const key of session.keys) {
    if (terminal.dead) break;
    if (typeof key === 'string') await terminal.type(keys(key));
    else if ('wait' in key) await terminal.settle(key.wait * 1000);
    else {
      terminal.screen.resize(...key.resize);
      terminal.tty.resize(key.resize[1], key.resize[0]);
      await terminal.settle();
    }
  }
  await terminal.settle();
  if (process.env.RAW) console.log(JSON.stringify(terminal.raw));
  return terminal.screen.shown();
}
