import { createRequire } from 'node:module';

const { version: found } = createRequire(import.meta.url)('../../package.json') as { version: string };
/** The package's version. */
export const version = found;
