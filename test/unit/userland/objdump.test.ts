/** objdump beside the real one, over the files of the tree and hostile ones. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bin } from '../../../src/userland/bin/index.ts';
import { type Linkage, writeElf } from '../../../src/userland/rootfs/elf_writer.ts';
import { machine, program } from '../../support/kernel.ts';

const LINKAGES: readonly Linkage[] = ['pie', 'exec', 'static', 'static-pie', 'shared', 'loader'];
const OPTIONS = [['-f'], ['-h'], ['-p'], ['-T'], ['-t'], ['-x'], ['-fh'], ['-s', '-j', '.interp'], ['-h', '-j', '.text']];
const FILES = [
  ...(['x86_64', 'i386', 'aarch64', 's390x'] as const).flatMap((arch) =>
    LINKAGES.map((linkage) => ({ name: `${arch}.${linkage}`, data: elf(arch, linkage) })),
  ),
  { name: 'text', data: new TextEncoder().encode('no program\n') },
];

function elf(arch: 'x86_64' | 'i386' | 'aarch64' | 's390x', linkage: Linkage): Uint8Array {
  const soname = linkage === 'shared' ? 'libc.so.6' : linkage === 'loader' ? 'ld.so' : undefined;
  return writeElf({ arch, linkage, applet: 'hello', ...(soname ? { soname } : {}) });
}

describe.runIf(spawnSync('objdump', ['--version']).status === 0)('objdump, beside the real one', () => {
  const dir = mkdtempSync(join(tmpdir(), 'objdump-'));
  for (const { name, data } of FILES) writeFileSync(join(dir, name), data);
  afterAll(() => rmSync(dir, { recursive: true }));
  const m = machine({
    entries: [
      program('/usr/bin/objdump', 'objdump'),
      ...FILES.map(({ name, data }) => ({ kind: 'file' as const, path: `/tmp/${name}`, mode: 0o644, data })),
    ],
    applets: bin,
  });

  for (const { name } of FILES)
    it(name, async () => {
      for (const options of OPTIONS) {
        const ours = await m.run('/usr/bin/objdump', { argv: ['objdump', ...options, name], cwd: '/tmp' });
        const real = spawnSync('objdump', [...options, name], { cwd: dir, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
        expect.soft({ options, ...ours }).toEqual({ options, stdout: real.stdout, stderr: real.stderr, status: real.status });
      }
    });

  it('says that it does not disassemble', async () => {
    const r = await m.run('/usr/bin/objdump', { argv: ['objdump', '-d', 'x86_64.pie'], cwd: '/tmp' });
    expect(r).toEqual({ stdout: '', stderr: 'objdump: -d: code is not disassembled here\n', status: 1 });
  });
});
