/** Tells the page what execve did: in batches, so that a loop of a thousand programs is not a thousand messages. */
import type { Lab } from '../lab/browser.ts';
import type { TraceEvent } from '../uapi/trace.ts';
import type { News } from '../ui/host.ts';

/** Milliseconds that events may wait for company. */
const DELAY = 30;
/** Events that may wait; of more, the oldest are dropped, and their executions counted. */
const LIMIT = 20_000;

export class ExecNews {
  private waiting: TraceEvent[] = [];
  private lost = 0;

  constructor(private readonly tell: (news: News) => void) {}

  /** Hears of everything that `lab` executes, until it is disposed of. */
  follow(lab: Lab): void {
    lab.on('exec', (event) => {
      if (this.waiting.length === 0) setTimeout(() => this.flush(), DELAY);
      if (this.waiting.length >= LIMIT) this.lost += this.waiting.splice(0, LIMIT / 2).filter((e) => e.ev === 'exec_begin').length;
      this.waiting.push(event);
    });
  }

  /** Tells what waits, now. */
  flush(): void {
    if (this.waiting.length === 0) return;
    this.tell({ t: 'exec', events: this.waiting, lost: this.lost });
    this.waiting = [];
    this.lost = 0;
  }
}
