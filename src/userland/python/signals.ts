/** Signals for an interpreter that computes: it asks between bytecodes, and every answer of the kernel may bring one. */
import { IS_ERR, type Status } from '../../uapi/errno.ts';
import { SIGINT, SIGPIPE } from '../../uapi/signal.ts';
import { CLOCK_MONOTONIC, type Syscalls } from '../../uapi/syscalls.ts';
import type { MaybeAsync } from '../../uapi/types.ts';
import type { Suspension } from './suspension.ts';

/** Milliseconds between two looks at the outside world. */
const INTERVAL = 50;
/** And where others can have a turn then. */
const SLICE = 10;

export class Signals {
  private arrived: number[] = [];
  private lastLook = 0;
  /** The interpreter has its handlers; before that, signals are kept for it. */
  ready = false;
  /** ^C came, and nobody has handled it yet. */
  interrupted = false;

  constructor(
    private readonly sys: Syscalls,
    private readonly suspension: Suspension,
  ) {
    sys.rt_sigaction(SIGPIPE, { handler: 'SIG_IGN' });
    this.catch(SIGINT);
  }

  /** Lets the interpreter handle a signal; a sleeping call answers EINTR. */
  catch(sig: number): void {
    this.sys.rt_sigaction(sig, { handler: (n) => this.note(n) });
  }
  /** signal(2) as the interpreter calls it: 0 the default action, 1 ignores, else it handles. */
  setAction(sig: number, handler: number): Status {
    const how = handler === 0 ? 'SIG_DFL' : handler === 1 ? 'SIG_IGN' : (n: number) => this.note(n);
    const before = this.sys.rt_sigaction(sig, { handler: how });
    return IS_ERR(before) ? before : 0;
  }
  private note(sig: number): void {
    this.arrived.push(sig);
    if (sig === SIGINT) this.interrupted = true;
  }

  /** ^C that came while nothing ran. */
  takeInterrupt(): boolean {
    const at = this.arrived.indexOf(SIGINT);
    if (at >= 0) this.arrived.splice(at, 1);
    return at >= 0;
  }

  /** The next signal, or 0. A deadly one ends the task in the kernel call. Where the program can wait, others have their turn. */
  poll(): MaybeAsync<number> {
    const now = this.sys.clock_gettime(CLOCK_MONOTONIC);
    if (now - this.lastLook < (this.suspension.now ? SLICE : INTERVAL)) return this.take();
    this.lastLook = now;
    const turn = this.suspension.now ? this.giveWay() : 0;
    if (turn instanceof Promise) return turn.then(() => this.take());
    if (this.sys.lab_signal_pending()) this.sys.getpid();
    return this.take();
  }
  private take(): number {
    return this.ready ? (this.arrived.shift() ?? 0) : 0;
  }
  private giveWay(): MaybeAsync<Status> {
    this.sys.lab_preemptible(true);
    const turn = this.sys.sched_yield();
    this.sys.lab_preemptible(false);
    return turn;
  }
}
