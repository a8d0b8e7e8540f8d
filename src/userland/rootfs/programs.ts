/** Which programs stand in the tree, where, and how each is linked. */
import type { Arch, HostArch } from '../../uapi/host.ts';
import type { RootEntry } from '../../uapi/rootfs.ts';
import { bin } from '../bin/index.ts';
import { ARCH, ARCHES, archOfHost, libcPath } from './arch.ts';
import { type Linkage, writeElf } from './elf_writer.ts';
import { BUILD_TIME } from './entry.ts';

/** Commands that Debian keeps in /usr/sbin. */
const SBIN = new Set(['chroot', 'modprobe', 'nologin', 'pivot_root']);
/** Commands with the set-user-id bit. */
const SETUID = new Set(['mount', 'su', 'sudo', 'umount']);

interface Placed {
  readonly path: string;
  readonly applet: string;
  readonly linkage: Linkage;
  readonly mode?: number;
}

/** Programs that are not commands of bin/: shells and the languages' interpreters. */
const OTHERS: readonly Placed[] = [
  { path: '/usr/bin/bash', applet: 'bash', linkage: 'pie' },
  { path: '/usr/bin/dash', applet: 'sh', linkage: 'pie' },
  { path: '/usr/bin/lua5.4', applet: 'lua', linkage: 'pie' },
  { path: '/usr/bin/luac5.4', applet: 'luac', linkage: 'pie' },
  { path: '/usr/bin/python3.11', applet: 'python3', linkage: 'exec' },
];

/** The names under which a program is also found. */
const LINKS: readonly (readonly [path: string, target: string])[] = [
  ['/usr/bin/sh', 'dash'],
  ['/usr/bin/rbash', 'bash'],
  ['/usr/bin/python3', 'python3.11'],
  ['/usr/bin/lua', '/etc/alternatives/lua-interpreter'],
  ['/usr/bin/luac', '/etc/alternatives/lua-compiler'],
  ['/etc/alternatives/lua-interpreter', '/usr/bin/lua5.4'],
  ['/etc/alternatives/lua-compiler', '/usr/bin/luac5.4'],
  ['/usr/sbin/lsmod', '/bin/lsmod'],
  ['/usr/bin/awk', '/etc/alternatives/awk'],
  ['/etc/alternatives/awk', '/usr/bin/mawk'],
];

/** Name of qemu's user-mode emulator for a guest. */
export const qemuName = (guest: Arch): string => `qemu-${guest}-static`;

/** Every program file of a host, its links, the loader and the C library. */
export function programEntries(host: HostArch): RootEntry[] {
  const arch = archOfHost(host);
  return [
    ...[...commands(), ...OTHERS, ...emulators()].map((p) => program(arch, p)),
    ...LINKS.map(([path, target]) => link(path, target)),
    ...ARCHES.map((guest) => link(`/usr/libexec/qemu-binfmt/${guest}-binfmt-P`, `../../bin/${qemuName(guest)}`)),
    ...libraries(arch),
  ];
}

function commands(): Placed[] {
  return Object.keys(bin).map((applet) => ({
    path: `/usr/${SBIN.has(applet) ? 'sbin' : 'bin'}/${applet}`,
    applet,
    linkage: 'pie',
    mode: SETUID.has(applet) ? 0o4755 : 0o755,
  }));
}

function emulators(): Placed[] {
  return ARCHES.map((guest) => ({ path: `/usr/bin/${qemuName(guest)}`, applet: `qemu-${guest}`, linkage: 'static-pie' }));
}

function program(arch: Arch, { path, applet, linkage, mode = 0o755 }: Placed): RootEntry {
  return { kind: 'file', path, mode, mtime: BUILD_TIME, data: writeElf({ arch, applet, linkage }) };
}

const link = (path: string, target: string): RootEntry => ({ kind: 'symlink', path, mode: 0o777, mtime: BUILD_TIME, target });

/** libc.so.6 and the dynamic loader in the architecture's directory; the loader's official name is a link to it. */
function libraries(arch: Arch): RootEntry[] {
  const { interp, multiarch } = ARCH[arch];
  const soname = interp.slice(interp.lastIndexOf('/') + 1);
  const inLib64 = interp.startsWith('/lib64/');
  const shared = (path: string, applet: string, linkage: Linkage, name: string): RootEntry => ({
    kind: 'file',
    path,
    mode: 0o755,
    mtime: BUILD_TIME,
    data: writeElf({ arch, applet, linkage, soname: name }),
  });
  return [
    shared(libcPath(arch), 'libc.so.6', 'shared', 'libc.so.6'),
    shared(`/usr/lib/${multiarch}/${soname}`, 'ld.so', 'loader', soname),
    link(`/usr${interp}`, inLib64 ? `/lib/${multiarch}/${soname}` : `${multiarch}/${soname}`),
  ];
}
