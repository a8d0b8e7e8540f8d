/** Each case was typed at a pty of Linux 6.18 (tty-record.py); the same keys must give the same echo and the same reads here. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { available } from '../../../src/kernel/drivers/tty/n_tty.ts';
import { operations } from '../../../src/kernel/drivers/tty/tty_io.ts';
import { alloc_file } from '../../../src/kernel/fs/file_table.ts';
import { new_tty } from '../../../src/kernel/index.ts';
import { hex } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import { O_NONBLOCK, O_RDWR } from '../../../src/uapi/fcntl.ts';
import * as T from '../../../src/uapi/termios.ts';
import { machine } from '../../support/kernel.ts';

interface Case {
  readonly name: string;
  readonly flags: string;
  readonly cc: Readonly<Record<string, number>>;
  readonly input: string;
  readonly reads: readonly string[];
  readonly echo: string;
}
const cases = JSON.parse(readFileSync(new URL('./tty-recorded.json', import.meta.url), 'utf8')) as Case[];

const IFLAGS = ['ICRNL', 'INLCR', 'IGNCR', 'IXON', 'IXANY', 'IUTF8'];
const OFLAGS = ['OPOST', 'ONLCR'];
const number = (name: string): number => (T as unknown as Record<string, number>)[name] ?? Number.NaN;

function settings(base: T.Termios, flags: string, cc: Case['cc']): T.Termios {
  const t = { ...base, c_iflag: base.c_iflag & ~T.IUTF8, c_cc: [...base.c_cc] };
  for (const flag of flags.split(',').filter(Boolean)) {
    const name = flag.slice(1);
    const field = IFLAGS.includes(name) ? 'c_iflag' : OFLAGS.includes(name) ? 'c_oflag' : 'c_lflag';
    t[field] = flag.startsWith('+') ? t[field] | number(name) : t[field] & ~number(name);
  }
  for (const [name, value] of Object.entries(cc)) t.c_cc[number(name)] = value;
  return t;
}

describe('the line discipline', () => {
  const { kernel } = machine();
  it.each(cases)('$name [$flags] $input', ({ flags, cc, input, reads, echo }) => {
    const shown: string[] = [];
    const tty = new_tty(kernel, { write: (data) => void shown.push(hex(data)) });
    tty.termios = settings(tty.termios, flags, cc);
    for (const key of Buffer.from(input, 'hex')) tty.receive(Uint8Array.of(key));
    const file = alloc_file(kernel.init_task.fs.root, operations, O_RDWR | O_NONBLOCK, kernel.init_task.cred);
    file.private_data = tty;
    const got: string[] = [];
    for (let i = 0; i <= 50; i++) {
      const data = operations.read?.(file, 10000, 0, kernel.init_task);
      if (data === undefined || data instanceof Promise || IS_ERR(data)) break;
      got.push(hex(data));
    }
    expect({ reads: got, echo: shown.join('') }).toEqual({ reads, echo });
  });

  /** Milliseconds that a byte of `waiting` ones takes to be read, each for itself. */
  function costOfByte(waiting: number): number {
    const tty = new_tty(kernel, { write: () => {} });
    tty.termios = settings(tty.termios, '-ICANON,-ECHO', {});
    tty.receive(new Uint8Array(waiting).fill(120));
    const file = alloc_file(kernel.init_task.fs.root, operations, O_RDWR | O_NONBLOCK, kernel.init_task.cred);
    file.private_data = tty;
    const began = performance.now();
    for (let i = 0; i < waiting; i++) operations.read?.(file, 1, 0, kernel.init_task);
    const cost = (performance.now() - began) / waiting;
    expect(available(tty)).toBe(0);
    return cost;
  }

  it('reads a byte at the same cost however many wait behind it', () => {
    const few = costOfByte(1 << 14);
    expect(costOfByte(1 << 19) / few).toBeLessThan(8);
  }, 300_000);
});
