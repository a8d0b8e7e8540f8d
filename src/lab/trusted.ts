/** Snapshots of our own making, and those that have been looked at. */
import type { LabSnapshot } from './lab.ts';

const trusted = new WeakSet<object>();

export function trust(snapshot: LabSnapshot): LabSnapshot {
  trusted.add(snapshot);
  return snapshot;
}

export const isTrusted = (snapshot: object): boolean => trusted.has(snapshot);
