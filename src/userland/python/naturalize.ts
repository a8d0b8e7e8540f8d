/** Makes the interpreter one of this machine: two strings that its build left in its data. */
import { encode } from '../../uapi/bytes.ts';
import type { Instance } from './instance.ts';
import type { Memory } from './memory.ts';

const DATA_START = 1024;
const DATA_END = 3948576;

/** Where it was installed: its prefix, when none is found above the executable. */
const BUILD_PREFIX = '/root/repo/cpython/installs/python-3.11.3';
const PREFIX = '/usr';
/** sys.platform is the end of this string. */
const BUILD_MULTIARCH = 'wasm32-emscripten';
const MULTIARCH = 'wasm32-linux';

export function naturalize({ m }: Instance): void {
  replace(m, BUILD_PREFIX, PREFIX);
  replace(m, BUILD_MULTIARCH, MULTIARCH);
}

/** Overwrites a C string by a shorter one. */
function replace(m: Memory, text: string, by: string): void {
  const p = find(m.u8.subarray(0, DATA_END), encode(`${text}\0`));
  m.putString(p, by, by.length + 1);
}

function find(memory: Uint8Array, wanted: Uint8Array): number {
  const first = wanted[0] as number;
  for (let p = memory.indexOf(first, DATA_START); p >= 0; p = memory.indexOf(first, p + 1)) {
    if (wanted.every((byte, i) => memory[p + i] === byte)) return p;
  }
  throw new Error('this is not the Python that was expected');
}
