/**
 * Waiting in the midst of the interpreter. Where the host can suspend a WebAssembly stack (JSPI: Chrome since 137, Node since 25), an
 * import may answer with a promise, and the program waits for it while others run. Frames of ours between two of the interpreter's
 * cannot be suspended: what is called through them gets its answers at once, as on hosts without JSPI.
 */
import type { MaybeAsync } from '../../uapi/types.ts';

interface Jspi {
  readonly Suspending: new (fn: (...args: never[]) => MaybeAsync<number>) => WebAssembly.ImportValue;
  promising(fn: (...args: number[]) => number): (...args: number[]) => Promise<number>;
}
const jspi = WebAssembly as unknown as Partial<Jspi>;

export class Suspension {
  readonly possible = jspi.Suspending !== undefined && jspi.promising !== undefined;
  /** Whether the stack could be suspended now; WebAssembly looks at it. */
  private readonly can = new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
  private entered = false;
  private held = 0;

  /** Whether an import that was made by `importing` may answer with a promise. */
  get now(): boolean {
    return this.can.value !== 0;
  }
  private update(): void {
    this.can.value = this.entered && this.held === 0 ? 1 : 0;
  }

  /** An import of so many numbers that answers one. A suspending import refuses any call from a stack that cannot be suspended. */
  importing(params: number, fn: (...args: never[]) => MaybeAsync<number>): WebAssembly.ImportValue {
    const plain = fn as WebAssembly.ImportValue;
    return jspi.Suspending === undefined ? plain : eitherOf(params, this.can, plain, new jspi.Suspending(fn));
  }

  /** Runs code of ours that calls the interpreter again. */
  during<T>(fn: () => T): T {
    this.held++;
    this.update();
    try {
      return fn();
    } finally {
      this.held--;
      this.update();
    }
  }

  /** Calls an export of the interpreter that may wait. */
  async enter(fn: (...args: number[]) => number, ...args: number[]): Promise<number> {
    if (jspi.promising === undefined || !this.possible) return fn(...args);
    this.entered = true;
    this.update();
    try {
      return await jspi.promising(fn)(...args);
    } finally {
      this.entered = false;
      this.update();
    }
  }
}

const I32 = 0x7f;
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const section = (id: number, content: readonly number[]): number[] => [id, content.length, ...content];
const functionType = (params: number): number[] => [0x60, params, ...Array<number>(params).fill(I32), 1, I32];

const modules = new Map<string, WebAssembly.Module>();

function instanceOf(sections: readonly number[], values: Readonly<Record<string, WebAssembly.ImportValue>>): WebAssembly.ExportValue {
  const key = sections.join();
  const module = modules.get(key) ?? new WebAssembly.Module(Uint8Array.from([...HEADER, ...sections]));
  modules.set(key, module);
  return new WebAssembly.Instance(module, { e: values }).exports['f'] as WebAssembly.ExportValue;
}

/** A function that calls the first where the global is 0, else the second, without a frame of ours. */
function eitherOf(
  params: number,
  global: WebAssembly.Global,
  plain: WebAssembly.ImportValue,
  suspending: WebAssembly.ImportValue,
): WebAssembly.ImportValue {
  const args = Array.from({ length: params }, (_, i) => [0x20, i]).flat();
  const body = [0, 0x23, 0, 0x04, I32, ...args, 0x10, 1, 0x05, ...args, 0x10, 0, 0x0b, 0x0b];
  const sections = [
    ...section(1, [1, ...functionType(params)]),
    ...section(2, [3, ...[1, 0x65, 1, 0x67, 3, I32, 1], ...[1, 0x65, 1, 0x73, 0, 0], ...[1, 0x65, 1, 0x61, 0, 0]]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 2]),
    ...section(10, [1, body.length, ...body]),
  ];
  return instanceOf(sections, { g: global, s: plain, a: suspending });
}

/**
 * How many parameters the function in a slot of the table has, for calls without a frame of ours: a module that asks with ref.test
 * whether it is of type (i32, …) -> i32, from three parameters down.
 */
export function parameterCounter(table: WebAssembly.Table): (slot: number) => number {
  const test = (n: number): number[] => [0x20, 0, 0x25, 0, 0xfb, 0x14, n, 0x04, 0x40, 0x41, n, 0x0f, 0x0b];
  const body = [0, ...test(3), ...test(2), ...test(1), ...test(0), 0x41, 0x7f, 0x0b];
  const sections = [
    ...section(1, [4, ...functionType(0), ...functionType(1), ...functionType(2), ...functionType(3)]),
    ...section(2, [1, 1, 0x65, 1, 0x74, 1, 0x70, 0, 0]),
    ...section(3, [1, 1]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, body.length, ...body]),
  ];
  return instanceOf(sections, { t: table }) as (slot: number) => number;
}
