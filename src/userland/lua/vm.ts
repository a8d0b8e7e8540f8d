/**
 * One Lua state in one WebAssembly instance, and how functions of ours take part in it.
 *
 * A C function here is a TypeScript function. One that may sleep, or that calls Lua code which may sleep, is a generator: it
 * yields a request, the machinery turns it into lua_yieldk, lua_callk or lua_pcallk, and the continuation resumes the generator.
 * So the program waits in a lua_resume that has returned, and the host's event loop turns.
 */
import { decode, encode } from '../../uapi/bytes.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Bytes, MaybeAsync } from '../../uapi/types.ts';
import { LUA_MASKALL, LUA_MASKCOUNT, LUA_OK, LUA_YIELD, type LuaExports, type Pointer, type State, upvalueindex } from './api.ts';
import { makeImports } from './imports.ts';

interface Wait {
  readonly kind: 'wait';
  readonly promise: Promise<unknown>;
  value: unknown;
}
interface Call {
  readonly kind: 'call';
  readonly nargs: number;
  readonly nresults: number;
}
interface PCall {
  readonly kind: 'pcall';
  readonly nargs: number;
  readonly nresults: number;
  readonly msgh: number;
  status: number;
}
type Request = Wait | Call | PCall;

/** A computation that may pause. */
export type Steps<T> = Generator<Request, T, void>;
/** Answers how many results it left on the stack. */
export type LuaFunction = (L: State) => number | Steps<number>;

/** Instructions between two looks at the clock and at signals: about a millisecond. */
const QUANTUM = 100_000;

export interface LuaProcess {
  readonly sys: Syscalls;
  readonly envp: readonly string[];
  writeError(data: Bytes): void;
}

export class LuaVm {
  readonly x: LuaExports;
  /** The main state, in which nothing runs but threads. */
  readonly L: State;
  /** Set by SIGINT: the program is to fail at its next instruction. */
  interrupted = false;

  private waiting: Wait | null = null;
  /** Coroutines resumed by code that cannot yield. */
  private unyieldable = 0;
  private readonly functions: LuaFunction[] = [];
  private readonly frames = new Map<number, { readonly steps: Steps<number>; request: Request | null }>();
  private nextFrame = 1;
  private readonly names = new Map<string, Pointer>();
  private readonly scratch: Pointer;
  private readonly dispatcher: Pointer;
  private readonly continuation: Pointer;
  private readonly hook: Pointer;

  static async create(module: WebAssembly.Module, process: LuaProcess): Promise<LuaVm> {
    const holder: { x?: LuaExports } = {};
    const imports = makeImports({
      sys: process.sys,
      envp: process.envp,
      writeError: (data) => process.writeError(data),
      exports: () => {
        if (holder.x === undefined) throw new Error('Lua called out before it was there');
        return holder.x;
      },
    });
    const instance = await WebAssembly.instantiate(module, imports);
    const x = instance.exports as unknown as LuaExports;
    holder.x = x;
    x.emscripten_stack_init();
    x.__wasm_call_ctors();
    return new LuaVm(x, process);
  }

  private constructor(
    x: LuaExports,
    readonly process: LuaProcess,
  ) {
    this.x = x;
    this.scratch = x.malloc(16);
    this.dispatcher = this.addFunction('i', 'i', (L) => this.dispatch(L as State));
    this.continuation = this.addFunction('iii', 'i', (L, status, frame) => this.resumeFrame(L as State, status as number, frame as number));
    this.hook = this.addFunction('ii', '', (L) => this.onHook(L as State));
    this.L = x.luaL_newstate();
  }

  get sys(): Syscalls {
    return this.process.sys;
  }

  // memory

  u8(): Uint8Array {
    return new Uint8Array(this.x.memory.buffer);
  }
  bytesAt(p: Pointer, length: number): Bytes {
    return this.u8().slice(p, p + length);
  }
  copyIn(bytes: Uint8Array): Pointer {
    const p = this.x.malloc(bytes.length + 1);
    const memory = this.u8();
    memory.set(bytes, p);
    memory[p + bytes.length] = 0;
    return p;
  }
  /** A C string that lives as long as the state: for names and messages that occur in our own code. */
  name(text: string): Pointer {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    const p = this.copyIn(encode(text));
    this.names.set(text, p);
    return p;
  }
  private lastLength(): number {
    return new DataView(this.x.memory.buffer).getUint32(this.scratch, true);
  }

  // values

  pushBytes(L: State, bytes: Uint8Array): void {
    const p = this.copyIn(bytes);
    this.x.lua_pushlstring(L, p, bytes.length);
    this.x.free(p);
  }
  pushString(L: State, text: string): void {
    this.pushBytes(L, encode(text));
  }
  pushFunction(L: State, fn: LuaFunction, upvalues = 0): void {
    this.x.lua_pushinteger(L, BigInt(this.functions.push(fn) - 1));
    if (upvalues > 0) this.x.lua_rotate(L, -upvalues - 1, 1);
    this.x.lua_pushcclosure(L, this.dispatcher, upvalues + 1);
  }
  /** Upvalue 1 is the dispatcher's. */
  upvalue(i: number): number {
    return upvalueindex(i + 1);
  }
  pop(L: State, n: number): void {
    this.x.lua_settop(L, -n - 1);
  }
  /** The string (or number as string) at `index`; null for other types. */
  toBytes(L: State, index: number): Bytes | null {
    const p = this.x.lua_tolstring(L, index, this.scratch);
    return p === 0 ? null : this.bytesAt(p, this.lastLength());
  }
  toString(L: State, index: number): string | null {
    const bytes = this.toBytes(L, index);
    return bytes === null ? null : decode(bytes);
  }
  /** What tostring() makes of the value at `index`. */
  display(L: State, index: number): Bytes {
    const p = this.x.luaL_tolstring(L, index, this.scratch);
    const bytes = this.bytesAt(p, this.lastLength());
    this.pop(L, 1);
    return bytes;
  }
  checkBytes(L: State, arg: number): Bytes {
    const p = this.x.luaL_checklstring(L, arg, this.scratch);
    return this.bytesAt(p, this.lastLength());
  }
  checkString(L: State, arg: number): string {
    return decode(this.checkBytes(L, arg));
  }
  optString(L: State, arg: number, def: string): string {
    return this.x.lua_type(L, arg) <= 0 ? def : this.checkString(L, arg);
  }
  checkOption(L: State, arg: number, def: string | null, options: readonly string[]): number {
    const name = def === null ? this.checkString(L, arg) : this.optString(L, arg, def);
    const i = options.indexOf(name);
    return i >= 0 ? i : this.argError(L, arg, `invalid option '${name}'`);
  }

  // errors

  error(L: State, message: string): never {
    this.x.luaL_where(L, 1);
    this.pushString(L, message);
    this.x.lua_concat(L, 2);
    return this.raise(L);
  }
  argError(L: State, arg: number, message: string): never {
    this.x.luaL_argerror(L, arg, this.name(message));
    throw new Error('luaL_argerror returned');
  }
  /** Raises the value on the top of the stack. */
  raise(L: State): never {
    this.x.lua_error(L);
    throw new Error('lua_error returned');
  }

  // pausing

  /** C's own messages come without a state, and cannot wait. */
  canWait(L: State): boolean {
    return L !== 0 && this.unyieldable === 0 && this.x.lua_isyieldable(L) !== 0;
  }

  /** The answer of a call that may sleep. Where Lua cannot yield, that is inside a C function, sleeping is an error as in Lua. */
  *wait<T>(L: State, answer: MaybeAsync<T>): Steps<T> {
    if (!(answer instanceof Promise)) return answer;
    if (!this.canWait(L)) this.error(L, 'attempt to wait across a C-call boundary');
    const request: Wait = { kind: 'wait', promise: answer, value: undefined };
    yield request;
    return request.value as T;
  }
  *call(nargs: number, nresults: number): Steps<void> {
    yield { kind: 'call', nargs, nresults };
  }
  *pcall(nargs: number, nresults: number, msgh: number): Steps<number> {
    const request: PCall = { kind: 'pcall', nargs, nresults, msgh, status: LUA_OK };
    yield request;
    return request.status;
  }

  /** lua_resume for coroutines of the program: passes through the pauses of what runs inside. Answers status and results. */
  *resume(L: State, co: State, nargs: number): Steps<readonly [status: number, nresults: number]> {
    for (let n = nargs; ; n = 0) {
      const pass = this.canWait(L);
      if (!pass) this.unyieldable++;
      let status: number;
      try {
        status = this.x.lua_resume(co, L, n, this.scratch);
      } finally {
        if (!pass) this.unyieldable--;
      }
      const request = this.waiting;
      if (status !== LUA_YIELD || request === null) return [status, this.lastLength()];
      this.waiting = null;
      yield request;
    }
  }

  /** Runs `main` as the program: the bottom of the stack of a thread of its own. */
  async run(main: LuaFunction): Promise<void> {
    const T = this.x.lua_newthread(this.L);
    this.main = T;
    this.x.lua_sethook(T, this.hook, LUA_MASKCOUNT, QUANTUM);
    this.pushFunction(T, main);
    while (this.x.lua_resume(T, this.L, 0, this.scratch) === LUA_YIELD) {
      const request = this.waiting;
      if (request === null) throw new Error('the main thread yielded for nobody');
      this.waiting = null;
      request.value = await request.promise;
    }
  }
  /** The thread that is the program's main one. */
  main: State = 0;

  /** To be called from a signal handler. */
  interrupt(): void {
    this.interrupted = true;
    this.x.lua_sethook(this.main, this.hook, LUA_MASKALL, 1);
  }

  private onHook(L: State): void {
    if (!this.interrupted && this.sys.lab_signal_pending() && !this.canWait(L)) this.sys.getpid();
    if (this.interrupted) this.stop(L);
    if (!this.canWait(L)) return;
    const turn = this.sys.sched_yield();
    if (this.interrupted) this.stop(L);
    if (!(turn instanceof Promise)) return;
    this.waiting = { kind: 'wait', promise: turn, value: undefined };
    this.x.lua_yieldk(L, 0, 0, 0);
  }

  private stop(L: State): never {
    this.interrupted = false;
    this.x.lua_sethook(this.main, this.hook, LUA_MASKCOUNT, QUANTUM);
    return this.error(L, 'interrupted!');
  }

  // the machinery

  private dispatch(L: State): number {
    const fn = this.functions[Number(this.x.lua_tointegerx(L, upvalueindex(1), 0))];
    if (fn === undefined) throw new Error('not a function of ours');
    const result = fn(L);
    if (typeof result === 'number') return result;
    const id = this.nextFrame++;
    this.frames.set(id, { steps: result, request: null });
    return this.step(L, id);
  }

  private resumeFrame(L: State, status: number, id: number): number {
    const request = this.frames.get(id)?.request;
    if (request?.kind === 'pcall') request.status = status === LUA_YIELD ? LUA_OK : status;
    return this.step(L, id);
  }

  private step(L: State, id: number): number {
    const frame = this.frames.get(id);
    if (frame === undefined) throw new Error('a continuation without its function');
    for (;;) {
      const next = this.advance(id, frame.steps);
      if (next.done) {
        this.frames.delete(id);
        return next.value;
      }
      frame.request = next.value;
      this.obey(L, id, next.value);
    }
  }

  private advance(id: number, steps: Steps<number>): IteratorResult<Request, number> {
    try {
      return steps.next();
    } catch (e) {
      this.frames.delete(id);
      throw e;
    }
  }

  private obey(L: State, id: number, request: Request): void {
    switch (request.kind) {
      case 'wait':
        this.waiting = request;
        this.x.lua_yieldk(L, 0, id, this.continuation);
        return;
      case 'pcall':
        request.status = this.x.lua_pcallk(L, request.nargs, request.nresults, request.msgh, id, this.continuation);
        return;
      case 'call':
        return this.obeyCall(L, id, request);
    }
  }

  private obeyCall(L: State, id: number, request: Call): void {
    try {
      this.x.lua_callk(L, request.nargs, request.nresults, id, this.continuation);
    } catch (e) {
      if (this.x.lua_status(L) !== LUA_YIELD) this.frames.delete(id);
      throw e;
    }
  }

  /** Puts a function of ours into the table that C's function pointers point into. */
  addFunction(params: string, result: '' | 'i', fn: (...args: number[]) => number | undefined | void): Pointer {
    const table = this.x.__indirect_function_table;
    const index = table.grow(1);
    table.set(index, wrap(params, result, fn));
    return index;
  }
}

const wrappers = new Map<string, WebAssembly.Module>();

/** A WebAssembly function that calls `fn`: a module of one import that it exports again. */
function wrap(params: string, result: '' | 'i', fn: (...args: number[]) => number | undefined | void): WebAssembly.ExportValue | undefined {
  const signature = `${result}(${params})`;
  const module = wrappers.get(signature) ?? new WebAssembly.Module(wrapperCode(params.length, result.length));
  wrappers.set(signature, module);
  return new WebAssembly.Instance(module, { e: { f: fn } }).exports['f'];
}

const I32 = 0x7f;
function wrapperCode(params: number, results: number): Uint8Array<ArrayBuffer> {
  const type = [0x60, params, ...Array<number>(params).fill(I32), results, ...Array<number>(results).fill(I32)];
  const section = (id: number, content: readonly number[]): number[] => [id, content.length, ...content];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, ...type]),
    ...section(2, [1, 1, 0x65, 1, 0x66, 0, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
  ]);
}
