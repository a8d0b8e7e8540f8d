/** Makes one observation again and says what came out, in the words of the recording. */
import { encode } from '../../src/uapi/bytes.ts';
import { IS_ERR } from '../../src/uapi/errno.ts';
import * as F from '../../src/uapi/fcntl.ts';
import { MS_BIND, MS_RDONLY } from '../../src/uapi/mount.ts';
import { SIGNAL_NAMES } from '../../src/uapi/signal.ts';
import type { Syscalls } from '../../src/uapi/syscalls.ts';
import { type Bench, bench, dirOf, type Exec, name, type Row, slurp, waitFor, writeFile } from './vectors-machine.ts';
import type { Observe } from './vectors-observe.ts';

/** What the replay says beside what was recorded; equal when the kernel is right. */
export interface Comparison {
  readonly expected: unknown;
  readonly actual: unknown;
}

const NO_MACHINE_CODE = /machine code is not supported yet/;

/** Replays the writes and the exec of a row. */
export async function replayExec(row: Row, exec: Exec): Promise<Comparison> {
  const b = bench(row);
  const T = dirOf(row);
  const seen: { writes: unknown[]; result: unknown } = { writes: [], result: null };
  const run = await b.machine.exec(async (sys) => {
    await prepare(sys, row, T);
    for (const w of row.writes) seen.writes.push(await replayWrite(sys, row, T, w));
    await AFTER_WRITES[row.case]?.(sys, T);
    seen.result = await execute(sys, b, row, exec, T);
    return 0;
  });
  const code_ran = exec.result.exit !== undefined && exec.result.out === undefined;
  const result = NO_MACHINE_CODE.test(run.stderr) ? 'machine code would run' : seen.result;
  const expected_result = code_ran ? 'machine code would run' : recorded(exec);
  return {
    expected: { writes: row.writes.map((w) => w.returns), result: expected_result },
    actual: { writes: seen.writes, result: trim_to(result, expected_result) },
  };
}

function recorded({ result }: Exec): unknown {
  if (result.err !== undefined) return result.err;
  return result.sig ?? result.out;
}

/** The recording lacks what could not be read there (no /proc in a chroot). */
function trim_to(actual: unknown, expected: unknown): unknown {
  if (typeof actual !== 'object' || actual === null || typeof expected !== 'object' || expected === null) return actual;
  return Object.fromEntries(Object.entries(actual).filter(([key]) => key in expected));
}

async function prepare(sys: Syscalls, row: Row, T: string): Promise<void> {
  sys.umount2('/proc/sys/fs/binfmt_misc', 0);
  const status = sys.mount('none', `${T}/bm`, 'binfmt_misc', 0, '');
  if (IS_ERR(status)) throw new Error(`mount: ${status.code}`);
  sys.chdir(row.exec?.cwd ?? '/');
  await BEFORE_WRITES[row.case]?.(sys, T);
}

/** A rule with F is opened from the writer's directory, which was the observations' own. */
async function replayWrite(sys: Syscalls, row: Row, T: string, w: Row['writes'][number]): Promise<number | string> {
  sys.chdir(T);
  const data = Buffer.from(w.data, 'hex');
  if (w.returns === 'open:EROFS') return read_only_mount(sys, T, w.write, data);
  if (w.returns === 2 && w.data === MINUS_ONE) await make_if_missing(sys, T, w.write);
  const n = await writeFile(sys, `${T}/bm/${w.write}`, data);
  sys.chdir(row.exec?.cwd ?? '/');
  return n;
}

const MINUS_ONE = '2d31';

/** Some entries were made through descriptors that stayed open: the recording only has their removal. */
async function make_if_missing(sys: Syscalls, T: string, entry: string): Promise<void> {
  if (IS_ERR(sys.stat(`${T}/bm/${entry}`))) await writeFile(sys, `${T}/bm/register`, encode(`:${entry}:M::ab::/bin/true:`));
}

/** One row's writes begin before the read-only mount that its group had made was taken away. */
async function read_only_mount(sys: Syscalls, T: string, target: string, data: Uint8Array): Promise<number | string> {
  sys.umount2(`${T}/bm`, 0);
  sys.mount('none', `${T}/bm`, 'binfmt_misc', MS_RDONLY, '');
  const n = await writeFile(sys, `${T}/bm/${target}`, data);
  sys.umount2(`${T}/bm`, 0);
  sys.mount('none', `${T}/bm`, 'binfmt_misc', 0, '');
  return n;
}

type Step = (sys: Syscalls, T: string) => Promise<void> | void;

const open = async (sys: Syscalls, path: string, flags: number): Promise<number> => {
  const fd = await sys.open(path, flags);
  if (IS_ERR(fd)) throw new Error(`${path}: ${fd.code}`);
  return fd;
};
const keep_open_for_writing =
  (file: string): Step =>
  async (sys, T) => {
    await open(sys, `${T}/${file}`, F.O_WRONLY);
  };

const BEFORE_WRITES: Readonly<Record<string, Step>> = {
  "flags F open for write  ':m1:M::ab::/tmp/kernel-research/t1/open:F'": keep_open_for_writing('open'),
  'script interp opened for write': keep_open_for_writing('w'),
  'interpreter open for writing': keep_open_for_writing('w'),
  'interp open for write': keep_open_for_writing('ip'),
};

const AFTER_WRITES: Readonly<Record<string, Step>> = {
  'chmod +x entry then exec': (sys, T) => void sys.chmod(`${T}/bm/e2`, 0o755),
  'interpreter unlinked after registration': (sys, T) => void sys.unlink(`${T}/fi`),
  'path replaced by a different file': async (sys, T) => {
    sys.unlink(`${T}/fi`);
    sys.close(await open(sys, `${T}/fi`, F.O_CREAT | F.O_WRONLY));
  },
  'x bit removed after registration': (sys, T) => void sys.chmod(`${T}/fi2`, 0o644),
  'interpreter renamed after registration': (sys, T) => void sys.rename(`${T}/i`, `${T}/i.moved`),
  'another file bind-mounted over the interpreter path': (sys, T) => void sys.mount(`${T}/m`, `${T}/i`, '', MS_BIND, ''),
};

/** What the child did before it called execve. */
const CHILD_SETUP: Readonly<Record<string, Step>> = {
  'O flag with fd 0 closed in caller': (sys) => void sys.close(0),
  'no F: chroot without interpreter': chroot_with_plain,
  'F: chroot without interpreter': chroot_with_plain,
  'F with a #! script, chroot: the script interpreter is still looked up inside': chroot_with_plain,
  'relative path in a deleted cwd': deleted_cwd,
  '"#!" only, in a deleted cwd': deleted_cwd,
  '"#!" only, cwd is a non-searchable directory (root)': (sys, T) => {
    sys.mkdir(`${T}/nosearch`, 0o600);
    sys.chdir(`${T}/nosearch`);
  },
};

async function chroot_with_plain(sys: Syscalls, T: string): Promise<void> {
  sys.mkdir(`${T}/root`, 0o755);
  sys.link(`${T}/plain`, `${T}/root/plain`);
  sys.chroot(`${T}/root`);
  sys.chdir('/');
}

function deleted_cwd(sys: Syscalls, T: string): void {
  sys.mkdir(`${T}/gone`, 0o755);
  sys.chdir(`${T}/gone`);
  sys.rmdir(`${T}/gone`);
}

/** The descriptors that rows with a dirfd had open: number, path in the directory, flags. */
const DESCRIPTORS: Readonly<Record<string, readonly (readonly [number, string, number])[]>> = {
  fexecve: [
    [4, 's', F.O_RDONLY],
    [5, '.', F.O_RDONLY | F.O_DIRECTORY],
    [6, 'i', F.O_RDONLY],
    [7, 'i', F.O_PATH],
  ],
  ext: [
    [4, 'x.foo', F.O_RDONLY],
    [5, '.', F.O_RDONLY | F.O_DIRECTORY],
  ],
  fd: [[6, 'plain', F.O_RDONLY]],
};

async function open_descriptors(sys: Syscalls, row: Row, T: string): Promise<void> {
  const uses = row.exec !== null && (row.exec.dirfd !== null || /\/fd\/\d/.test(row.exec.path));
  if (!uses) return;
  const cloexec = /(^|[^-])cloexec/.test(row.case) ? F.O_CLOEXEC : 0;
  for (const [fd, file, flags] of DESCRIPTORS[row.section] ?? []) {
    const opened = await open(sys, `${T}/${file}`, flags);
    if (opened !== fd) {
      sys.dup3(opened, fd, cloexec);
      sys.close(opened);
    } else if (cloexec) sys.fcntl(fd, F.F_SETFD, F.FD_CLOEXEC);
  }
}

async function execute(sys: Syscalls, b: Bench, row: Row, exec: Exec, T: string): Promise<unknown> {
  let err: string | null = null;
  b.said.out = null;
  const pid = sys.clone(0, async (child) => {
    await open_descriptors(child, row, T);
    child.chdir(exec.cwd);
    await CHILD_SETUP[row.case]?.(child, T);
    const env = row.section === 'env' ? ['A=1', 'B=2'] : [];
    const at = exec.dirfd !== null;
    const status = at
      ? await child.execveat(exec.dirfd ?? 0, exec.path, exec.argv ?? [], env, exec.flags)
      : await child.execve(exec.path, exec.argv ?? [], env);
    err = status === 0 ? '0' : String(name(status));
    return 0;
  });
  if (IS_ERR(pid)) throw new Error(pid.code);
  const end = await waitFor(sys, pid);
  if (err !== null) return err;
  if ('sig' in end) return `SIG${SIGNAL_NAMES[end.sig]}`;
  return b.said.out ?? end;
}

/** A row of one write to `register`, and what the entry then says. */
export async function replayRegister(row: Row): Promise<Comparison> {
  const b = bench(row);
  const T = dirOf(row);
  const seen: unknown[] = [];
  let text: string | undefined;
  await b.machine.exec(async (sys) => {
    await prepare(sys, row, T);
    for (const w of row.writes) {
      const entry = w.write;
      if (w.data === '2d31' && entry !== 'status') text ??= await slurp(sys, `${T}/bm/${entry}`);
      seen.push(await replayWrite(sys, row, T, w));
    }
    return 0;
  });
  const created = row.writes.find((w) => w.write !== 'register')?.write;
  const first = seen[0];
  const said = typeof first === 'string' ? first : `${first}; created ${pythonText(created ?? '')}; reads ${pythonBytes(text ?? '')}`;
  return { expected: { writes: row.writes.map((w) => w.returns), got: row.got }, actual: { writes: seen, got: said } };
}

/** Replays the writes of a row that is no exec, and looks. */
export async function replayObservation(row: Row, observe: Observe): Promise<Comparison> {
  const b = bench(row);
  const T = dirOf(row);
  const writes: (number | string)[] = [];
  let got: unknown;
  await b.machine.exec(async (sys) => {
    await prepare(sys, row, T);
    for (const w of row.writes) writes.push(await replayWrite(sys, row, T, w));
    got = await observe(sys, T, row, writes.at(-1));
    return 0;
  });
  return { expected: { writes: row.writes.map((w) => w.returns), got: row.got }, actual: { writes, got } };
}

/** A name as Python writes it: '…'. */
export function pythonText(text: string): string {
  const escaped = (c: string): string => {
    const code = c.charCodeAt(0);
    if (code >= 0xdc80 && code <= 0xdcff) return `\\u${code.toString(16)}`;
    return code < 0x20 || c === '\\' || code === 0x7f ? pythonBytes(encode(c)).slice(2, -1) : c;
  };
  return `'${[...text].map(escaped).join('')}'`;
}

/** Bytes as Python writes them: b'…'. */
export function pythonBytes(value: string | Uint8Array): string {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  let out = '';
  for (const c of bytes) {
    if (c === 0x0a) out += '\\n';
    else if (c === 0x0d) out += '\\r';
    else if (c === 0x09) out += '\\t';
    else if (c === 0x5c) out += '\\\\';
    else if (c >= 0x20 && c < 0x7f) out += String.fromCharCode(c);
    else out += `\\x${c.toString(16).padStart(2, '0')}`;
  }
  return out.includes("'") && !out.includes('"') ? `b"${out}"` : `b'${out.replaceAll("'", "\\'")}'`;
}
