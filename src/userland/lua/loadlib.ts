/** Loading chunks from files. Follows lauxlib.c (luaL_loadfilex), lbaselib.c (dofile, loadfile) and loadlib.c (require). */
import { concat } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY, R_OK } from '../../uapi/fcntl.ts';
import type { Bytes } from '../../uapi/types.ts';
import { LUA_ERRFILE, LUA_MULTRET, LUA_OK, LUA_REGISTRYINDEX, LUA_TFUNCTION, LUA_TNIL, LUA_TNONE, LUA_TTABLE, type State } from './api.ts';
import type { IoLibrary } from './iolib.ts';
import type { LuaVm, Steps } from './vm.ts';

const BLOCK = 65536;
const ESC = 0x1b;

export class Loader {
  constructor(
    private readonly vm: LuaVm,
    private readonly io: IoLibrary,
  ) {}

  open(L: State): void {
    const { vm } = this;
    const globals = {
      dofile: (S: State) => this.dofile(S),
      loadfile: (S: State) => this.loadfileFunction(S),
      require: (S: State) => this.require(S),
    };
    for (const [name, fn] of Object.entries(globals)) {
      vm.pushFunction(L, fn);
      vm.x.lua_setglobal(L, vm.name(name));
    }
    vm.x.lua_getglobal(L, vm.name('package'));
    vm.x.lua_getfield(L, -1, vm.name('searchers'));
    vm.pushFunction(L, (S) => this.searcherLua(S));
    vm.x.lua_rawseti(L, -2, 2n);
    vm.pop(L, 2);
  }

  /** luaL_loadbufferx: the function, or a message, is on the stack. */
  loadBuffer(L: State, code: Uint8Array, chunkname: string, mode?: string): number {
    const { vm } = this;
    const p = vm.copyIn(code);
    const status = vm.x.luaL_loadbufferx(L, p, code.length, vm.name(chunkname), mode === undefined ? 0 : vm.name(mode));
    vm.x.free(p);
    return status;
  }

  /** luaL_loadfilex; null is standard input. */
  *loadFile(L: State, name: string | null, mode?: string): Steps<number> {
    const content = name === null ? yield* this.readStdin(L) : yield* this.readFile(L, name);
    if (typeof content !== 'string') return this.loadBuffer(L, skipComment(content), name === null ? '=stdin' : `@${name}`, mode);
    this.vm.pushString(L, content);
    return LUA_ERRFILE;
  }
  private *readStdin(L: State): Steps<Bytes | string> {
    const { stdin } = this.io;
    const content = yield* stdin.block(L, Number.POSITIVE_INFINITY);
    return stdin.error === null ? content : `cannot read stdin: ${stdin.error.message}`;
  }
  private *readFile(L: State, name: string): Steps<Bytes | string> {
    const { sys } = this.vm;
    const fd = yield* this.vm.wait(L, sys.open(name, O_RDONLY));
    if (IS_ERR(fd)) return `cannot open ${name}: ${fd.message}`;
    const content = yield* this.readAll(L, fd);
    sys.close(fd);
    return IS_ERR(content) ? `cannot read ${name}: ${content.message}` : content;
  }
  private *readAll(L: State, fd: number): Steps<Bytes | Errno> {
    const parts: Bytes[] = [];
    for (;;) {
      const part = yield* this.vm.wait(L, this.vm.sys.read(fd, BLOCK));
      if (IS_ERR(part)) return part;
      if (part.length === 0) return concat(parts);
      parts.push(part);
    }
  }

  private optName(L: State): string | null {
    return this.vm.x.lua_type(L, 1) <= LUA_TNIL ? null : this.vm.checkString(L, 1);
  }

  private *loadfileFunction(L: State): Steps<number> {
    const { x } = this.vm;
    const name = this.optName(L);
    const mode = x.lua_type(L, 2) <= LUA_TNIL ? undefined : this.vm.checkString(L, 2);
    const hasEnv = x.lua_type(L, 3) !== LUA_TNONE;
    const status = yield* this.loadFile(L, name, mode);
    if (status !== LUA_OK) {
      x.lua_pushnil(L);
      x.lua_rotate(L, -2, 1);
      return 2;
    }
    if (hasEnv) {
      x.lua_pushvalue(L, 3);
      if (x.lua_setupvalue(L, -2, 1) === 0) this.vm.pop(L, 1);
    }
    return 1;
  }

  private *dofile(L: State): Steps<number> {
    const { x } = this.vm;
    const name = this.optName(L);
    x.lua_settop(L, 1);
    if ((yield* this.loadFile(L, name)) !== LUA_OK) return this.vm.raise(L);
    yield* this.vm.call(0, LUA_MULTRET);
    return x.lua_gettop(L) - 1;
  }

  // require

  private *require(L: State): Steps<number> {
    const { vm } = this;
    const { x } = vm;
    const name = vm.checkString(L, 1);
    x.lua_settop(L, 1);
    x.lua_getfield(L, LUA_REGISTRYINDEX, vm.name('_LOADED'));
    x.lua_getfield(L, 2, vm.name(name));
    if (x.lua_toboolean(L, -1)) return 1;
    vm.pop(L, 1);
    yield* this.findLoader(L, name);
    x.lua_rotate(L, -2, 1);
    x.lua_pushvalue(L, 1);
    x.lua_pushvalue(L, -3);
    yield* vm.call(2, 1);
    if (x.lua_type(L, -1) !== LUA_TNIL) x.lua_setfield(L, 2, vm.name(name));
    else vm.pop(L, 1);
    if (x.lua_getfield(L, 2, vm.name(name)) === LUA_TNIL) {
      x.lua_pushboolean(L, 1);
      x.lua_copy(L, -1, -2);
      x.lua_setfield(L, 2, vm.name(name));
    }
    x.lua_rotate(L, -2, 1);
    return 2;
  }

  /** Leaves the loader and its extra value on the stack. */
  private *findLoader(L: State, name: string): Steps<void> {
    const { vm } = this;
    const { x } = vm;
    x.lua_getglobal(L, vm.name('package'));
    const type = x.lua_getfield(L, -1, vm.name('searchers'));
    x.lua_copy(L, -1, 3);
    vm.pop(L, 1);
    if (type !== LUA_TTABLE) vm.error(L, "'package.searchers' must be a table");
    let message = '';
    for (let i = 1n; ; i++) {
      if (x.lua_rawgeti(L, 3, i) === LUA_TNIL) vm.error(L, `module '${name}' not found:${message}`);
      vm.pushString(L, name);
      yield* vm.call(1, 2);
      if (x.lua_type(L, -2) === LUA_TFUNCTION) return;
      if (x.lua_isstring(L, -2)) message += `\n\t${vm.toString(L, -2) ?? ''}`;
      vm.pop(L, 2);
    }
  }

  private *searcherLua(L: State): Steps<number> {
    const { vm } = this;
    const name = vm.checkString(L, 1);
    vm.x.lua_getglobal(L, vm.name('package'));
    vm.x.lua_getfield(L, -1, vm.name('path'));
    const path = vm.toString(L, -1) ?? vm.error(L, "'package.path' must be a string");
    const candidates = path.split(';').map((template) => template.replaceAll('?', name.replaceAll('.', '/')));
    const file = candidates.find((candidate) => !IS_ERR(vm.sys.access(candidate, R_OK)));
    if (file === undefined) {
      vm.pushString(L, candidates.map((candidate) => `no file '${candidate}'`).join('\n\t'));
      return 1;
    }
    if ((yield* this.loadFile(L, file)) !== LUA_OK) {
      vm.error(L, `error loading module '${name}' from file '${file}':\n\t${vm.toString(L, -1) ?? ''}`);
    }
    vm.pushString(L, file);
    return 2;
  }
}

/** Without a byte-order mark and without a first line that starts with '#'; of source the newline stays, for the line numbers. */
function skipComment(file: Bytes): Bytes {
  const start = file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf ? 3 : 0;
  if (file[start] !== 0x23) return file.subarray(start);
  const end = file.indexOf(10, start);
  if (end < 0) return file.subarray(file.length);
  return file.subarray(file[end + 1] === ESC ? end + 1 : end);
}
