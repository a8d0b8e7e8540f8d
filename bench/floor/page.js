/** The least that a terminal page can be: xterm, comlink, a worker that answers one prompt. */
import { Terminal } from '@xterm/xterm';
import * as Comlink from 'comlink';
import '@xterm/xterm/css/xterm.css';

const worker = Comlink.wrap(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }));
const term = new Terminal({ cols: 100, rows: 30 });
term.open(document.getElementById('terminal'));
term.onData((data) => worker.input(data));
worker.boot(Comlink.proxy((text) => term.write(text)));
window.promptShown = () => /\$ /.test(term.buffer.active.getLine(0)?.translateToString() ?? '');
