/** Everything a descriptor gives, to its end. */
import { concat } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import type { Bytes, Fd } from '../uapi/types.ts';
import type { Shell } from './shell.ts';

export async function readAll(sh: Shell, fd: Fd): Promise<Bytes> {
  const chunks: Bytes[] = [];
  for (;;) {
    const chunk = await sh.sys.read(fd, 65536);
    if (IS_ERR(chunk)) {
      if (chunk.code === 'EINTR' && !sh.interrupted) continue;
      break;
    }
    if (chunk.length === 0) break;
    chunks.push(chunk);
  }
  return concat(chunks);
}
