import { cpus } from 'node:os';

const LOOK_MS = 200;
const BUSY = 0.1;

/** Waits until the machine has next to nothing else to do, at most `patience` milliseconds. */
export async function quiet(patience = 20_000) {
  for (const end = Date.now() + patience; Date.now() < end; ) if ((await busy()) < BUSY) return;
}

/** The share of the processors' time that is used, over a moment. */
async function busy() {
  const before = spent();
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  const after = spent();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function spent() {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.flatMap((t) => Object.values(t)).reduce((a, b) => a + b, 0);
  return { all, idle: times.reduce((sum, t) => sum + t.idle, 0) };
}
