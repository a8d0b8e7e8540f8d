/** sha1sum(1). */
import { sha1 } from '@noble/hashes/legacy.js';
import { checksum } from '../lib/checksum.ts';

export const main = checksum({ name: 'sha1sum', label: 'SHA1', digits: 40, create: () => sha1.create() });
