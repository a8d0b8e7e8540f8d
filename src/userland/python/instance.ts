/**
 * pyodide.asm.wasm as a process image: CPython 3.11 with its C API exported, linked as Emscripten's MAIN_MODULE.
 * What it imports are system calls, time, errors (longjmp), and a great deal that CPython itself never calls (JavaScript
 * objects, OpenGL, sockets); those are refused by name.
 */
import { encode } from '../../uapi/bytes.ts';
import { CLOCK_MONOTONIC, CLOCK_REALTIME, type Syscalls } from '../../uapi/syscalls.ts';
import type { MaybeAsync } from '../../uapi/types.ts';
import { strftime } from '../lib/time.ts';
import { wasi } from './errno.ts';
import { fileImports } from './file-imports.ts';
import type { Files } from './files.ts';
import { Memory, type Pointer } from './memory.ts';
import { parameterCounter, type Suspension } from './suspension.ts';

type Fn = (...args: never[]) => unknown;

/** The functions that we call; the module exports all of the C API. */
export interface PythonExports {
  readonly Py_EMSCRIPTEN_SIGNAL_HANDLING: WebAssembly.Global<'i32'>;
  __wasm_apply_data_relocs(): void;
  __wasm_call_ctors(): void;
  emscripten_stack_set_limits(base: Pointer, end: Pointer): void;
  stackSave(): Pointer;
  stackRestore(sp: Pointer): void;
  setThrew(value: number, type: number): void;
  malloc(size: number): Pointer;
  free(p: Pointer): void;
  fflush(file: Pointer): number;
  strerror(n: number): Pointer;
  inflateInit2_(stream: Pointer, windowBits: number, version: Pointer, size: number): number;
  inflate(stream: Pointer, flush: number): number;
  inflateEnd(stream: Pointer): number;

  PyPreConfig_InitPythonConfig(config: Pointer): void;
  Py_PreInitializeFromBytesArgs(status: Pointer, config: Pointer, argc: number, argv: Pointer): void;
  PyConfig_InitPythonConfig(config: Pointer): void;
  PyConfig_SetBytesArgv(status: Pointer, config: Pointer, argc: number, argv: Pointer): void;
  PyConfig_Clear(config: Pointer): void;
  Py_InitializeFromConfig(status: Pointer, config: Pointer): void;
  PyStatus_Exception(status: Pointer): number;
  Py_ExitStatusException(status: Pointer): void;
  Py_RunMain(): number;
  Py_FinalizeEx(): number;

  PyRun_StringFlags(code: Pointer, start: number, globals: Pointer, locals: Pointer, flags: Pointer): Pointer;
  PyDict_New(): Pointer;
  PyDict_SetItemString(dict: Pointer, key: Pointer, value: Pointer): number;
  PyDict_GetItemString(dict: Pointer, key: Pointer): Pointer;
  PyObject_CallObject(callable: Pointer, args: Pointer): Pointer;
  PyErr_Print(): void;
  PyErr_Clear(): void;
  PyImport_ImportModule(name: Pointer): Pointer;
  PyObject_GetAttrString(o: Pointer, name: Pointer): Pointer;
  PyErr_Occurred(): Pointer;
  PyErr_SetString(type: Pointer, message: Pointer): void;
  PyErr_SetObject(type: Pointer, value: Pointer): void;
  PyCFunction_NewEx(method: Pointer, self: Pointer, module: Pointer): Pointer;
  PySequence_Tuple(o: Pointer): Pointer;
  PyMapping_Items(o: Pointer): Pointer;
  PyBytes_AsString(o: Pointer): Pointer;
  PyUnicode_FSConverter(o: Pointer, out: Pointer): number;
  PyTuple_Size(tuple: Pointer): number;
  PyTuple_GetItem(tuple: Pointer, i: number): Pointer;
  PyTuple_SetItem(tuple: Pointer, i: number, item: Pointer): number;
  PyTuple_New(size: number): Pointer;
  PyFloat_AsDouble(o: Pointer): number;
  PyErr_CheckSignals(): number;
  PyLong_AsLong(o: Pointer): number;
  PyLong_FromLong(n: number): Pointer;
  PyUnicode_AsUTF8(o: Pointer): Pointer;
  PyUnicode_FromString(s: Pointer): Pointer;
  PyObject_SetAttrString(o: Pointer, name: Pointer, value: Pointer): number;
  PyType_IsSubtype(a: Pointer, b: Pointer): number;
  Py_IncRef(o: Pointer): void;
  Py_DecRef(o: Pointer): void;
}

/** Thrown where C would exit(3). */
export class Exit {
  constructor(readonly code: number) {}
}

export interface InstanceHost {
  readonly sys: Syscalls;
  readonly files: Files;
  readonly envp: readonly string[];
  readonly suspension: Suspension;
  /** Asked every few dozen bytecodes: the number of a signal that arrived, or 0. */
  signal(): MaybeAsync<number>;
}

export interface Instance {
  readonly x: PythonExports;
  readonly m: Memory;
  readonly table: WebAssembly.Table;
  readonly suspension: Suspension;
  /** Where a data symbol lies. */
  address(symbol: string): Pointer;
}

// What pyodide 0.25.1 was linked with.
const MEMORY_BASE = 1024;
const STACK_LOW = 3948576;
const STACK_HIGH = 9191456;
const TABLE_SIZE = 6424;
const PAGE = 65536;
const INITIAL_PAGES = 20971520 / PAGE;
const MAXIMUM_PAGES = 2147483648 / PAGE;

export async function instantiate(module: WebAssembly.Module, host: InstanceHost): Promise<Instance> {
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
  const table = new WebAssembly.Table({ initial: TABLE_SIZE, element: 'anyfunc' });
  const m = new Memory(memory);
  const late: { x?: PythonExports } = {};
  const x = (): PythonExports => {
    if (late.x === undefined) throw new Error('Python called out before it was there');
    return late.x;
  };
  const imports = link(module, {
    ...fileImports(m, host.files, host.suspension),
    ...controlImports(m, table, host, x),
    ...timeImports(m, host.sys, x),
    ...pythonImports(table, host),
    memory,
    __indirect_function_table: table,
    __memory_base: new WebAssembly.Global({ value: 'i32', mutable: false }, MEMORY_BASE),
    __table_base: new WebAssembly.Global({ value: 'i32', mutable: false }, 1),
    __stack_pointer: new WebAssembly.Global({ value: 'i32', mutable: true }, STACK_HIGH),
  });
  const instance = await WebAssembly.instantiate(module, imports);
  late.x = instance.exports as unknown as PythonExports;
  const address = (symbol: string): Pointer => MEMORY_BASE + (instance.exports[symbol] as WebAssembly.Global).value;
  late.x.__wasm_apply_data_relocs();
  late.x.emscripten_stack_set_limits(STACK_HIGH, STACK_LOW);
  late.x.__wasm_call_ctors();
  return { x: late.x, m, table, suspension: host.suspension, address };
}

const GLOBAL_OFFSETS: Readonly<Record<string, number>> = { __heap_base: STACK_HIGH, __stack_low: STACK_LOW, __stack_high: STACK_HIGH };

/** Gives every import its value; a function that nobody wrote refuses when called. */
function link(module: WebAssembly.Module, known: Readonly<Record<string, WebAssembly.ImportValue | Fn>>): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
    const values = (imports[space] ??= {});
    if (space.startsWith('GOT.')) values[name] = new WebAssembly.Global({ value: 'i32', mutable: true }, GLOBAL_OFFSETS[name] ?? 0);
    else
      values[name] = (known[name] ??
        (kind === 'function' && name.startsWith('invoke_') ? known['invoke'] : refusal(name))) as WebAssembly.ImportValue;
  }
  return imports;
}

function refusal(name: string): Fn {
  if (name.startsWith('__syscall_')) return () => -wasi('ENOSYS');
  return () => {
    throw new Error(`Python called ${name}, which this machine does not have`);
  };
}

const LONGJMP: unique symbol = Symbol('longjmp');
const ABORTED = 134;

function controlImports(m: Memory, table: WebAssembly.Table, host: InstanceHost, x: () => PythonExports) {
  return {
    exit: (code: number) => {
      throw new Exit(code);
    },
    proc_exit: (code: number) => {
      throw new Exit(code);
    },
    abort: () => {
      throw new Exit(ABORTED);
    },
    /** setjmp: a longjmp inside comes back as `threw`. */
    invoke: (fn: number, ...args: unknown[]) => {
      const sp = x().stackSave();
      try {
        return host.suspension.during(() => table.get(fn)(...args));
      } catch (e) {
        if (e !== LONGJMP) throw e;
        x().stackRestore(sp);
        x().setThrew(1, 0);
        return undefined;
      }
    },
    _emscripten_throw_longjmp: () => {
      throw LONGJMP;
    },
    emscripten_resize_heap: (size: number) => grow(m.memory, size >>> 0),
    emscripten_get_heap_max: () => MAXIMUM_PAGES * PAGE,
    emscripten_memcpy_js: (to: Pointer, from: Pointer, n: number) => m.u8.copyWithin(to, from, from + n),
    _emscripten_get_progname: (p: Pointer, size: number) => m.putString(p, 'python3', size),
    _dlopen_js: () => 0,
    _mmap_js: () => -wasi('ENODEV'),
    _munmap_js: () => -wasi('EINVAL'),
    _setitimer_js: () => 0,
    __call_sighandler: (fn: number, signal: number) => host.suspension.during(() => table.get(fn)(signal)),
    getentropy: (p: Pointer, n: number) => {
      crypto.getRandomValues(m.u8.subarray(p, p + n) as Uint8Array<ArrayBuffer>);
      return 0;
    },
    system: (command: Pointer) => (command === 0 ? 0 : -1),
    environ_sizes_get: (count: Pointer, size: Pointer) => {
      m.setU32(count, host.envp.length);
      m.setU32(size, host.envp.reduce((n, line) => n + encode(line).length + 1, 0)); // biome-ignore format: one thought
      return 0;
    },
    environ_get: (pointers: Pointer, buffer: Pointer) => {
      let at = buffer;
      host.envp.forEach((line, i) => {
        m.setU32(pointers + 4 * i, at);
        at += m.putString(at, line, Number.POSITIVE_INFINITY);
      });
      return 0;
    },
  };
}

function grow(memory: WebAssembly.Memory, size: number): number {
  try {
    memory.grow(Math.max(Math.ceil((size - memory.buffer.byteLength) / PAGE), 64));
    return 1;
  } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    return 0;
  }
}

/** CPython's own port to Emscripten. C functions may be called with more arguments than they declare: JavaScript drops them. */
function pythonImports(table: WebAssembly.Table, { suspension, signal }: InstanceHost) {
  return {
    _PyEM_TrampolineCall_JS: (fn: number, a: number, b: number, c: number) => table.get(fn)(a, b, c),
    _PyEM_detect_type_reflection: () => (suspension.possible ? 1 : 0),
    ...(suspension.possible ? { _PyEM_CountFuncParams: parameterCounter(table) } : {}),
    _PyImport_InitFunc_TrampolineCall: (fn: number) => suspension.during(() => table.get(fn)()),
    _Py_emscripten_runtime: () => 0,
    _Py_CheckEmscriptenSignals_Helper: suspension.importing(0, () => signal()),
  };
}

const TM_FIELDS = ['sec', 'min', 'hour', 'mday', 'mon', 'year', 'wday', 'yday', 'isdst', 'gmtoff'] as const;

function timeImports(m: Memory, sys: Syscalls, x: () => PythonExports) {
  const start = sys.clock_gettime(CLOCK_MONOTONIC);
  const putTime = (tm: Pointer, date: Date): void => {
    const values = brokenDown(date);
    TM_FIELDS.forEach((field, i) => m.view.setInt32(tm + 4 * i, values[field], true));
  };
  const getTime = (tm: Pointer): number => {
    const [sec = 0, min = 0, hour = 0, mday = 0, mon = 0, year = 0] = [0, 1, 2, 3, 4, 5].map((i) => m.i32(tm + 4 * i));
    const date = new Date(0);
    date.setUTCFullYear(year + 1900, mon, mday);
    return date.setUTCHours(hour, min, sec);
  };
  const utc = (): Pointer => {
    const name = x().malloc(4);
    m.putString(name, 'UTC', 4);
    return name;
  };
  const make = (tm: Pointer): bigint => {
    const ms = getTime(tm);
    putTime(tm, new Date(ms));
    return BigInt(Math.floor(ms / 1000));
  };
  const format = (out: Pointer, max: number, fmt: Pointer, tm: Pointer): number => {
    const length = m.putString(out, strftime(m.cstring(fmt), getTime(tm)), max);
    return length > max ? 0 : length - 1;
  };
  return {
    emscripten_date_now: () => sys.clock_gettime(CLOCK_REALTIME),
    emscripten_get_now: () => sys.clock_gettime(CLOCK_MONOTONIC) - start,
    emscripten_get_now_res: () => 1000,
    _emscripten_get_now_is_monotonic: () => 1,
    _localtime_js: (time: bigint, tm: Pointer) => putTime(tm, new Date(Number(time) * 1000)),
    _gmtime_js: (time: bigint, tm: Pointer) => putTime(tm, new Date(Number(time) * 1000)),
    _mktime_js: make,
    _timegm_js: make,
    _tzset_js: (timezone: Pointer, daylight: Pointer, names: Pointer) => {
      m.setU32(timezone, 0);
      m.setU32(daylight, 0);
      for (const name of [names, names + 4]) m.setU32(name, utc());
    },
    strftime: format,
    strftime_l: format,
  };
}

function brokenDown(d: Date): Record<(typeof TM_FIELDS)[number], number> {
  return {
    sec: d.getUTCSeconds(),
    min: d.getUTCMinutes(),
    hour: d.getUTCHours(),
    mday: d.getUTCDate(),
    mon: d.getUTCMonth(),
    year: d.getUTCFullYear() - 1900,
    wday: d.getUTCDay(),
    yday: Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000),
    isdst: 0,
    gmtoff: 0,
  };
}
