/** The least that a terminal page can be: xterm, comlink, a worker that answers one prompt, echoes keys, and can flood. */
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import * as Comlink from 'comlink';
import '@xterm/xterm/css/xterm.css';

const worker = Comlink.wrap(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }));
const term = new Terminal({ cols: 100, rows: 30, scrollback: 5000 });
const fit = new FitAddon();
term.loadAddon(fit);
term.open(document.getElementById('terminal'));
fit.fit();
term.onData((data) => worker.input(data));
worker.boot(Comlink.proxy((data) => new Promise((drawn) => term.write(data, drawn))));

const line = (y) => term.buffer.active.getLine(y)?.translateToString(true) ?? '';
window.promptShown = () => /\$/.test(line(0));
window.floor = {
  /** Sends `bytes` of text through the worker; settles when the last of it has been parsed. */
  flood: (bytes) => worker.flood(bytes),
  type: (text) => worker.input(text),
  /** The line with the cursor. */
  line: () => line(term.buffer.active.baseY + term.buffer.active.cursorY),
};
