/** The io library. Follows liolib.c, with files of ours instead of C's, so that reading and writing may pause. */
import { encode } from '../../uapi/bytes.ts';
import { EAGAIN, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { O_APPEND, O_CLOEXEC, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import type { Fd } from '../../uapi/types.ts';
import { LUA_REGISTRYINDEX, LUA_TNIL, LUA_TNONE, LUA_TNUMBER, type State } from './api.ts';
import { execResult, fileResult, type Library, openLibrary, setFunctions } from './auxlib.ts';
import { formatG } from './number.ts';
import { closePipe, openPipe } from './popen.ts';
import { type Buffering, Stream } from './stream.ts';
import type { LuaFunction, LuaVm, Steps } from './vm.ts';

const FILEHANDLE = 'FILE*';
const IO_INPUT = '_IO_input';
const IO_OUTPUT = '_IO_output';
const MAXARGLINE = 250;
const MAXLENNUM = 200;

/** What a userdata stands for; `close` is null once it is closed. */
interface Handle {
  stream: Stream | null;
  close: ((L: State) => Steps<number>) | null;
}

export class IoLibrary {
  readonly stdin: Stream;
  readonly stdout: Stream;
  readonly stderr: Stream;
  private readonly handles = new Map<number, Handle>();
  private nextHandle = 1;

  constructor(private readonly vm: LuaVm) {
    this.stdin = new Stream(vm, 0, true, false);
    this.stdout = new Stream(vm, 1, false, true);
    this.stderr = new Stream(vm, 2, false, true, 'no');
  }

  open(L: State): void {
    openLibrary(this.vm, L, 'io', this.functions());
    this.createMeta(L);
    this.createStandardFile(L, this.stdin, 'stdin', IO_INPUT);
    this.createStandardFile(L, this.stdout, 'stdout', IO_OUTPUT);
    this.createStandardFile(L, this.stderr, 'stderr', null);
    this.vm.pop(L, 1);
  }

  /** Everything that is still open, for the flush at exit. */
  *streams(): Iterable<Stream> {
    for (const { stream } of this.handles.values()) if (stream !== null) yield stream;
  }

  private functions(): Library {
    return {
      close: (L) => this.ioClose(L),
      flush: (L) => this.flush(L, this.defaultFile(L, IO_OUTPUT)),
      input: (L) => this.ioFile(L, IO_INPUT, 'r'),
      lines: (L) => this.ioLines(L),
      open: (L) => this.ioOpen(L),
      output: (L) => this.ioFile(L, IO_OUTPUT, 'w'),
      popen: (L) => this.ioPopen(L),
      read: (L) => this.read(L, this.defaultFile(L, IO_INPUT), 1),
      tmpfile: (L) => this.ioTmpfile(L),
      type: (L) => this.ioType(L),
      write: (L) => this.write(L, this.defaultFile(L, IO_OUTPUT), 1),
    };
  }
  private methods(): Library {
    return {
      read: (L) => this.read(L, this.toStream(L), 2),
      write: (L) => this.fileWrite(L),
      lines: (L) => this.fileLines(L),
      flush: (L) => this.flush(L, this.toStream(L)),
      seek: (L) => this.seek(L),
      close: (L) => this.fileClose(L),
      setvbuf: (L) => this.setvbuf(L),
    };
  }
  private metamethods(): Library {
    return { __gc: (L) => this.collect(L), __close: (L) => this.collect(L), __tostring: (L) => this.describe(L) };
  }

  private createMeta(L: State): void {
    const { x } = this.vm;
    x.luaL_newmetatable(L, this.vm.name(FILEHANDLE));
    setFunctions(this.vm, L, this.metamethods());
    x.lua_createtable(L, 0, 8);
    setFunctions(this.vm, L, this.methods());
    x.lua_setfield(L, -2, this.vm.name('__index'));
    this.vm.pop(L, 1);
  }

  private createStandardFile(L: State, stream: Stream, name: string, registryKey: string | null): void {
    const { x } = this.vm;
    const handle = this.newHandle(L);
    handle.stream = stream;
    handle.close = (S) => this.dontClose(S, handle);
    if (registryKey !== null) {
      x.lua_pushvalue(L, -1);
      x.lua_setfield(L, LUA_REGISTRYINDEX, this.vm.name(registryKey));
    }
    x.lua_setfield(L, -2, this.vm.name(name));
  }
  private *dontClose(L: State, handle: Handle): Steps<number> {
    handle.close = (S) => this.dontClose(S, handle);
    this.vm.x.lua_pushnil(L);
    this.vm.pushString(L, 'cannot close standard file');
    return 2;
  }

  // handles

  private newHandle(L: State): Handle {
    const handle: Handle = { stream: null, close: null };
    const p = this.vm.x.lua_newuserdatauv(L, 4, 0);
    this.vm.x.luaL_setmetatable(L, this.vm.name(FILEHANDLE));
    const id = this.nextHandle++;
    new DataView(this.vm.x.memory.buffer).setUint32(p, id, true);
    this.handles.set(id, handle);
    return handle;
  }
  private idOf(p: number): number {
    return new DataView(this.vm.x.memory.buffer).getUint32(p, true);
  }
  private handleOf(p: number): Handle {
    return this.handles.get(this.idOf(p)) ?? { stream: null, close: null };
  }
  private toHandle(L: State): Handle {
    const p = this.vm.x.luaL_testudata(L, 1, this.vm.name(FILEHANDLE));
    if (p === 0) this.vm.x.luaL_typeerror(L, 1, this.vm.name(FILEHANDLE));
    return this.handleOf(p);
  }
  private toStream(L: State): Stream {
    const { stream, close } = this.toHandle(L);
    return stream === null || close === null ? this.vm.error(L, 'attempt to use a closed file') : stream;
  }
  private defaultFile(L: State, key: string): Stream {
    const { x } = this.vm;
    x.lua_getfield(L, LUA_REGISTRYINDEX, this.vm.name(key));
    const { stream, close } = this.handleOf(x.lua_touserdata(L, -1));
    this.vm.pop(L, 1);
    if (stream === null || close === null) return this.vm.error(L, `default ${key.slice('_IO_'.length)} file is closed`);
    return stream;
  }

  private *closeHandle(L: State, handle: Handle): Steps<number> {
    const { close } = handle;
    handle.close = null;
    return close === null ? 0 : yield* close(L);
  }
  private *fileClose(L: State): Steps<number> {
    this.toStream(L);
    return yield* this.closeHandle(L, this.toHandle(L));
  }
  private *ioClose(L: State): Steps<number> {
    const { x } = this.vm;
    if (x.lua_type(L, 1) === LUA_TNONE) x.lua_getfield(L, LUA_REGISTRYINDEX, this.vm.name(IO_OUTPUT));
    return yield* this.fileClose(L);
  }
  private *collect(L: State): Steps<number> {
    const handle = this.toHandle(L);
    if (handle.close !== null && handle.stream !== null) yield* this.closeHandle(L, handle);
    return 0;
  }

  private ioType(L: State): number {
    const { x } = this.vm;
    x.luaL_checkany(L, 1);
    const p = x.luaL_testudata(L, 1, this.vm.name(FILEHANDLE));
    if (p === 0) x.lua_pushnil(L);
    else this.vm.pushString(L, this.handleOf(p).close === null ? 'closed file' : 'file');
    return 1;
  }
  private describe(L: State): number {
    const closed = this.toHandle(L).close === null;
    const address = this.vm.x.lua_touserdata(L, 1).toString(16).padStart(8, '0');
    this.vm.pushString(L, closed ? 'file (closed)' : `file (0x${address})`);
    return 1;
  }

  // opening

  private *openFile(L: State, name: string, mode: string): Steps<Errno | 0> {
    const handle = this.newHandle(L);
    const fd = yield* this.vm.wait(L, this.vm.sys.open(name, openFlags(mode), 0o666));
    if (IS_ERR(fd)) return fd;
    this.adopt(handle, fd, mode);
    return 0;
  }
  private adopt(handle: Handle, fd: Fd, mode: string): void {
    const update = mode.includes('+');
    const stream = new Stream(this.vm, fd, update || mode.startsWith('r'), update || !mode.startsWith('r'));
    handle.stream = stream;
    handle.close = (L) => this.closeStream(L, stream, handle);
  }
  private *closeStream(L: State, stream: Stream, handle: Handle): Steps<number> {
    const status = yield* stream.close(L);
    handle.stream = null;
    return fileResult(this.vm, L, status);
  }
  private *openOrFail(L: State, name: string, mode: string): Steps<void> {
    const error = yield* this.openFile(L, name, mode);
    if (IS_ERR(error)) this.vm.error(L, `cannot open file '${name}' (${error.message})`);
  }

  private *ioOpen(L: State): Steps<number> {
    const name = this.vm.checkString(L, 1);
    const mode = this.vm.optString(L, 2, 'r');
    if (!/^[rwa]\+?b?$/.test(mode)) this.vm.argError(L, 2, 'invalid mode');
    const error = yield* this.openFile(L, name, mode);
    return IS_ERR(error) ? fileResult(this.vm, L, error, name) : 1;
  }

  private *ioTmpfile(L: State): Steps<number> {
    const handle = this.newHandle(L);
    const { sys } = this.vm;
    const name = `/tmp/lua_${randomLetters()}`;
    const fd = yield* this.vm.wait(L, sys.open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600));
    if (IS_ERR(fd)) return fileResult(this.vm, L, fd);
    const unlinked = sys.unlink(name);
    if (IS_ERR(unlinked)) return fileResult(this.vm, L, unlinked);
    this.adopt(handle, fd, 'w+');
    return 1;
  }

  private *ioPopen(L: State): Steps<number> {
    const command = this.vm.checkString(L, 1);
    const mode = this.vm.optString(L, 2, 'r');
    const handle = this.newHandle(L);
    if (mode !== 'r' && mode !== 'w') this.vm.argError(L, 2, 'invalid mode');
    for (const stream of this.streams()) yield* stream.flush(L);
    const pipe = openPipe(this.vm.process, command, mode);
    if (IS_ERR(pipe)) return fileResult(this.vm, L, pipe, command);
    this.adopt(handle, pipe.fd, mode);
    const { stream } = handle;
    handle.close = (S) => this.closePopened(S, stream, handle, pipe.pid);
    return 1;
  }
  private *closePopened(L: State, stream: Stream | null, handle: Handle, pid: number): Steps<number> {
    handle.stream = null;
    if (stream !== null) yield* stream.close(L);
    return execResult(this.vm, L, yield* this.vm.wait(L, closePipe(this.vm.sys, pid)));
  }

  private *ioFile(L: State, key: string, mode: string): Steps<number> {
    const { x } = this.vm;
    if (x.lua_type(L, 1) > LUA_TNIL) {
      const name = this.vm.toString(L, 1);
      if (name !== null) yield* this.openOrFail(L, name, mode);
      else {
        this.toStream(L);
        x.lua_pushvalue(L, 1);
      }
      x.lua_setfield(L, LUA_REGISTRYINDEX, this.vm.name(key));
    }
    x.lua_getfield(L, LUA_REGISTRYINDEX, this.vm.name(key));
    return 1;
  }

  // lines

  private *ioLines(L: State): Steps<number> {
    const { x } = this.vm;
    if (x.lua_type(L, 1) === LUA_TNONE) x.lua_pushnil(L);
    if (x.lua_type(L, 1) === LUA_TNIL) {
      x.lua_getfield(L, LUA_REGISTRYINDEX, this.vm.name(IO_INPUT));
      this.replace(L, 1);
      this.toStream(L);
      return this.makeIterator(L, false);
    }
    yield* this.openOrFail(L, this.vm.checkString(L, 1), 'r');
    this.replace(L, 1);
    this.makeIterator(L, true);
    x.lua_pushnil(L);
    x.lua_pushnil(L);
    x.lua_pushvalue(L, 1);
    return 4;
  }
  private replace(L: State, index: number): void {
    this.vm.x.lua_copy(L, -1, index);
    this.vm.pop(L, 1);
  }
  private fileLines(L: State): number {
    this.toStream(L);
    return this.makeIterator(L, false);
  }

  /** Upvalues: the file, how many formats, whether to close it at the end, the formats. */
  private makeIterator(L: State, toClose: boolean): number {
    const { x } = this.vm;
    const n = x.lua_gettop(L) - 1;
    if (n > MAXARGLINE) this.vm.argError(L, MAXARGLINE + 2, 'too many arguments');
    x.lua_pushvalue(L, 1);
    x.lua_pushinteger(L, BigInt(n));
    x.lua_pushboolean(L, toClose ? 1 : 0);
    x.lua_rotate(L, 2, 3);
    this.vm.pushFunction(L, this.iterate, 3 + n);
    return 1;
  }
  private readonly iterate: LuaFunction = (L) => this.readLine(L);

  private *readLine(L: State): Steps<number> {
    const { vm } = this;
    const { x } = vm;
    const handle = this.handleOf(x.lua_touserdata(L, vm.upvalue(1)));
    const formats = Number(x.lua_tointegerx(L, vm.upvalue(2), 0));
    if (handle.close === null || handle.stream === null) return vm.error(L, 'file is already closed');
    x.lua_settop(L, 1);
    x.luaL_checkstack(L, formats, vm.name('too many arguments'));
    for (let i = 1; i <= formats; i++) x.lua_pushvalue(L, vm.upvalue(3 + i));
    const n = yield* this.read(L, handle.stream, 2);
    if (x.lua_toboolean(L, -n)) return n;
    if (n > 1) return vm.error(L, vm.toString(L, -n + 1) ?? '');
    if (x.lua_toboolean(L, vm.upvalue(3))) yield* this.closeHandle(L, handle);
    return 0;
  }

  // reading

  private *read(L: State, f: Stream, first: number): Steps<number> {
    const { x } = this.vm;
    let missing = x.lua_gettop(L) - first + 1;
    f.error = null;
    let success = true;
    let n = first;
    if (f.isTty && this.stdout.buffering === 'line') yield* this.stdout.flush(L);
    if (missing === 0) {
      success = yield* this.readText(L, f, false);
      n++;
    } else {
      x.luaL_checkstack(L, missing + 20, this.vm.name('too many arguments'));
      for (; missing-- > 0 && success; n++) success = yield* this.readFormat(L, f, n);
    }
    if (f.error !== null) return fileResult(this.vm, L, f.error);
    if (!success) {
      this.vm.pop(L, 1);
      x.lua_pushnil(L);
    }
    return n - first;
  }

  private *readFormat(L: State, f: Stream, arg: number): Steps<boolean> {
    if (this.vm.x.lua_type(L, arg) === LUA_TNUMBER) return yield* this.readChars(L, f, Number(this.vm.x.luaL_checkinteger(L, arg)));
    const format = this.vm.checkString(L, arg).replace(/^\*/, '');
    switch (format[0]) {
      case 'n':
        return yield* this.readNumber(L, f);
      case 'l':
        return yield* this.readText(L, f, false);
      case 'L':
        return yield* this.readText(L, f, true);
      case 'a':
        this.vm.pushBytes(L, yield* f.block(L, Number.POSITIVE_INFINITY));
        return true;
      default:
        return this.vm.argError(L, arg, 'invalid format');
    }
  }

  private *readText(L: State, f: Stream, keep: boolean): Steps<boolean> {
    const [line, ended] = yield* f.line(L);
    this.vm.pushBytes(L, keep && ended ? Uint8Array.of(...line, 10) : line);
    return ended || line.length > 0;
  }
  private *readChars(L: State, f: Stream, count: number): Steps<boolean> {
    const data = yield* f.block(L, count);
    this.vm.pushBytes(L, data);
    return count === 0 ? (yield* f.peek(L)) >= 0 : data.length > 0;
  }

  private *readNumber(L: State, f: Stream): Steps<boolean> {
    const p = this.vm.copyIn(encode(yield* scanNumeral(L, f)));
    const converted = this.vm.x.lua_stringtonumber(L, p);
    this.vm.x.free(p);
    if (converted === 0) this.vm.x.lua_pushnil(L);
    return converted !== 0;
  }

  // writing

  private *fileWrite(L: State): Steps<number> {
    const f = this.toStream(L);
    this.vm.x.lua_pushvalue(L, 1);
    return yield* this.write(L, f, 2);
  }
  /** The file is on the top of the stack already, as its result; for io.write it is put there. */
  private *write(L: State, f: Stream, first: number): Steps<number> {
    const { x } = this.vm;
    if (first === 1) x.lua_getfield(L, LUA_REGISTRYINDEX, this.vm.name(IO_OUTPUT));
    const last = x.lua_gettop(L) - 1;
    let status: Status = 0;
    for (let arg = first; arg <= last; arg++) {
      const one = yield* f.write(L, this.written(L, arg));
      if (status === 0) status = one;
    }
    return IS_ERR(status) ? fileResult(this.vm, L, status) : 1;
  }
  private written(L: State, arg: number): Uint8Array {
    const { x } = this.vm;
    if (x.lua_type(L, arg) !== LUA_TNUMBER || x.lua_isinteger(L, arg)) return this.vm.checkBytes(L, arg);
    return encode(formatG(x.lua_tonumberx(L, arg, 0), 14));
  }

  private *flush(L: State, f: Stream): Steps<number> {
    return fileResult(this.vm, L, yield* f.flush(L));
  }

  private *seek(L: State): Steps<number> {
    const f = this.toStream(L);
    const whence = (['set', 'cur', 'end'] as const)[this.vm.checkOption(L, 2, 'cur', ['set', 'cur', 'end'])] ?? 'cur';
    const at = yield* f.seek(L, Number(this.vm.x.luaL_optinteger(L, 3, 0n)), whence);
    if (IS_ERR(at)) return fileResult(this.vm, L, at);
    this.vm.x.lua_pushinteger(L, BigInt(at));
    return 1;
  }

  private setvbuf(L: State): number {
    const f = this.toStream(L);
    const modes: readonly Buffering[] = ['no', 'full', 'line'];
    const mode = modes[this.vm.checkOption(L, 2, null, modes)] ?? 'full';
    f.setBuffer(mode, Number(this.vm.x.luaL_optinteger(L, 3, 1024n)));
    return fileResult(this.vm, L, 0);
  }

  /** print: every argument through tostring, tabs between, a newline. */
  *print(L: State): Steps<number> {
    const { x } = this.vm;
    const n = x.lua_gettop(L);
    for (let i = 1; i <= n; i++) {
      const text = this.vm.display(L, i);
      yield* this.stdout.write(L, i === 1 ? text : Uint8Array.of(9, ...text));
    }
    yield* this.stdout.write(L, Uint8Array.of(10));
    return 0;
  }

  /** What C code says on standard error. */
  complain(data: Uint8Array): void {
    const steps = this.stderr.write(0, data);
    if (!steps.next().done) throw new Error(EAGAIN.message);
  }
}

/** C's fopen modes as open(2) flags. */
function openFlags(mode: string): number {
  const update = mode.includes('+');
  if (mode.startsWith('r')) return update ? O_RDWR : O_RDONLY;
  return (update ? O_RDWR : O_WRONLY) | O_CREAT | (mode.startsWith('w') ? O_TRUNC : O_APPEND);
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export function randomLetters(): string {
  return Array.from({ length: 6 }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join('');
}

/** The longest prefix of the input that may be a numeral; what follows stays unread. */
function* scanNumeral(L: State, f: Stream): Steps<string> {
  let text = '';
  const accept = function* (set: RegExp): Steps<boolean> {
    const c = yield* f.peek(L);
    if (c < 0 || !set.test(String.fromCharCode(c))) return false;
    if (text.length >= MAXLENNUM) {
      text = '';
      return false;
    }
    text += String.fromCharCode(c);
    f.skip();
    return true;
  };
  const digits = function* (set: RegExp): Steps<number> {
    let count = 0;
    while (yield* accept(set)) count++;
    return count;
  };
  while (/^[ \t\n\v\f\r]$/.test(String.fromCharCode(Math.max(0, yield* f.peek(L))))) f.skip();
  yield* accept(/[-+]/);
  let count = 0;
  let hex = false;
  if (yield* accept(/0/)) {
    if (yield* accept(/[xX]/)) hex = true;
    else count = 1;
  }
  const digit = hex ? /[0-9a-fA-F]/ : /[0-9]/;
  count += yield* digits(digit);
  if (yield* accept(/\./)) count += yield* digits(digit);
  if (count > 0 && (yield* accept(hex ? /[pP]/ : /[eE]/))) {
    yield* accept(/[-+]/);
    yield* digits(/[0-9]/);
  }
  return text;
}
