/** egrep(1): grep -E. */
import { grep } from './grep.ts';

export const main = grep('E');
