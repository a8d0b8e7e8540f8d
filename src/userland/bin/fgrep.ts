/** fgrep(1): grep -F. */
import { grep } from './grep.ts';

export const main = grep('F');
