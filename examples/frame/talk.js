/** The page's side of the messages: a call, its answer, and the events. */
const frame = document.querySelector('iframe');
const lab = new URL(frame.src).origin;
const waiting = new Map();
let last = 0;

function call(name, ...args) {
  const id = ++last;
  frame.contentWindow.postMessage({ binfmtLab: 1, id, call: name, args }, lab);
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

window.addEventListener('message', (e) => {
  if (e.source !== frame.contentWindow || e.origin !== lab || e.data?.binfmtLab !== 1) return;
  const { id, value, error, event, detail } = e.data;
  if (event === 'exec') document.body.dataset.lastExec = detail.path;
  if (!waiting.has(id)) return;
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error) reject(Object.assign(new Error(error.message), { name: error.name }));
  else resolve(value);
});

document.querySelector('button').addEventListener('click', async () => {
  const { stdout, stderr } = await call('run', 'ls /proc/sys/fs/binfmt_misc; cat /proc/sys/fs/binfmt_misc/status');
  document.querySelector('pre').textContent = stdout + stderr;
});
