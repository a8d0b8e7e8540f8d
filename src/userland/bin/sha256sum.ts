/** sha256sum(1). */
import { sha256 } from '@noble/hashes/sha2.js';
import { checksum } from '../lib/checksum.ts';

export const main = checksum({ name: 'sha256sum', label: 'SHA256', digits: 64, create: () => sha256.create() });
