/** This process' standard streams as a machine sees them: read only when asked, written with back-pressure. */
import type { HostSink, HostSource } from '../lab/index.ts';

const END = new Uint8Array(0);

/** Standard input; nothing is read from it before the machine asks. */
export function stdin(): HostSource {
  let chunks: AsyncIterator<Buffer> | undefined;
  let rest: Uint8Array = END;
  return {
    read: async (count) => {
      if (rest.length === 0) {
        chunks ??= (process.stdin as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
        const next = await chunks.next();
        if (next.done) return END;
        rest = next.value;
      }
      const part = rest.subarray(0, count);
      rest = rest.subarray(part.length);
      return part;
    },
  };
}

/** Standard output or error; a reader that has gone away breaks the pipe inside the machine, too. */
export function stdout(stream: NodeJS.WriteStream): HostSink {
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  return {
    write: (data) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(new Error('nobody reads any more'));
        stream.write(data, (e) => (e ? reject(e) : resolve()));
      }),
  };
}
