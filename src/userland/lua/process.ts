/** One run of Lua as a process: the state with its libraries, exit codes, the flush at the end. */
import { encode } from '../../uapi/bytes.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { LUA_REGISTRYINDEX, type State } from './api.ts';
import { openCoroutine } from './corolib.ts';
import { Exit } from './imports.ts';
import { IoLibrary } from './iolib.ts';
import { Loader } from './loadlib.ts';
import { openOs } from './oslib.ts';
import { type LuaFunction, type LuaProcess, LuaVm } from './vm.ts';

/** Debian's, where the module has Lua's own. */
const OWN_PATH =
  '/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua;/usr/local/lib/lua/5.4/?.lua;/usr/local/lib/lua/5.4/?/init.lua';
const OWN_CPATH = '/usr/local/lib/lua/5.4/?.so';
const DEBIAN_PATH = '/usr/share/lua/5.4/?.lua;/usr/share/lua/5.4/?/init.lua';
const debianCPath = (machine: string): string => `/usr/lib/${MULTIARCH[machine] ?? machine}/lua/5.4/?.so;/usr/lib/lua/5.4/?.so`;
const MULTIARCH: Readonly<Record<string, string>> = {
  x86_64: 'x86_64-linux-gnu',
  aarch64: 'aarch64-linux-gnu',
  armv7l: 'arm-linux-gnueabihf',
  riscv64: 'riscv64-linux-gnu',
  i686: 'i386-linux-gnu',
};

export async function startLua(module: WebAssembly.Module, sys: Syscalls, envp: readonly string[]): Promise<LuaProcessState> {
  const late: { io?: IoLibrary } = {};
  const process: LuaProcess = { sys, envp, writeError: (data) => late.io?.complain(data) };
  const vm = await LuaVm.create(module, process);
  late.io = new IoLibrary(vm);
  return new LuaProcessState(vm, late.io);
}

export class LuaProcessState {
  exitCode: ExitCode = 0;
  readonly loader: Loader;

  constructor(
    readonly vm: LuaVm,
    readonly io: IoLibrary,
  ) {
    this.loader = new Loader(vm, io);
  }

  getenv(name: string): string | null {
    return this.vm.process.envp.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  }

  openLibraries(ignoreEnvironment: boolean): void {
    const { vm } = this;
    const { L, x } = vm;
    if (ignoreEnvironment) {
      x.lua_pushboolean(L, 1);
      x.lua_setfield(L, LUA_REGISTRYINDEX, vm.name('LUA_NOENV'));
    }
    x.luaL_openlibs(L);
    this.io.open(L);
    openOs(vm, L);
    openCoroutine(vm, L);
    this.loader.open(L);
    vm.pushFunction(L, (S) => this.io.print(S));
    x.lua_setglobal(L, vm.name('print'));
    this.useDebianPaths(L);
    this.useGenerations(L);
  }

  private useDebianPaths(L: State): void {
    this.editPath(L, 'path', (path) => path.replace(OWN_PATH, `${OWN_PATH};${DEBIAN_PATH}`));
    const machine = this.vm.sys.uname().machine;
    this.editPath(L, 'cpath', (path) => path.replace(OWN_CPATH, `${OWN_CPATH};${debianCPath(machine)}`));
  }
  private editPath(L: State, field: string, edit: (path: string) => string): void {
    const { vm } = this;
    vm.x.lua_getglobal(L, vm.name('package'));
    vm.x.lua_getfield(L, -1, vm.name(field));
    const path = vm.toString(L, -1) ?? '';
    vm.pop(L, 1);
    vm.pushString(L, edit(path));
    vm.x.lua_setfield(L, -2, vm.name(field));
    vm.pop(L, 1);
  }

  /** lua.c's lua_gc(L, LUA_GCGEN): the variadic function is not exported, its Lua face is. */
  private useGenerations(L: State): void {
    const { vm } = this;
    vm.x.lua_getglobal(L, vm.name('collectgarbage'));
    vm.pushString(L, 'generational');
    vm.x.lua_callk(L, 1, 0, 0, 0);
  }

  async run(main: LuaFunction): Promise<ExitCode> {
    try {
      await this.vm.run(main);
      this.vm.x.lua_close(this.vm.L);
    } catch (e) {
      if (!(e instanceof Exit)) throw e;
      this.exitCode = e.code;
      if (e.close) this.close();
    }
    return this.finish();
  }
  /** os.exit(code, true): to-be-closed variables and finalizers run. */
  private close(): void {
    this.vm.x.lua_resetthread(this.vm.main);
    this.vm.x.lua_close(this.vm.L);
  }

  /** What exit(3) does with the standard streams and every file that is still open. */
  private async finish(): Promise<ExitCode> {
    for (const stream of [this.io.stdout, ...this.io.streams()]) await stream.drain();
    this.io.stdin.dropInput();
    return this.exitCode;
  }

  complain(text: string): void {
    this.io.complain(encode(text));
  }
}
