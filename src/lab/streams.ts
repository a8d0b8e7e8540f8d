/** Streams between a machine and its host, both ways with back-pressure. */
import type { MaybeAsync } from '../uapi/types.ts';

/** What a program reads: the next bytes, or null at the end. */
export interface Source {
  read(): MaybeAsync<Uint8Array | null>;
}

/** Where a program's bytes go; a promise holds the writer back. */
export interface Sink {
  write(data: Uint8Array): MaybeAsync<void>;
}

export const EMPTY: Source = { read: () => null };

/** All of `data`, once. */
export function sourceOf(data: Uint8Array): Source {
  let left: Uint8Array | null = data.length > 0 ? data : null;
  return {
    read: () => {
      const now = left;
      left = null;
      return now;
    },
  };
}

/** Keeps what is written. */
export class Collector implements Sink {
  readonly chunks: Uint8Array[] = [];
  write(data: Uint8Array): void {
    this.chunks.push(data.slice());
  }
}
