/** A machine on which an observation of the real kernel can be made again: same files, same writes, same exec. */
import { readFileSync } from 'node:fs';
import { gunzipSync, inflateSync } from 'node:zlib';
import { EM_X86_64, ET_EXEC, PF_R, PF_X, PT_LOAD } from '../../src/uapi/elf.ts';
import { type Errno, IS_ERR } from '../../src/uapi/errno.ts';
import * as F from '../../src/uapi/fcntl.ts';
import type { RootEntry } from '../../src/uapi/rootfs.ts';
import { WEXITSTATUS, WIFEXITED, WTERMSIG } from '../../src/uapi/signal.ts';
import type { Program, Syscalls } from '../../src/uapi/syscalls.ts';
import { writeElf } from '../../src/userland/rootfs/elf_writer.ts';
import { type Machine, machine } from '../support/kernel.ts';

/** One observation; see docs/linux-exec.md, "Observations". */
export interface Row {
  readonly probe: string;
  readonly section: string;
  readonly case: string;
  readonly writes: readonly { readonly write: string; readonly data: string; readonly returns: number | string }[];
  readonly exec: Exec | null;
  readonly got: unknown;
  readonly files: Readonly<Record<string, { readonly hex?: string; readonly zlib64?: string; readonly mode: string }>>;
}
export interface Exec {
  readonly path: string;
  readonly argv: readonly string[] | null;
  readonly cwd: string;
  readonly dirfd: number | null;
  readonly flags: number;
  readonly result: {
    readonly err?: string;
    readonly exit?: number;
    readonly sig?: string;
    readonly out?: Readonly<Record<string, unknown>>;
  };
}

export function loadRows(): readonly Row[] {
  const data = gunzipSync(readFileSync(new URL('./vectors/linux-6.18.jsonl.gz', import.meta.url)));
  return data
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

/** The observations' directory, `/tmp/…/tN`. */
export const DIR = '/tmp/kernel-research';
export const dirOf = (row: Row): string => `${DIR}/t${/\d+/.exec(row.probe)?.[0]}`;

export const bytesOf = (file: { readonly hex?: string; readonly zlib64?: string }): Uint8Array =>
  file.zlib64 === undefined ? Buffer.from(file.hex ?? '', 'hex') : inflateSync(Buffer.from(file.zlib64, 'base64'));

// The tree

/** The native program of the observations: it tells what it was given. */
const SHOW = writeElf({ arch: 'x86_64', linkage: 'static', applet: 'show' });
/** A small program whose entry is 0x401000. */
const MIN = minimalElf(0x401000);

/** A static x86-64 program of one segment, whose code is exit(42). */
export function minimalElf(entry: number): Uint8Array {
  const bytes = new Uint8Array(4096 + 12);
  const view = new DataView(bytes.buffer);
  const u64 = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), true);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, ET_EXEC, true);
  view.setUint16(18, EM_X86_64, true);
  view.setUint32(20, 1, true);
  u64(24, entry);
  u64(32, 64);
  view.setUint16(52, 64, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, PT_LOAD, true);
  view.setUint32(68, PF_R | PF_X, true);
  u64(72, 4096);
  u64(80, entry);
  u64(96, 12);
  u64(104, 12);
  u64(112, 4096);
  bytes.set([0xb8, 0x3c, 0, 0, 0, 0xbf, 0x2a, 0, 0, 0, 0x0f, 0x05], 4096);
  return bytes;
}

const file = (path: string, data: Uint8Array, mode = 0o755): RootEntry => ({ kind: 'file', path, mode, data });
const link = (path: string, target: string): RootEntry => ({ kind: 'symlink', path, mode: 0o777, target });
const text = (path: string, content: string, mode = 0o755): RootEntry => file(path, Buffer.from(content), mode);

/** What stood beside the files that a row names. */
function surroundings(T: string): RootEntry[] {
  return [
    { kind: 'dir', path: T, mode: 0o755 },
    { kind: 'dir', path: `${T}/bm`, mode: 0o755 },
    { kind: 'dir', path: `${T}/dd.foo`, mode: 0o755 },
    { kind: 'dir', path: `${T}/a.foo`, mode: 0o755 },
    ...['i', 'i9', 'fi', 'fi2', 'fi3', 'i.foo'].map((name) => file(`${T}/${name}`, SHOW)),
    ...['min', 'min.foo', 'ip'].map((name) => file(`${T}/${name}`, MIN)),
    file('/usr/bin/env', MIN),
    text(`${T}/s`, `#!${T}/i\n`),
    text(`${T}/x`, 'x'),
    ...['x.foo', 'tgt', 'tgt.foo', '.foo'].map((name) => text(`${T}/${name}`, 'anything')),
    text(`${T}/plain`, 'FOOBAR data\n'),
    text(`${T}/nox`, 'x', 0o644),
    text(`${T}/txt`, 'text\n'),
    text(`${T}/open`, 'x'),
    link(`${T}/loop`, `${T}/loop`),
    link(`${T}/ln.foo`, 'tgt'),
    link(`${T}/ln2`, 'tgt.foo'),
    link(`${T}/ssym`, `${T}/s`),
    link(`${T}/isym`, `${T}/i`),
    link(`${T}/l`, `${T}/l`),
    link('/dev/fd', '/proc/self/fd'),
    file('/bin/true', SHOW),
    file('/bin/false', SHOW),
  ];
}

/** A later entry replaces an earlier one; a regular file of the row replaces a link of ours, except that links stay links. */
export function entriesOf(row: Row): RootEntry[] {
  const own = Object.entries(row.files)
    .filter(([path]) => !(path.endsWith('/fi') && row.case.startsWith('path replaced')))
    .map(([path, f]) => file(path, bytesOf(f), Number.parseInt(f.mode, 8)));
  const around = surroundings(dirOf(row)).filter((e) => !own.some((o) => o.path === e.path));
  return [...around, ...own];
}

export interface Bench {
  readonly machine: Machine;
  /** What the native program said when it last ran. */
  readonly said: { out: Record<string, unknown> | null };
}

export function bench(row: Row): Bench {
  const said: Bench['said'] = { out: null };
  const show: Program = async (sys, argv, envp) => {
    said.out = await tell(sys, argv, envp);
    return 0;
  };
  return { machine: machine({ version: '6.18', applets: { show: () => show }, entries: entriesOf(row) }), said };
}

/** Room that the native program had for its command line. */
const CMDLINE_BUFFER = 4000;

/** What the native program prints. */
async function tell(sys: Syscalls, argv: readonly string[], envp: readonly string[]): Promise<Record<string, unknown>> {
  const auxv = sys.getauxval();
  const execfd = auxv.AT_EXECFD ?? null;
  const link_of = (path: string): string | undefined => ok(sys.readlink(path));
  return {
    argc: argv.length,
    argv: [...argv],
    execfn: auxv.AT_EXECFN,
    execfd,
    ...(execfd === null ? {} : await tell_execfd(sys, execfd)),
    at_flags: auxv.AT_FLAGS,
    at_secure: auxv.AT_SECURE,
    exe: link_of('/proc/self/exe'),
    comm: (await slurp(sys, '/proc/self/comm'))?.replace(/\n$/, ''),
    cmdline: (await slurp(sys, '/proc/self/cmdline'))?.slice(0, CMDLINE_BUFFER),
    uid: sys.getuid(),
    euid: sys.geteuid(),
    envc: envp.length,
  };
}

async function tell_execfd(sys: Syscalls, fd: number): Promise<Record<string, unknown>> {
  const flags = ok(sys.fcntl(fd, F.F_GETFL));
  return {
    execfd_path: ok(sys.readlink(`/proc/self/fd/${fd}`)),
    execfd_cloexec: ok(sys.fcntl(fd, F.F_GETFD)),
    execfd_pos: ok(sys.lseek(fd, 0, F.SEEK_CUR)),
    execfd_fl: flags === undefined ? undefined : `0${flags.toString(8)}`,
    execfd_read: ok(await sys.read(fd, 4))?.length,
  };
}

// System calls in the observations' words

export function ok<T>(value: T | Errno): T | undefined {
  return IS_ERR(value) ? undefined : value;
}
/** An errno's name, or the value. */
export function name<T>(value: T | Errno): T | string {
  return IS_ERR(value) ? value.code : value;
}

export async function slurp(sys: Syscalls, path: string): Promise<string | undefined> {
  const fd = await sys.open(path, F.O_RDONLY);
  if (IS_ERR(fd)) return undefined;
  const data = await sys.read(fd, 65536);
  sys.close(fd);
  return IS_ERR(data) ? undefined : Buffer.from(data).toString('utf8');
}

/** One write(2) to a file; an open that fails is told as "open:ERRNO". */
export async function writeFile(sys: Syscalls, path: string, data: Uint8Array, flags = F.O_WRONLY): Promise<number | string> {
  const fd = await sys.open(path, flags);
  if (IS_ERR(fd)) return `open:${fd.code}`;
  const n = await sys.write(fd, data);
  sys.close(fd);
  return name(n);
}

/** Waits for a child: its exit code, or the signal that killed it. */
export async function waitFor(sys: Syscalls, pid: number): Promise<{ exit: number } | { sig: number }> {
  const w = await sys.wait4(pid, 0);
  if (IS_ERR(w)) throw new Error(w.code);
  return WIFEXITED(w.status) ? { exit: WEXITSTATUS(w.status) } : { sig: WTERMSIG(w.status) };
}
