/** The line discipline as readers and writers meet it. Follows drivers/tty/n_tty.c. */
import { EAGAIN, EIO, ERESTARTSYS, type Errno } from '../../../uapi/errno.ts';
import { O_NONBLOCK } from '../../../uapi/fcntl.ts';
import { SIGTTIN, SIGTTOU } from '../../../uapi/signal.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from '../../../uapi/syscalls.ts';
import { ICANON, type Termios, TOSTOP, VMIN, VTIME } from '../../../uapi/termios.ts';
import type { Bytes, MaybeAsync } from '../../../uapi/types.ts';
import type { OpenFile } from '../../include/fs.ts';
import type { Task } from '../../include/sched.ts';
import { type WaitQueue, wait_event_interruptible } from '../../kernel/sched/wait.ts';
import { signal_pending } from '../../kernel/signal.ts';
import { commit_echoes, process_output } from './n_tty_echo.ts';
import type { TtyStruct } from './tty_io.ts';
import { tty_check_change } from './tty_jobctrl.ts';
import { lflag } from './tty_termios.ts';

/** `read` of its bytes are gone already: what is left does not move up at each read, so a large paste costs what its bytes cost. */
interface InputPart {
  readonly kind: 'line' | 'raw';
  readonly bytes: number[];
  read: number;
}

/** struct n_tty_data. */
export interface NTtyData {
  /** What can be read: whole lines (an empty one is an end of file), or bytes of raw mode. */
  readonly input: InputPart[];
  /** The line being typed. */
  readonly edit: number[];
  /** ^V was pressed. */
  lnext: boolean;
  readonly echo: number[];
  column: number;
  /** Where the line being typed begins. */
  canon_column: number;
}

/** @linux drivers/tty/n_tty.c n_tty_open #Y */
export function new_n_tty(): NTtyData {
  return { input: [], edit: [], lnext: false, echo: [], column: 0, canon_column: 0 };
}

/** Bytes that are processed in one go, so that a writer of much gives way. */
const WRITE_CHUNK = 2048;

/**
 * @linux drivers/tty/n_tty.c n_tty_read #Y
 */
export function n_tty_read(tty: TtyStruct, file: OpenFile, count: number, task: Task): MaybeAsync<Bytes | Errno> {
  const held = tty_check_change(task, tty, SIGTTIN);
  if (held !== 0) return held;
  const now = take(tty, count);
  if (now !== undefined) return now;
  if (file.f_flags & O_NONBLOCK) return !is_canon(tty) && available(tty) > 0 ? take_bytes(tty, count) : EAGAIN;
  if (is_canon(tty)) return wait_event_interruptible(task, [tty.read_wait], () => take(tty, count), signal_pending);
  return read_raw(tty, count, task);
}

const is_canon = (tty: TtyStruct): boolean => lflag(tty.termios, ICANON);
const cc = (t: Termios, index: number): number => t.c_cc[index] ?? 0;

/** What can be had at once; undefined: sleep. */
function take(tty: TtyStruct, count: number): Bytes | undefined {
  if (tty.hung_up) return new Uint8Array(0);
  if (is_canon(tty)) return take_line(tty, count);
  const { termios } = tty;
  const enough = Math.min(count, Math.max(1, cc(termios, VMIN)));
  if (available(tty) >= enough) return take_bytes(tty, count);
  return cc(termios, VMIN) === 0 && cc(termios, VTIME) === 0 ? new Uint8Array(0) : undefined;
}

/** One line, or the part of it that fits. */
function take_line(tty: TtyStruct, count: number): Bytes | undefined {
  const { input } = tty.disc_data;
  const line = input[0];
  if (line === undefined) return undefined;
  const part = Uint8Array.from(take_part(line, count));
  if (left(line) === 0) input.shift();
  return part;
}

const left = (part: InputPart): number => part.bytes.length - part.read;

function take_part(part: InputPart, count: number): number[] {
  const bytes = part.bytes.slice(part.read, part.read + count);
  part.read += bytes.length;
  return bytes;
}

function take_bytes(tty: TtyStruct, count: number): Bytes {
  const { input } = tty.disc_data;
  const out: number[] = [];
  while (out.length < count && input[0] !== undefined) {
    for (const b of take_part(input[0], count - out.length)) out.push(b);
    if (left(input[0]) === 0) input.shift();
  }
  return Uint8Array.from(out);
}

/**
 * Bytes that can be read now.
 * @linux drivers/tty/n_tty.c inq_canon #Y
 */
export function available(tty: TtyStruct): number {
  return tty.disc_data.input.reduce((n, part) => n + left(part), 0);
}

/**
 * Raw mode with nothing there: VTIME is how long to wait for the first byte (VMIN 0) or between bytes (VMIN above 0).
 */
function read_raw(tty: TtyStruct, count: number, task: Task): MaybeAsync<Bytes | Errno> {
  const { clock } = task.kernel;
  const { termios } = tty;
  const tenths = cc(termios, VTIME);
  let timer: unknown;
  let expired = false;
  let seen = available(tty);
  const arm = (): void => {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(() => {
      expired = true;
      tty.read_wait.wake_up();
    }, tenths * 100);
  };
  const look = (): Bytes | undefined => {
    const data = take(tty, count);
    if (data !== undefined || expired) return data ?? take_bytes(tty, count);
    const now = available(tty);
    if (tenths > 0 && now > seen) arm();
    seen = now;
    return undefined;
  };
  if (tenths > 0 && (cc(termios, VMIN) === 0 || seen > 0)) arm();
  return wait_event_interruptible(task, [tty.read_wait], look, signal_pending, () => clock.clearTimeout(timer));
}

/**
 * All of `data` goes out, part by part as there is room.
 * @linux drivers/tty/n_tty.c n_tty_write #Y
 */
export function n_tty_write(tty: TtyStruct, file: OpenFile, data: Bytes, task: Task): MaybeAsync<number | Errno> {
  if (lflag(tty.termios, TOSTOP)) {
    const held = tty_check_change(task, tty, SIGTTOU);
    if (held !== 0) return held;
  }
  let done = 0;
  const push = (): number | Errno | undefined => {
    if (tty.hung_up) return EIO;
    while (done < data.length && tty.output.room() > 0) {
      const part = data.subarray(done, done + WRITE_CHUNK);
      tty.output.put(process_output(tty, part));
      done += part.length;
    }
    return done === data.length ? done : undefined;
  };
  commit_echoes(tty);
  const now = push();
  if (now !== undefined) return now;
  if (file.f_flags & O_NONBLOCK) return done > 0 ? done : EAGAIN;
  const written = wait_event_interruptible(task, [tty.write_wait], push, signal_pending);
  const short = (n: number | Errno): number | Errno => (n === ERESTARTSYS && done > 0 ? done : n);
  return written instanceof Promise ? written.then(short) : short(written);
}

/** @linux drivers/tty/n_tty.c n_tty_poll #Y */
export function n_tty_poll(tty: TtyStruct): { readonly events: number; readonly queues: readonly WaitQueue[] } {
  const queues = [tty.read_wait, tty.write_wait];
  if (tty.hung_up) return { events: POLLIN | POLLOUT | POLLERR | POLLHUP, queues };
  const raw = !is_canon(tty);
  const enough = raw && cc(tty.termios, VTIME) === 0 ? Math.max(1, cc(tty.termios, VMIN)) : 1;
  const readable = raw ? available(tty) >= enough : tty.disc_data.input.length > 0;
  return { events: (readable ? POLLIN : 0) | (tty.output.room() > 0 ? POLLOUT : 0), queues };
}

/**
 * Leaving canonical mode makes the unfinished line readable.
 * @linux drivers/tty/n_tty.c n_tty_set_termios #Y
 */
export function n_tty_set_termios(tty: TtyStruct, old: Termios): void {
  const { input, edit } = tty.disc_data;
  if (!lflag(old, ICANON) || is_canon(tty) || edit.length === 0) return;
  input.push({ kind: 'raw', bytes: edit.splice(0), read: 0 });
  tty.read_wait.wake_up();
}
