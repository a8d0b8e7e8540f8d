/** The interpreter's linear memory: numbers, strings, C structures. */
import { decode, encode } from '../../uapi/bytes.ts';
import type { Bytes } from '../../uapi/types.ts';

export type Pointer = number;

export class Memory {
  constructor(readonly memory: WebAssembly.Memory) {}

  private bytes = new Uint8Array(0);
  private words = new DataView(new ArrayBuffer(0));
  /** Growing memory detaches what looked at it before. */
  private refresh(): void {
    if (this.bytes.buffer === this.memory.buffer) return;
    this.bytes = new Uint8Array(this.memory.buffer);
    this.words = new DataView(this.memory.buffer);
  }
  get u8(): Uint8Array {
    this.refresh();
    return this.bytes;
  }
  get view(): DataView {
    this.refresh();
    return this.words;
  }

  u32(p: Pointer): number {
    return this.view.getUint32(p, true);
  }
  i32(p: Pointer): number {
    return this.view.getInt32(p, true);
  }
  setU32(p: Pointer, n: number): void {
    this.view.setUint32(p, n, true);
  }
  setU64(p: Pointer, n: number | bigint): void {
    this.view.setBigInt64(p, BigInt(n), true);
  }
  slice(p: Pointer, length: number): Bytes {
    return this.u8.slice(p, p + length);
  }
  cstring(p: Pointer): string {
    const { u8 } = this;
    return decode(u8.slice(p, u8.indexOf(0, p)));
  }
  /** A C string that lives until it is freed. */
  newString(x: { malloc(size: number): Pointer }, text: string): Pointer {
    const p = x.malloc(encode(text).length + 1);
    this.putString(p, text, Number.POSITIVE_INFINITY);
    return p;
  }
  /** Writes a C string if it fits, answers its length with the NUL. */
  putString(p: Pointer, text: string, size: number): number {
    const data = encode(text);
    if (data.length + 1 > size) return data.length + 1;
    this.u8.set(data, p);
    this.u8[p + data.length] = 0;
    return data.length + 1;
  }
}
