/** Lines to begin with, each with a file of the machine to try it on. */
import { fromLatin1 } from '../../../uapi/bytes.ts';

export interface Example {
  readonly id: string;
  readonly title: string;
  readonly line: Uint8Array;
  /** A file of the machine. */
  readonly file: string;
}

const ELF64 = '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00';
const ELF_MASK = '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';
const example = (id: string, title: string, line: string, file: string): Example => ({
  id,
  title,
  line: fromLatin1(line),
  file: `/root/samples/${file}`,
});

export const EXAMPLES: readonly Example[] = [
  example('lua', 'Lua bytecode, by its first bytes', ':lua:M::\\x1bLua::/usr/bin/lua:', 'luac.out'),
  example('pyc', 'Python bytecode, by the end of its name', ':python-pyc:E::pyc::/usr/bin/python3:', 'hello.pyc'),
  example(
    'aarch64',
    'aarch64 programs, with a mask and F',
    `:qemu-aarch64:M::${ELF64}\\xb7\\x00:${ELF_MASK}:/usr/bin/qemu-aarch64-static:F`,
    'hello-aarch64',
  ),
  example('broken', 'Refused: a delimiter is missing', ':lua:M::\\x1bLua::/usr/bin/lua', 'luac.out'),
  example('nul', 'Refused: a zero byte out of echo -e', ':wasm:M::\0asm::/usr/bin/wasmtime:', 'README'),
  example(
    'native',
    'Dangerous: this machine’s own programs',
    `:qemu-x86_64:M::${ELF64}\\x3e\\x00:${ELF_MASK}:/usr/bin/qemu-x86_64-static:`,
    'hello-x86_64',
  ),
];
