/**
 * Our side: machines on which a program measures, by system calls, what a start costs. Bundled as the page's worker is; the same
 * bundle runs in Node and in a worker of the browser.
 */
import { new_host_sink, new_host_source, spawn_init, start_kernel } from '../../src/kernel/index.ts';
import { IS_ERR } from '../../src/uapi/errno.ts';
import { O_WRONLY } from '../../src/uapi/fcntl.ts';
import { SIGCHLD } from '../../src/uapi/signal.ts';
import { writeElf } from '../../src/userland/rootfs/elf_writer.ts';
import { median } from '../median.mjs';
import { CASES, files, REGISTER, SHAPES, STATUS, targets } from './shapes.js';

const bytes = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const file = (path, data) => ({ kind: 'file', path, mode: 0o755, data });
const dir = (path) => ({ kind: 'dir', path, mode: 0o755 });
const DIRS = ['/bin', '/dev', '/proc', '/root', '/t'].map(dir);
const TRUE = '/t/exit0';
const BATCHES = 15;
/** Starts of each kind that do not count. */
const WARM = 3000;
const PIECE = 100;

const { timeOrigin } = performance;
const clock = {
  now: () => timeOrigin + performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  macrotask: globalThis.setImmediate ?? macrotasks(),
};

/** A browser's timers wait at least 4 ms; messages do not. */
function macrotasks() {
  const { port1, port2 } = new MessageChannel();
  const waiting = [];
  port1.onmessage = () => waiting.shift()();
  return (fn) => {
    waiting.push(fn);
    port2.postMessage(0);
  };
}

function boot(main) {
  const elf = (applet) => writeElf({ arch: 'x86_64', linkage: 'static', applet });
  return start_kernel({
    version: '6.18', // asks binfmt_misc first, as the kernel beside it
    host: 'x86_64',
    clock,
    programs: { exit0: () => async () => 0, main: () => main },
    rootfs: [
      ...DIRS,
      file(TRUE, elf('exit0')),
      file('/bin/main', elf('main')),
      ...Object.entries(files(TRUE)).map(([name, content]) => file(`/t/${name}`, bytes(content))),
    ],
  });
}

/** The system calls of a program on a machine of its own; `end` lets it exit. */
function guest(traced) {
  return new Promise((resolve, reject) => {
    const kernel = boot((sys) => new Promise((end) => resolve({ sys, end: () => end(0) })));
    if (traced) kernel.exec_listeners.add(() => undefined);
    const stdio = [new_host_source(kernel, { read: () => new Uint8Array(0) }), sink(kernel), sink(kernel)];
    const task = spawn_init(kernel, '/bin/main', ['main'], ['PATH=/bin'], { cwd: '/root', stdio });
    if (IS_ERR(task)) reject(new Error(task.message));
  });
}
const sink = (kernel) => new_host_sink(kernel, { write: (data) => console.error(new TextDecoder().decode(data)) });

async function spawn(sys, path) {
  const pid = sys.clone(SIGCHLD, (child) => child.execve(path, [path], ['PATH=/bin']));
  const { status } = await sys.wait4(pid, 0);
  if (status !== 0) throw new Error(`${path} ended with ${status}`);
}

async function fail(sys, path) {
  const errno = await sys.execve(path, [path], ['PATH=/bin']);
  if (errno.code !== 'ENOEXEC') throw new Error(`${path}: ${errno.code}`);
}

async function write(sys, path, line) {
  const fd = await sys.open(path, O_WRONLY);
  const n = await sys.write(fd, line);
  sys.close(fd);
  if (IS_ERR(n)) throw new Error(`${path}: ${n.message}`);
}

/** Microseconds of one of `count` calls. */
async function timed(count, one) {
  const began = performance.now();
  for (let i = 0; i < count; i++) await one(i);
  return ((performance.now() - began) * 1000) / count;
}

/** Microseconds that `one` takes on each machine, batch by batch in turn: both sides meet the same moments. */
async function inTurn(machines, per, one) {
  const times = machines.map(() => []);
  for (let b = -3; b < BATCHES; b++) {
    for (const [i, { sys }] of machines.entries()) {
      const us = await timed(per, () => one(sys));
      if (b >= 0) times[i].push(us);
    }
  }
  return times.map(median);
}

const add = (sys, lines) => timed(lines.length, (i) => write(sys, REGISTER, lines[i]));
const clear = (sys) => timed(1, () => write(sys, STATUS, bytes('-1')));

/** Microseconds for one of `lines`, written in pieces: in the second quarter and in the last. */
async function register(sys, lines) {
  const times = [];
  for (let i = 0; i + PIECE <= lines.length; i += PIECE) times.push(await add(sys, lines.slice(i, i + PIECE)));
  const quarter = times.length >> 2;
  return { first: median(times.slice(quarter, 2 * quarter)), last: median(times.slice(-quarter)) };
}

/** All of it on a machine that does not count, until the engine has seen enough. */
async function warmUp(lines, cases, traced) {
  const { sys, end } = await guest(traced);
  for (let i = 0; i < 3; i++) {
    await register(sys, lines);
    await clear(sys);
  }
  await add(sys, targets(TRUE).map(bytes));
  for (const one of Object.values(cases)) await timed(WARM, () => one(sys));
  end();
}

/**
 * What each case costs with 2 rules and with `many`, perhaps while somebody listens; the targets are registered first and so asked last.
 * In microseconds.
 */
export async function measure({ shape, many, per, traced = false }) {
  const { filler, nomatch } = SHAPES[shape];
  const lines = Array.from({ length: many }, (_, i) => bytes(filler(i, TRUE)));
  const started = Object.entries(CASES).map(([name, path]) => [name, (sys) => spawn(sys, `/t/${path}`)]);
  const cases = { ...Object.fromEntries(started), fail: (sys) => fail(sys, `/t/${nomatch}`) };
  await warmUp(lines, cases, traced);

  const machines = [await guest(traced), await guest(traced)];
  for (const { sys } of machines) await add(sys, targets(TRUE).map(bytes));
  const registered = await register(machines[1].sys, lines);
  const out = { few: {}, many: { register: registered.last }, registered };
  for (const { sys } of machines) await timed(WARM, () => spawn(sys, TRUE)); // thousands of new rules are still being moved about
  for (const [name, one] of Object.entries(cases)) [out.few[name], out.many[name]] = await inTurn(machines, per, one);
  out.many.clear = (await clear(machines[1].sys)) / many;
  for (const { end } of machines) end();
  return out;
}
