/** The functions of the os library that meet the kernel. Follows loslib.c. */
import { IS_ERR, type Status } from '../../uapi/errno.ts';
import { O_CLOEXEC, O_CREAT, O_EXCL, O_RDWR, X_OK } from '../../uapi/fcntl.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import { LUA_TNIL, LUA_TNONE, type State } from './api.ts';
import { execResult, fileResult, type Library, openLibrary } from './auxlib.ts';
import { Exit } from './imports.ts';
import { randomLetters } from './iolib.ts';
import { system } from './popen.ts';
import type { LuaVm, Steps } from './vm.ts';

const LUA_TBOOLEAN = 1;

export function openOs(vm: LuaVm, L: State): void {
  const library: Library = {
    clock: (S) => clock(vm, S),
    execute: (S) => execute(vm, S),
    exit: (S) => exit(vm, S),
    remove: (S) => {
      const name = vm.checkString(S, 1);
      return fileResult(vm, S, remove(vm, name), name);
    },
    rename: (S) => fileResult(vm, S, vm.sys.rename(vm.checkString(S, 1), vm.checkString(S, 2))),
    tmpname: (S) => tmpname(vm, S),
  };
  openLibrary(vm, L, 'os', library);
  vm.pop(L, 1);
}

function clock(vm: LuaVm, L: State): number {
  const { utime, stime } = vm.sys.getrusage();
  vm.pushString(L, String((utime + stime) / 1000));
  const seconds = vm.toString(L, -1) ?? '0';
  const p = vm.name(seconds.includes('.') ? seconds : `${seconds}.0`);
  vm.x.lua_stringtonumber(L, p);
  return 1;
}

function* execute(vm: LuaVm, L: State): Steps<number> {
  if (vm.x.lua_type(L, 1) <= LUA_TNIL) {
    vm.x.lua_pushboolean(L, IS_ERR(vm.sys.access('/bin/sh', X_OK)) ? 0 : 1);
    return 1;
  }
  return execResult(vm, L, yield* vm.wait(L, system(vm.process, vm.checkString(L, 1))));
}

function exit(vm: LuaVm, L: State): number {
  const { x } = vm;
  const type = x.lua_type(L, 1);
  const code =
    type === LUA_TBOOLEAN
      ? x.lua_toboolean(L, 1)
        ? 0
        : 1
      : type === LUA_TNONE || type === LUA_TNIL
        ? 0
        : Number(x.luaL_checkinteger(L, 1));
  throw new Exit(code & 0xff, x.lua_toboolean(L, 2) !== 0);
}

/** remove(3): unlink, or rmdir for a directory. */
function remove(vm: LuaVm, name: string): Status {
  const st = vm.sys.lstat(name);
  return !IS_ERR(st) && S_ISDIR(st.st_mode) ? vm.sys.rmdir(name) : vm.sys.unlink(name);
}

function* tmpname(vm: LuaVm, L: State): Steps<number> {
  const name = `/tmp/lua_${randomLetters()}`;
  const fd = yield* vm.wait(L, vm.sys.open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600));
  if (IS_ERR(fd)) return vm.error(L, 'unable to generate a unique filename');
  vm.sys.close(fd);
  vm.pushString(L, name);
  return 1;
}
