/** The page's store of execve calls: grouped by process, given to the rows of the time line, bounded. */
import { expect, it } from 'vitest';
import type { Lab } from '../../../src/lab/browser.ts';
import type { TraceEvent } from '../../../src/uapi/trace.ts';
import { Executions } from '../../../src/ui/executions.ts';
import { ExecNews } from '../../../src/worker/exec-news.ts';

let seq = 0;
const begin = (pid: number, path: string): TraceEvent => ({
  ev: 'exec_begin',
  seq: ++seq,
  t: 0,
  pid,
  path,
  argv: [path],
  envc: 0,
  cwd: '/',
  rule: 'X1',
});
const fail = (pid: number, path: string): TraceEvent => ({
  ev: 'exec_fail',
  seq: ++seq,
  t: 0,
  pid,
  path,
  errno: 'ENOEXEC',
  message: 'Exec format error',
  level: 0,
  rule: 'D1',
});
const whole = (pid: number, path: string): TraceEvent[] => [begin(pid, path), fail(pid, path)];

it('keeps the events of two processes apart, in the order of their ends', () => {
  const store = new Executions();
  store.add([begin(1, '/a'), begin(2, '/b'), fail(2, '/b')]);
  store.add([fail(1, '/a')]);
  expect(store.list.map((e) => [e.path, e.events.length])).toEqual([
    ['/b', 2],
    ['/a', 2],
  ]);
});

it('drops what has no beginning', () => {
  const store = new Executions();
  store.add([fail(1, '/lost')]);
  expect(store.list).toEqual([]);
});

it('gives a row what was executed since the row before', () => {
  const store = new Executions();
  store.add(whole(1, '/a'));
  store.assign(1);
  store.add([...whole(2, '/b'), ...whole(3, '/c')]);
  store.assign(2);
  store.assign(3);
  const paths = [1, 2, 3].map((row) => store.of(row).map((e) => e.path));
  expect(paths).toEqual([['/a'], ['/b', '/c'], []]);
});

it('drops the oldest of too many, from their rows as well, and counts them', () => {
  const store = new Executions();
  store.add(whole(1, '/first'));
  store.assign(1);
  store.add(Array.from({ length: 10_000 }, (_, i) => whole(i + 2, '/more')).flat());
  expect(store.list.length).toBe(10_000);
  expect(store.dropped).toBe(1);
  expect(store.of(1)).toEqual([]);
});

it('counts what came too fast to be told, and no event of it becomes half an execution', () => {
  const store = new Executions();
  const listeners: ((event: TraceEvent) => void)[] = [];
  const news = new ExecNews((n) => n.t === 'exec' && store.add(n.events, n.lost));
  news.follow({ on: (_: string, listener: (event: TraceEvent) => void) => listeners.push(listener) } as unknown as Lab);
  for (let pid = 1; pid <= 25_000; pid++) for (const event of whole(pid, '/a')) listeners[0]?.(event);
  news.flush();
  expect(store.list.length + store.dropped + store.lost).toBe(25_000);
  expect(store.lost).toBeGreaterThan(10_000);
  expect(store.list.every((e) => e.events.length === 2)).toBe(true);
});
