/** `python3`: CPython 3.11 in WebAssembly over our system calls. */
export type { PythonAssets, PythonFiles } from './assets.ts';
export { pythonProgram } from './python.ts';
