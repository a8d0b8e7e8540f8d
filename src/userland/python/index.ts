/** `python3`: CPython 3.11 in WebAssembly over our system calls. */
export { pythonProgram } from './python.ts';
