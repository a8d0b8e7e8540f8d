import * as Comlink from 'comlink';

let write;
/** As many bytes on their way as the lab has. */
const CREDIT = 128 * 1024;
const encoder = new TextEncoder();
const LINE = encoder.encode('the quick brown fox jumps over the lazy dog 0123456789\r\n');

function piece(size) {
  const data = new Uint8Array(size);
  for (let at = 0; at < size; at += LINE.length) data.set(LINE.subarray(0, size - at), at);
  return data;
}

Comlink.expose({
  boot(callback) {
    write = callback;
    return write('user@sim:~$ ');
  },
  input: (text) => write(text),
  async flood(bytes) {
    const size = 16 * 1024;
    const underWay = [];
    for (let sent = 0; sent < bytes; sent += size) {
      const data = piece(size);
      underWay.push(write(Comlink.transfer(data, [data.buffer])));
      if (underWay.length * size >= CREDIT) await underWay.shift();
    }
    await Promise.all(underWay);
  },
});
