/**
 * The functions of the coroutine library that know who resumes whom. Follows lcorolib.c; resume and wrap let the pauses of the
 * whole program through, and the main program is told that it is no coroutine although a thread carries it.
 */
import { LUA_ERRMEM, LUA_OK, LUA_TFUNCTION, LUA_TSTRING, LUA_TTHREAD, LUA_YIELD, type State } from './api.ts';
import { openLibrary } from './auxlib.ts';
import type { LuaVm, Steps } from './vm.ts';

export function openCoroutine(vm: LuaVm, L: State): void {
  openLibrary(vm, L, 'coroutine', {
    isyieldable: (S) => isYieldable(vm, S),
    resume: (S) => resume(vm, S),
    running: (S) => running(vm, S),
    wrap: (S) => wrap(vm, S),
    yield: (S) => yieldOut(vm, S),
  });
  vm.pop(L, 1);
}

function threadArgument(vm: LuaVm, L: State): State {
  const co = vm.x.lua_tothread(L, 1);
  if (co === 0) vm.x.luaL_typeerror(L, 1, vm.name('coroutine'));
  return co;
}

/** Results are on L's stack: their number, or -1 with an error object. */
function* auxResume(vm: LuaVm, L: State, co: State, nargs: number): Steps<number> {
  const { x } = vm;
  if (!x.lua_checkstack(co, nargs)) return failResume(vm, L, 'too many arguments to resume');
  x.lua_xmove(L, co, nargs);
  const [status, nresults] = yield* vm.resume(L, co, nargs);
  if (status !== LUA_OK && status !== LUA_YIELD) {
    x.lua_xmove(co, L, 1);
    return -1;
  }
  if (!x.lua_checkstack(L, nresults + 1)) {
    vm.pop(co, nresults);
    return failResume(vm, L, 'too many results to resume');
  }
  x.lua_xmove(co, L, nresults);
  return nresults;
}
function failResume(vm: LuaVm, L: State, message: string): -1 {
  vm.pushString(L, message);
  return -1;
}

function* resume(vm: LuaVm, L: State): Steps<number> {
  const { x } = vm;
  const co = threadArgument(vm, L);
  const n = yield* auxResume(vm, L, co, x.lua_gettop(L) - 1);
  x.lua_pushboolean(L, n < 0 ? 0 : 1);
  const results = n < 0 ? 2 : n + 1;
  x.lua_rotate(L, -results, 1);
  return results;
}

function wrap(vm: LuaVm, L: State): number {
  const { x } = vm;
  x.luaL_checktype(L, 1, LUA_TFUNCTION);
  const co = x.lua_newthread(L);
  x.lua_pushvalue(L, 1);
  x.lua_xmove(L, co, 1);
  vm.pushFunction(L, (S) => callWrapped(vm, S), 1);
  return 1;
}

function* callWrapped(vm: LuaVm, L: State): Steps<number> {
  const { x } = vm;
  const co = x.lua_tothread(L, vm.upvalue(1));
  const n = yield* auxResume(vm, L, co, x.lua_gettop(L));
  return n >= 0 ? n : propagate(vm, L, co);
}

function propagate(vm: LuaVm, L: State, co: State): never {
  const { x } = vm;
  let status = x.lua_status(co);
  if (status !== LUA_OK && status !== LUA_YIELD) {
    status = x.lua_resetthread(co);
    x.lua_xmove(co, L, 1);
  }
  if (status !== LUA_ERRMEM && x.lua_type(L, -1) === LUA_TSTRING) {
    x.luaL_where(L, 1);
    x.lua_rotate(L, -2, 1);
    x.lua_concat(L, 2);
  }
  return vm.raise(L);
}

function running(vm: LuaVm, L: State): number {
  vm.x.lua_pushthread(L);
  vm.x.lua_pushboolean(L, L === vm.main ? 1 : 0);
  return 2;
}

function isYieldable(vm: LuaVm, L: State): number {
  const co = vm.x.lua_type(L, 1) === LUA_TTHREAD ? vm.x.lua_tothread(L, 1) : L;
  vm.x.lua_pushboolean(L, co !== vm.main && vm.x.lua_isyieldable(co) ? 1 : 0);
  return 1;
}

function yieldOut(vm: LuaVm, L: State): number {
  if (L !== vm.main) return vm.x.lua_yieldk(L, vm.x.lua_gettop(L), 0, 0);
  vm.pushString(L, 'attempt to yield from outside a coroutine');
  return vm.raise(L);
}
