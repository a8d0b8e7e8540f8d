/** `lua` and `luac`: PUC-Rio Lua 5.4 in WebAssembly over our system calls. */
export { luaProgram } from './lua.ts';
export { luacProgram } from './luac.ts';
