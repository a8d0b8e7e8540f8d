/** Trace events as lines of strace 6.1. */

import { encode } from '../../uapi/bytes.ts';
import { errnoByCode } from '../../uapi/errno.ts';
import { SIGKILL, SIGNAL_NAMES, WEXITSTATUS, WIFEXITED, WTERMSIG } from '../../uapi/signal.ts';
import type { ExecBegin, SchedProcessExit, SignalDeliver, SysEnter, SysExit, TraceEvent } from '../../uapi/trace.ts';
import { strftime } from '../lib/time.ts';
import type { StraceOptions } from './options.ts';

const RESULT_COLUMN = 40;

/** A call that has begun: its line is printed when it ends, or when something comes between. */
interface Open {
  readonly name: string;
  args: readonly string[];
  /** Printed with "<unfinished ...>". */
  interrupted: boolean;
  readonly at: number;
  /** Whom this clone made. */
  child?: number;
}

/** Text for one process; `pid` matters with -ff. */
export interface Line {
  readonly pid: number;
  readonly text: string;
}

export class Printer {
  readonly lines: Line[] = [];
  private readonly live = new Set<number>();
  private readonly open = new Map<number, Open>();
  /** Processes of which nothing is told: before their first exec, or after the first exec failed. */
  private readonly muted = new Set<number>();
  /** Processes whose next execve is the one that strace itself makes. */
  private readonly first = new Set<number>();

  constructor(
    private readonly options: StraceOptions,
    /** The wall clock. */
    private readonly now: () => number,
  ) {}

  get anybodyAlive(): boolean {
    return this.live.size > 0;
  }

  /** A process that strace starts itself: silent until its first execve. */
  start(pid: number): void {
    this.live.add(pid);
    this.muted.add(pid);
    this.first.add(pid);
  }

  /** A process that runs already. */
  attach(pid: number): void {
    this.live.add(pid);
    this.message(`strace: Process ${pid} attached\n`);
  }

  /** A message about processes goes to the terminal only when the trace does. */
  private message(text: string): void {
    if (!this.options.quiet && this.options.output === null) this.lines.push({ pid: 0, text });
  }

  readonly sink = (event: TraceEvent): void => {
    if (event.ev === 'sys_enter') this.enter(event);
    else if (event.ev === 'exec_begin') this.execArguments(event);
    else if (event.ev === 'sys_exit') this.exit(event);
    else if (event.ev === 'sched_process_fork') this.fork(event.pid, event.child_pid);
    else if (event.ev === 'signal_deliver') this.signal(event);
    else if (event.ev === 'sched_process_exit') this.end(event);
  };

  /** The news about a child comes after the line of the clone that made it, if that is shown. */
  private fork(pid: number, child: number): void {
    if (!this.options.follow) return;
    const call = this.open.get(pid);
    if (call && this.shows(call.name, false)) call.child = child;
    else this.adopt(child);
  }

  private adopt(child: number): void {
    this.finishOthers(-1);
    this.live.add(child);
    this.message(`strace: Process ${child} attached\n`);
  }

  private enter(event: SysEnter): void {
    if (event.name === 'execve' && this.first.has(event.pid)) this.muted.delete(event.pid);
    if (this.muted.has(event.pid)) return;
    this.open.set(event.pid, { name: event.name, args: event.args, interrupted: false, at: this.now() });
  }

  /** With another -s than the kernel's, the arguments are written anew. */
  private execArguments(event: ExecBegin): void {
    const call = this.open.get(event.pid);
    if (!call || this.options.stringSize === 32) return;
    const list = event.argv.map((a) => quoted(a, this.options.stringSize)).join(', ');
    call.args = call.args.map((arg) => (arg.startsWith('[') ? `[${list}]` : arg));
  }

  private exit(event: SysExit): void {
    const call = this.open.get(event.pid);
    if (!call || call.name !== event.name) return;
    this.open.delete(event.pid);
    const failed = typeof event.ret === 'string';
    // After a failed first exec the child only says so and ends: strace shows nothing of that.
    if (this.first.delete(event.pid) && failed) this.muted.add(event.pid);
    if (!this.shows(call.name, failed)) return;
    const out = event.out ?? [];
    const body = call.interrupted ? `<... ${call.name} resumed>${out.join(', ')})` : `${call.name}(${[...call.args, ...out].join(', ')})`;
    this.finishOthers(event.pid);
    this.emit(event.pid, this.withResult(event.pid, body, resultText(event.ret)), call.interrupted ? this.now() : call.at);
    if (call.child !== undefined) this.adopt(call.child);
  }

  private shows(name: string, failed: boolean): boolean {
    if (this.options.outcome === 'success' && failed) return false;
    if (this.options.outcome === 'failure' && !failed) return false;
    return this.options.calls(name);
  }

  private signal(event: SignalDeliver): void {
    const name = SIGNAL_NAMES[event.sig] ?? String(event.sig);
    if (this.muted.has(event.pid) || event.sig === SIGKILL || !this.options.signals(name)) return;
    this.finishOthers(-1);
    this.emit(event.pid, `--- SIG${name} ${event.info} ---`, this.now());
  }

  private end(event: SchedProcessExit): void {
    const call = this.lastCall(event);
    this.open.delete(event.pid);
    this.finishOthers(event.pid);
    if (call && this.shows(call.name, false)) this.emit(event.pid, this.unanswered(event.pid, call), call.at);
    this.emit(event.pid, endText(event.status), this.now());
    this.live.delete(event.pid);
  }

  /** A program that returns from main calls exit_group by way of its C library. */
  private lastCall({ pid, status }: SchedProcessExit): Open | undefined {
    const call = this.open.get(pid);
    if (!WIFEXITED(status) || call?.name === 'exit_group' || this.muted.has(pid)) return call;
    return { name: 'exit_group', args: [String(WEXITSTATUS(status))], interrupted: false, at: this.now() };
  }

  private unanswered(pid: number, call: Open): string {
    const body = call.interrupted ? `<... ${call.name} resumed>)` : `${call.name}(${call.args.join(', ')})`;
    return this.withResult(pid, body, '?');
  }

  /** Calls of other processes that are under way get their half line now. */
  private finishOthers(pid: number): void {
    for (const [other, call] of this.open) {
      if (other === pid || call.interrupted || !this.options.calls(call.name) || this.options.separate) continue;
      if (this.options.outcome !== 'all') continue;
      call.interrupted = true;
      this.emit(other, `${call.name}(${[...call.args, '<unfinished ...>'].join(call.args.length ? ', ' : '')}`, call.at);
    }
  }

  private withResult(pid: number, body: string, result: string): string {
    const width = RESULT_COLUMN - this.prefix(pid).length - this.time(0).length;
    return `${body.padEnd(width)}${body.length >= width ? ' ' : ''}= ${result}`;
  }

  private emit(pid: number, text: string, at: number): void {
    this.lines.push({ pid, text: `${this.prefix(pid)}${this.time(at)}${text}\n` });
  }

  private prefix(pid: number): string {
    if (!this.options.follow || this.options.separate) return '';
    if (this.options.output !== null) return `${String(pid).padEnd(5)} `;
    return this.live.size > 1 ? `[pid ${String(pid).padStart(5)}] ` : '';
  }

  private time(at: number): string {
    if (this.options.times === '') return '';
    if (this.options.times === 'ttt') return `${(at / 1000).toFixed(6)} `;
    return `${strftime(this.options.times === 't' ? '%H:%M:%S' : '%H:%M:%S.%6N', at)} `;
  }
}

/** "= 3", "= -1 ENOENT (No such file or directory)". */
function resultText(ret: number | string): string {
  if (typeof ret === 'number') return String(ret);
  if (ret === 'ERESTARTSYS') return '? ERESTARTSYS (To be restarted if SA_RESTART is set)';
  return `-1 ${ret} (${errnoByCode(ret)?.message ?? 'errno'})`;
}

function endText(status: number): string {
  if (WIFEXITED(status)) return `+++ exited with ${WEXITSTATUS(status)} +++`;
  return `+++ killed by SIG${SIGNAL_NAMES[WTERMSIG(status)] ?? WTERMSIG(status)} +++`;
}

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' };

/** A string as strace writes it, cut at `size` bytes. */
function quoted(text: string, size: number): string {
  const bytes = encode(text);
  const shown = bytes.subarray(0, size);
  let out = '';
  shown.forEach((b, i) => {
    const next = shown[i + 1] ?? 0;
    if (ESCAPES[b] !== undefined) out += ESCAPES[b];
    else if (b >= 32 && b < 127) out += String.fromCharCode(b);
    else out += `\\${next >= 48 && next <= 55 ? b.toString(8).padStart(3, '0') : b.toString(8)}`;
  });
  return `"${out}"${bytes.length > size ? '...' : ''}`;
}
