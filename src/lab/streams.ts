/** Ready-made ends for a program's standard streams. */
import type { HostSink, HostSource } from '../kernel/index.ts';
import { concat } from '../uapi/bytes.ts';

const NOTHING = new Uint8Array(0);

/** All of `data`, then the end. */
export function sourceOf(data: Uint8Array): HostSource {
  let at = 0;
  return {
    read: (count) => {
      const part = data.subarray(at, at + count);
      at += part.length;
      return part.length > 0 ? part.slice() : NOTHING;
    },
  };
}

/** Keeps what is written. */
export class Collector implements HostSink {
  private readonly chunks: Uint8Array[] = [];
  write(data: Uint8Array): void {
    this.chunks.push(data);
  }
  get bytes(): Uint8Array {
    return concat(this.chunks);
  }
}
