/** Boots a machine in Node, runs a program in it and collects what it says: what kernel, shell and userland tests stand on. */
import { performance } from 'node:perf_hooks';
import type { Cred } from '../../src/kernel/include/fs.ts';
import {
  type Clock,
  type Kernel,
  new_host_sink,
  new_host_source,
  new_tty,
  spawn_init,
  start_kernel,
  type TtyStruct,
} from '../../src/kernel/index.ts';
import * as notation from '../../src/kernel/kernel/trace_syscalls.ts';
import { encode } from '../../src/uapi/bytes.ts';
import { IS_ERR } from '../../src/uapi/errno.ts';
import type { HostArch } from '../../src/uapi/host.ts';
import type { RootEntry } from '../../src/uapi/rootfs.ts';
import { WEXITSTATUS, WIFEXITED, WTERMSIG } from '../../src/uapi/signal.ts';
import type { Program, ProgramLoader } from '../../src/uapi/syscalls.ts';
import type { TraceEvent } from '../../src/uapi/trace.ts';
import { writeElf } from '../../src/userland/rootfs/elf_writer.ts';

export function nodeClock(): Clock {
  const { timeOrigin } = performance;
  return {
    now: () => timeOrigin + performance.now(),
    setTimeout: (fn, ms) => setTimeout(fn, ms),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    macrotask: (fn) => void setImmediate(fn),
  };
}

export interface MachineOptions {
  /** Programs by path: each becomes a static ELF of the host that runs it. */
  readonly programs?: Readonly<Record<string, Program>>;
  /** Applets that are in no file yet, or whose files are in `entries`. */
  readonly applets?: Readonly<Record<string, ProgramLoader>>;
  readonly entries?: readonly RootEntry[];
  readonly version?: string;
  readonly host?: HostArch;
  readonly limits?: Partial<Kernel['limits']>;
  readonly clock?: Clock;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code, or 128 + signal. */
  readonly status: number;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly cred?: Cred;
  readonly argv?: readonly string[];
}

export interface Machine {
  readonly kernel: Kernel;
  /** Runs a program of the machine to its end. */
  run(path: string, options?: RunOptions): Promise<Outcome>;
  /** Runs a function as a program, in a file of its own. */
  exec(main: Program, options?: RunOptions): Promise<Outcome>;
  /** Starts a function as a program on a new terminal. */
  terminal(main: Program, options?: RunOptions): Terminal;
  /** Every event from now on. */
  trace(): TraceEvent[];
}

export interface Terminal {
  readonly tty: TtyStruct;
  type(text: string): void;
  /** All that has appeared on the glass. */
  screen(): string;
  /** Waits until the glass shows `text`. */
  until(text: string): Promise<void>;
  readonly exited: Promise<number>;
}

const dir = (path: string, mode = 0o755): RootEntry => ({ kind: 'dir', path, mode });
const SKELETON: readonly RootEntry[] = [
  ...['/bin', '/dev', '/dev/pts', '/etc', '/proc', '/root', '/usr', '/usr/bin'].map((path) => dir(path)),
  dir('/tmp', 0o1777),
  { kind: 'chr', path: '/dev/null', mode: 0o666, rdev: 0x103 },
  { kind: 'chr', path: '/dev/zero', mode: 0o666, rdev: 0x105 },
  { kind: 'chr', path: '/dev/tty', mode: 0o666, rdev: 0x500 },
];

const ARCH = { x86_64: 'x86_64', aarch64: 'aarch64', armv7l: 'arm', riscv64: 'riscv64', i686: 'i386' } as const;

/** A file that runs the applet `applet` on `host`. */
export function program(path: string, applet: string, host: HostArch = 'x86_64'): RootEntry {
  return { kind: 'file', path, mode: 0o755, data: writeElf({ arch: ARCH[host], linkage: 'static', applet }) };
}

const status_of = (status: number): number => (WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));

/** A machine with /bin, /dev, /proc … and the given programs. */
export function machine(options: MachineOptions = {}): Machine {
  const { host = 'x86_64' } = options;
  const inline: Record<string, Program> = {};
  const given = Object.entries(options.programs ?? {});
  const programs: Record<string, ProgramLoader> = {
    ...options.applets,
    ...Object.fromEntries(given.map(([path, main]) => [path, () => main])),
  };
  for (let i = 0; i < INLINE; i++) programs[`inline${i}`] = () => inline[i] ?? (async () => 99);
  const kernel = start_kernel({
    version: options.version ?? 'lab',
    host,
    programs,
    clock: options.clock ?? nodeClock(),
    notation,
    rootfs: [
      ...SKELETON,
      ...given.map(([path]) => program(path, path, host)),
      ...Array.from({ length: INLINE }, (_, i) => program(`/bin/inline${i}`, `inline${i}`, host)),
      ...(options.entries ?? []),
    ],
    ...(options.limits ? { limits: options.limits } : {}),
  });
  let used = 0;
  const inline_path = (main: Program): string => {
    const n = used++ % INLINE;
    inline[n] = main;
    return `/bin/inline${n}`;
  };
  return {
    kernel,
    run: (path, run = {}) => run_program(kernel, path, run),
    exec: (main, run = {}) => run_program(kernel, inline_path(main), run),
    terminal: (main, run = {}) => run_on_terminal(kernel, inline_path(main), run),
    trace: () => {
      const events: TraceEvent[] = [];
      kernel.listeners.add((e) => void events.push(e));
      return events;
    },
  };
}
const INLINE = 8;

const ENV = { HOME: '/root', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
const environ = (run: RunOptions): string[] => Object.entries({ ...ENV, ...run.env }).map(([k, v]) => `${k}=${v}`);

function collector(): { chunks: Uint8Array[]; write(data: Uint8Array): void; text(): string } {
  const chunks: Uint8Array[] = [];
  return { chunks, write: (data) => void chunks.push(data), text: () => Buffer.concat(chunks).toString() };
}

async function run_program(kernel: Kernel, path: string, run: RunOptions): Promise<Outcome> {
  const [stdout, stderr] = [collector(), collector()];
  let input = encode(run.stdin ?? '');
  const read = (count: number): Uint8Array => {
    const part = input.subarray(0, count);
    input = input.subarray(count);
    return part;
  };
  const stdio = [new_host_source(kernel, { read }), new_host_sink(kernel, stdout), new_host_sink(kernel, stderr)];
  const status = await new Promise<number>((resolve) => {
    const task = spawn_init(kernel, path, run.argv ?? [path], environ(run), { ...common(run), stdio, on_exit: resolve });
    if (IS_ERR(task)) throw new Error(`${path}: ${task.message}`);
  });
  return { stdout: stdout.text(), stderr: stderr.text(), status: status_of(status) };
}

const common = (run: RunOptions) => ({ cwd: run.cwd ?? '/root', ...(run.cred ? { cred: run.cred } : {}) });

function run_on_terminal(kernel: Kernel, path: string, run: RunOptions): Terminal {
  const glass = collector();
  const tty = new_tty(kernel, glass);
  const exited = new Promise<number>((resolve) => {
    const task = spawn_init(kernel, path, run.argv ?? [path], environ(run), {
      ...common(run),
      tty,
      on_exit: (status) => resolve(status_of(status)),
    });
    if (IS_ERR(task)) throw new Error(`${path}: ${task.message}`);
  });
  const screen = (): string => glass.text();
  return { tty, type: (text) => tty.receive(encode(text)), screen, until: (text) => until(() => screen().includes(text), text), exited };
}

/** Looks again each turn of the event loop, for ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !condition(); ) {
    if (Date.now() > end) throw new Error(`waited in vain for ${JSON.stringify(what)}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
