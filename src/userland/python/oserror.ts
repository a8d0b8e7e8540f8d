/**
 * OSError in Linux's numbers. C code makes it from errno and strerror(3), in WASI's; Python code makes it in Linux's. So the
 * exceptions' constructor is replaced: it constructs in WASI's numbers, by which the subclass is chosen, and then writes
 * Linux's number and message into the object. strerror's messages begin with a mark, by which C's are told from a program's.
 */
import { ERRNO_ROWS, errnoMessage, linuxErrno, wasiErrno } from './errno.ts';
import type { Instance } from './instance.ts';
import type { Pointer } from './memory.ts';
import { callable } from './natives.ts';

/** First byte of every message of strerror. */
export const MARK = '\u0001';
/** Offset of tp_new in PyTypeObject on wasm32. */
const TP_NEW = 156;

const TYPES = [
  'OSError',
  'BlockingIOError',
  'ConnectionError',
  'ChildProcessError',
  'BrokenPipeError',
  'ConnectionAbortedError',
  'ConnectionRefusedError',
  'ConnectionResetError',
  'FileExistsError',
  'FileNotFoundError',
  'IsADirectoryError',
  'NotADirectoryError',
  'InterruptedError',
  'PermissionError',
  'ProcessLookupError',
  'TimeoutError',
];

export function useLinuxErrors(instance: Instance): void {
  const { x, m, table, address } = instance;
  const strings = new Map<string, Pointer>();
  markMessages(instance);
  const types = TYPES.map((name) => m.u32(address(`PyExc_${name}`)));
  const original = table.get(m.u32((types[0] as Pointer) + TP_NEW)) as (type: Pointer, args: Pointer, kwds: Pointer) => Pointer;
  const replacement = table.grow(1);
  table.set(replacement, callable(construct));
  for (const type of types) m.setU32(type + TP_NEW, replacement);

  function construct(type: Pointer, args: Pointer, kwds: Pointer): Pointer {
    const size = x.PyTuple_Size(args);
    const number = size >= 2 ? x.PyLong_AsLong(x.PyTuple_GetItem(args, 0)) : -1;
    if (number <= 0) {
      x.PyErr_Clear();
      return original(type, args, kwds);
    }
    const text = x.PyUnicode_AsUTF8(x.PyTuple_GetItem(args, 1));
    if (text === 0) x.PyErr_Clear();
    const fromC = text !== 0 && m.u8[text] === MARK.charCodeAt(0);
    return fromC ? fromSystem(type, args, kwds, number) : fromProgram(type, args, kwds, number, size);
  }

  function fromSystem(type: Pointer, args: Pointer, kwds: Pointer, number: number): Pointer {
    const error = original(type, args, kwds);
    if (error === 0) return error;
    const linux = linuxErrno(number);
    const message = x.PyUnicode_FromString(cstring(errnoMessage(linux)));
    rewrite(error, linux, message);
    return error;
  }

  function fromProgram(type: Pointer, args: Pointer, kwds: Pointer, number: number, size: number): Pointer {
    const wasi = wasiErrno(number);
    if (wasi === number) return original(type, args, kwds);
    const copy = x.PyTuple_New(size);
    x.PyTuple_SetItem(copy, 0, x.PyLong_FromLong(wasi));
    for (let i = 1; i < size; i++) {
      const item = x.PyTuple_GetItem(args, i);
      x.Py_IncRef(item);
      x.PyTuple_SetItem(copy, i, item);
    }
    const error = original(type, copy, kwds);
    x.Py_DecRef(copy);
    if (error === 0) return error;
    const message = x.PyTuple_GetItem(args, 1);
    x.Py_IncRef(message);
    rewrite(error, number, message);
    return error;
  }

  /** Takes over the reference to `message`. */
  function rewrite(error: Pointer, errno: number, message: Pointer): void {
    const number = x.PyLong_FromLong(errno);
    x.PyObject_SetAttrString(error, cstring('errno'), number);
    x.PyObject_SetAttrString(error, cstring('strerror'), message);
    const args = x.PyTuple_New(2);
    x.PyTuple_SetItem(args, 0, number);
    x.PyTuple_SetItem(args, 1, message);
    x.PyObject_SetAttrString(error, cstring('args'), args);
    x.Py_DecRef(args);
  }

  function cstring(text: string): Pointer {
    const known = strings.get(text);
    if (known !== undefined) return known;
    const p = x.malloc(text.length + 1);
    m.putString(p, text, text.length + 1);
    strings.set(text, p);
    return p;
  }
}

function markMessages({ x, m }: Instance): void {
  for (const [, wasi] of ERRNO_ROWS) m.u8[x.strerror(wasi)] = MARK.charCodeAt(0);
}

/** What C code prints itself, without an exception: "[Errno 44] \1o such file or directory". */
export function translateMarked(text: string): string {
  return text.replace(/\[Errno (\d+)\] \u0001[^\n:']*/g, (_, number: string) => {
    const linux = linuxErrno(Number(number));
    return `[Errno ${linux}] ${errnoMessage(linux)}`;
  });
}
