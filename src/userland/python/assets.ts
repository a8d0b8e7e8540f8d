/** What CPython is made of, and who brings it. */
import type { Bytes } from '../../uapi/types.ts';

/** Two files of the npm package pyodide@0.25.1; its JavaScript is not used. */
export interface PythonFiles {
  /** pyodide.asm.wasm, compiled once and kept. */
  readonly wasm: WebAssembly.Module;
  /** python_stdlib.zip. */
  readonly stdlib: Bytes;
}

/**
 * Brings the files; the lab implements it for Node (from node_modules) and for the browser (fetch, kept by the Cache API).
 * The answer is to be one and the same object each time: what the interpreter compiles of its library is kept with it.
 */
export interface PythonAssets {
  /** `onProgress` is called with bytes done and bytes in all as they arrive; not at all when everything is there. */
  load(onProgress: (done: number, total: number) => void): Promise<PythonFiles>;
}
