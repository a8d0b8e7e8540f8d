/** One thing to do about a refusal: the first row whose condition holds. */
import { machineName } from '../../../explain/elf.ts';
import { E2BIG, EACCES, EIO, ELIBBAD, ELOOP, ENAMETOOLONG, ENOENT, ENOEXEC, ENOTDIR, ETXTBSY } from '../../../uapi/errno.ts';
import { hexByte } from './bytes.ts';
import type { NextStep } from './model.ts';
import type { Refusal } from './refusal.ts';

export function nextStep(refusal: Refusal): NextStep | null {
  const rows = refusal.own !== null ? ABOUT_THE_FILE : refusal.interpreter !== null ? ABOUT_THE_INTERPRETER : ABOUT_THE_CONTENT;
  return rows.find(([holds]) => holds(refusal))?.[1](refusal) ?? null;
}

type Row = readonly [holds: (r: Refusal) => boolean, step: (r: Refusal) => NextStep];

const BM = '/proc/sys/fs/binfmt_misc';
const always = (): boolean => true;

/** As a word for a shell. What would act as a key when it is typed is spelled out. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (word.search(CONTROL) < 0) return `'${word.replaceAll("'", `'\\''`)}'`;
  return `$'${word.replace(/[\\']/g, '\\$&').replace(CONTROL, (c) => `\\x${hexByte(c.charCodeAt(0))}`)}'`;
}
const CONTROL = /[\x00-\x1f\x7f]/g;

const folder = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1) || '.';
const step = (r: Refusal): string => r.own?.step ?? '';

const ABOUT_THE_FILE: readonly Row[] = [
  [(r) => r.errno === ENOENT, (r) => ({ text: 'Nothing is there. Look at what is.', command: `ls -la ${quoted(folder(r.path))}` })],
  [(r) => r.errno === ENOTDIR, () => ({ text: 'Something on the way is a file: take away what follows it.' })],
  [(r) => r.errno === ENAMETOOLONG, () => ({ text: 'Use a shorter path.' })],
  [
    (r) => r.errno === ELOOP,
    (r) => ({ text: 'The links lead round in a circle. Look where they point.', command: `ls -l ${quoted(r.path)}` }),
  ],
  [(r) => r.errno === E2BIG, () => ({ text: 'Pass fewer arguments at a time: xargs does that.' })],
  [(r) => r.errno === ETXTBSY, () => ({ text: 'Close whatever has the file open for writing.' })],
  [(r) => r.own?.what === 'directory', (r) => ({ text: 'A directory is no program. Look inside.', command: `ls ${quoted(r.path)}` })],
  [(r) => step(r) === 'type', () => ({ text: 'Only a regular file can be executed.' })],
  [
    (r) => step(r) === 'noexec',
    (r) => ({ text: 'Move the file to a mount that allows execution.', command: `findmnt -T ${quoted(r.path)}` }),
  ],
  [
    (r) => r.own?.what.startsWith('mode ') === true,
    (r) => ({ text: 'Set an x bit: root needs one, too.', command: `chmod +x ${quoted(r.path)}` }),
  ],
  [(r) => r.errno === EACCES, (r) => ({ text: 'Look who may pass the directories.', command: `ls -ld ${quoted(folder(r.path))}` })],
];

const wanted = (r: Refusal): string => r.interpreter?.wanted_by ?? '';
const missing = (r: Refusal): string => r.interpreter?.step.path ?? '';

const ABOUT_THE_INTERPRETER: readonly Row[] = [
  [
    (r) => r.errno === ENOENT && missing(r).endsWith('\r'),
    (r) => ({ text: 'The lines end as on Windows: take the carriage returns out.', command: `sed -i 's/\\r$//' ${quoted(r.path)}` }),
  ],
  [
    (r) => r.errno === ENOENT && wanted(r) === 'script',
    (r) => ({
      text: `Copy the interpreter into this root, or name one that is here on the first line.`,
      command: `head -n 1 ${quoted(r.path)}`,
    }),
  ],
  [
    (r) => r.errno === ENOENT && wanted(r) === 'misc',
    (r) => ({
      text: 'Copy the interpreter into this root, or register the rule with flag F: then it is opened only once, where it exists.',
      command: `cat ${quoted(`${BM}/${r.interpreter?.entry ?? ''}`)}`,
    }),
  ],
  [
    (r) => r.errno === ENOENT,
    (r) => ({ text: `Install the loader ${missing(r)}: it comes with the C library that the program was built for.` }),
  ],
  [
    (r) => r.errno === EACCES && r.interpreter?.step.step === 'permission',
    (r) => ({ text: 'Set an x bit on the interpreter.', command: `chmod +x ${quoted(missing(r))}` }),
  ],
  [always, (r) => ({ text: 'Look at the interpreter.', command: `ls -ld ${quoted(missing(r))}` })],
];

const head = (r: Refusal): Uint8Array => r.head ?? new Uint8Array(0);
const starts = (bytes: Uint8Array, ...wants: readonly number[]): boolean => wants.every((b, i) => bytes[i] === b);
const isElf = (bytes: Uint8Array): boolean => starts(bytes, 0x7f, 0x45, 0x4c, 0x46);
const isText = (bytes: Uint8Array): boolean => !bytes.includes(0);

/** What is no business of binfmt_misc until somebody says so: name, first bytes, who can run it. */
const PAYLOADS: readonly (readonly [name: string, test: (b: Uint8Array) => boolean, interpreter: string, about: string])[] = [
  ['lua', (b) => starts(b, 0x1b, 0x4c, 0x75, 0x61), '/usr/bin/lua', 'Lua bytecode'],
  ['pyc', (b) => b[2] === 0x0d && b[3] === 0x0a, '/usr/bin/python3', 'compiled Python'],
];

const escaped = (bytes: Uint8Array): string => Array.from(bytes, (b) => `\\x${hexByte(b)}`).join('');

function register(r: Refusal, text: string, line: string): NextStep {
  return { text, rule: { line, path: r.absolute }, command: `echo ${quoted(line)} > ${BM}/register` };
}

function forPayload(r: Refusal): NextStep {
  const bytes = head(r);
  const [name, , interpreter, about] = PAYLOADS.find(([, test]) => test(bytes)) ?? ['mine', always, '/path/to/interpreter', ''];
  const line = `:${name}:M::${escaped(bytes.subarray(0, 4))}::${interpreter}:`;
  return register(
    r,
    about === '' ? 'Register a rule for its first bytes.' : `This is ${about}. Register a rule for its first bytes.`,
    line,
  );
}

/** qemu's own way: the 20 bytes of the header that name the machine; EI_OSABI may be any, e_type EXEC or DYN. */
const QEMU_MASK = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff];

function forQemu(r: Refusal): NextStep {
  const bytes = head(r);
  const machine = machineName(bytes);
  const magic = bytes.subarray(0, QEMU_MASK.length).map((b, i) => (i === 7 ? 0 : i === 16 ? 2 : b));
  const line = `:qemu-${machine}:M::${escaped(magic)}:${escaped(Uint8Array.from(QEMU_MASK))}:/usr/bin/qemu-${machine}-static:`;
  return register(r, `This is a program for ${machine}. Register a rule that hands it to qemu.`, line);
}

const ABOUT_THE_CONTENT: readonly Row[] = [
  [
    (r) => r.errno === ELOOP && r.again !== null,
    (r) => ({
      text: `Rule ${r.again} takes its own interpreter. Remove it, or make it match less.`,
      command: `echo -1 > ${quoted(`${BM}/${r.again}`)}`,
    }),
  ],
  [(r) => r.errno === ELOOP, () => ({ text: 'Every interpreter wants another one: let one of them be a program.' })],
  [(r) => r.errno === ELIBBAD || r.errno === EIO, () => ({ text: 'The loader named inside the file is no loader of this machine.' })],
  [(r) => r.errno !== ENOEXEC, () => ({ text: 'Look at the station that refused.' })],
  [(r) => r.rule === 'D7', () => ({ text: 'Register the rule without O and C, or give it a program as its interpreter.' })],
  [
    (r) => r.asleep !== null,
    (r) => ({ text: `Rule ${r.asleep} would take this file, but is disabled.`, command: `echo 1 > ${quoted(`${BM}/${r.asleep}`)}` }),
  ],
  [(r) => r.misc_off, () => ({ text: 'Switch binfmt_misc on.', command: `echo 1 > ${BM}/status` })],
  [
    (r) => r.last !== null && r.last.level > 0,
    (r) => ({ text: `No format takes the interpreter ${r.last?.name}: name one that is a program of this machine.` }),
  ],
  [(r) => head(r).length === 0, () => ({ text: 'The file is empty: build or copy it again.' })],
  [(r) => isElf(head(r)) && r.last !== null && foreign(r.last.head), forQemu],
  [(r) => isElf(head(r)), (r) => ({ text: 'The file is damaged. Look at its header.', command: `readelf -h ${quoted(r.path)}` })],
  [(r) => PAYLOADS.some(([, test]) => test(head(r))), forPayload],
  [(r) => starts(head(r), 0x23, 0x21), () => ({ text: 'Name an interpreter behind #!, on a line of at most 255 bytes.' })],
  [(r) => isText(head(r)), (r) => ({ text: 'Say on the first line who runs it.', command: `sed -i '1i #!/bin/sh' ${quoted(r.path)}` })],
  [always, forPayload],
];

/** Whole enough to be judged, so it was the machine that did not fit (E4). */
const foreign = (bytes: Uint8Array): boolean => bytes.length >= 52 && (bytes[16] === 2 || bytes[16] === 3) && bytes[5] === 1;
