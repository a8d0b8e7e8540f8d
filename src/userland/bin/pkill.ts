/** pkill. */
import { matcher } from '../ps/match.ts';

export const main = matcher('pkill');
