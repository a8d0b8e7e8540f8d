/** A time line for storage: file contents apart from the rest, under names that stay the same from save to save. */
import type { MachineSnapshot } from '../kernel/index.ts';
import { LabError } from './error.ts';
import type { TimelineEntry, TimelineState } from './timeline.ts';

type Super = MachineSnapshot['supers'][number];
type Node = NonNullable<Super['nodes']>[number];

export interface PackedTimeline {
  /** The state, with names in the place of chunks. */
  readonly record: unknown;
  readonly chunks: ReadonlyMap<string, Uint8Array>;
}

/** Of this run of the program: two pages that keep under one key must not mean different chunks by one name. */
const run = `${Date.now().toString(36)}-${Math.floor(Math.random() * 2 ** 32).toString(36)}`;
const names = new WeakMap<Uint8Array, string>();
let last = 0;

function nameOf(chunk: Uint8Array): string {
  let name = names.get(chunk);
  if (name === undefined) names.set(chunk, (name = `${run}-${++last}`));
  return name;
}

export function pack(state: TimelineState): PackedTimeline {
  const chunks = new Map<string, Uint8Array>();
  const record = withNodes(state, (node) => ({ ...node, chunks: node.chunks?.map((chunk) => stored(chunk, chunks)) ?? null }));
  return { record, chunks };
}

function stored(chunk: Uint8Array, chunks: Map<string, Uint8Array>): string {
  const name = nameOf(chunk);
  chunks.set(name, chunk);
  return name;
}

/** What was packed; what is no such thing comes back as it is, for whoever checks it. */
export function unpack(record: unknown, chunks: ReadonlyMap<string, unknown>): unknown {
  const chunkOf = (name: unknown): Uint8Array => {
    const chunk = chunks.get(name as string);
    if (!(chunk instanceof Uint8Array)) throw new LabError('the state kept here lacks a part');
    names.set(chunk, name as string);
    return chunk;
  };
  try {
    return withNodes(record as TimelineState, (node) => ({ ...node, chunks: node.chunks && Array.from(node.chunks, chunkOf) }));
  } catch (e) {
    if (e instanceof TypeError) return record;
    throw e;
  }
}

/** The same with other nodes; nodes that entries share stay shared. */
function withNodes(state: TimelineState, change: (node: Node) => unknown): unknown {
  const changed = new Map<Node, unknown>();
  const renew = (node: Node): unknown => {
    if (!changed.has(node)) changed.set(node, change(node));
    return changed.get(node);
  };
  return { ...state, entries: state.entries.map((entry) => withSupers(entry, (s) => ({ ...s, nodes: s.nodes?.map(renew) ?? null }))) };
}

function withSupers(entry: TimelineEntry, change: (s: Super) => unknown): unknown {
  const { snapshot } = entry;
  return { ...entry, snapshot: { ...snapshot, machine: { ...snapshot.machine, supers: snapshot.machine.supers.map(change) } } };
}
