/** LD_PRELOAD: objects that would come before all others. What they hold is machine code, so they are looked for and reported. */
import { encode } from '../../uapi/bytes.ts';
import { writeAll } from '../lib/stdio.ts';
import { findObject, isMissing, type LoadedObject, type LoaderContext } from './objects.ts';

export async function findPreloads(context: LoaderContext, program: LoadedObject, list: string): Promise<void> {
  for (const name of list.split(/[ :]+/).filter((part) => part !== '')) {
    const found = await findObject(context, program, name);
    const reason = isMissing(found)
      ? `cannot be preloaded (${found.trouble.replace(/: No such.*/, '')}): ignored`
      : 'is machine code, which is not supported yet: ignored';
    await writeAll(context.sys, context.errors, encode(`ERROR: ld.so: object '${name}' from LD_PRELOAD ${reason}.\n`));
  }
}
