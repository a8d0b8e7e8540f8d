/**
 * The real kernel, in user and mount namespaces of its own (unshare -Urm) with a table of rules of its own: this process lives in them and
 * answers, message by message, what a case costs there. The driver is C where there is a compiler, else Python.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../median.mjs';
import { CASES, files, MISC, REGISTER, SHAPES, STATUS, targets } from './shapes.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'dispatch-'));
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

/** exit(0), by machine: the whole program. */
const CODE = {
  x64: { machine: 62, code: [0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05] }, // mov $60, %eax; xor %edi, %edi; syscall
  arm64: { machine: 183, code: [0xa8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 1, 0, 0, 0xd4] }, // mov x8, 93; mov x0, 0; svc 0
};

/** The smallest static ELF: a header, one segment, the code. */
function smallestElf() {
  const { machine, code } = CODE[process.arch];
  const base = 0x400000;
  const elf = Buffer.alloc(120 + code.length);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  for (const [at, value] of [
    [16, 2],
    [18, machine],
    [20, 1],
    [52, 64],
    [54, 56],
    [56, 1],
    [64, 1],
    [68, 5],
  ])
    elf.writeUInt16LE(value, at);
  for (const [at, value] of [
    [24, base + 120],
    [32, 64],
    [80, base],
    [88, base],
    [96, elf.length],
    [104, elf.length],
    [112, 4096],
  ]) {
    elf.writeBigUInt64LE(BigInt(value), at);
  }
  elf.set(code, 120);
  return elf;
}

function put(name, content) {
  writeFileSync(join(dir, name), content);
  chmodSync(join(dir, name), 0o755);
  return join(dir, name);
}

function driver() {
  try {
    execFileSync('cc', ['-O2', '-o', join(dir, 'native'), here('native.c')], { stdio: 'ignore' });
    return { what: 'C, vfork', command: [join(dir, 'native')] };
  } catch {
    execFileSync('python3', ['-c', ''], { stdio: 'ignore' });
    return { what: 'Python, posix_spawn', command: ['python3', here('native.py')] };
  }
}

const TRUE = put('exit0', smallestElf());
for (const [name, content] of Object.entries(files(TRUE))) put(name, content);
execFileSync('mount', ['-t', 'binfmt_misc', 'none', MISC]);
const { what, command } = driver();

function drive(args, input = '') {
  const [file, ...before] = command;
  const out = execFileSync(file, [...before, ...args.map(String)], { input, encoding: 'utf8' });
  return median(out.trim().split('\n').map(Number));
}
const register = (lines) => (lines.length > 0 ? drive(['write', REGISTER], `${lines.join('\n')}\n`) : 0);

/** What each case costs with so many rules of a shape, the targets registered first and so asked last; in microseconds. */
function measure({ shape, rules, per }) {
  const { filler, nomatch } = SHAPES[shape];
  register(targets(TRUE));
  const out = { register: register(Array.from({ length: rules - 2 }, (_, i) => filler(i, TRUE))) };
  for (const [name, file] of Object.entries(CASES)) out[name] = drive(['spawn', 3, per, join(dir, file)]);
  out.fail = drive(['fail', 3, per, join(dir, nomatch)]);
  const began = performance.now();
  writeFileSync(STATUS, '-1');
  out.clear = ((performance.now() - began) * 1000) / rules;
  return out;
}

/** What a turn of a shell's loop over the smallest program costs, without what the shell itself costs. */
function loop({ shell, turns }) {
  const run = (n) => {
    const began = performance.now();
    execFileSync(shell, ['-c', `i=0; while [ $i -lt ${n} ]; do ${TRUE}; i=$((i+1)); done`]);
    return performance.now() - began;
  };
  const idle = run(0);
  return ((run(turns) - idle) * 1000) / turns;
}

process.on('message', (question) => process.send({ answer: question.shell === undefined ? measure(question) : loop(question) }));
process.on('disconnect', () => process.exit(0));
process.send({ what });
