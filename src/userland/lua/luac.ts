/** luac(1): compiles a file to bytecode. Follows luac.c; listing and linking several files need Lua's inside and are refused. */
import { concat, encode } from '../../uapi/bytes.ts';
import { IS_ERR, type Status } from '../../uapi/errno.ts';
import { O_CREAT, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import type { Program } from '../../uapi/syscalls.ts';
import type { Bytes, ExitCode } from '../../uapi/types.ts';
import { LUA_COPYRIGHT, LUA_OK, type State } from './api.ts';
import { type LuaProcessState, startLua } from './process.ts';
import type { Steps } from './vm.ts';

export function luacProgram(loadModule: () => Promise<WebAssembly.Module>): Program {
  return async (sys, argv, envp) => {
    const process = await startLua(await loadModule(), sys, envp);
    return process.run((L) => new Compiler(process, argv).main(L));
  };
}

interface LuacOptions {
  output: string | null;
  list: number;
  parseOnly: boolean;
  strip: boolean;
  version: number;
  files: readonly string[];
}

const OUTPUT = 'luac.out';

class Compiler {
  private readonly progname: string;

  constructor(
    private readonly process: LuaProcessState,
    private readonly argv: readonly string[],
  ) {
    this.progname = argv[0] || 'luac';
  }

  *main(L: State): Steps<number> {
    this.process.exitCode = yield* this.compile(L);
    return 0;
  }

  private *compile(L: State): Steps<ExitCode> {
    const options = this.parse();
    if (typeof options === 'string') return yield* this.fail(L, options);
    if (options.version > 0) {
      yield* this.process.io.stdout.write(L, encode(`${LUA_COPYRIGHT}\n`));
      if (options.version === this.argv.length - 1) return 0;
    }
    if (options.files.length === 0) return yield* this.fail(L, this.usage('no input files given'));
    if (options.files.length > 1) return yield* this.refuse(L, 'compiling several files into one');
    if (options.list > 0) return yield* this.refuse(L, "listing ('-l')");
    return yield* this.compileFile(L, options);
  }

  private *compileFile(L: State, options: LuacOptions): Steps<ExitCode> {
    const name = options.files[0] ?? '-';
    if ((yield* this.process.loader.loadFile(L, name === '-' ? null : name)) !== LUA_OK) {
      return yield* this.fail(L, `${this.progname}: ${this.process.vm.toString(L, -1) ?? ''}\n`);
    }
    if (options.parseOnly) return 0;
    const output = options.output ?? OUTPUT;
    const code = this.dump(L, options.strip);
    if (output === '-') return this.exitOf(yield* this.process.io.stdout.write(L, code));
    return yield* this.writeFile(L, output, code);
  }
  private exitOf(status: Status): ExitCode {
    return IS_ERR(status) ? 1 : 0;
  }

  private dump(L: State, strip: boolean): Bytes {
    const { vm } = this.process;
    const parts: Bytes[] = [];
    const writer = vm.addFunction('iiii', 'i', (_L, p, size) => {
      parts.push(vm.bytesAt(p as number, size as number));
      return 0;
    });
    vm.x.lua_dump(L, writer, 0, strip ? 1 : 0);
    return concat(parts);
  }

  private *writeFile(L: State, name: string, code: Bytes): Steps<ExitCode> {
    const { vm } = this.process;
    const fd = yield* vm.wait(L, vm.sys.open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o666));
    if (IS_ERR(fd)) return yield* this.fail(L, `${this.progname}: cannot open ${name}: ${fd.message}\n`);
    for (let rest: Uint8Array = code; rest.length > 0; ) {
      const n = yield* vm.wait(L, vm.sys.write(fd, rest));
      if (IS_ERR(n)) return yield* this.fail(L, `${this.progname}: cannot write ${name}: ${n.message}\n`);
      rest = rest.subarray(n);
    }
    const closed = vm.sys.close(fd);
    return IS_ERR(closed) ? yield* this.fail(L, `${this.progname}: cannot close ${name}: ${closed.message}\n`) : 0;
  }

  private *fail(L: State, message: string): Steps<ExitCode> {
    yield* this.process.io.stderr.write(L, encode(message));
    return 1;
  }
  private *refuse(L: State, what: string): Steps<ExitCode> {
    return yield* this.fail(L, `${this.progname}: ${what} is not supported by this luac\n`);
  }

  // the command line

  private parse(): LuacOptions | string {
    const options: LuacOptions = { output: null, list: 0, parseOnly: false, strip: false, version: 0, files: [] };
    let i = 1;
    for (; i < this.argv.length; i++) {
      const arg = this.argv[i] ?? '';
      if (!arg.startsWith('-') || arg === '-') break;
      if (arg === '--') {
        if (options.version > 0) options.version++;
        i++;
        break;
      }
      if (arg === '-l') options.list++;
      else if (arg === '-o') {
        options.output = this.argv[++i] ?? '';
        if (options.output === '' || (options.output.startsWith('-') && options.output !== '-')) return this.usage("'-o' needs argument");
      } else if (arg === '-p') options.parseOnly = true;
      else if (arg === '-s') options.strip = true;
      else if (arg === '-v') options.version++;
      else return this.usage(arg);
    }
    options.files = this.argv.slice(i);
    if (options.files.length === 0 && (options.list > 0 || options.parseOnly)) options.files = [OUTPUT];
    if (options.list > 0 && this.argv.slice(i).length === 0) options.parseOnly = true;
    return options;
  }

  private usage(message: string): string {
    const problem = message.startsWith('-') ? `unrecognized option '${message}'` : message;
    return `${this.progname}: ${problem}
usage: ${this.progname} [options] [filenames]
Available options are:
  -l       list (use -l -l for full listing)
  -o name  output to file 'name' (default is "${OUTPUT}")
  -p       parse only
  -s       strip debug information
  -v       show version information
  --       stop handling options
  -        stop handling options and process stdin
`;
  }
}
