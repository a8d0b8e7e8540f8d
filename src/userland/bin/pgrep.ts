/** pgrep. */
import { matcher } from '../ps/match.ts';

export const main = matcher('pgrep');
