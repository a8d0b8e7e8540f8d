/** One run of CPython as a process. */
import { IS_ERR } from '../../uapi/errno.ts';
import { SIGINT } from '../../uapi/signal.ts';
import { S_ISCHR, S_ISFIFO } from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Bytes, ExitCode, MaybeAsync } from '../../uapi/types.ts';
import { type CommandLine, parseCommandLine } from './args.ts';
import { BOOT_CODE } from './boot-code.ts';
import { ERRNO_ROWS } from './errno.ts';
import { Files } from './files.ts';
import { Exit, type Instance, instantiate } from './instance.ts';
import type { Pointer } from './memory.ts';
import { defineNatives } from './natives.ts';
import { naturalize } from './naturalize.ts';
import { useLinuxErrors } from './oserror.ts';
import { processNatives } from './processes.ts';
import { readEvalPrint, type Verdict } from './repl.ts';
import { REPL_CODE } from './repl-code.ts';
import { Signals } from './signals.ts';
import { readsStdin } from './stdin.ts';
import type { StandardLibrary } from './stdlib.ts';
import { Suspension } from './suspension.ts';

const STATUS_SIZE = 16;
/** More than the structures need. */
const PRECONFIG_SIZE = 128;
const CONFIG_SIZE = 2048;
const FILE_INPUT = 257;
const KILLED_BY_SIGINT = 130;
/** What push answers when the program exits: this and the code. */
const EXITED = 256;

export interface Surroundings {
  readonly sys: Syscalls;
  readonly argv: readonly string[];
  readonly envp: readonly string[];
}

export class Interpreter {
  private constructor(
    private readonly instance: Instance,
    readonly files: Files,
    readonly signals: Signals,
    private readonly around: Surroundings,
  ) {}

  static async start(wasm: WebAssembly.Module, library: StandardLibrary, around: Surroundings): Promise<Interpreter> {
    const { sys, envp } = around;
    const suspension = new Suspension();
    const files = new Files(sys, library, suspension);
    const signals = new Signals(sys, suspension);
    const instance = await instantiate(wasm, { sys, files, envp, suspension, signal: () => signals.poll() });
    files.inflate = (deflated, size) => inflate(instance, deflated, size);
    instance.m.setU32(instance.address('Py_EMSCRIPTEN_SIGNAL_HANDLING'), 1);
    naturalize(instance);
    useLinuxErrors(instance);
    return new Interpreter(instance, files, signals, around);
  }

  async run(): Promise<ExitCode> {
    const line = parseCommandLine(this.around.argv);
    const onTerminal = !IS_ERR(this.around.sys.ioctl(0, 'TCGETS'));
    if (!onTerminal && !this.instance.suspension.possible && (await this.mustReadAhead(line))) await this.files.readAhead();
    const code = onTerminal && line.kind === 'stdin' ? await this.interact(line) : await this.guarded(() => this.main());
    await this.files.drain();
    return this.signals.interrupted && code === KILLED_BY_SIGINT ? this.dieOfInterrupt() : code;
  }

  /** CPython ends itself by SIGINT when nothing handled it, so that a shell sees why. */
  private async dieOfInterrupt(): Promise<ExitCode> {
    const { sys } = this.around;
    sys.rt_sigaction(SIGINT, { handler: 'SIG_DFL' });
    sys.kill(sys.getpid(), SIGINT);
    return KILLED_BY_SIGINT;
  }

  private async mustReadAhead(line: CommandLine): Promise<boolean> {
    const st = this.around.sys.fstat(0);
    if (IS_ERR(st) || !(S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))) return false;
    return await readsStdin(this.around.sys, line);
  }

  /** Runs C code that may exit. */
  private async guarded(code: () => MaybeAsync<ExitCode>): Promise<ExitCode> {
    this.around.sys.lab_preemptible(false);
    try {
      return await code();
    } catch (e) {
      if (!(e instanceof Exit)) throw e;
      return e.code & 0xff;
    } finally {
      this.around.sys.lab_preemptible(true);
    }
  }

  private async interact(line: CommandLine): Promise<ExitCode> {
    const { x } = this.instance;
    const started = await this.guarded(async () => {
      this.initialize();
      this.boot();
      this.repl = this.runCode(REPL_CODE);
      await this.callRepl('banner', x.PyLong_FromLong(line.quiet ? 1 : 0));
      return 0;
    });
    if (this.repl === 0) return started;
    const code = await readEvalPrint({
      sys: this.around.sys,
      push: (source) => this.push(source),
      prompt: (more) => this.prompt(more),
      takeInterrupt: () => this.signals.takeInterrupt(),
    });
    return await this.guarded(() => {
      x.Py_FinalizeEx();
      return code ?? 0;
    });
  }
  /** The namespace of the interactive mode's functions. */
  private repl: Pointer = 0;

  private async push(source: string): Promise<Verdict> {
    const { x } = this.instance;
    const text = this.string(source);
    let result = 0;
    const ended = await this.guarded(async () => {
      result = x.PyLong_AsLong(await this.callRepl('push', x.PyUnicode_FromString(text)));
      return 0;
    });
    x.free(text);
    if (ended !== 0) return { kind: 'exit', code: ended };
    return result >= EXITED ? { kind: 'exit', code: result - EXITED } : { kind: result === 1 ? 'more' : 'complete' };
  }
  private async prompt(more: boolean): Promise<string> {
    const { x, m } = this.instance;
    let text = '';
    await this.guarded(async () => {
      text = m.cstring(x.PyUnicode_AsUTF8(await this.callRepl('prompt', x.PyLong_FromLong(more ? 1 : 0))));
      return 0;
    });
    return text;
  }
  private async callRepl(name: string, arg: Pointer): Promise<Pointer> {
    const { x, suspension } = this.instance;
    const args = x.PyTuple_New(1);
    x.PyTuple_SetItem(args, 0, arg);
    return await suspension.enter(x.PyObject_CallObject, x.PyDict_GetItemString(this.repl, this.string(name)), args);
  }

  /** Py_BytesMain. */
  private async main(): Promise<ExitCode> {
    this.initialize();
    this.boot();
    const code = await this.instance.suspension.enter(this.instance.x.Py_RunMain);
    this.instance.x.fflush(0);
    return code & 0xff;
  }

  private initialize(): void {
    const { x } = this.instance;
    const status = this.allocate(STATUS_SIZE);
    const preconfig = this.allocate(PRECONFIG_SIZE);
    const config = this.allocate(CONFIG_SIZE);
    const { argc, argv } = this.arguments();
    x.PyPreConfig_InitPythonConfig(preconfig);
    x.Py_PreInitializeFromBytesArgs(status, preconfig, argc, argv);
    this.check(status);
    x.PyConfig_InitPythonConfig(config);
    x.PyConfig_SetBytesArgv(status, config, argc, argv);
    this.check(status);
    x.Py_InitializeFromConfig(status, config);
    this.check(status);
    x.PyConfig_Clear(config);
  }
  private check(status: Pointer): void {
    if (this.instance.x.PyStatus_Exception(status)) this.instance.x.Py_ExitStatusException(status);
  }
  private arguments(): { readonly argc: number; readonly argv: Pointer } {
    const { m } = this.instance;
    const args = this.around.argv;
    const argv = this.allocate(4 * (args.length + 1));
    args.forEach((arg, i) => m.setU32(argv + 4 * i, this.string(arg)));
    return { argc: args.length, argv };
  }

  private allocate(size: number): Pointer {
    const p = this.instance.x.malloc(size);
    this.instance.m.u8.fill(0, p, p + size);
    return p;
  }
  private string(text: string): Pointer {
    return this.instance.m.newString(this.instance.x, text);
  }

  /** Runs code of ours in a namespace that no program sees. */
  private boot(): void {
    const natives = this.instance.x.PyDict_New();
    defineNatives(this.instance, natives, processNatives(this.around.sys, this.signals, this.instance));
    this.runCode(`_lab = ${pythonLiteral(this.facts())}\n${BOOT_CODE}`, { _natives: natives });
    this.signals.ready = true;
  }
  runCode(code: string, names: Readonly<Record<string, Pointer>> = {}): Pointer {
    const { x } = this.instance;
    const namespace = x.PyDict_New();
    for (const [name, value] of Object.entries(names)) x.PyDict_SetItemString(namespace, this.string(name), value);
    const p = this.string(code);
    const result = x.PyRun_StringFlags(p, FILE_INPUT, namespace, namespace, 0);
    x.free(p);
    if (result === 0) x.PyErr_Print();
    return namespace;
  }

  private facts(): Literal {
    const { sys } = this.around;
    const { sysname, nodename, release, version, machine } = sys.uname();
    const ids: Literal = [
      ['getpid', sys.getpid()],
      ['getppid', sys.getppid()],
      ['getuid', sys.getuid()],
      ['geteuid', sys.geteuid()],
      ['getgid', sys.getgid()],
      ['getegid', sys.getegid()],
      ['getgroups', [...sys.getgroups()]],
    ];
    return {
      uname: [sysname, nodename, release, version, machine],
      facts: ids,
      errno: ERRNO_ROWS.map(([name, , linux]) => [name, linux]),
      strerror: ERRNO_ROWS.map(([, , linux, message]) => [linux, message]),
    };
  }
}

type Literal = string | number | readonly Literal[] | { readonly [key: string]: Literal };

/** JSON's strings, numbers, arrays and objects are Python's as well. */
const pythonLiteral = (value: Literal): string => JSON.stringify(value);

const Z_FINISH = 4;
const Z_STREAM_SIZE = 56;
const RAW_DEFLATE = -15;

/** zlib's inflate, which the interpreter brings along. */
function inflate({ x, m }: Instance, deflated: Uint8Array, size: number): Bytes {
  const stream = x.malloc(Z_STREAM_SIZE);
  const input = x.malloc(deflated.length);
  const output = x.malloc(size);
  const version = x.malloc(8);
  m.u8.set(deflated, input);
  m.u8.fill(0, stream, stream + Z_STREAM_SIZE);
  m.putString(version, '1.2.13', 8);
  m.setU32(stream, input);
  m.setU32(stream + 4, deflated.length);
  m.setU32(stream + 12, output);
  m.setU32(stream + 16, size);
  x.inflateInit2_(stream, RAW_DEFLATE, version, Z_STREAM_SIZE);
  x.inflate(stream, Z_FINISH);
  x.inflateEnd(stream);
  const data = m.slice(output, size);
  for (const p of [stream, input, output, version]) x.free(p);
  return data;
}
