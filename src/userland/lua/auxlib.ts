/** What libraries of ours share: registration, and results as C's library functions give them. Follows lauxlib.c. */
import { type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { WEXITSTATUS, WIFEXITED, WIFSIGNALED, WTERMSIG } from '../../uapi/signal.ts';
import type { State } from './api.ts';
import type { LuaFunction, LuaVm } from './vm.ts';

export type Library = Readonly<Record<string, LuaFunction>>;

/** Sets functions as fields of the table on the top of the stack. */
export function setFunctions(vm: LuaVm, L: State, library: Library): void {
  for (const [name, fn] of Object.entries(library)) {
    vm.pushFunction(L, fn);
    vm.x.lua_setfield(L, -2, vm.name(name));
  }
}

/** The library's table is on the stack afterwards; it is the one that stands in the globals. */
export function openLibrary(vm: LuaVm, L: State, name: string, library: Library): void {
  vm.x.lua_getglobal(L, vm.name(name));
  setFunctions(vm, L, library);
}

/** luaL_fileresult. */
export function fileResult(vm: LuaVm, L: State, status: Status, name?: string): number {
  if (!IS_ERR(status)) {
    vm.x.lua_pushboolean(L, 1);
    return 1;
  }
  vm.x.lua_pushnil(L);
  vm.pushString(L, name === undefined ? status.message : `${name}: ${status.message}`);
  vm.x.lua_pushinteger(L, BigInt(status.errno));
  return 3;
}

/** luaL_execresult of a wait status. */
export function execResult(vm: LuaVm, L: State, status: number | Errno): number {
  if (IS_ERR(status)) return fileResult(vm, L, status);
  const signalled = WIFSIGNALED(status);
  const code = signalled ? WTERMSIG(status) : WIFEXITED(status) ? WEXITSTATUS(status) : status;
  if (!signalled && code === 0) vm.x.lua_pushboolean(L, 1);
  else vm.x.lua_pushnil(L);
  vm.pushString(L, signalled ? 'signal' : 'exit');
  vm.x.lua_pushinteger(L, BigInt(code));
  return 3;
}
