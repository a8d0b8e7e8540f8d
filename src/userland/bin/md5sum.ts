/** md5sum(1). */
import { md5 } from '@noble/hashes/legacy.js';
import { checksum } from '../lib/checksum.ts';

export const main = checksum({ name: 'md5sum', label: 'MD5', digits: 32, create: () => md5.create() });
