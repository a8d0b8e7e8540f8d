/** lua(1). Follows lua.c, told in its order; the interpreter's own main is a C function at the bottom of the program's stack. */
import { decode, encode } from '../../uapi/bytes.ts';
import { SIGINT } from '../../uapi/signal.ts';
import type { Program } from '../../uapi/syscalls.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { LUA_COPYRIGHT, LUA_ERRSYNTAX, LUA_MULTRET, LUA_OK, LUA_TNIL, LUA_TSTRING, LUA_TTABLE, type State } from './api.ts';
import { collectArguments, type LuaOptions, USAGE } from './lua-args.ts';
import { type LuaProcessState, startLua } from './process.ts';
import type { LuaVm, Steps } from './vm.ts';

/** `loadModule` brings wasmoon's glue.wasm, compiled. */
export function luaProgram(loadModule: () => Promise<WebAssembly.Module>): Program {
  return async (sys, argv, envp) => {
    const process = await startLua(await loadModule(), sys, envp);
    return process.run((L) => new Interpreter(process, argv).main(L));
  };
}

const EOFMARK = '<eof>';

class Interpreter {
  private readonly vm: LuaVm;
  /** What messages begin with; null in the interactive mode. */
  private progname: string | null;

  constructor(
    private readonly process: LuaProcessState,
    private readonly argv: readonly string[],
  ) {
    this.vm = process.vm;
    this.progname = argv[0] || 'lua';
  }

  *main(L: State): Steps<number> {
    const options = collectArguments(this.argv);
    if (options === null || options.bad !== null) {
      yield* this.complain(L, USAGE(this.progname ?? 'lua', options?.bad ?? ''));
      return this.end(1);
    }
    return this.end(yield* this.execute(L, options));
  }
  private end(code: ExitCode): number {
    this.process.exitCode = code;
    return 0;
  }

  private *execute(L: State, options: LuaOptions): Steps<ExitCode> {
    if (options.version) yield* this.writeLine(L, LUA_COPYRIGHT);
    this.process.openLibraries(options.ignoreEnvironment);
    this.createArgTable(L, options.script);
    if (!options.ignoreEnvironment && (yield* this.handleInit(L)) !== LUA_OK) return 1;
    if (!(yield* this.runArguments(L, options.script))) return 1;
    if (options.script < this.argv.length && (yield* this.handleScript(L, options.script)) !== LUA_OK) return 1;
    if (options.interactive) yield* this.repl(L);
    else if (options.script === this.argv.length && !options.executes && !options.version) {
      if (!this.process.io.stdin.isTty) yield* this.doFile(L, null);
      else {
        yield* this.writeLine(L, LUA_COPYRIGHT);
        yield* this.repl(L);
      }
    }
    return 0;
  }

  private createArgTable(L: State, script: number): void {
    const { x } = this.vm;
    const base = script === this.argv.length ? 0 : script;
    x.lua_createtable(L, this.argv.length - base - 1, base + 1);
    this.argv.forEach((arg, i) => {
      this.vm.pushString(L, arg);
      x.lua_rawseti(L, -2, BigInt(i - base));
    });
    x.lua_setglobal(L, this.vm.name('arg'));
  }

  private *handleInit(L: State): Steps<number> {
    for (const name of ['LUA_INIT_5_4', 'LUA_INIT']) {
      const init = this.process.getenv(name);
      if (init === null) continue;
      return init.startsWith('@') ? yield* this.doFile(L, init.slice(1)) : yield* this.doString(L, init, `=${name}`);
    }
    return LUA_OK;
  }

  private *runArguments(L: State, end: number): Steps<boolean> {
    for (let i = 1; i < end; i++) {
      const arg = this.argv[i] ?? '';
      const option = arg[1];
      if (option === 'W') this.vm.x.lua_warning(L, this.vm.name('@on'), 0);
      if (option !== 'e' && option !== 'l') continue;
      const extra = arg.length > 2 ? arg.slice(2) : (this.argv[++i] ?? '');
      const status = option === 'e' ? yield* this.doString(L, extra, '=(command line)') : yield* this.doLibrary(L, extra);
      if (status !== LUA_OK) return false;
    }
    return true;
  }

  private *handleScript(L: State, script: number): Steps<number> {
    const name = this.argv[script] ?? '';
    const stdin = name === '-' && this.argv[script - 1] !== '--';
    let status = yield* this.process.loader.loadFile(L, stdin ? null : name);
    if (status === LUA_OK) status = yield* this.doCall(L, this.pushArguments(L), LUA_MULTRET);
    return yield* this.report(L, status);
  }

  private pushArguments(L: State): number {
    const { x } = this.vm;
    if (x.lua_getglobal(L, this.vm.name('arg')) !== LUA_TTABLE) this.vm.error(L, "'arg' is not a table");
    const n = Number(x.luaL_len(L, -1));
    x.luaL_checkstack(L, n + 3, this.vm.name('too many arguments to script'));
    for (let i = 1; i <= n; i++) x.lua_rawgeti(L, -i, BigInt(i));
    x.lua_rotate(L, -n - 1, -1);
    this.vm.pop(L, 1);
    return n;
  }

  private *doFile(L: State, name: string | null): Steps<number> {
    return yield* this.doChunk(L, yield* this.process.loader.loadFile(L, name));
  }
  private *doString(L: State, code: string, chunkname: string): Steps<number> {
    return yield* this.doChunk(L, this.process.loader.loadBuffer(L, encode(code), chunkname));
  }
  private *doChunk(L: State, loaded: number): Steps<number> {
    return yield* this.report(L, loaded === LUA_OK ? yield* this.doCall(L, 0, 0) : loaded);
  }

  /** `mod` or `global=mod`. */
  private *doLibrary(L: State, spec: string): Steps<number> {
    const { x } = this.vm;
    const equals = spec.indexOf('=');
    x.lua_getglobal(L, this.vm.name('require'));
    this.vm.pushString(L, spec.slice(equals + 1));
    const status = yield* this.doCall(L, 1, 1);
    if (status === LUA_OK) x.lua_setglobal(L, this.vm.name(equals < 0 ? spec : spec.slice(0, equals)));
    return yield* this.report(L, status);
  }

  private *doCall(L: State, nargs: number, nresults: number): Steps<number> {
    const { x, sys } = this.vm;
    const base = x.lua_gettop(L) - nargs;
    this.vm.pushFunction(L, (S) => this.messageHandler(S));
    x.lua_rotate(L, base, 1);
    sys.rt_sigaction(SIGINT, { handler: () => this.onInterrupt() });
    const status = yield* this.vm.pcall(nargs, nresults, base);
    sys.rt_sigaction(SIGINT, { handler: 'SIG_DFL' });
    x.lua_rotate(L, base, -1);
    this.vm.pop(L, 1);
    return status;
  }
  /** A second ^C ends the process. */
  private onInterrupt(): void {
    this.vm.sys.rt_sigaction(SIGINT, { handler: 'SIG_DFL' });
    this.vm.interrupt();
  }

  private messageHandler(L: State): number {
    const { vm } = this;
    const { x } = vm;
    const message = vm.toBytes(L, 1);
    if (message === null) {
      if (x.luaL_callmeta(L, 1, vm.name('__tostring')) && x.lua_type(L, -1) === LUA_TSTRING) return 1;
      const type = x.lua_typename(L, x.lua_type(L, 1));
      vm.pushString(L, `(error object is a ${decode(this.cstring(type))} value)`);
    } else vm.pushBytes(L, message);
    const p = x.lua_tolstring(L, -1, 0);
    x.luaL_traceback(L, L, p, 1);
    return 1;
  }
  private cstring(p: number): Uint8Array {
    const memory = this.vm.u8();
    return memory.slice(p, memory.indexOf(0, p));
  }

  private *report(L: State, status: number): Steps<number> {
    if (status === LUA_OK) return status;
    yield* this.complainBytes(L, this.vm.toBytes(L, -1) ?? encode('(error object is not a string)'));
    this.vm.pop(L, 1);
    return status;
  }
  private *complainBytes(L: State, message: Uint8Array): Steps<void> {
    if (this.progname !== null) yield* this.complain(L, `${this.progname}: `);
    yield* this.process.io.stderr.write(L, Uint8Array.of(...message, 10));
  }
  private *complain(L: State, text: string): Steps<void> {
    yield* this.process.io.stderr.write(L, encode(text));
  }
  private *writeLine(L: State, text: string): Steps<void> {
    yield* this.process.io.stdout.write(L, encode(`${text}\n`));
    yield* this.process.io.stdout.flush(L);
  }

  // read, evaluate, print

  private *repl(L: State): Steps<void> {
    const { x } = this.vm;
    const saved = this.progname;
    this.progname = null;
    for (;;) {
      let status = yield* this.loadLine(L);
      if (status === null) break;
      if (status === LUA_OK) status = yield* this.doCall(L, 0, LUA_MULTRET);
      if (status === LUA_OK) yield* this.printResults(L);
      else yield* this.report(L, status);
    }
    x.lua_settop(L, 0);
    yield* this.writeLine(L, '');
    this.progname = saved;
  }

  /** An expression if it is one, else a statement of as many lines as it takes; null at the end of the input. */
  private *loadLine(L: State): Steps<number | null> {
    this.vm.x.lua_settop(L, 0);
    const first = yield* this.readLine(L, true);
    if (first === null) return null;
    const line = first.startsWith('=') ? `return ${first.slice(1)}` : first;
    const status = this.load(L, `return ${line};`);
    if (status === LUA_OK) return status;
    this.vm.pop(L, 1);
    return yield* this.multiline(L, line);
  }
  private load(L: State, code: string): number {
    return this.process.loader.loadBuffer(L, encode(code), '=stdin');
  }

  private *multiline(L: State, first: string): Steps<number> {
    for (let code = first; ; ) {
      const status = this.load(L, code);
      if (!this.isIncomplete(L, status)) return status;
      const more = yield* this.readLine(L, false);
      if (more === null) return status;
      this.vm.pop(L, 1);
      code += `\n${more}`;
    }
  }
  private isIncomplete(L: State, status: number): boolean {
    return status === LUA_ERRSYNTAX && (this.vm.toString(L, -1) ?? '').endsWith(EOFMARK);
  }

  /** Where the input is no terminal, the line is echoed, as readline does. */
  private *readLine(L: State, first: boolean): Steps<string | null> {
    const { stdin, stdout } = this.process.io;
    yield* stdout.write(L, this.prompt(L, first));
    yield* stdout.flush(L);
    const [line, ended] = yield* stdin.line(L);
    if (!ended && line.length === 0) return null;
    if (!stdin.isTty) yield* this.writeLine(L, decode(line));
    return decode(line);
  }
  private prompt(L: State, first: boolean): Uint8Array {
    const { x } = this.vm;
    const type = x.lua_getglobal(L, this.vm.name(first ? '_PROMPT' : '_PROMPT2'));
    const text = type === LUA_TNIL ? encode(first ? '> ' : '>> ') : this.vm.display(L, -1);
    this.vm.pop(L, 1);
    return text;
  }

  private *printResults(L: State): Steps<void> {
    const { x } = this.vm;
    const n = x.lua_gettop(L);
    if (n === 0) return;
    x.luaL_checkstack(L, 20, this.vm.name('too many results to print'));
    x.lua_getglobal(L, this.vm.name('print'));
    x.lua_rotate(L, 1, 1);
    if ((yield* this.vm.pcall(n, 0, 0)) === LUA_OK) return;
    yield* this.complain(L, `error calling 'print' (${this.vm.toString(L, -1) ?? ''})\n`);
  }
}
