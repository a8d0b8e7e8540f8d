/**
 * Dispatch cost: what it takes to start a program, by itself, through `#!` and through rules, with 2 rules and with 5,000, beside the real
 * kernel in the same run. Both sides take turns; a ratio is the median of the rounds' ratios. It says what our model of dispatch costs, not
 * that anything is faster than Linux: the real kernel isolates processes by hardware meanwhile.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildMachine, inBrowser, inNode } from './dispatch/ours.mjs';
import { CASES, SHAPES } from './dispatch/shapes.js';
import { shellLoop } from './dispatch/shell-loop.mjs';
import { median } from './median.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const MANY = 5000;
const PER = 200;
const FEW_SHAPE = 'other first bytes';
const DEEP_SHAPE = '100 bytes in common';

/** What is asked of us, as the reciprocal of how many times the real kernel's rate it is; at few rules, with a listener, at many rules. */
const LIMITS = {
  few: { 'a static program': 1 / 6, '#!': 1 / 5, 'an M rule': 1 / 5, 'an E rule': 1 / 5, fail: 1 / 6 },
  traced: { 'a static program': 1 / 4 },
  many: { 'an M rule': 1 / 12, 'an E rule': 1 / 12, fail: 1 / 15, register: 1, clear: 1 },
  deep: { fail: 1 / 50 },
  flat: 1.15,
};
const SAYS = { fail: 'an execve that fails', register: 'registering a rule', clear: 'removing a rule, of all' };
const say = (name) =>
  SAYS[name] ?? `start of ${name === '#!' ? 'a script by #!' : name === 'a static program' ? name : `a file by ${name}`}`;

/** The real kernel, or null with a message. */
async function native() {
  const file = fileURLToPath(new URL('./dispatch/native.mjs', import.meta.url));
  const child = spawn('unshare', ['-Urm', process.execPath, file], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  let [said, heard] = ['', () => undefined];
  child.stderr.on('data', (data) => (said += data));
  child.on('message', (message) => heard(message));
  for (const end of ['error', 'exit']) child.on(end, () => heard(null));
  const answer = () => new Promise((resolve) => (heard = resolve));
  const first = await answer();
  if (first === null) {
    const why = said.trim().split('\n').at(-1) || 'there is no unshare';
    console.log(`dispatch: no real kernel to compare with, since unshare -Urm with binfmt_misc does not work here: ${why}`);
    return null;
  }
  console.log(`dispatch: the real kernel is driven by ${first.what}`);
  const ask = async (question) => {
    child.send(question);
    const told = await answer();
    return told === null ? Promise.reject(new Error(`the native side ended: ${said}`)) : told.answer;
  };
  return { ask, end: () => child.disconnect() };
}

/** All that one round saw, by side and shape. */
async function round(kernel, ours) {
  const seen = {};
  for (const shape of Object.keys(SHAPES)) {
    seen[shape] = { ours: await ours({ shape, many: MANY, per: PER }) };
    if (shape === FEW_SHAPE) seen[shape].ours.traced = (await ours({ shape, many: 2, per: PER, traced: true })).few;
    if (kernel === null) continue;
    seen[shape].few = await kernel.ask({ shape, rules: 2, per: PER });
    seen[shape].many = await kernel.ask({ shape, rules: MANY, per: PER });
  }
  return seen;
}

/** A row of two figures of each round. */
function row(what, rounds, ours, theirs, limit) {
  const [x, y] = [rounds.map(ours), rounds.map(theirs)];
  return { what, ours: median(x), theirs: median(y), unit: 'µs', ratio: median(x.map((us, i) => us / y[i])), limit };
}

function besideNative(where, rounds) {
  const rows = [];
  for (const [side, shape, rules] of [
    ['few', FEW_SHAPE, 'few'],
    ['traced', FEW_SHAPE, 'few'],
    ['many', FEW_SHAPE, 'many'],
    ['deep', DEEP_SHAPE, 'many'],
  ]) {
    const note = { few: '2 rules', traced: '2 rules, traced', many: '5,000 rules', deep: '5,000 rules that begin alike' }[side];
    const ours = side === 'deep' ? 'many' : side;
    for (const [name, limit] of Object.entries(LIMITS[side])) {
      const of = (r) => r[shape];
      rows.push(
        row(
          `${where}: ${say(name)}, ${note}, against Linux`,
          rounds,
          (r) => of(r).ours[ours][name],
          (r) => of(r)[rules][name],
          limit,
        ),
      );
    }
  }
  return rows;
}

/** The cost at many rules against that at few: the index is flat. */
function flatness(where, rounds) {
  const rows = Object.keys(SHAPES).flatMap((shape) =>
    [...Object.keys(CASES), 'fail'].map((name) => {
      const ours = (r) => r[shape].ours;
      return row(
        `${where}: ${say(name)}, 5,000 rules against 2 (${shape})`,
        rounds,
        (r) => ours(r).many[name],
        (r) => ours(r).few[name],
        LIMITS.flat,
      );
    }),
  );
  const registered = (r) => r[FEW_SHAPE].ours.registered;
  const growth = row(
    `${where}: registering, the last rules against the first`,
    rounds,
    (r) => registered(r).last,
    (r) => registered(r).first,
    LIMITS.flat,
  );
  return [...rows, growth];
}

export async function bench() {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-'));
  await buildMachine(dir);
  const kernel = await native();
  const rows = [];
  for (const [where, open] of [
    ['Node', inNode],
    ['Chromium', inBrowser],
  ]) {
    const ours = await open(dir);
    if (ours === null) continue;
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) rounds.push(await round(kernel, ours.measure));
    await ours.end();
    if (kernel !== null) rows.push(...besideNative(where, rounds));
    rows.push(...flatness(where, rounds));
  }
  rows.push(...(await shellLoop(kernel, ROUNDS)));
  kernel?.end();
  rmSync(dir, { recursive: true });
  return rows;
}
