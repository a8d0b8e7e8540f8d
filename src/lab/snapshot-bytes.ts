/** What snapshots weigh. What several of them share counts once. */
import type { MachineSnapshot } from '../kernel/index.ts';
import type { LabSnapshot } from './lab.ts';

/** About what a JavaScript engine takes for the frame of an inode, of a name in a directory, of a rule or a mount. */
const NODE_BYTES = 240;
const NAME_BYTES = 48;
const ROW_BYTES = 400;

type Node = NonNullable<MachineSnapshot['supers'][number]['nodes']>[number];

/** Bytes that `snapshots` own together, beyond what `live` holds anyway. */
export function snapshotBytes(snapshots: readonly LabSnapshot[], live?: LabSnapshot): number {
  const ledger = new SnapshotLedger();
  const held = live ? ledger.add(live) : 0;
  for (const snapshot of snapshots) ledger.add(snapshot);
  return ledger.total - held;
}

/** Counts who holds what. */
export class SnapshotLedger {
  private readonly holders = new Map<object, number>();
  /** Bytes held by anybody. */
  total = 0;

  /** The bytes that were not held before. */
  add(snapshot: LabSnapshot): number {
    const before = this.total;
    this.total += frameBytes(snapshot);
    for (const node of nodesOf(snapshot)) this.take(node);
    return this.total - before;
  }

  remove(snapshot: LabSnapshot): void {
    this.total -= frameBytes(snapshot);
    for (const node of nodesOf(snapshot)) this.release(node);
  }

  private take(node: Node): void {
    if (this.hold(node)) return;
    this.total += nodeBytes(node);
    for (const chunk of node.chunks ?? []) if (!this.hold(chunk)) this.total += chunk.byteLength;
  }

  private release(node: Node): void {
    if (this.drop(node)) return;
    this.total -= nodeBytes(node);
    for (const chunk of node.chunks ?? []) if (!this.drop(chunk)) this.total -= chunk.byteLength;
  }

  /** True if somebody held it already. */
  private hold(what: object): boolean {
    const n = this.holders.get(what) ?? 0;
    this.holders.set(what, n + 1);
    return n > 0;
  }

  /** True if somebody still holds it. */
  private drop(what: object): boolean {
    const n = (this.holders.get(what) ?? 1) - 1;
    if (n === 0) this.holders.delete(what);
    else this.holders.set(what, n);
    return n > 0;
  }
}

function* nodesOf({ machine }: LabSnapshot): Iterable<Node> {
  for (const { nodes } of machine.supers) if (nodes) yield* nodes;
}

const nodeBytes = (node: Node): number => NODE_BYTES + node.names.reduce((sum, [name]) => sum + NAME_BYTES + 2 * name.length, 0);

/** What each snapshot has for itself: the lists of nodes, mounts and rules. */
function frameBytes({ machine }: LabSnapshot): number {
  const rows = machine.mounts.length + machine.supers.length + machine.binfmt_misc.entries.length;
  return machine.supers.reduce((sum, { nodes }) => sum + 8 * (nodes?.length ?? 0), ROW_BYTES * rows);
}
