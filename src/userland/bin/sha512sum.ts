/** sha512sum(1). */
import { sha512 } from '@noble/hashes/sha2.js';
import { checksum } from '../lib/checksum.ts';

export const main = checksum({ name: 'sha512sum', label: 'SHA512', digits: 128, create: () => sha512.create() });
