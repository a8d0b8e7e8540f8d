/** What CPython is made of, and who brings it. */
import type { Bytes } from '../../uapi/types.ts';

/** The files of the npm package pyodide@0.25.1 that one interpreter needs. */
export interface PythonFiles {
  /**
   * pyodide.asm.js, evaluated: what that file assigns to `globalThis._createPyodideModule`.
   * In Node: `await import(path)` and then read (and delete) the global; in a worker: the same with the file's URL.
   */
  readonly createModule: (settings: object) => Promise<unknown>;
  /** pyodide.asm.wasm, compiled once and kept. */
  readonly wasm: WebAssembly.Module;
  /** python_stdlib.zip. */
  readonly stdlib: Bytes;
}

/** Brings the files; the lab implements it for Node (from node_modules) and for the browser (fetch, Cache API). */
export interface PythonAssets {
  /** `onProgress` is called with bytes done and bytes in all as they arrive; a second call answers at once. */
  load(onProgress: (done: number, total: number) => void): Promise<PythonFiles>;
}
