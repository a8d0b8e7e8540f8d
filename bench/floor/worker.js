import * as Comlink from 'comlink';

let write;
Comlink.expose({
  boot(callback) {
    write = callback;
    return write('user@sim:~$ ');
  },
  input: (text) => write(text),
});
