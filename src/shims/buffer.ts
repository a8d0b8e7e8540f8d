/**
 * Node's Buffer as far as memfs' core needs it, for the page: bytes with `from`, `allocUnsafe`, `copy`, `toString`.
 * (The full package is seven times as large as all that is used of it.)
 */
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Buffer extends Uint8Array<ArrayBuffer> {
  static override from(value: unknown, ...rest: unknown[]): Buffer {
    if (typeof value === 'string') return Buffer.view(encoder.encode(value));
    if (value instanceof ArrayBuffer) return new Buffer(value, rest[0] as number | undefined, rest[1] as number | undefined);
    const bytes = value as ArrayLike<number>;
    const copy = Buffer.allocUnsafe(bytes.length);
    copy.set(bytes);
    return copy;
  }
  static allocUnsafe(size: number): Buffer {
    return Buffer.view(new Uint8Array(size));
  }
  static isBuffer(value: unknown): value is Buffer {
    return value instanceof Buffer;
  }
  static isEncoding(name: string): boolean {
    return /^utf-?8$/i.test(name);
  }
  copy(target: Uint8Array, at = 0, start = 0, end = this.length): number {
    const part = this.subarray(start, Math.min(end, start + target.length - at));
    target.set(part, at);
    return part.length;
  }
  override toString(): string {
    return decoder.decode(this);
  }
  private static view(bytes: Uint8Array<ArrayBuffer>): Buffer {
    return new Buffer(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}
