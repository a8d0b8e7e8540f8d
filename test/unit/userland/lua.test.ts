/** lua and luac against what the real ones printed, row by row; then a terminal. */
import { luaRows } from './lua-rows.ts';
import { compareRows } from './payload-machine.ts';

compareRows('lua', luaRows);
