/** What glue.wasm exports: Lua's C API as it is, and a little of its C library. */

export type State = number;
export type Pointer = number;

export interface LuaExports {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  emscripten_stack_init(): void;
  malloc(size: number): Pointer;
  free(p: Pointer): void;
  stackSave(): number;
  stackRestore(sp: number): void;
  setThrew(value: number, type: number): void;
  fflush(file: Pointer): number;

  luaL_newstate(): State;
  luaL_openlibs(L: State): void;
  lua_newthread(L: State): State;
  lua_resetthread(L: State): number;
  lua_close(L: State): void;
  lua_resume(L: State, from: State, nargs: number, nres: Pointer): number;
  lua_yieldk(L: State, nresults: number, ctx: number, k: Pointer): number;
  lua_isyieldable(L: State): number;
  lua_status(L: State): number;
  lua_callk(L: State, nargs: number, nresults: number, ctx: number, k: Pointer): void;
  lua_pcallk(L: State, nargs: number, nresults: number, msgh: number, ctx: number, k: Pointer): number;
  lua_sethook(L: State, hook: Pointer, mask: number, count: number): void;
  lua_dump(L: State, writer: Pointer, data: Pointer, strip: number): number;
  lua_error(L: State): number;
  lua_warning(L: State, msg: Pointer, tocont: number): void;
  lua_xmove(from: State, to: State, n: number): void;

  lua_gettop(L: State): number;
  lua_settop(L: State, index: number): void;
  lua_rotate(L: State, index: number, n: number): void;
  lua_copy(L: State, from: number, to: number): void;
  lua_pushvalue(L: State, index: number): void;
  lua_checkstack(L: State, n: number): number;
  lua_concat(L: State, n: number): void;
  lua_type(L: State, index: number): number;
  lua_typename(L: State, type: number): Pointer;
  lua_isinteger(L: State, index: number): number;
  lua_isstring(L: State, index: number): number;
  lua_isnumber(L: State, index: number): number;
  lua_toboolean(L: State, index: number): number;
  lua_tointegerx(L: State, index: number, isnum: Pointer): bigint;
  lua_tonumberx(L: State, index: number, isnum: Pointer): number;
  lua_tolstring(L: State, index: number, len: Pointer): Pointer;
  lua_touserdata(L: State, index: number): Pointer;
  lua_tothread(L: State, index: number): State;
  lua_stringtonumber(L: State, s: Pointer): number;
  lua_pushnil(L: State): void;
  lua_pushboolean(L: State, b: number): void;
  lua_pushinteger(L: State, n: bigint): void;
  lua_pushlstring(L: State, s: Pointer, len: number): Pointer;
  lua_pushcclosure(L: State, fn: Pointer, nupvalues: number): void;
  lua_pushthread(L: State): number;
  lua_createtable(L: State, narr: number, nrec: number): void;
  lua_newuserdatauv(L: State, size: number, nuvalue: number): Pointer;
  lua_getglobal(L: State, name: Pointer): number;
  lua_setglobal(L: State, name: Pointer): void;
  lua_getfield(L: State, index: number, name: Pointer): number;
  lua_setfield(L: State, index: number, name: Pointer): void;
  lua_setupvalue(L: State, funcindex: number, n: number): Pointer;
  lua_rawgeti(L: State, index: number, n: bigint): number;
  lua_rawseti(L: State, index: number, n: bigint): void;

  luaL_newmetatable(L: State, name: Pointer): number;
  luaL_setmetatable(L: State, name: Pointer): void;
  luaL_testudata(L: State, arg: number, name: Pointer): Pointer;
  luaL_callmeta(L: State, obj: number, event: Pointer): number;
  luaL_checkany(L: State, arg: number): void;
  luaL_checktype(L: State, arg: number, type: number): void;
  luaL_checkinteger(L: State, arg: number): bigint;
  luaL_optinteger(L: State, arg: number, def: bigint): bigint;
  luaL_checklstring(L: State, arg: number, len: Pointer): Pointer;
  luaL_checkstack(L: State, n: number, msg: Pointer): void;
  luaL_argerror(L: State, arg: number, msg: Pointer): number;
  luaL_typeerror(L: State, arg: number, name: Pointer): number;
  luaL_where(L: State, level: number): void;
  luaL_traceback(L: State, of: State, msg: Pointer, level: number): void;
  luaL_tolstring(L: State, index: number, len: Pointer): Pointer;
  luaL_len(L: State, index: number): bigint;
  luaL_loadbufferx(L: State, buff: Pointer, size: number, name: Pointer, mode: Pointer): number;
}

// lua.h
export const LUA_OK = 0;
export const LUA_YIELD = 1;
export const LUA_ERRSYNTAX = 3;
export const LUA_ERRMEM = 4;
export const LUA_ERRFILE = 6;
export const LUA_MULTRET = -1;
export const LUA_REGISTRYINDEX = -1001000;
export const upvalueindex = (i: number): number => LUA_REGISTRYINDEX - i;

export const LUA_TNONE = -1;
export const LUA_TNIL = 0;
export const LUA_TNUMBER = 3;
export const LUA_TSTRING = 4;
export const LUA_TTABLE = 5;
export const LUA_TFUNCTION = 6;
export const LUA_TTHREAD = 8;

export const LUA_MASKCOUNT = 8;
/** Call, return, line and count. */
export const LUA_MASKALL = 15;

/** What the real one prints: wasmoon 1.16.0 is built from Lua's sources between 5.4.4 and 5.4.5, which call themselves 5.4.5. */
export const LUA_COPYRIGHT = 'Lua 5.4.5  Copyright (C) 1994-2022 Lua.org, PUC-Rio';
