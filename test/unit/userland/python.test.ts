/** python3 against what the real one printed, row by row; then a terminal. */
import { compareRows } from './payload-machine.ts';
import { pythonRows } from './python-rows.ts';

compareRows('python', pythonRows);
