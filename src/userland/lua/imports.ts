/**
 * The host's side of glue.wasm. Its C library needs 27 functions; files are not among those that do anything here, since the
 * io library is ours: what remains is memory, time, errors (longjmp) and messages on standard error.
 */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { R_OK } from '../../uapi/fcntl.ts';
import { CLOCK_REALTIME, type Syscalls } from '../../uapi/syscalls.ts';
import type { Bytes } from '../../uapi/types.ts';
import { strftime } from '../lib/time.ts';
import type { LuaExports, Pointer } from './api.ts';

/** Thrown where C would longjmp, and caught in invoke_vii, which stands for setjmp. */
export const LONGJMP: unique symbol = Symbol('longjmp');

/** Thrown where C would exit(3). */
export class Exit {
  constructor(
    readonly code: number,
    readonly close = false,
  ) {}
}

export interface ImportHost {
  readonly sys: Syscalls;
  readonly envp: readonly string[];
  exports(): LuaExports;
  /** What C code writes without our io library: warnings and the last words. */
  writeError(data: Bytes): void;
}

// Error numbers of the C library inside (WASI's).
const E_ACCES = 2;
const E_BADF = 8;
const E_NOENT = 44;
const E_NOSYS = 52;
/** The C library opens files only to see whether a module is there. */
const READABLE_FD = 1000;

export function makeImports(host: ImportHost): WebAssembly.Imports {
  const u8 = (): Uint8Array => new Uint8Array(host.exports().memory.buffer);
  const view = (): DataView => new DataView(host.exports().memory.buffer);
  return {
    env: { ...controlImports(host), ...fileImports(host, u8), ...timeImports(host, u8, view) },
    wasi_snapshot_preview1: { ...wasiImports(host, u8, view) },
  };
}

function controlImports(host: ImportHost) {
  return {
    abort: () => {
      throw new Exit(134);
    },
    exit: (code: number) => {
      throw new Exit(code);
    },
    invoke_vii: (fn: number, a: number, b: number) => invoke(host.exports(), fn, a, b),
    _emscripten_throw_longjmp: () => {
      throw LONGJMP;
    },
    emscripten_resize_heap: (size: number) => grow(host.exports().memory, size),
    system: () => -1,
  };
}

function invoke(x: LuaExports, fn: number, a: number, b: number): void {
  const sp = x.stackSave();
  try {
    x.__indirect_function_table.get(fn)(a, b);
  } catch (e) {
    if (e !== LONGJMP) throw e;
    x.stackRestore(sp);
    x.setThrew(1, 0);
  }
}

const PAGE = 65536;
function grow(memory: WebAssembly.Memory, size: number): number {
  try {
    memory.grow(Math.ceil((size - memory.buffer.byteLength) / PAGE));
    return 1;
  } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    return 0;
  }
}

function fileImports(host: ImportHost, u8: () => Uint8Array) {
  const readable = (path: Pointer): boolean => !IS_ERR(host.sys.access(cstring(u8(), path), R_OK));
  return {
    __syscall_openat: (_dirfd: number, path: Pointer) => (readable(path) ? READABLE_FD : -E_NOENT),
    __syscall_fcntl64: () => 0,
    __syscall_ioctl: () => -E_NOSYS,
    __syscall_dup3: () => -E_NOSYS,
    __syscall_unlinkat: () => -E_ACCES,
    __syscall_rmdir: () => -E_ACCES,
    __syscall_renameat: () => -E_ACCES,
    __syscall_readlinkat: () => -E_ACCES,
  };
}

function cstring(memory: Uint8Array, p: Pointer): string {
  let end = p;
  while (memory[end]) end++;
  return new TextDecoder().decode(memory.slice(p, end));
}

/** struct tm: nine ints. */
const TM = { sec: 0, min: 4, hour: 8, mday: 12, mon: 16, year: 20, wday: 24, yday: 28, isdst: 32 } as const;

function timeImports(host: ImportHost, u8: () => Uint8Array, view: () => DataView) {
  return {
    emscripten_date_now: () => host.sys.clock_gettime(CLOCK_REALTIME),
    _emscripten_get_now_is_monotonic: () => 1,
    _tzset_js: () => undefined,
    _localtime_js: (time: bigint, tm: Pointer) => putTime(view(), tm, new Date(Number(time) * 1000)),
    _gmtime_js: (time: bigint, tm: Pointer) => putTime(view(), tm, new Date(Number(time) * 1000)),
    _mktime_js: (tm: Pointer) => {
      const date = getTime(view(), tm);
      putTime(view(), tm, date);
      return BigInt(Math.floor(date.getTime() / 1000));
    },
    strftime: (out: Pointer, max: number, format: Pointer, tm: Pointer) => {
      const text = encode(strftime(cstring(u8(), format), getTime(view(), tm).getTime()));
      if (text.length >= max) return 0;
      u8().set(text, out);
      u8()[out + text.length] = 0;
      return text.length;
    },
  };
}

/** The machine's clock is UTC, as in a container. */
function putTime(view: DataView, tm: Pointer, d: Date): void {
  const put = (field: keyof typeof TM, n: number): void => view.setInt32(tm + TM[field], n, true);
  put('sec', d.getUTCSeconds());
  put('min', d.getUTCMinutes());
  put('hour', d.getUTCHours());
  put('mday', d.getUTCDate());
  put('mon', d.getUTCMonth());
  put('year', d.getUTCFullYear() - 1900);
  put('wday', d.getUTCDay());
  put('yday', Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000));
  put('isdst', 0);
}

function getTime(view: DataView, tm: Pointer): Date {
  const get = (field: keyof typeof TM): number => view.getInt32(tm + TM[field], true);
  const date = new Date(0);
  date.setUTCFullYear(get('year') + 1900, get('mon'), get('mday'));
  date.setUTCHours(get('hour'), get('min'), get('sec'));
  return date;
}

function wasiImports(host: ImportHost, u8: () => Uint8Array, view: () => DataView) {
  const environ = host.envp.map((line) => encode(`${line}\0`));
  return {
    fd_read: () => E_BADF,
    fd_seek: () => E_BADF,
    fd_close: () => 0,
    fd_write: (_fd: number, iov: Pointer, count: number, written: Pointer) => {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const base = view().getUint32(iov + 8 * i, true);
        const length = view().getUint32(iov + 8 * i + 4, true);
        if (length > 0) host.writeError(u8().slice(base, base + length));
        total += length;
      }
      view().setUint32(written, total, true);
      return 0;
    },
    environ_sizes_get: (count: Pointer, size: Pointer) => {
      view().setUint32(count, environ.length, true);
      view().setUint32(size, environ.reduce((n, e) => n + e.length, 0), true); // biome-ignore format: one thought
      return 0;
    },
    environ_get: (pointers: Pointer, buffer: Pointer) => {
      let at = buffer;
      environ.forEach((entry, i) => {
        view().setUint32(pointers + 4 * i, at, true);
        u8().set(entry, at);
        at += entry.length;
      });
      return 0;
    },
  };
}
