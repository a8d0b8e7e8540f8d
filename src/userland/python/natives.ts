/** Functions written here that Python code calls like those of C: for calls that the interpreter's C library does not make. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { MaybeAsync } from '../../uapi/types.ts';
import type { Instance } from './instance.ts';
import type { Pointer } from './memory.ts';

/** Why a call cannot be: becomes an OSError with these words. */
export class Refusal {
  constructor(
    readonly errno: number,
    readonly message: string,
  ) {}
}

/** A number becomes an int, numbers a tuple. */
/** The call has set an exception itself. */
export const RAISED: unique symbol = Symbol('raised');
export type Result = number | typeof RAISED | readonly number[] | Errno | Refusal;
export type Argument = number | string | readonly string[] | readonly number[] | undefined;

export interface Native {
  /**
   * One letter a parameter: i an int, n several, f a float, p a path, a several paths, e an environment; E is the program's own.
   * A question mark stands for what may be None; a star takes anything and hands on nothing.
   */
  readonly takes: string;
  /** The parameter that an OSError names. */
  readonly names?: number;
  /** Whether it may answer with a promise. */
  readonly waits?: true;
  readonly fn: (...args: never[]) => MaybeAsync<Result>;
}

const METH_VARARGS = 1;
/** name, function, flags, doc */
const METHOD_DEF_SIZE = 16;

/** Puts the functions into `namespace`, a dict. */
export function defineNatives(instance: Instance, namespace: Pointer, natives: Readonly<Record<string, Native>>): void {
  const { x, m, table } = instance;
  for (const [name, native] of Object.entries(natives)) {
    const index = table.grow(1);
    table.set(index, callable(called(instance, name, native)));
    const method = x.malloc(METHOD_DEF_SIZE);
    [m.newString(x, name), index, METH_VARARGS, 0].forEach((word, i) => m.setU32(method + 4 * i, word));
    x.PyDict_SetItemString(namespace, m.newString(x, name), x.PyCFunction_NewEx(method, 0, 0));
  }
}

function called(instance: Instance, name: string, native: Native): WebAssembly.ImportValue {
  const fn = call(instance, name, native);
  return native.waits ? instance.suspension.importing(3, fn) : (fn as WebAssembly.ImportValue);
}

function call(instance: Instance, name: string, { takes, names, fn }: Native): (self: Pointer, args: Pointer) => MaybeAsync<Pointer> {
  return (_self, args) => {
    const values = takes === '*' ? [] : instance.suspension.during(() => argumentsOf(instance, name, takes, args));
    if (values === null) return 0;
    const filename = names === undefined ? 0 : instance.x.PyTuple_GetItem(args, names);
    const result = fn(...(values as never[]));
    return result instanceof Promise ? result.then((r) => give(instance, r, filename)) : give(instance, result, filename);
  };
}

/** Null where an argument is wrong and an exception is set. */
function argumentsOf(instance: Instance, name: string, takes: string, args: Pointer): Argument[] | null {
  const { x, m, address } = instance;
  const letters = takes.match(/\??./g) ?? [];
  const size = x.PyTuple_Size(args);
  const wanted = letters.filter((letter) => letter !== 'E').length;
  if (size !== wanted) {
    const plural = wanted === 1 ? '' : 's';
    x.PyErr_SetString(m.u32(address('PyExc_TypeError')), m.newString(x, `${name} expected ${wanted} argument${plural}, got ${size}`));
    return null;
  }
  const none = address('_Py_NoneStruct');
  const values = letters.map((letter, i) => {
    const object = letter === 'E' ? ownEnvironment(instance) : x.PyTuple_GetItem(args, i);
    return letter[0] === '?' && object === none ? undefined : argument(instance, letter.slice(-1), object);
  });
  return values.includes(null) ? null : (values as Argument[]);
}

function argument(instance: Instance, letter: string, object: Pointer): Argument | null {
  switch (letter) {
    case 'i': {
      const n = instance.x.PyLong_AsLong(object);
      return n === -1 && instance.x.PyErr_Occurred() !== 0 ? null : n;
    }
    case 'f':
      return float(instance, object);
    case 'n':
      return each(instance, object, (item) => instance.x.PyLong_AsLong(item));
    case 'p':
      return path(instance, object);
    case 'a':
      return each(instance, object, (item) => path(instance, item));
    default:
      return environment(instance, object);
  }
}

function float({ x }: Instance, object: Pointer): number | null {
  const n = x.PyFloat_AsDouble(object);
  return n === -1 && x.PyErr_Occurred() !== 0 ? null : n;
}

function path({ x, m }: Instance, object: Pointer): string | null {
  const out = x.malloc(4);
  const text = x.PyUnicode_FSConverter(object, out) === 0 ? null : m.cstring(x.PyBytes_AsString(m.u32(out)));
  if (text !== null) x.Py_DecRef(m.u32(out));
  x.free(out);
  return text;
}

function each<T>(instance: Instance, object: Pointer, take: (item: Pointer) => T | null): readonly T[] | null {
  const { x } = instance;
  const tuple = x.PySequence_Tuple(object);
  if (tuple === 0) return null;
  const items = Array.from({ length: x.PyTuple_Size(tuple) }, (_, i) => take(x.PyTuple_GetItem(tuple, i)));
  x.Py_DecRef(tuple);
  return items.includes(null) ? null : (items as T[]);
}

const ownEnvironment = ({ x, m }: Instance): Pointer =>
  x.PyObject_GetAttrString(x.PyImport_ImportModule(m.newString(x, 'os')), m.newString(x, 'environ'));

/** A mapping as lines NAME=VALUE. */
function environment(instance: Instance, object: Pointer): readonly string[] | null {
  const { x } = instance;
  const items = x.PyMapping_Items(object);
  return items === 0 ? null : each(instance, items, (pair) => each(instance, pair, (part) => path(instance, part))?.join('=') ?? null);
}

function give(instance: Instance, result: Result, filename: Pointer): Pointer {
  const { x } = instance;
  if (typeof result === 'number') return x.PyLong_FromLong(result);
  if (result === RAISED) return 0;
  if (IS_ERR(result) || result instanceof Refusal) return raise(instance, result, filename);
  return tupleOf(
    instance,
    result.map((n) => x.PyLong_FromLong(n)),
  );
}

function raise(instance: Instance, { errno, message }: { readonly errno: number; readonly message: string }, filename: Pointer): Pointer {
  const { x, m, address } = instance;
  const args = [x.PyLong_FromLong(errno), x.PyUnicode_FromString(m.newString(x, message))];
  if (filename !== 0) x.Py_IncRef(filename);
  const tuple = tupleOf(instance, filename === 0 ? args : [...args, filename]);
  const type = m.u32(address('PyExc_OSError'));
  const error = x.PyObject_CallObject(type, tuple);
  x.PyErr_SetObject(error === 0 ? type : m.u32(error + OB_TYPE), error);
  x.Py_DecRef(tuple);
  return 0;
}
const OB_TYPE = 4;

/** Takes over the references. */
function tupleOf({ x }: Instance, items: readonly Pointer[]): Pointer {
  const tuple = x.PyTuple_New(items.length);
  items.forEach((item, i) => x.PyTuple_SetItem(tuple, i, item));
  return tuple;
}

const CALLABLE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 127, 127, 127, 1, 127, 2, 7, 1, 1, 101, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0];
let callableModule: WebAssembly.Module | undefined;

/** (i32, i32, i32) -> i32 from a function: a module of one import that it exports again. */
export function callable(fn: WebAssembly.ImportValue | ((a: number, b: number, c: number) => number)): WebAssembly.ExportValue | undefined {
  callableModule ??= new WebAssembly.Module(Uint8Array.from(CALLABLE));
  return new WebAssembly.Instance(callableModule, { e: { f: fn as WebAssembly.ImportValue } }).exports['f'];
}
