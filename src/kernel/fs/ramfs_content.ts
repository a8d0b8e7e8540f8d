/**
 * The bytes of a file in memory, in chunks that snapshots and machines share until one of them writes. Follows mm/shmem.c's
 * folios and what fork does to them.
 */
import type { Bytes } from '../../uapi/types.ts';

/** Small enough to copy for one byte changed, large enough that a big file is few of them. */
export const CHUNK = 64 * 1024;
const SMALLEST = 64;
const NOTHING: readonly Bytes[] = [];
/** What every hole of a chunk's size is made of. */
const ZEROS: Bytes = new Uint8Array(CHUNK);

export class Content {
  private length = 0;
  /** All but the last hold CHUNK bytes; a chunk of ours may have room behind its bytes. */
  private chunks: Bytes[] = [];
  /** Which chunks are ours alone. */
  private own: boolean[] = [];
  /** The chunks as they were handed out, while they are still the same. */
  private frozen: readonly Bytes[] | null = NOTHING;

  get size(): number {
    return this.length;
  }

  /** Takes `data` as it is: read from now on, and copied where it would be written. */
  share(data: Bytes): void {
    const { buffer, byteOffset, length } = data;
    const chunks: Bytes[] = [];
    for (let at = 0; at < length; at += CHUNK) chunks.push(new Uint8Array(buffer, byteOffset + at, Math.min(CHUNK, length - at)));
    this.adopt(chunks, null);
  }

  /** Takes chunks that `freeze` gave, perhaps another file's. */
  thaw(frozen: readonly Bytes[]): void {
    this.adopt([...frozen], frozen);
  }

  /** The content now, in chunks that nobody will write any more: all but the last of CHUNK bytes. */
  freeze(): readonly Bytes[] {
    if (this.frozen) return this.frozen;
    this.chunks = this.chunks.map((chunk, i) => fitted(chunk, this.filled(i)));
    this.own.fill(false);
    this.frozen = this.chunks;
    return this.frozen;
  }

  /** A copy of a piece; behind the end there is nothing. */
  read(from: number, end: number): Bytes {
    const stop = Math.min(end, this.length);
    const piece = this.within_chunk(from, stop);
    if (piece !== null) return piece.slice();
    const out = new Uint8Array(stop - from);
    this.copyTo(out, from);
    return out;
  }

  /** As read, but perhaps the bytes themselves: neither to be changed nor kept. */
  view(from: number, end: number): Bytes {
    return this.within_chunk(from, Math.min(end, this.length)) ?? this.read(from, end);
  }

  private within_chunk(from: number, stop: number): Bytes | null {
    const first = Math.floor(from / CHUNK);
    const base = first * CHUNK;
    return stop > base + CHUNK ? null : (this.chunks[first] ?? ZEROS).subarray(from - base, Math.max(from, stop) - base);
  }

  /** Fills `out` with what stands at `from`. */
  copyTo(out: Bytes, from: number): void {
    const end = Math.min(from + out.length, this.length);
    for (let at = from; at < end; ) {
      const start = at % CHUNK;
      const n = Math.min(CHUNK - start, end - at);
      const chunk = this.chunks[(at - start) / CHUNK] ?? ZEROS;
      out.set(start === 0 && n === chunk.length ? chunk : chunk.subarray(start, start + n), at - from);
      at += n;
    }
  }

  write(data: Bytes, pos: number): void {
    if (pos > this.length) this.extend(pos);
    this.change();
    for (let at = 0; at < data.length; ) {
      const start = (pos + at) % CHUNK;
      const n = Math.min(CHUNK - start, data.length - at);
      const part = n === data.length ? data : data.subarray(at, at + n);
      this.writable((pos + at - start) / CHUNK, start, start + n).set(part, start);
      at += n;
      this.length = Math.max(this.length, pos + at);
    }
  }

  /** Cut, or made longer with zeros. */
  truncate(size: number): void {
    if (size > this.length) return this.extend(size);
    this.change();
    this.length = size;
    this.chunks.length = this.own.length = Math.ceil(size / CHUNK);
  }

  private extend(size: number): void {
    this.change();
    while (this.length < size) {
      const start = this.length % CHUNK;
      const n = Math.min(CHUNK - start, size - this.length);
      if (n === CHUNK) this.push(ZEROS, false);
      else this.writable((this.length - start) / CHUNK, start, start + n).fill(0, start, start + n);
      this.length += n;
    }
  }

  /** Chunk `i`, ours alone, with room up to `end`; its bytes before `start` and behind `end` are kept. */
  private writable(i: number, start: number, end: number): Bytes {
    const old = this.chunks[i];
    if (old && this.own[i] && old.length >= end) return old;
    const filled = this.filled(i);
    const fresh = new Uint8Array(this.room(i, Math.max(end, filled), old?.length ?? 0));
    if (old && (start > 0 || end < filled)) fresh.set(old.length === filled ? old : old.subarray(0, filled));
    this.chunks[i] = fresh;
    this.own[i] = true;
    return fresh;
  }

  /** A file's first chunk grows by doubling, the others are whole. */
  private room(i: number, end: number, had: number): number {
    if (i > 0 || end >= CHUNK) return CHUNK;
    return Math.min(CHUNK, Math.max(SMALLEST, end, this.own[i] ? 2 * had : 0));
  }

  /** How many bytes of chunk `i` are the file's. */
  private filled(i: number): number {
    return Math.max(0, Math.min(CHUNK, this.length - i * CHUNK));
  }

  private push(chunk: Bytes, own: boolean): void {
    this.chunks.push(chunk);
    this.own.push(own);
  }

  private adopt(chunks: Bytes[], frozen: readonly Bytes[] | null): void {
    this.chunks = chunks;
    this.own = chunks.map(() => false);
    this.frozen = frozen;
    this.length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** The chunks that were handed out stay in their list. */
  private change(): void {
    if (this.frozen === this.chunks) this.chunks = [...this.chunks];
    this.frozen = null;
  }
}

/** With a buffer of exactly `n` bytes: a cloned view brings all of its buffer along. */
const fitted = (chunk: Bytes, n: number): Bytes => (chunk.length === n && chunk.buffer.byteLength === n ? chunk : chunk.slice(0, n));
