/** ELF files that are broken in every way: an errno or a signal, never an exception. Rules E1–E17. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { do_ftruncate } from '../../../src/kernel/fs/attr.ts';
import { close_fd } from '../../../src/kernel/fs/file.ts';
import { do_sys_open } from '../../../src/kernel/fs/open.ts';
import { do_pwrite64 } from '../../../src/kernel/fs/read_write.ts';
import { AT_FDCWD, O_CREAT, O_WRONLY } from '../../../src/uapi/fcntl.ts';
import { writeElf } from '../../../src/userland/rootfs/elf_writer.ts';
import { exec } from '../../support/exec.ts';
import { machine } from '../../support/kernel.ts';

const KNOWN = /^(ok|machine code|ENOEXEC|ENOENT|EACCES|EIO|EINVAL|ELIBBAD|ELOOP|ENOTDIR|ENAMETOOLONG|SIGSEGV|SIGBUS)$/;
const m = machine({ version: '6.18', applets: { show: () => async () => 0 } });
const { init_task } = m.kernel;

function write(path: string, bytes: Uint8Array): void {
  const fd = do_sys_open(init_task, AT_FDCWD, path, O_WRONLY | O_CREAT, 0o755) as number;
  do_ftruncate(init_task, fd, 0);
  do_pwrite64(init_task, fd, bytes, 0);
  close_fd(init_task, fd);
}
function run(bytes: Uint8Array): string {
  write('/tmp/e', bytes);
  return exec(m, '/tmp/e');
}

const samples = [
  writeElf({ arch: 'x86_64', linkage: 'static', applet: 'show' }),
  writeElf({ arch: 'x86_64', linkage: 'pie', applet: 'show' }),
  writeElf({ arch: 'i386', linkage: 'static', applet: 'show' }),
];
write('/tmp/ld', writeElf({ arch: 'x86_64', linkage: 'loader', applet: 'show' }));

describe('a broken ELF file', () => {
  it('gives an errno or a signal at every length', () => {
    for (const sample of samples) {
      for (let n = 0; n < Math.min(sample.length, 700); n++) expect(run(sample.subarray(0, n)), `${n} bytes`).toMatch(KNOWN);
    }
  });

  it('gives an errno or a signal whatever its headers hold', () => {
    const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
    const change = fc.tuple(fc.oneof(fc.nat(63), fc.integer({ min: 64, max: 600 })), value);
    const broken = fc.tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 6 }), fc.option(fc.nat(4096)));
    fc.assert(
      fc.property(broken, ([sample, changes, cut]) => {
        const bytes = sample.slice(0, cut ?? sample.length);
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        expect(run(bytes)).toMatch(KNOWN);
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives an errno or a signal with 64-bit fields at their extremes', () => {
    const extreme = fc.constantFrom(
      0n,
      1n,
      0xfffn,
      0x1000n,
      2n ** 31n,
      2n ** 47n - 4096n,
      2n ** 53n + 1n,
      2n ** 63n - 1n,
      2n ** 63n,
      2n ** 64n - 1n,
    );
    const field = fc.constantFrom(24, 32, 72, 80, 96, 104);
    fc.assert(
      fc.property(fc.array(fc.tuple(field, extreme), { minLength: 1, maxLength: 4 }), (fields) => {
        const bytes = (samples[0] as Uint8Array).slice();
        const view = new DataView(bytes.buffer);
        for (const [at, number] of fields) view.setBigUint64(at, number, true);
        expect(run(bytes)).toMatch(KNOWN);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives an errno when it is only noise behind the magic', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(run(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, ...noise]))).toMatch(KNOWN);
      }),
    );
  });

  it('as PT_INTERP gives an errno or a signal to the program that names it', () => {
    const bytes = (samples[1] as Uint8Array).slice();
    const loader = writeElf({ arch: 'x86_64', linkage: 'loader', applet: 'show' });
    const name = '/lib64/ld-linux-x86-64.so.2';
    const at = Buffer.from(bytes).indexOf(name);
    bytes.set(Buffer.from('/tmp/ip\0'.padEnd(name.length, '\0')), at);
    write('/tmp/e', bytes);
    for (let n = 0; n < loader.length; n += 7) {
      write('/tmp/ip', loader.subarray(0, n));
      expect(exec(m, '/tmp/e'), `${n} bytes`).toMatch(KNOWN);
    }
    write('/tmp/ip', loader);
    expect(exec(m, '/tmp/e')).toBe('ok');
  });
});

describe('a program of the tree', () => {
  it('is native for its own host, whatever its linkage, and names its applet', () => {
    for (const linkage of ['static', 'static-pie', 'loader'] as const) {
      expect(run(writeElf({ arch: 'x86_64', linkage, applet: 'show' })), linkage).toBe('ok');
    }
    expect(run(samples[1] as Uint8Array)).toBe('ENOENT');
  });
});

describe('older kernels', () => {
  it('take one page of program headers, and want a whole window of an interpreter', () => {
    const version = { ...m.kernel.version, max_phdr_bytes: 4096, phdrs_unreadable: 'EIO' as const };
    const old = machine({ version: '6.18', applets: { show: () => async () => 0 } });
    Object.assign(old.kernel, { version });
    const bytes = new Uint8Array(9000);
    bytes.set((samples[0] as Uint8Array).subarray(0, 64));
    const view = new DataView(bytes.buffer);
    view.setUint16(56, 74, true);
    expect(run(bytes)).toBe('SIGSEGV');
    const fd = do_sys_open(old.kernel.init_task, AT_FDCWD, '/tmp/e', O_WRONLY | O_CREAT, 0o755) as number;
    do_pwrite64(old.kernel.init_task, fd, bytes, 0);
    close_fd(old.kernel.init_task, fd);
    expect(exec(old, '/tmp/e')).toBe('ENOEXEC');
  });
});
