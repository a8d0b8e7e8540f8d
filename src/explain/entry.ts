/** Reads what an entry's file shows: the inverse of the kernel's entry_status. */
import type { MiscFlag, MiscMatch, MiscRule } from '../kernel/fs/binfmt_misc_entry.ts';
import type { Bytes } from '../uapi/types.ts';

export interface ShownEntry {
  readonly rule: MiscRule;
  readonly enabled: boolean;
}

/** `name` is the file's name. Null if the text is no entry's. */
export function readEntry(name: string, text: string): ShownEntry | null {
  const found = /^(enabled|disabled)\ninterpreter ([\s\S]*?)\nflags: ([POCF]*)\n([\s\S]*)$/.exec(text);
  const match = found === null ? null : readMatch(found[4] ?? '');
  if (found === null || match === null) return null;
  const flags = new Set([...(found[3] ?? '')] as MiscFlag[]);
  return { rule: { name, match, interpreter: found[2] ?? '', flags }, enabled: found[1] === 'enabled' };
}

function readMatch(text: string): MiscMatch | null {
  const extension = /^extension \.([\s\S]*)\n$/.exec(text)?.[1];
  if (extension !== undefined) return { kind: 'extension', extension };
  const [, offset, magic, , mask] = /^offset (\d+)\nmagic ((?:[0-9a-f]{2})*)\n(mask ((?:[0-9a-f]{2})*)\n)?$/.exec(text) ?? [];
  if (offset === undefined || magic === undefined) return null;
  return { kind: 'magic', offset: Number(offset), magic: unhex(magic), mask: mask === undefined ? null : unhex(mask) };
}

function unhex(digits: string): Bytes {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
