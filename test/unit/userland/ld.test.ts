/** The dynamic loader against what the real one said, row by row. */
import { ldRows } from './ld-rows.ts';
import { compareRows } from './payload-machine.ts';

compareRows('ld', ldRows);
