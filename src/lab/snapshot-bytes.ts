/** What snapshots weigh. What several of them share counts once. */
import type { MachineSnapshot } from '../kernel/index.ts';
import type { LabSnapshot } from './lab.ts';

/** About what a JavaScript engine takes for the frame of an inode, of a name in a directory, of a rule or a mount. */
const NODE_BYTES = 240;
const NAME_BYTES = 48;
const ROW_BYTES = 400;
const REFERENCE_BYTES = 8;

type Node = NonNullable<MachineSnapshot['supers'][number]['nodes']>[number];
const NONE: readonly Node[] = [];

/** Bytes that `snapshots` own together, beyond what `live` holds anyway. */
export function snapshotBytes(snapshots: readonly LabSnapshot[], live?: LabSnapshot): number {
  const known = new Set<object>();
  if (live) weigh(nodesOf(live), known);
  return snapshots.reduce((sum, snapshot) => sum + frameBytes(snapshot) + weigh(nodesOf(snapshot), known), 0);
}

/**
 * Bytes of `to` that `from` does not have, and the other way round. Both must be near in time: a piece of a file is looked
 * for only among what else is different.
 */
export function difference(from: LabSnapshot, to: LabSnapshot): { readonly added: number; readonly removed: number } {
  const [gone, come] = different(from, to);
  const [before, after] = [partsOf(gone), partsOf(come)];
  return { added: frameBytes(to) + weigh(come, before), removed: frameBytes(from) + weigh(gone, after) };
}

/** The inodes of one that are not in the other. Most are the same, and in the same order. */
function different(from: LabSnapshot, to: LabSnapshot): [gone: Node[], come: Node[]] {
  const gone: Node[] = [];
  const come: Node[] = [];
  for (let i = 0; i < Math.max(from.machine.supers.length, to.machine.supers.length); i++) {
    const [a, b] = middles(from.machine.supers[i]?.nodes ?? NONE, to.machine.supers[i]?.nodes ?? NONE);
    const [inA, inB] = [new Set(a), new Set(b)];
    gone.push(...a.filter((node) => !inB.has(node)));
    come.push(...b.filter((node) => !inA.has(node)));
  }
  return [gone, come];
}

/** Both lists without what they begin and end with alike. */
function middles(a: readonly Node[], b: readonly Node[]): [readonly Node[], readonly Node[]] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

function partsOf(nodes: readonly Node[]): Set<object> {
  const parts = new Set<object>();
  weigh(nodes, parts);
  return parts;
}

/** Bytes of what is not yet `known`, which it is from then on. */
function weigh(nodes: Iterable<Node>, known: Set<object>): number {
  let sum = 0;
  for (const node of nodes) {
    if (known.has(node)) continue;
    known.add(node);
    sum += nodeBytes(node);
    for (const chunk of node.chunks ?? []) {
      if (known.has(chunk)) continue;
      known.add(chunk);
      sum += chunk.byteLength;
    }
  }
  return sum;
}

function* nodesOf({ machine }: LabSnapshot): Iterable<Node> {
  for (const { nodes } of machine.supers) if (nodes) yield* nodes;
}

const nodeBytes = (node: Node): number => node.names.reduce((sum, [name]) => sum + NAME_BYTES + 2 * name.length, NODE_BYTES);

/** What each snapshot has for itself: the lists of nodes, mounts and rules. */
function frameBytes({ machine }: LabSnapshot): number {
  const rows = machine.mounts.length + machine.supers.length + machine.binfmt_misc.entries.length;
  return machine.supers.reduce((sum, { nodes }) => sum + REFERENCE_BYTES * (nodes?.length ?? 0), ROW_BYTES * rows);
}
