/** Tells the page what execve did: in batches, so that a loop of a thousand programs is not a thousand messages. */
import type { Lab } from '../lab/browser.ts';
import type { TraceEvent } from '../uapi/trace.ts';
import type { News } from '../ui/host.ts';

/** Milliseconds that events may wait for company. */
const DELAY = 30;
/** Events that may wait; more are counted and dropped, the oldest first. */
const LIMIT = 20_000;

/** Listens until the answer is called. */
export function tellExecutions(lab: Lab, news: MessagePort): () => void {
  let waiting: TraceEvent[] = [];
  let lost = 0;
  const flush = (): void => {
    const message: News = { t: 'exec', events: waiting, lost };
    waiting = [];
    lost = 0;
    news.postMessage(message);
  };
  return lab.on('exec', (event) => {
    if (waiting.length === 0) setTimeout(flush, DELAY);
    if (waiting.length >= LIMIT) lost += waiting.splice(0, LIMIT / 2).length;
    waiting.push(event);
  });
}
