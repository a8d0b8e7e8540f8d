import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTS } from '../../../src/uapi/host.ts';
import { ElfFile } from '../../../src/userland/elf/elf_file.ts';
import { ARCH, ARCHES } from '../../../src/userland/rootfs/arch.ts';
import { type Linkage, writeElf } from '../../../src/userland/rootfs/elf_writer.ts';
import { buildRoot } from '../../../src/userland/rootfs/index.ts';

const LINKAGES: readonly Linkage[] = ['pie', 'exec', 'static', 'static-pie', 'shared', 'loader'];
const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0;

/** What file(1) 5.44 prints between the class and the build id, as recorded from files that gcc made (Debian 12). */
const FILE_WORDS: Readonly<Record<string, readonly [string, string, string]>> = {
  x86_64: ['64-bit LSB', 'x86-64, version 1', '3.2.0'],
  i386: ['32-bit LSB', 'Intel 80386, version 1', '3.2.0'],
  aarch64: ['64-bit LSB', 'ARM aarch64, version 1', '3.7.0'],
  arm: ['32-bit LSB', 'ARM, EABI5 version 1', '3.2.0'],
  riscv64: ['64-bit LSB', 'UCB RISC-V, RVC, double-float ABI, version 1', '4.15.0'],
  ppc64le: ['64-bit LSB', '64-bit PowerPC or cisco 7500, OpenPOWER ELF V2 ABI, version 1', '3.10.0'],
  s390x: ['64-bit MSB', 'IBM S/390, version 1', '3.2.0'],
  mips: ['32-bit MSB', 'MIPS, MIPS32 rel2 version 1', '3.2.0'],
  mipsel: ['32-bit LSB', 'MIPS, MIPS32 rel2 version 1', '3.2.0'],
};

describe('the ELF files of the tree', () => {
  const dir = mkdtempSync(join(tmpdir(), 'elf-'));
  const files: string[] = [];
  beforeAll(() => {
    for (const arch of ARCHES)
      for (const linkage of LINKAGES) {
        const soname = linkage === 'shared' ? 'libc.so.6' : linkage === 'loader' ? 'ld.so' : undefined;
        const name = `${arch}.${linkage}`;
        writeFileSync(join(dir, name), writeElf({ arch, linkage, applet: 'hello', ...(soname ? { soname } : {}) }), { mode: 0o755 });
        files.push(name);
      }
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it.skipIf(!has('readelf'))('are read by the real readelf without a complaint (needs readelf)', () => {
    const r = spawnSync('readelf', ['-a', '-W', ...files], { cwd: dir, encoding: 'utf8' });
    expect(r.stderr).toBe('');
    expect(r.stdout).not.toMatch(/warning|error|corrupt|unknown:/i);
    expect(r.stdout.match(/binfmt-lab {11}0x00000006/g)?.length).toBe(files.length);
  });

  it.skipIf(!has('file'))('are described by the real file in the words of Debian programs (needs file)', () => {
    const r = spawnSync('file', files, { cwd: dir, encoding: 'utf8' });
    const lines = new Map(
      r.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/:\s+/) as [string, string]),
    );
    for (const arch of ARCHES) {
      const [cls, machine, kernel] = FILE_WORDS[arch] as readonly [string, string, string];
      const id = /BuildID\[sha1\]=[0-9a-f]{40}/;
      const text = (linkage: Linkage): string => (lines.get(`${arch}.${linkage}`) ?? '').replace(id, 'ID');
      const gnu = ARCH[arch].staticOsabi ? 'GNU/Linux' : 'SYSV';
      const dynamic = `dynamically linked, interpreter ${ARCH[arch].interp}, ID, for GNU/Linux ${kernel}, stripped`;
      expect(text('pie')).toBe(`ELF ${cls} pie executable, ${machine} (SYSV), ${dynamic}`);
      expect(text('exec')).toBe(`ELF ${cls} executable, ${machine} (SYSV), ${dynamic}`);
      expect(text('static')).toBe(`ELF ${cls} executable, ${machine} (${gnu}), statically linked, ID, for GNU/Linux ${kernel}, stripped`);
      expect(text('static-pie')).toBe(
        `ELF ${cls} pie executable, ${machine} (${gnu}), static-pie linked, ID, for GNU/Linux ${kernel}, stripped`,
      );
      expect(text('shared')).toBe(`ELF ${cls} shared object, ${machine} (${gnu}), ${dynamic}`);
      expect(text('loader')).toBe(`ELF ${cls} shared object, ${machine} (${gnu}), dynamically linked, ID, stripped`);
    }
  });

  it.skipIf(!has('qemu-aarch64-static'))(
    'hold instructions that make the private call and exit with its answer (needs qemu-user-static)',
    () => {
      for (const arch of ARCHES) {
        const r = spawnSync(`qemu-${arch}-static`, [join(dir, `${arch}.static`)]);
        expect([arch, r.status]).toEqual([arch, arch === 'ppc64le' ? 38 : arch.startsWith('mips') ? 89 : 218]);
      }
    },
  );

  it('name their applet, their loader and their library', () => {
    for (const arch of ARCHES) {
      const elf = ElfFile.parse(writeElf({ arch, linkage: 'pie', applet: 'a-rather-long-name' }));
      expect(elf?.applet).toBe('a-rather-long-name');
      expect(elf?.interp).toBe(ARCH[arch].interp);
      expect(elf?.needed()).toEqual(['libc.so.6']);
      expect(elf?.arch).toBe(arch);
    }
  });

  it('differ in their build id and in nothing else of the same kind', () => {
    const a = writeElf({ arch: 'x86_64', linkage: 'pie', applet: 'aa' });
    const b = writeElf({ arch: 'x86_64', linkage: 'pie', applet: 'bb' });
    const differing = [...a.keys()].filter((i) => a[i] !== b[i]).length;
    expect(differing).toBeGreaterThan(2);
    expect(differing).toBeLessThanOrEqual(22);
    expect(writeElf({ arch: 'x86_64', linkage: 'pie', applet: 'aa' })).toEqual(a);
  });
});

describe('the tree', () => {
  for (const host of HOSTS) {
    it(`of ${host} has parents before children, no path twice, and native programs`, () => {
      const seen = new Set<string>();
      for (const e of buildRoot(host)) {
        expect(e.path).toMatch(/^\/[^/].*[^/]$|^\/[^/]$/);
        expect(seen.has(e.path), e.path).toBe(false);
        const parent = e.path.slice(0, e.path.lastIndexOf('/')) || '/';
        if (e.kind !== 'dir') expect(parent === '/' || seen.has(parent) || /^\/usr\/lib/.test(parent), e.path).toBe(true);
        seen.add(e.path);
        if (e.kind !== 'file' || !/^\/usr\/s?bin\//.test(e.path) || e.path.endsWith('.sh')) continue;
        const elf = ElfFile.parse(e.data as Uint8Array);
        expect(elf?.arch, e.path).toBe({ x86_64: 'x86_64', aarch64: 'aarch64', armv7l: 'arm', riscv64: 'riscv64', i686: 'i386' }[host]);
      }
      for (const path of [
        '/usr/bin/bash',
        '/usr/bin/sh',
        '/usr/bin/ls',
        '/usr/sbin/chroot',
        '/root/samples/hello.pyc',
        '/dev/null',
        '/proc',
      ])
        expect(seen.has(path), path).toBe(true);
    });
  }

  it('is built in a few milliseconds', () => {
    buildRoot('x86_64');
    const times = [1, 2, 3, 4, 5].map(() => {
      const t = performance.now();
      buildRoot('riscv64');
      return performance.now() - t;
    });
    expect(Math.min(...times)).toBeLessThan(3);
  });
});
