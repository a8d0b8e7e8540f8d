/** A register line as a shell command, quoted so that the kernel gets exactly its bytes. */
import { decode, latin1 } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';

export const REGISTER = '/proc/sys/fs/binfmt_misc/register';

/** echo where it is enough; printf where echo's own escapes would interfere; the printf program where only one write will do. */
export function toShell(line: Bytes): string {
  const body = line.at(-1) === 0x0a ? line.subarray(0, -1) : line;
  const text = decode(body);
  const printable = !/[\x00-\x1f\x7f-\x9f\udc80-\udcff]/.test(text);
  if (!printable) return `env printf ${quote(octal(body))} > ${REGISTER}`;
  const echoSafe = !/\\[^x]|\\$/.test(text) && !text.startsWith('-');
  return `${echoSafe ? 'echo' : "printf '%s\\n'"} ${quote(text)} > ${REGISTER}`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** For printf's format. The program printf, unlike the builtin, writes a line with a newline in it in one piece. */
function octal(bytes: Bytes): string {
  return latin1(bytes).replace(/[^ -~]|[\\%]|^-/g, (c) =>
    c === '%' ? '%%' : c === '\\' ? '\\\\' : `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}
