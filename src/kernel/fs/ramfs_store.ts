/** memfs' core as the store of our memory file systems: one Superblock each, its Nodes are the inodes and its Links the names. */
import { type FsEvent, type Link, Node, Superblock } from '@jsonjoy.com/fs-core';
import { Buffer } from 'buffer';
import type { Mode } from '../../uapi/types.ts';
import { Content } from './ramfs_content.ts';

export type { FsEvent, Link };

/** What memfs asks of its host: it must not see the real one's user. */
const nobody = { getuid: () => 0, getgid: () => 0, cwd: () => '/', platform: 'linux', emitWarning: () => undefined, env: {} };

/** A Node whose bytes are in chunks. Those that memfs itself would keep are never used. */
export class RamNode extends Node {
  readonly content = new Content();

  override getSize(): number {
    return this.content.size;
  }
  override getBuffer(): Buffer {
    this.atime = new Date();
    return as_buffer(this.content.read(0, this.content.size));
  }
  override getString(encoding?: Parameters<Node['getString']>[0]): string {
    return this.getBuffer().toString(encoding);
  }
  override setBuffer(buffer: Buffer): void {
    this.content.truncate(0);
    this.write(buffer);
  }
  override setString(text: string): void {
    this.setBuffer(Buffer.from(text));
  }
  override read(into: ArrayBufferView, at = 0, count: number = into.byteLength, from = 0): number {
    this.atime = new Date();
    const n = Math.max(0, Math.min(count, into.byteLength - at, this.content.size - from));
    if (n > 0) this.content.copyTo(new Uint8Array(into.buffer, into.byteOffset + at, n), from);
    return n;
  }
  override write(buffer: Buffer, at = 0, count: number = buffer.length, to = 0): number {
    const n = Math.max(0, Math.min(count, buffer.length - at));
    if (n > 0) this.content.write(buffer.subarray(at, at + n), to);
    if (n > 0) this.touch();
    return n;
  }
  override truncate(size = 0): void {
    this.content.truncate(Math.max(0, size));
    this.touch();
  }
}

export class RamStore extends Superblock {
  constructor() {
    super({ process: nobody });
  }
  override createNode(mode: Mode): RamNode {
    const node = new RamNode(++this.ino, mode, 0, 0);
    this.inodes[node.ino] = node;
    return node;
  }
  /** The node of that number, with or without a name. */
  node(ino: number): RamNode | undefined {
    return this.inodes[ino] as RamNode | undefined;
  }
}

export const node_of = (link: Link): RamNode => link.getNode() as RamNode;

/** In memfs' type; nothing is copied. */
const as_buffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.length);
