/** /root/samples: files to play with. */
import type { Arch } from '../../uapi/host.ts';
import type { RootEntry } from '../../uapi/rootfs.ts';
import type { Bytes } from '../../uapi/types.ts';
import { type Linkage, writeElf } from './elf_writer.ts';
import { dir, text } from './entry.ts';

/** The modification time that hello.pyc names as its source's. */
const SAMPLE_TIME = Date.UTC(2024, 0, 6, 13, 45, 27);
const DIR = '/root/samples';

/** `print('hello from python')` compiled by CPython 3.11. */
const HELLO_PYC =
  'pw0NCgAAAAB3WZllGwAAAOMAAAAAAAAAAAAAAAADAAAAAAAAAPMcAAAAlwACAGUAZACmAQAAqwEAAAAAAAAAAAEAZAFTACkCehFo' +
  'ZWxsbyBmcm9tIHB5dGhvbk4pAdoFcHJpbnSpAPMAAAAA+ghoZWxsby5wefoIPG1vZHVsZT5yBgAAAAEAAABzHAAAAPADAQEB2AAF' +
  'gAXQBhnRABrUABrQABrQABrQABpyBAAAAA==';
/** `print 'hello from lua'` compiled by luac 5.4. */
const LUAC_OUT =
  'G0x1YVQAGZMNChoKBAgIeFYAAAAAAAAAAAAAACh3QAGHPXN0ZGlugIAAAQKFUQAAAAsAAACDgAAARAACAUYAAQGCBIZwcmludASP' +
  'aGVsbG8gZnJvbSBsdWGBAQAAgIUBAAAAAICAgYVfRU5W';

/** Programs that say hello from their machine: the name's suffix, the CPU, how linked. */
const PROGRAMS: readonly (readonly [suffix: string, arch: Arch, linkage: Linkage])[] = [
  ['x86_64', 'x86_64', 'static'],
  ['i386', 'i386', 'static'],
  ['aarch64', 'aarch64', 'static'],
  ['armhf', 'arm', 'static'],
  ['riscv64', 'riscv64', 'static'],
  ['ppc64le', 'ppc64le', 'static'],
  ['s390x', 's390x', 'static'],
  ['mips', 'mips', 'static'],
  ['mipsel', 'mipsel', 'static'],
  ['aarch64-dyn', 'aarch64', 'pie'],
  ['armhf-dyn', 'arm', 'pie'],
  ['x86_64-dyn', 'x86_64', 'pie'],
];

const README = `Files to execute, or to try to.

hello.py hello.lua    source text: no interpreter line, no x bit
hello.pyc             hello.py, compiled by Python 3.11
luac.out              hello.lua, compiled by luac 5.4
hello-ARCH            static programs for other CPUs (and one for this one)
hello-ARCH-dyn        the same, in need of their dynamic loader
crlf.sh               a script whose lines end as on Windows
noshebang.sh          a script without an interpreter line

Try:   ./hello-aarch64        file hello-*        chmod +x hello.pyc; ./hello.pyc
Then:  /usr/sbin/qemu-binfmt-conf.sh --qemu-path /usr/bin --qemu-suffix -static
       echo ':lua:M::\\x1bLua::/usr/bin/lua:' > /proc/sys/fs/binfmt_misc/register
`;

export function samples(): RootEntry[] {
  const more = { mtime: SAMPLE_TIME };
  return [
    dir(DIR, 0o755, more),
    text(`${DIR}/README`, README, 0o644, more),
    text(`${DIR}/hello.py`, "print('hello from python')\n", 0o644, more),
    text(`${DIR}/hello.lua`, "print 'hello from lua'\n", 0o644, more),
    binary('hello.pyc', 0o644, fromBase64(HELLO_PYC)),
    binary('luac.out', 0o644, fromBase64(LUAC_OUT)),
    text(`${DIR}/crlf.sh`, '#!/bin/sh\r\necho hello from a script\r\n', 0o755, more),
    text(`${DIR}/noshebang.sh`, 'echo "hello from $0"\n', 0o755, more),
    ...PROGRAMS.map(([suffix, arch, linkage]) => binary(`hello-${suffix}`, 0o755, writeElf({ arch, linkage, applet: 'hello' }))),
  ];
}

function binary(name: string, mode: number, data: Bytes): RootEntry {
  return { kind: 'file', path: `${DIR}/${name}`, mode, mtime: SAMPLE_TIME, data };
}

function fromBase64(base64: string): Bytes {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
