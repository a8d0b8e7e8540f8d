/** What a file's content is: the question file(1) answers. */
import { latin1 } from '../../uapi/bytes.ts';
import type { Bytes } from '../../uapi/types.ts';
import { isElf } from '../elf/elf_file.ts';
import { describeElf } from './elf.ts';
import { binaryKind } from './magic.ts';
import { isJson, type ScriptKind, shebang, sourceKind } from './script.ts';
import { lineWords, type TextKind, textKind } from './text.ts';

export interface Identity {
  readonly text: string;
  readonly mime: string;
  readonly charset: string;
}

export function identify(bytes: Bytes): Identity {
  const charset = textKind(bytes)?.charset ?? 'binary';
  if (bytes.length === 0) return { text: 'empty', mime: 'inode/x-empty', charset: 'binary' };
  if (bytes.length === 1) return { text: 'very short file (no magic)', mime: 'application/octet-stream', charset: 'binary' };
  if (isElf(bytes)) return { ...describeElf(bytes), charset: 'binary' };
  return { ...((binaryKind(bytes) ?? describeText(bytes)) || DATA), charset };
}

const DATA = { text: 'data', mime: 'application/octet-stream' };

function describeText(bytes: Bytes): { text: string; mime: string } | null {
  const kind = textKind(bytes);
  const script = shebang(latin1(bytes.subarray(0, 512)));
  if (!kind) return script ? { text: `${script.words} executable (binary data)`, mime: script.mime } : null;
  if (isJson(kind.text)) return { text: 'JSON text data', mime: 'application/json' };
  const source = script ?? sourceKind(kind.text);
  return source ? withSource(source, kind) : { text: `${kind.code} text${lineWords(kind.text)}`, mime: 'text/plain' };
}

function withSource(source: ScriptKind, kind: TextKind): { text: string; mime: string } {
  if (source.alone) return { text: source.words, mime: source.mime };
  const executable = source.executable ? ' executable' : '';
  return { text: `${source.words}, ${kind.code} text${executable}${lineWords(kind.text)}`, mime: source.mime };
}
